"""What administrators are told about the other systems of their body, from the journal."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from viche.communities.models import Community
from viche.connectors.messages.reminders import Reminder
from viche.identity.models import Role
from viche.journal.models import Entry, Log

LATELY = timedelta(days=7)


def of_webhooks(now: datetime) -> Iterator[Reminder]:
    """A webhook stopped by itself: somebody has to look at the receiver."""
    # by log: so the index of kinds is used, and hundreds of thousands of ballots are not read
    logs = list(Log.objects.filter(year__gte=now.year - 1).values_list("pk", flat=True))
    stopped = Entry.objects.filter(log__in=logs, kind="WebhookStopped", recorded_at__gt=now - LATELY)
    bodies: dict[str, Community | None] = {}
    for code, entry in stopped.values_list("log__community", "pk"):
        if code not in bodies:
            bodies[code] = Community.objects.filter(code=code).select_related("territory").first()
        body = bodies[code]
        if body is not None:
            yield Reminder(
                f"webhook:{entry}",
                gettext_noop("Another system does not take events any more: its webhook stopped by itself"), "",
                body, roles=(Role.ADMINISTRATOR,), page="office-webhooks",
            )  # fmt: skip
