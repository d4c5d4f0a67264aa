"""What a signal says: whom it is about, and its arithmetic in sentences."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.ballots.channels import PLACES
from viche.foundation.clock import KYIV
from viche.foundation.numbers import grouped
from viche.identity.methods import METHODS, WORDS_OF
from viche.integrity.models import Signal


def label_of(hashed: str) -> str:
    """The short name of a network or a device: enough to tell them apart by eye."""
    return hashed[:6].upper()


def method_text(method: str) -> str:
    """«BankID»: how a voter identified ("isei:bank_id")."""
    provider, _colon, way = method.partition(":")
    words = sorted(WORDS_OF.get(way, ()))
    return str(METHODS.get(words[0] if words else provider, method))


def subject_text(signal: Signal, officials: Mapping[str, str]) -> str:
    """Whom or what the signal is about. officials: names by id (queries.officials_named)."""
    subject = signal.subject
    match signal.rule:
        case "network" | "surge":
            return _("network %s") % label_of(subject)
        case "device":
            return _("browser %s") % label_of(subject)
        case "age":
            return ngettext("%(n)d year old", "%(n)d years old", int(subject)) % {"n": int(subject)}
        case "birthday":
            # a leap year, so that the 29th of February can be said
            return date_format(date.fromisoformat(f"2000-{subject}"), "j E")
        case "birth-date":
            return _("born on %s") % date_format(date.fromisoformat(subject), "j E Y")
        case "night":
            return _("the night of %s") % date_format(date.fromisoformat(subject), "j E")
        case "operator" | "grantor":
            return officials.get(subject, _("an official"))
        case "method":
            return method_text(subject)
    return subject


def channel_text(channel: str) -> str:
    return str(PLACES.get(channel, channel))


def arithmetic(signal: Signal) -> list[str]:
    """Why the signal was raised, as sentences anybody can calculate after."""
    facts = signal.facts
    lines = [
        _("Votes counted: %(observed)s, the first at %(from)s, the last at %(to)s.")
        % {
            "observed": grouped(signal.observed),
            "from": _moment(facts.get("from")),
            "to": _moment(facts.get("to")),
        }
    ]
    if "minutes" in facts:
        lines.append(
            ngettext(
                "The busiest stretch of %(n)d minute of that day is looked at.",
                "The busiest stretch of %(n)d minutes of that day is looked at.", int(facts["minutes"]),
            )
            % {"n": int(facts["minutes"])}
        )  # fmt: skip
    if signal.expected is not None:
        lines.append(_expected(signal))
    lines.append(_limit(signal))
    alarm = {"limit": grouped(signal.limit), "twice": grouped(2 * signal.limit)}
    if signal.is_alarm:
        lines.append(_("It is an alarm: twice the limit is %(twice)s.") % alarm)
    else:
        lines.append(_("It is to be looked into; an alarm begins at twice the limit, %(twice)s.") % alarm)
    return lines


def _expected(signal: Signal) -> str:
    facts = {
        name: grouped(value) if isinstance(value, int) else value for name, value in signal.facts.items()
    }
    facts["expected"] = grouped(signal.expected or 0)
    match signal.rule:
        case "network":
            sentence = _(
                "Expected: %(expected)s, one vote for each of its devices. Kinds of browsers: %(agents)s."
            )
        case "age":
            sentence = _(
                "Expected: %(expected)s. The %(ages)s ages beside it gave %(near)s votes that day, divided by their "
                "number and rounded up."
            )
        case "birthday" | "birth-date":
            sentence = _(
                "Expected: %(expected)s. %(known)s voters with a known date of birth over %(days)s days, rounded up."
            )
        case "night":
            sentence = _(
                "Expected: %(expected)s. %(permille)s for each thousand of the %(beside)s votes of the 24 hours "
                "before or after, whichever had more, rounded up."
            )
        case _other:
            sentence = _(
                "Expected: %(expected)s. At other times it gave %(own)s of %(others)s votes; in this stretch "
                "%(around)s were cast in all; the same share of them, rounded up."
            )
    return sentence % facts


def _limit(signal: Signal) -> str:
    facts: dict[str, Any] = {**signal.facts, "limit": grouped(signal.limit)}
    if signal.expected is None or "times" not in facts:
        return _("The limit is %(limit)s.") % facts
    facts["product"] = grouped(int(facts["times"]) * signal.expected)
    facts["expected"] = grouped(signal.expected)
    return (
        _(
            "The limit is the larger of %(least)s and %(times)s × %(expected)s = %(product)s, that is %(limit)s."
        )
        % facts
    )


def _moment(text: Any) -> str:
    return date_format(datetime.fromisoformat(str(text)).astimezone(KYIV), "j E, H:i") if text else "–"
