"""What the pages say about taking part: who may, why not, and what to do about it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rulebook.rules import Eligibility
from rulebook.rules.vocabulary import CHANNELS
from viche.contests.models import Contest
from viche.contests.queries import opened_contests_of
from viche.foundation import clock
from viche.identity.eligibility import (
    IDENTIFY,
    PROVE_CITIZENSHIP,
    Requirement,
    accepted_evidence,
    admitted_bases,
    asks_citizenship,
    channels_of,
    requirements,
)
from viche.identity.models import CITIZENSHIP, Person
from viche.identity.wording import basis_name, channel_names, evidence_names
from viche.portal.contest_page import contest_url

YES, ELSEWHERE, UNKNOWN, NO, STRANGER = "yes", "elsewhere", "unknown", "no", "stranger"

TITLES = {
    "voter": gettext_lazy("Vote"),
    "author": gettext_lazy("Propose a project"),
    "supporter": gettext_lazy("Support a project"),
}
WORDS = {
    YES: gettext_lazy("Yes"),
    ELSEWHERE: gettext_lazy("Yes, but not online"),
    UNKNOWN: gettext_lazy("Not known yet"),
    NO: gettext_lazy("No"),
    STRANGER: gettext_lazy("Identify yourself to see"),
}
ICONS = {
    YES: "circle-check",
    ELSEWHERE: "circle-check",
    UNKNOWN: "circle-help",
    NO: "circle-x",
    STRANGER: "circle-help",
}
TONES = {YES: "success", ELSEWHERE: "info", UNKNOWN: "warning", NO: "danger", STRANGER: "neutral"}
PHASES = {"voter": "voting", "author": "submission", "supporter": "support"}


def roles_of(contest: Contest) -> dict[str, Eligibility]:
    """The rule of each way to take part, the voter's first; supporting only where support is collected."""
    rules = contest.rules
    found = {"voter": rules.voter, "author": rules.author}
    if rules.support is not None:
        found["supporter"] = rules.supporters
    return found


def verdict_of(lines: Sequence[Requirement]) -> str:
    """One word for the whole list."""
    unmet = [line for line in lines if not line.is_met]
    if not unmet:
        return YES
    if {line.code for line in unmet} == {"other_channel"}:
        return ELSEWHERE
    return UNKNOWN if all(line.is_met is None for line in unmet) else NO


def answers(contest: Contest, person: Person | None) -> list[dict[str, Any]]:
    """For voter, author and supporter: the verdict, every requirement with its state and fix, and when it is."""
    now = clock.now()
    channels = [channel.kind for channel in contest.rules.channels] or list(CHANNELS)
    found = []
    for role, rule in roles_of(contest).items():
        lines = requirements(
            person=person, territory=contest.community.territory, rule=rule, moment=now, channels=channels
        )
        verdict = verdict_of(lines) if person is not None else STRANGER
        window = contest.window(PHASES[role])
        found.append(
            {
                "role": role, "title": TITLES[role], "verdict": verdict, "words": WORDS[verdict],
                "icon": ICONS[verdict], "tone": TONES[verdict], "window": window,
                "is_open": PHASES[role] in contest.phases, "is_over": contest.has_ended(PHASES[role]),
                "lines": [
                    {"line": line, "fix": fix_of(contest, role, line.fix), "also": _by_document(contest, role, line)}
                    for line in lines
                ],
                "limits": _limits(rule, channels),
            }
        )  # fmt: skip
    return found


def _limits(rule: Eligibility, channels: Sequence[str]) -> list[tuple[str, str]]:
    """(basis, what holds of it) for each basis whose channels or evidence the rule limits."""
    found = []
    for basis in admitted_bases(rule):
        parts = []
        if basis in rule.channels:
            offered = [each for each in channels_of(rule, basis) if each in channels]
            parts.append(channel_names(offered or channels_of(rule, basis)))
        if basis in rule.evidence:
            parts.append(_("proved by: %s") % evidence_names(accepted_evidence(rule, basis)))
        if parts:
            found.append((basis_name(basis), "; ".join(parts)))
    return found


def fix_of(contest: Contest, role: str, fix: str) -> tuple[str, str] | None:
    """(text, address) of the button that a fix offers; None where only a visit helps, or nothing."""
    if fix == IDENTIFY:
        back = contest_url(contest, "can-i")
        return _("Identify yourself"), f"{reverse('login')}?{urlencode({'next': back})}"
    if fix == PROVE_CITIZENSHIP:
        return _("Show your passport"), _request_url(contest, role, CITIZENSHIP)
    if fix.startswith("prove:"):
        return _("Prove it by a document"), _request_url(contest, role, fix.removeprefix("prove:"))
    return None


def _by_document(contest: Contest, role: str, line: Requirement) -> tuple[str, str] | None:
    """The other way for somebody whose address nobody has confirmed yet, where the regulation leaves it open."""
    rule = roles_of(contest)[role]
    if line.code != "not_member" or line.fix != IDENTIFY or not rule.operator_grant:
        return None
    return fix_of(contest, role, f"prove:{next(iter(admitted_bases(rule)))}")


def _request_url(contest: Contest, role: str, basis: str) -> str:
    query = urlencode({"contest": contest.slug, "basis": basis, "as": role})
    return f"{reverse('request-new', urlconf='viche.config.community_urls')}?{query}"


def provable(contest: Contest | None) -> list[str]:
    """What one may ask to be confirmed: what some rule of the contest admits; everything without a contest."""
    rules = list(roles_of(contest).values()) if contest is not None else [Eligibility(bases=())]
    bases = dict.fromkeys(basis for rule in rules for basis in admitted_bases(rule))
    asks = contest is None or any(asks_citizenship(rule) for rule in rules)
    return [*bases, *([CITIZENSHIP] if asks else [])]


def accepted_here(contest: Contest, basis: str) -> list[tuple[str, str]]:
    """(way to take part, what its rule says of the basis) for an operator and for the person who asks."""
    found = []
    for role, rule in roles_of(contest).items():
        if basis == CITIZENSHIP:
            said = _("asks for it") if asks_citizenship(rule) else _("does not ask for it")
        elif basis not in admitted_bases(rule):
            said = _("does not admit this basis")
        else:
            words = rule.evidence.get(basis)
            said = evidence_names(words) if words else _("any document")
            if not rule.operator_grant:
                said = _("does not accept what an operator confirms")
            elif basis in rule.channels:
                said = f"{said}; {channel_names(channels_of(rule, basis))}"
        found.append((str(TITLES[role]), said))
    return found


def taking_part_links(request: HttpRequest) -> list[tuple[str, str]]:
    """(name, address) of the page “Can I take part?” of each contest of this community that is not over."""
    community = request.place.community  # type: ignore[attr-defined]
    if community is None:
        return []
    running = [each for each in opened_contests_of(community) if getattr(each, "publication", None) is None]
    return [(each.name, contest_url(each, "can-i")) for each in running if not each.has_ended("voting")]
