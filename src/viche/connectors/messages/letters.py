"""What a message says, put together at the moment of sending and in its address's language."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.connectors.messages.channels import Message
from viche.connectors.messages.links import address_of, own_address
from viche.connectors.messages.models import Address, Delivery, Notice
from viche.connectors.messages.tokens import CONFIRM, CONFIRM_HOURS, UNSUBSCRIBE, token_of
from viche.connectors.messages.wording import heading_of, sentence_of, why_of


def message_of(delivery: Delivery) -> Message | None:
    """The message as it is sent now; None where its address was silenced meanwhile, or nothing is left to say."""
    address = delivery.address
    with translation.override(address.language if address.language in dict(settings.LANGUAGES) else "uk"):
        if delivery.kind == "confirm":
            return _question(delivery) if address.confirmed_at is None else None
        if address.confirmed_at is None or address.is_silent:
            return None
        if delivery.kind == "hello":
            text = _("This chat is connected: notices come here. Write /stop when you want no more.")
            return Message(delivery.key, address.target, _("Connected"), text)
        notices = [
            item.notice
            for item in delivery.items.select_related(
                "notice__entry", "notice__project", "notice__contest", "notice__community__territory"
            ).order_by("pk")
        ]
        if not notices:
            return None
        said = _one(address, notices[0]) if len(notices) == 1 else _several(address, notices)
        unsubscribe = own_address("notices-unsubscribe", address.base, token_of(address, UNSUBSCRIBE))
        text = f"{said[1]}\n\n--\n{_end(address, unsubscribe)}\n"
        bodies = {str(notice.community_id) for notice in notices}
        return Message(
            delivery.key, address.target, said[0], text, unsubscribe, bodies.pop() if len(bodies) == 1 else ""
        )


def _question(delivery: Delivery) -> Message:
    address = delivery.address
    lines = [
        _("Good day!"),
        _(
            "Somebody wants notices of participatory budgets sent to this address. If it was you, open the link:"
        ),
        own_address("notices-confirm", address.base, token_of(address, CONFIRM)),
        _(
            "The link works for %(hours)d hours. If it was not you, simply delete this letter: nothing else comes."
        )
        % {"hours": CONFIRM_HOURS},
    ]
    return Message(delivery.key, address.target, _("Confirm your address"), "\n\n".join(lines) + "\n")


def _one(address: Address, notice: Notice) -> tuple[str, str]:
    lines = [sentence_of(notice), heading_of(notice), address_of(notice, address.base)]
    lines.append(_("You are told because %(why)s.") % {"why": why_of(notice)})
    return sentence_of(notice), "\n\n".join(lines)


def _several(address: Address, notices: list[Notice]) -> tuple[str, str]:
    """Grouped by what they are about, in the order of the first of each."""
    groups: dict[object, list[Notice]] = {}
    for notice in notices:
        groups.setdefault((notice.project_id, notice.contest_id, notice.community_id), []).append(notice)
    parts = []
    for each in groups.values():
        lines = [heading_of(each[0])]
        lines += [f"- {sentence_of(notice)}" for notice in each]
        lines.append(f"  {address_of(each[0], address.base)}")
        lines.append("  " + _("You are told because %(why)s.") % {"why": why_of(each[0])})
        parts.append("\n".join(lines))
    number = len(notices)
    subject = ngettext("%(number)d notice", "%(number)d notices", number) % {"number": number}
    return subject, "\n\n".join(parts)


def _end(address: Address, unsubscribe: str) -> str:
    return "\n".join(
        [
            _("How you are told: %(link)s") % {"link": own_address("notices-settings", address.base)},
            _("No messages any more: %(link)s") % {"link": unsubscribe},
        ]
    )
