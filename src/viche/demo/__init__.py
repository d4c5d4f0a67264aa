"""Demonstration material: invented projects, pictures and ballots of three Ukrainian communities.

Everything here is drawn from a seed, so two runs on two machines show the same town. No real person,
vote or estimate is described.
"""
