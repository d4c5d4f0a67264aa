"""Paper: ballots printed from the rules, read from scans, entered by two people, imported from files, taken back
in batches.
"""
