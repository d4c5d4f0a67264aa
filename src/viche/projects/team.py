"""Reads about who writes a project: its author and whoever joined them."""

import hashlib
from uuid import UUID

from django.db.models import Q

from rulebook.calendar import SUBMISSION
from viche.contests.models import Contest
from viche.foundation import keys
from viche.identity.models import Person
from viche.projects.models import Project, TeamMember

Standing = TeamMember.State
MOST = 20
"""People in a team, the author counted, where the regulation sets no number: more would be a list, no team."""


def team_secret(member_id: UUID) -> str:
    """The secret part of an invitation's link (64 hex digits), by a key that is not in the database: the letter can
    name the link again, a copy of the database cannot.
    """
    return keys.person_token("team", member_id.hex).hex()


def secret_hash(secret: str) -> bytes:
    """What the database keeps of the secret: its SHA-256."""
    return hashlib.sha256(secret.encode()).digest()


def team_limit(contest: Contest) -> int:
    """The most people in a team, the author counted."""
    return contest.rules.submission.max_team or MOST


def team_of(project: Project) -> list[TeamMember]:
    """Whoever is in the team or invited, and whoever has declined; not those who left or were taken off."""
    rows = TeamMember.objects.filter(project=project).exclude(state=Standing.REMOVED)
    return list(rows.select_related("person"))


def places_taken(project: Project) -> int:
    """People of the team, the author counted, and open invitations."""
    return 1 + project.team.filter(state__in=[Standing.INVITED, Standing.CONFIRMED]).count()


def waiting_members(project: Project) -> list[TeamMember]:
    """Whoever has not answered yet: they keep no project from being submitted, and are not published."""
    return list(TeamMember.objects.filter(project=project, state=Standing.INVITED))


def authors_shown(project: Project) -> list[str]:
    """The names published with the project: the author's, and of co-authors who agreed to it."""
    names = [project.author_name] if project.author_name else []
    members = TeamMember.objects.filter(project=project, state=Standing.CONFIRMED, shows_name=True)
    people = [each.person for each in members.select_related("person")]
    return names + [person.display_name for person in people if person is not None]


def invitation_to(secret: str, contest: Contest) -> TeamMember | None:
    """The invitation that a link's secret opens in this contest; None for anything else."""
    found = TeamMember.objects.select_related("project__contest__community__territory", "project__author")
    return found.filter(code_hash=secret_hash(secret), project__contest=contest).first()


def is_invitation_open(member: TeamMember) -> bool:
    """Whether it can still be answered: invitations end with the submission of projects."""
    return member.state == Standing.INVITED and not member.project.contest.has_ended(SUBMISSION)


def project_written_by(person: Person, contest: Contest, reference: UUID) -> Project | None:
    """The contest's project of this id, where the person is its author or in its team."""
    return (
        Project.objects.filter(_written(person), contest=contest, pk=reference)
        .select_related("contest__community__territory", "territory", "author")
        .first()
    )


def written_codes(person: Person, contest: Contest) -> frozenset[str]:
    """The codes of the contest's projects that the person has written, alone or in a team. One query."""
    found = Project.objects.filter(_written(person), contest=contest).exclude(code="")
    return frozenset(found.values_list("code", flat=True))


def _written(person: Person) -> Q:
    mine = TeamMember.objects.filter(person=person, state=Standing.CONFIRMED)
    return Q(author=person) | Q(pk__in=mine.values("project"))


def member_of(project: Project, reference: UUID) -> TeamMember | None:
    """A member or invitation of the project by its id, whatever its state."""
    return TeamMember.objects.select_related("project").filter(project=project, pk=reference).first()
