"""The channels of a vote: on which days each is open and which methods of identification it accepts.

A day of the voting is a day in Kyiv; its first day is the day on which the voting begins. The decision about a
ballot is made by the database in the statement that writes it (actions.cast_ballot); here the same rule is
said for people, before and after.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from rulebook.calendar import Window
from rulebook.rules import Rules
from rulebook.rules.records import Channel
from rulebook.rules.vocabulary import CHANNELS, COMMISSION, ONLINE
from viche.ballots.models import Box
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.methods import accepts, methods_text

NAMES = {
    "online": gettext_lazy("Online voting"),
    "desk": gettext_lazy("Voting at a service centre"),
    "paper": gettext_lazy("Voting on a paper ballot"),
    "terminal": gettext_lazy("Voting at a bank’s terminal"),
    "kiosk": gettext_lazy("Voting at a public screen"),
}
PLACES = {
    "online": pgettext_lazy("one votes", "online"),
    "desk": gettext_lazy("at a service centre"),
    "paper": gettext_lazy("on a paper ballot at a polling point"),
    "terminal": gettext_lazy("at a bank’s terminal"),
    "kiosk": gettext_lazy("at a public screen of the community"),
}


@dataclass(frozen=True)
class Hours:
    """When a channel takes ballots: [starts_at, ends_at), UTC; ends_at None where the voting has no end."""

    kind: str
    starts_at: datetime
    ends_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


def channel_of(rules: Rules, kind: str) -> Channel:
    """What the rules say of the channel.

    Raises ValueError for a word no regulation uses. Refused: channel_not_offered.
    """
    if kind not in CHANNELS:
        raise ValueError(f"a regulation knows no channel {kind!r}")
    if not rules.channels:
        return Channel(kind)
    found = next((channel for channel in rules.channels if channel.kind == kind), None)
    if found is None:
        ways = ", ".join(str(PLACES[channel.kind]) for channel in rules.channels)
        raise Refused(
            "channel_not_offered",
            _("%(channel)s: the regulation of this contest does not provide for it. One votes: %(ways)s.")
            % {"channel": NAMES[kind], "ways": ways},
        )
    return found


def hours_of(channel: Channel, voting: Window) -> Hours | None:
    """When the channel is open within the voting; None where no moment is left for it."""
    first = voting.starts_at.astimezone(clock.KYIV).date()

    def midnight(days: int) -> datetime:
        return datetime.combine(first + timedelta(days=days), time(), clock.KYIV).astimezone(UTC)

    starts_at = max(voting.starts_at, midnight(channel.from_day - 1))
    ends_at = voting.ends_at
    if channel.to_day is not None:
        last = midnight(channel.to_day)
        ends_at = last if ends_at is None else min(ends_at, last)
    return Hours(channel.kind, starts_at, ends_at) if ends_at is None or starts_at < ends_at else None


def open_elsewhere(rules: Rules, voting: Window, kind: str, now: datetime) -> list[str]:
    """The other channels that take ballots at the moment, as places in words."""
    hours = [hours_of(channel, voting) for channel in rules.channels if channel.kind != kind]
    return [str(PLACES[each.kind]) for each in hours if each is not None and each.is_open(now)]


def why_closed(contest: Contest, kind: str = ONLINE) -> Refused | None:
    """Why the channel takes no ballot now, in words that name the channels that do; None while it is open.

    Codes: voting_closed, channel_closed, channel_not_offered, key_awaited.
    """
    voting, now = contest.window("voting"), clock.now()
    if voting is None:
        return Refused("voting_closed", _("This contest has no voting."))
    if now < voting.starts_at:
        return Refused(
            "voting_closed", _("Voting has not begun yet: it opens on %s.") % _moment(voting.starts_at)
        )
    if voting.ends_at is not None and voting.ends_at <= now:
        return Refused("voting_closed", _("Voting is closed: no ballot can be accepted any more."))
    if waits_for_first_key(contest):
        return Refused(
            "key_awaited",
            _("Voting cannot begin yet: the commission has not tried out the key of the ballot box."),
        )
    try:
        hours = hours_of(channel_of(contest.rules, kind), voting)
    except Refused as refused:
        return refused
    if hours is not None and hours.is_open(now):
        return None
    places = ", ".join(open_elsewhere(contest.rules, voting, kind, now))
    said = {"channel": NAMES[kind], "places": places, "day": _moment(hours.starts_at) if hours else ""}
    if hours is not None and now < hours.starts_at:
        sentence = (
            _("%(channel)s opens on %(day)s; until then you can vote: %(places)s.")
            if places
            else _("%(channel)s opens on %(day)s.")
        )
    else:
        sentence = (
            _("%(channel)s has closed; you can still vote: %(places)s.")
            if places
            else _("%(channel)s has closed.")
        )
    return Refused("channel_closed", sentence % said)


def waits_for_first_key(contest: Contest) -> bool:
    """Whether ballots cannot be sealed yet: the commission is to hold the key and has not tried one out."""
    if contest.rules.box_key != COMMISSION:
        return False
    return not Box.objects.filter(contest=contest, public_key__isnull=False).exists()


def _moment(moment: datetime) -> str:
    return moment.astimezone(clock.KYIV).strftime("%d.%m.%Y %H:%M")


def why_method_refused(rules: Rules, kind: str, method: str) -> Refused | None:
    """Why this identification does not admit to the channel, naming those that do; None where it does.

    method: "" where the channel itself vouches for its voters. Refused: channel_not_offered.
    """
    methods = rules.methods_in(channel_of(rules, kind))
    if not method or accepts(methods, method):
        return None
    return Refused(
        "method_not_accepted",
        _("%(channel)s: the rules of this contest accept other methods of identification: %(methods)s.")
        % {"channel": NAMES[kind], "methods": methods_text(methods)},
        status=403,
    )
