"""What was done in a person's name, as one list: to look through, and to say of one of them “this was not me”."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from viche.ballots.queries import marks_of
from viche.communities.models import Community
from viche.identity.models import Objection, Person
from viche.identity.queries import latest_identifications, live_memberships
from viche.portal.identifying import way_name
from viche.projects.queries import projects_by, signatures_by

Kind = Objection.Kind


@dataclass(frozen=True)
class Act:
    """One act. reference: a vote's contest, the act's own id otherwise. community: who looks
    into it, None for the platform.
    """

    kind: str
    reference: str
    community: Community | None
    words: str
    at: datetime

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.reference}"


def acts_of(person: Person) -> list[Act]:
    """Everything done in the person's name, newest first."""
    found = [
        Act(
            Kind.VOTE, str(mark.contest.pk), mark.contest.community,
            _("A vote in “%(contest)s”") % {"contest": mark.contest.name}, mark.at,
        )
        for mark in marks_of(person)
    ]  # fmt: skip
    found += [
        Act(
            Kind.SIGNATURE, str(each.pk), each.contest.community,
            _("A signature under project No. %(number)s “%(title)s”, %(way)s")
            % {"number": each.project.number, "title": each.project.title, "way": each.get_way_display()},
            each.signed_at,
        )
        for each in signatures_by(person)
    ]  # fmt: skip
    found += [
        Act(
            Kind.PROJECT, str(each.pk), each.contest.community,
            _("Project No. %(number)s “%(title)s”") % {"number": each.number, "title": each.title},
            each.submitted_at,
        )
        for each in projects_by(person)
        if each.submitted_at is not None
    ]  # fmt: skip
    found += [
        Act(
            Kind.MEMBERSHIP, str(each.pk), each.granted_in,
            _("Membership: %(place)s, %(basis)s")
            % {"place": each.territory.full_name, "basis": each.get_basis_display()},
            each.since,
        )
        for each in live_memberships(person)
    ]  # fmt: skip
    found += [
        Act(
            Kind.IDENTIFICATION, str(each.pk), None,
            _("An identification: %(way)s") % {"way": way_name(each.provider, each.method)}, each.at,
        )
        for each in latest_identifications(person, 10)
    ]  # fmt: skip
    return sorted(found, key=lambda act: act.at, reverse=True)
