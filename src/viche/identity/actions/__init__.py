"""Writes of the identity room."""

from viche.identity.actions.memberships import grant_membership
from viche.identity.actions.offices import end_office, grant_office
from viche.identity.actions.people import identify_person, person_by_number

__all__ = ["end_office", "grant_membership", "grant_office", "identify_person", "person_by_number"]
