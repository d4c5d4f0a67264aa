"""Polling points: where people vote in person, who works there and when, and the screens that stand there.

A point is a service centre, a library or a school with an address and hours. Officials of the body plan its shifts;
only an operator within a shift works at its desk. A screen is any computer of the point, tied to it once by a code.
"""
