"""Which notices go to which addresses."""

from collections.abc import Sequence

from viche.connectors.messages.channels import offered_channels
from viche.connectors.messages.models import Address, Item, Notice, Why, Wish
from viche.connectors.messages.relevance import DEFAULT_MODES, FOLLOWED, OWN, SEARCHES, TASKS
from viche.foundation import clock

GROUP_OF = {
    Why.AUTHOR: OWN,
    Why.ENTRANT: OWN,
    Why.COMMENT: OWN,
    Why.NAME: OWN,
    Why.SEARCH: SEARCHES,
    Why.OFFICE: TASKS,
}


def group_of(notice: Notice) -> str:
    """The group (relevance.GROUPS) by which a person says how they want to be told."""
    return TASKS if notice.is_task else GROUP_OF.get(Why(notice.why), FOLLOWED)


def queue_items(*, notices: Sequence[Notice]) -> None:
    """Put notices on their way to the confirmed addresses of their people, as each wants it; inside the caller's
    transaction, which has just written them. An address that is silent or faulty gets nothing.
    """
    channels = [channel.name for channel in offered_channels()]
    people = {each.person_id for each in notices}
    addresses: dict[object, list[Address]] = {}
    for address in Address.objects.filter(
        person__in=people, channel__in=channels, confirmed_at__isnull=False, is_silent=False, fault=""
    ):
        addresses.setdefault(address.person_id, []).append(address)
    if not addresses:
        return
    wishes = {
        (each.person_id, each.channel, each.group): each.mode
        for each in Wish.objects.filter(person__in=addresses)
    }
    items = []
    for notice in notices:
        group = group_of(notice)
        for address in addresses.get(notice.person_id, ()):
            mode = wishes.get((notice.person_id, address.channel, group), DEFAULT_MODES[group])
            if mode == Wish.Mode.NONE:
                continue
            waits = mode == Wish.Mode.DIGEST or (mode == Wish.Mode.IMPORTANT and not notice.is_urgent)
            items.append(Item(notice=notice, address=address, is_digest=waits, made_at=clock.now()))
    Item.objects.bulk_create(items, batch_size=500, ignore_conflicts=True)
