"""Meetings, their agendas and how a roll-call stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, QuerySet

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.identity.models import Office, Person, Role
from viche.projects.models import Project, State
from viche.review.models import AgendaItem, Choice, Meeting
from viche.review.queries.conflicts import conflicted
from viche.review.stages import standing_of

UNDECIDED = (AgendaItem.State.NOT_ADOPTED, AgendaItem.State.NO_QUORUM, AgendaItem.State.MOVED)


def members_of(community: Community) -> list[Person]:
    """The members of the body's commission, by name."""
    held = Office.objects.filter(community=community, role=Role.COMMISSION, until__isnull=True)
    return sorted(
        Person.objects.filter(pk__in=held.values("person")),
        key=lambda person: (person.family_name, person.given_name, str(person.pk)),
    )


def secretaries_of(community: Community) -> list[Person]:
    """Who may keep the protocol: members of the commission and administrators of the body."""
    held = Office.objects.filter(
        community=community, role__in=(Role.COMMISSION, Role.ADMINISTRATOR), until__isnull=True
    )
    return sorted(
        Person.objects.filter(pk__in=held.values("person")),
        key=lambda person: (person.family_name, person.given_name, str(person.pk)),
    )


def protocol_name(person: Person) -> str:
    """How a protocol names an official, who acts publicly: in full."""
    return " ".join(filter(None, (person.family_name, person.given_name, person.patronymic)))


def needed_quorum(contest: Contest) -> int | None:
    """The largest quorum that a stage of the review asks; None where one member decides alone."""
    asked = [stage.quorum for stage in contest.rules.review if stage.quorum is not None]
    return max(asked) if asked else None


def quorum_about(project: Project) -> int:
    """How many must take part in a decision about the project as it stands: one where the rules name no quorum.

    Its stage's quorum; for an appeal, the largest of all stages.
    """
    if project.state == State.APPEALED:
        return needed_quorum(project.contest) or 1
    return standing_of(project).stage.quorum or 1


def meetings_of(contest: Contest) -> QuerySet[Meeting]:
    return Meeting.objects.filter(contest=contest).select_related("chair", "secretary")


def meeting_numbered(contest: Contest, number: int) -> Meeting | None:
    return meetings_of(contest).filter(number=number).first()


def agenda_of(meeting: Meeting) -> list[AgendaItem]:
    return list(
        meeting.items.select_related("project__territory", "project__contest").prefetch_related(
            "votes__records"
        )
    )


def open_item_of(meeting: Meeting) -> AgendaItem | None:
    return meeting.items.filter(state=AgendaItem.State.OPEN).select_related("project__contest").first()


def projects_for_agenda(contest: Contest) -> list[Project]:
    """Projects under review or appealed against that are on no agenda yet; those moved from a meeting first."""
    taken = AgendaItem.objects.filter(
        meeting__contest=contest, meeting__closed_at__isnull=True,
        state__in=(AgendaItem.State.WAITING, AgendaItem.State.OPEN),
    )  # fmt: skip
    found = Project.objects.filter(contest=contest, state__in=(State.IN_REVIEW, State.APPEALED))
    moved = moved_projects(contest)
    return sorted(
        found.exclude(pk__in=taken.values("project")), key=lambda each: (each.pk not in moved, each.number)
    )


def moved_projects(contest: Contest) -> set[UUID]:
    """The projects whose last agenda item ended without a decision."""
    latest = (
        AgendaItem.objects.filter(meeting__contest=contest, meeting__closed_at__isnull=False)
        .values("project")
        .annotate(last=Max("meeting__number"))
        .values_list("project", "last")
    )
    left = AgendaItem.objects.filter(meeting__contest=contest, state__in=UNDECIDED)
    undecided = set(left.values_list("project", "meeting__number"))
    return {project for project, number in latest if (project, number) in undecided}


@dataclass(frozen=True)
class RollCall:
    """How an item stands: who takes part, who is recused, the votes by person, what is missing.

    A decision needs more than half of those who take part to be for it; a tie adopts nothing.
    """

    present: Mapping[UUID, str]
    recused: frozenset[UUID]
    votes: Mapping[UUID, str]
    quorum: int

    @property
    def able(self) -> frozenset[UUID]:
        return frozenset(self.present) - self.recused

    @property
    def has_quorum(self) -> bool:
        return len(self.able) >= self.quorum

    @property
    def missing(self) -> list[str]:
        """Names of those who take part and have not voted."""
        return [self.present[person] for person in self.present if person in self.able - set(self.votes)]

    def number(self, choice: str) -> int:
        return sum(1 for person in self.able if self.votes.get(person) == choice)

    @property
    def is_adopted(self) -> bool:
        return 2 * self.number(Choice.FOR) > len(self.able)


def present_members(meeting: Meeting) -> dict[UUID, str]:
    """Who takes part, with the names of the protocol: noted as present, and still a member of the commission."""
    held = Office.objects.filter(community=meeting.community_id, role=Role.COMMISSION, until__isnull=True)
    rows = meeting.attendances.filter(is_present=True, person__in=held.values("person"))
    return {person: name for person, name in rows.values_list("person_id", "name") if person is not None}


def roll_call(item: AgendaItem) -> RollCall:
    """How the roll-call stands now; inside the meeting's lock where it is decided by."""
    present = present_members(item.meeting)
    return RollCall(
        present=present, recused=frozenset(conflicted(item.project, present)), quorum=quorum_about(item.project),
        votes={
            person: choice
            for person, choice in item.votes.values_list("person_id", "choice")
            if person is not None and choice != Choice.RECUSED
        },
    )  # fmt: skip


def public_items(project: Project) -> list[AgendaItem]:
    """The places of a project on agendas, the latest meeting first."""
    return list(project.agenda_items.select_related("meeting").order_by("-meeting__starts_at"))


def item_at(meeting: Meeting, position: int) -> AgendaItem | None:
    return meeting.items.select_related("meeting", "project").filter(position=position).first()
