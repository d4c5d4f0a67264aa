"""From what is due to notices, each key once a person."""

from uuid import UUID

from django.db import transaction

from viche.communities.models import Community
from viche.connectors.messages.actions.items import queue_items
from viche.connectors.messages.models import Notice, Why
from viche.connectors.messages.sources import due_reminders
from viche.foundation import clock
from viche.identity.queries import staff_of


def make_reminders() -> int:
    """Write a notice for everything that is due and was not said yet; how many. Each in a transaction of its own, and
    the notice's key lets two workers at once say it once.
    """
    made = 0
    staff: dict[UUID, list[tuple[str, UUID, bool]]] = {}
    for each in due_reminders():
        people = each.people
        if each.roles:
            people = holders(each.community, each.roles, staff)
        key = f"due:{each.key}"
        told = set(Notice.objects.filter(key=key, person__in=people).values_list("person_id", flat=True))
        rows = [
            Notice(
                person_id=person, key=key, kind=f"due-{each.key.partition(':')[0]}", words=each.words(),
                community=each.community, contest=each.contest, project=each.project, page=each.page,
                why=each.why or (Why.OFFICE if each.roles else Why.AUTHOR), is_task=each.is_task,
                is_urgent=each.is_task or each.is_urgent, at=clock.now(),
            )
            for person in people
            if person not in told
        ]  # fmt: skip
        with transaction.atomic():
            Notice.objects.bulk_create(rows, ignore_conflicts=True)
            written = list(Notice.objects.filter(pk__in=[row.pk for row in rows]))
            queue_items(notices=written)
        made += len(written)
    return made


def holders(
    community: Community, roles: tuple[str, ...], known: dict[UUID, list[tuple[str, UUID, bool]]]
) -> tuple[UUID, ...]:
    """Who holds one of the offices in the body; where it has none of its own, those above who have rights here."""
    if community.pk not in known:
        known[community.pk] = [
            (each.office.role, each.office.person_id, each.origin is None) for each in staff_of(community)
        ]
    held = [each for each in known[community.pk] if each[0] in roles]
    own = [each for each in held if each[2]]
    return tuple(dict.fromkeys(person for _role, person, _own in own or held))
