"""Contests: a body's contest of a year, its schedule and its rules.

Phases are not states: they are derived from the schedule and the moment. The rules are one frozen document
(rulebook.rules.Rules); a frozen version never changes and cites the council's decision.
"""
