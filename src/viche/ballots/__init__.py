"""Ballots: the box. Every channel enters by one door, actions.cast_ballot.

A mark (Participation) says that somebody voted; a sealed ballot says what somebody chose; nothing in the
database ties one to the other. Exactly once is guarded by unique constraints, not by looking first.
"""
