"""Terminals of banks: partners that identify their clients and bring whole ballots, by our own signed API or in
the protocols that terminal networks speak.
"""
