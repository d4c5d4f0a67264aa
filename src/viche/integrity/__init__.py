"""Integrity: what looks wrong while people vote, found by rules anybody can repeat and decided by officials.

A signal rests on marks and what is known around them (ballots.traces), never on ballots: nothing here knows a choice.
A rule raises it with its arithmetic; an official ends it with a recorded decision. Nothing is deleted, and nothing is
annulled without two officials.
"""
