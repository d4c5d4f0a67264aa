"""Paper in words: why a sheet is invalid, what becomes of one."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.ballots.channels import PLACES
from viche.ballots.queries import mark_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.identity.models import Person

REASONS = {
    "unsigned": gettext_lazy("not signed"),
    "unreadable": gettext_lazy("cannot be read"),
    "too-many": gettext_lazy("more is marked than the rules allow"),
    "blank": gettext_lazy("nothing is marked"),
    "late": gettext_lazy("came too late"),
    "not-member": gettext_lazy("the voter may not vote in this contest"),
    "already-voted": gettext_lazy("the voter had voted already"),
    "unknown-serial": gettext_lazy("no ballot of this number was printed, or it has none"),
    "serial-used": gettext_lazy("a ballot of this number was entered before, or was spoiled"),
    "not-given-out": gettext_lazy("nobody was given this ballot"),
    "forged": gettext_lazy("forged"),
    "other": gettext_lazy("another reason"),
}
BY_THE_BOX = ("not-member", "already-voted", "not-given-out")
"""Reasons that the box finds by itself: nobody has to type them."""


def reason_text(reason: str) -> str:
    """The reason in words; "valid" where there is none."""
    return str(REASONS[reason]) if reason else _("valid")


def typed_reasons() -> list[tuple[str, str]]:
    """What an operator can choose from, beside a valid sheet."""
    return [(code, str(text)) for code, text in REASONS.items() if code not in BY_THE_BOX]


def already_voted_text(contest: Contest, person: Person) -> str:
    """By which way and when a voter of a sheet with a name had voted before; nothing of who they are."""
    mark = mark_of(contest, person)
    if mark is None:
        return str(REASONS["already-voted"])
    return _("The voter had voted already, %(place)s, on %(day)s.") % {
        "place": PLACES[mark.channel], "day": mark.at.astimezone(clock.KYIV).strftime("%d.%m.%Y %H:%M"),
    }  # fmt: skip
