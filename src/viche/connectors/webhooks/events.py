"""Events of webhooks: which systems a body tells what happens. Never an address, never a secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from viche.connectors.webhooks.models import Endpoint
from viche.journal.events import Event


@dataclass(frozen=True)
class WebhookEvent(Event):
    """webhook: its id. title: what the officials call the receiver."""

    sentence = gettext_noop("A webhook: “%(title)s”")
    about = "webhook:{webhook}"
    webhook: str
    title: str


@dataclass(frozen=True)
class WebhookConnected(WebhookEvent):
    """kinds: kinds and groups of events that it is told of; empty is all of them."""

    sentence = gettext_noop("Another system is told of events by a webhook from now on: “%(title)s”")
    kinds: list[str]


@dataclass(frozen=True)
class WebhookChanged(WebhookConnected):
    sentence = gettext_noop("A webhook was changed: “%(title)s”")


@dataclass(frozen=True)
class WebhookSecretChanged(WebhookEvent):
    sentence = gettext_noop("A webhook signs with a new secret: “%(title)s”")


@dataclass(frozen=True)
class WebhookPaused(WebhookEvent):
    sentence = gettext_noop("A webhook was paused: “%(title)s”")


@dataclass(frozen=True)
class WebhookResumed(WebhookEvent):
    sentence = gettext_noop("A webhook goes on: “%(title)s”")


@dataclass(frozen=True)
class WebhookStopped(WebhookEvent):
    """reason: a state of Endpoint."""

    sentence = gettext_noop("A webhook stopped by itself: “%(title)s”, %(reason)s")
    reason: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "reason": str(Endpoint.State(data["reason"]).label)}


@dataclass(frozen=True)
class WebhookRemoved(WebhookEvent):
    sentence = gettext_noop("Another system is not told of events any more: “%(title)s”")
