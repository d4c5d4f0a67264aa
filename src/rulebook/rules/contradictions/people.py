"""Contradictions about people: who may take part, how they are identified, through which channels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rulebook.problem import Problem
from rulebook.rules.model import Rules
from rulebook.rules.records import Eligibility
from rulebook.rules.vocabulary import ADDRESS, AGE, DESK, METHODS_OF, NUMBER, ONLINE, PAPER, PROVES

HOME = ("registered", "declared")
"""The bases that an identity provider can prove; of all others an official sees a document."""


def found(rules: Rules) -> Iterator[Problem]:
    """What the rules about people say against themselves."""
    everybody = [("author", rules.author), ("voter", rules.voter)]
    if rules.supporter is not None:
        everybody.insert(1, ("supporter", rules.supporter))
        if rules.support is None:
            yield Problem("/supporter", "supporters_not_asked")
    for who, eligibility in everybody:
        yield from _eligibility(who, eligibility)
        yield from _bases(who, eligibility, rules)
        yield from _proofs(f"/{who}", eligibility, rules)
    if not rules.identity_methods:
        yield Problem("/identity_methods", "no_identity_method")
    yield from _acts(rules)
    yield from _channels(rules)


def _eligibility(who: str, eligibility: Eligibility) -> Iterator[Problem]:
    if not eligibility.bases:
        yield Problem(f"/{who}/bases", "nobody_eligible")
    if not eligibility.citizenship:
        yield Problem(f"/{who}/citizenship", "no_citizenship")
    if eligibility.age_on != "act" and not _is_date(eligibility.age_on):
        yield Problem(f"/{who}/age_on", "bad_format", {"value": eligibility.age_on})
    least, most = eligibility.min_age, eligibility.max_age
    if least is not None and most is not None and least > most:
        yield Problem(f"/{who}/max_age", "no_age", {"min_age": least, "max_age": most})


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _bases(who: str, eligibility: Eligibility, rules: Rules) -> Iterator[Problem]:
    # the channels of the rules are those of the voting
    offered = {channel.kind for channel in rules.channels} if who == "voter" else set()
    for name in ("channels", "evidence"):
        for basis in getattr(eligibility, name):
            if basis not in eligibility.bases:
                yield Problem(f"/{who}/{name}/{basis}", "basis_not_admitted", {"basis": basis})
    for basis in eligibility.bases:
        allowed = eligibility.channels.get(basis)
        path = f"/{who}/channels/{basis}"
        if (allowed is not None and offered and not offered & set(allowed)) or (
            allowed is not None and not allowed
        ):
            yield Problem(path, "basis_without_channel", {"basis": basis})
        elif allowed is not None and offered:
            for channel in allowed:
                if channel not in offered:
                    params = {"basis": basis, "channel": channel}
                    yield Problem(path, "unknown_channel", params)
        if eligibility.evidence.get(basis) == ():
            yield Problem(f"/{who}/evidence/{basis}", "no_evidence", {"basis": basis})
        elif not eligibility.operator_grant and not _is_proved(basis, eligibility, rules):
            yield Problem(f"/{who}/operator_grant", "basis_not_provable", {"basis": basis})


def _is_proved(basis: str, eligibility: Eligibility, rules: Rules) -> bool:
    """Whether the basis can be proved without an operator's grant."""
    evidence = eligibility.evidence.get(basis)
    if evidence is not None and "residence-register" in evidence:
        return True
    by_provider = evidence is None or "identity-provider" in evidence
    methods = {method for method in rules.identity_methods if ADDRESS in PROVES[method]}
    return basis in HOME and by_provider and bool(methods)


def _proofs(path: str, eligibility: Eligibility, rules: Rules) -> Iterator[Problem]:
    """A number or an age that is asked for and that no accepted method proves."""
    methods = _ways_of(path, rules) or rules.identity_methods
    if not methods or (path == "/voter" and rules.channels):
        return  # the channels are looked at one by one
    if eligibility.personal_number and not _some_prove(methods, NUMBER):
        yield Problem(f"{path}/personal_number", "number_not_proved", {"methods": tuple(methods)})
    if eligibility.min_age is not None and not _some_prove(methods, AGE):
        yield Problem(f"{path}/min_age", "age_not_proved", {"methods": tuple(methods)})


def _ways_of(path: str, rules: Rules) -> tuple[str, ...]:
    """The methods that the rules name for this act alone."""
    if path == "/author":
        return rules.submission.identity_methods
    return rules.support.identity_methods if path == "/supporter" and rules.support is not None else ()


def _acts(rules: Rules) -> Iterator[Problem]:
    """Methods named for submitting or supporting that could not be used to."""
    named = [("/submission", rules.submission.identity_methods)]
    if rules.support is not None:
        named.append(("/support", rules.support.identity_methods))
    for path, methods in named:
        for index, method in enumerate(methods):
            place = f"{path}/identity_methods/{index}"
            if method not in METHODS_OF[ONLINE]:
                yield Problem(place, "method_not_in_channel", {"channel": ONLINE, "method": method})
            if method not in rules.identity_methods:
                yield Problem(place, "act_method_not_listed", {"method": method})


def _some_prove(methods: Iterable[str], what: str) -> bool:
    return any(what in PROVES[method] for method in methods)


def _channels(rules: Rules) -> Iterator[Problem]:
    used: set[str] = set()
    for index, channel in enumerate(rules.channels):
        path = f"/channels/{index}"
        methods = rules.methods_in(channel)
        used |= set(methods)
        if channel.kind in (other.kind for other in rules.channels[:index]):
            yield Problem(f"{path}/kind", "repeated", {"value": channel.kind})
        if channel.to_day is not None and channel.to_day < channel.from_day:
            params = {"channel": channel.kind, "from_day": channel.from_day, "to_day": channel.to_day}
            yield Problem(f"{path}/to_day", "channel_never_open", params)
        if not methods:
            yield Problem(f"{path}/identity_methods", "channel_without_method", {"channel": channel.kind})
            continue
        for method in methods:
            named: dict[str, object] = {"channel": channel.kind, "method": method}
            if method not in METHODS_OF[channel.kind]:
                yield Problem(f"{path}/identity_methods", "method_not_in_channel", named)
            if method not in rules.identity_methods:
                yield Problem(f"{path}/identity_methods", "method_not_listed", named)
        params = {"methods": methods}
        if rules.voter.personal_number and not _some_prove(methods, NUMBER):
            yield Problem(f"{path}/identity_methods", "number_not_proved", params)
        if rules.voter.min_age is not None and not _some_prove(methods, AGE):
            yield Problem(f"{path}/identity_methods", "age_not_proved", params)
    if rules.channels:
        for index, method in enumerate(rules.identity_methods):
            if method not in used:
                yield Problem(f"/identity_methods/{index}", "method_unused", {"method": method})
    yield from _days_without_channel(rules)
    if rules.ballot.revote and any(channel.kind in (PAPER, DESK) for channel in rules.channels):
        yield Problem("/ballot/revote", "revote_on_paper")


def _days_without_channel(rules: Rules) -> Iterator[Problem]:
    """Days of the voting, up to the last that a channel names, on which nobody could vote."""
    if not rules.channels:
        return
    last = max(channel.to_day or channel.from_day for channel in rules.channels)
    for day in range(1, last + 1):
        if not any(channel.is_open(day) for channel in rules.channels):
            yield Problem("/channels", "channels_leave_days", {"day": day})
            return
