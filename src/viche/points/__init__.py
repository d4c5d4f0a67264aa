"""Polling points: where people vote in person. Addresses, hours, shifts and operators of service centres and
libraries, screens tied to a place.
"""
