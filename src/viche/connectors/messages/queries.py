"""Reads of the messages room. Follows are read for their own person and for making notices only."""

from dataclasses import dataclass

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from viche.communities.models import Community
from viche.connectors.messages.channels import CHANNELS, offered_channels
from viche.connectors.messages.models import Address, Delivery, Follow, Notice, Wish
from viche.connectors.messages.relevance import DEFAULT_MODES, GROUPS
from viche.contests.models import Contest
from viche.identity.models import Person
from viche.projects.models import Project, TeamMember

MOST_SHOWN = 99


def unread_number(person: Person) -> int:
    """How many notices the person has not read; 100 stands for more. One query on an index of the unread."""
    return Notice.objects.filter(person=person, read_at__isnull=True).order_by()[: MOST_SHOWN + 1].count()


def notices_of(person: Person) -> QuerySet[Notice]:
    """The person's notices, the unread first, each half with the newest first."""
    return (
        Notice.objects.filter(person=person)
        .select_related("entry", "contest", "project", "community__territory")
        .order_by(ExpressionWrapper(Q(read_at__isnull=False), BooleanField()), "-at", "-id")
    )


def notice_of(person: Person, reference: object) -> Notice | None:
    """One notice of the person."""
    return notices_of(person).filter(pk=reference).first()


def is_written_by(project: Project, person: Person) -> bool:
    """Whether the person is author or confirmed co-author."""
    return project.author_id == person.pk or _team_of(project).filter(person=person).exists()


def _team_of(project: Project) -> QuerySet[TeamMember]:
    return TeamMember.objects.filter(project=project, state=TeamMember.State.CONFIRMED)


def is_followed(
    person: Person,
    *,
    community: Community,
    contest: Contest | None = None,
    project: Project | None = None,
    query: str | None = None,
) -> bool:
    """Whether the person follows this; authors follow their own project unless they said otherwise."""
    found = follow_rows(person, community=community, contest=contest, project=project, query=query).first()
    if found is not None:
        return not found.is_muted
    return project is not None and is_written_by(project, person)


def follow_rows(
    person: Person,
    *,
    community: Community,
    contest: Contest | None = None,
    project: Project | None = None,
    query: str | None = None,
) -> QuerySet[Follow]:
    """The one row of a thing followed, or none. query: None where it is no search."""
    return Follow.objects.filter(
        person=person, community=community, contest=contest, project=project,
        is_search=query is not None, query=query or "",
    )  # fmt: skip


def follows_of(person: Person) -> list[Follow]:
    """What the person follows, the newest first."""
    own = Follow.objects.filter(person=person, is_muted=False).select_related(
        "community__territory", "contest__community__territory", "project__contest"
    )
    return list(own.order_by("-since"))


@dataclass(frozen=True)
class Way:
    """One channel as the settings show it: the address in use, and the one that waits to be confirmed."""

    channel: str
    address: Address | None
    asked: Address | None
    failed: Delivery | None
    modes: dict[str, str]


def ways_of(person: Person) -> list[Way]:
    """The channels of this installation, and those where the person still has an address."""
    rows = list(Address.objects.filter(person=person))
    modes = modes_of(person)
    found = []
    offered = {channel.name for channel in offered_channels()}
    for name in CHANNELS:
        mine = {each.confirmed_at is not None: each for each in rows if each.channel == name}
        if name not in offered and not mine:
            continue
        address = mine.get(True)
        failed = (
            address.deliveries.filter(state=Delivery.State.FAILED).order_by("-queued_at").first()
            if address is not None
            else None
        )
        own = {group: modes.get((name, group), DEFAULT_MODES[group]) for group in GROUPS}
        found.append(Way(name, address, mine.get(False), failed, own))
    return found


def modes_of(person: Person) -> dict[tuple[str, str], str]:
    """(channel, group) → mode, where the person has said it."""
    return {(each.channel, each.group): each.mode for each in Wish.objects.filter(person=person)}


def muted_authors(project_ids: list[object]) -> set[tuple[object, object]]:
    """(project, person) of authors who would rather not hear of their own project."""
    rows = Follow.objects.filter(project__in=project_ids, is_muted=True)
    return set(rows.values_list("project_id", "person_id"))


def unused_addresses() -> QuerySet[Address]:
    """Addresses asked for and not confirmed, without anything queued."""
    queued = Delivery.objects.filter(address=OuterRef("pk"), state__in=["queued", "sending"])
    return Address.objects.filter(~Exists(queued), confirmed_at__isnull=True)
