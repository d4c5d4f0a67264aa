"""May this person author, support or vote here? Answered in words, with a way to fix it.

One list of checks makes both answers: what keeps somebody out (obstacles), and every requirement with its state
(requirements). So no page says yes where the door says no. The checks ask for facts, which are read of one person here
and of thousands at once in bulk_eligibility.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rulebook.rules import Eligibility
from rulebook.rules.vocabulary import BASES, CHANNELS, CITIZENSHIPS, EVIDENCE
from viche.communities.models import Territory
from viche.foundation.clock import KYIV
from viche.identity.models import Membership, Person
from viche.identity.queries import citizenship_in, has_number, is_address_unknown, memberships_in
from viche.identity.wording import (
    CITIZENSHIPS_ADMITTED,
    basis_names,
    channel_names,
    citizenship_name,
    evidence_names,
)

IDENTIFY, VISIT, PROVE_CITIZENSHIP = "identify", "visit", "prove:citizenship"


@dataclass(frozen=True)
class Obstacle:
    """Why not (message) and what the person can do about it (remedy, may be empty).

    code: stable. fix: what a page may offer: "identify", "prove:<basis>", "prove:citizenship", "visit" (the service
    centre), or nothing. is_unknown: the requirement may be met, only nobody has proved it yet.
    """

    code: str
    message: str
    remedy: str = ""
    fix: str = ""
    is_unknown: bool = False


@dataclass(frozen=True)
class Requirement:
    """One requirement of a regulation. is_met: None where it is not known. why: what it was decided by, in words.

    code: the obstacle's where it is not met. fix: see Obstacle.
    """

    text: str
    is_met: bool | None
    why: str = ""
    remedy: str = ""
    fix: str = ""
    code: str = ""


class Facts(Protocol):
    """What the checks ask about somebody in a territory at a moment. members: live memberships there; has_address:
    whether some address of theirs is confirmed, wherever it lies.
    """

    @property
    def has_number(self) -> bool: ...
    @property
    def citizenship(self) -> str: ...
    @property
    def members(self) -> Sequence[Membership]: ...
    @property
    def is_address_unknown(self) -> bool: ...
    @property
    def has_address(self) -> bool: ...
    def age_on(self, day: date) -> int | None: ...


class _OnRecord:
    """The facts of one person, each read when it is asked for."""

    def __init__(self, person: Person, territory: Territory, moment: datetime) -> None:
        self.person, self.territory, self.moment = person, territory, moment
        self.age_on = person.age_on

    @property
    def has_number(self) -> bool:
        return has_number(self.person)

    @property
    def citizenship(self) -> str:
        return citizenship_in(self.person, self.territory)

    @cached_property
    def members(self) -> Sequence[Membership]:
        return memberships_in(self.person, self.territory, self.moment)

    @property
    def is_address_unknown(self) -> bool:
        return is_address_unknown(self.person)

    @property
    def has_address(self) -> bool:
        return self.person.memberships.filter(granted_in__isnull=True, until__isnull=True).exists()


@dataclass(frozen=True)
class _Check:
    text: str
    obstacle: Obstacle | None = None
    why: str = ""


def reference_day(rule: Eligibility, moment: datetime) -> date:
    """The day on which age counts: the day of the act in Kyiv, or the day the regulation names."""
    return rule.reference_date(moment.astimezone(KYIV).date())


def obstacles(
    *, person: Person, territory: Territory, rule: Eligibility, moment: datetime, channel: str = "online"
) -> list[Obstacle]:
    """Everything that keeps the person out under the rule; empty means welcome.

    channel: by which the person acts, a word of rulebook.rules.CHANNELS.
    """
    facts = _OnRecord(person, territory, moment)
    return obstacles_of(facts, territory=territory, rule=rule, moment=moment, channel=channel)


def obstacles_of(
    facts: Facts, *, territory: Territory, rule: Eligibility, moment: datetime, channel: str
) -> list[Obstacle]:
    """The same of somebody whose facts were read already."""
    return [
        check.obstacle
        for check in _checks(facts, territory, rule, moment, channel, CHANNELS)
        if check.obstacle is not None
    ]


def requirements(
    *,
    person: Person | None,
    territory: Territory,
    rule: Eligibility,
    moment: datetime,
    channels: Sequence[str] = CHANNELS,
    channel: str = "online",
) -> list[Requirement]:
    """Every requirement of the rule with its state; of nobody (person None) none is known.

    channels: those that the contest has; channel: the one asked about.
    """
    if person is None:
        return [Requirement(text, None, fix=IDENTIFY) for text in _texts(territory, rule)]
    return [
        Requirement(check.text, True, check.why)
        if check.obstacle is None
        else Requirement(
            check.text,
            None if check.obstacle.is_unknown else False,
            check.obstacle.message,
            check.obstacle.remedy,
            check.obstacle.fix,
            check.obstacle.code,
        )
        for check in _checks(_OnRecord(person, territory, moment), territory, rule, moment, channel, channels)
    ]


def admitted_bases(rule: Eligibility) -> tuple[str, ...]:
    """The bases that the rule admits: those it names, any where it names none."""
    return rule.bases or BASES


def channels_of(rule: Eligibility, basis: str) -> tuple[str, ...]:
    """The channels that somebody of this basis may use."""
    return tuple(rule.channels.get(basis, CHANNELS))


def accepted_evidence(rule: Eligibility, basis: str) -> tuple[str, ...]:
    """What proves the basis under the rule."""
    return tuple(rule.evidence.get(basis, EVIDENCE))


def asks_citizenship(rule: Eligibility) -> bool:
    """Whether the rule keeps anybody out for their citizenship."""
    return not set(CITIZENSHIPS) <= set(rule.citizenship)


def _checks(
    facts: Facts,
    territory: Territory,
    rule: Eligibility,
    moment: datetime,
    channel: str,
    channels: Sequence[str],
) -> Iterator[_Check]:
    texts = iter(_texts(territory, rule))
    if rule.personal_number:
        yield _Check(next(texts), None if facts.has_number else _number_unproven())
    if rule.min_age is not None or rule.max_age is not None:
        age = facts.age_on(reference_day(rule, moment))
        yield _Check(next(texts), _age_obstacle(rule, age), _age_text(age) if age is not None else "")
    if asks_citizenship(rule):
        status = facts.citizenship
        yield _Check(
            next(texts), _citizenship_obstacle(rule, status), citizenship_name(status) if status else ""
        )
    obstacle, counted = _membership_obstacle(facts, territory, rule)
    yield _Check(next(texts), obstacle, _membership_text(counted))
    if obstacle is None:
        yield _channel_check(rule, counted, channel, channels)


def _texts(territory: Territory, rule: Eligibility) -> list[str]:
    """The requirements of the rule in words, in the order of the checks (without the channel's)."""
    texts = []
    if rule.personal_number:
        texts.append(_("A confirmed tax number"))
    if rule.min_age is not None or rule.max_age is not None:
        texts.append(_age_requirement(rule))
    if asks_citizenship(rule):
        admitted = [
            str(CITIZENSHIPS_ADMITTED[status]) for status in CITIZENSHIPS if status in rule.citizenship
        ]
        texts.append(_("Citizenship: %s") % ", ".join(admitted))
    texts.append(
        _("Belongs to %(place)s: %(bases)s")
        % {"place": territory.full_name, "bases": basis_names(admitted_bases(rule))}
    )
    return texts


def _age_requirement(rule: Eligibility) -> str:
    if rule.min_age is not None and rule.max_age is not None:
        text = _("Age from %(low)d to %(high)d") % {"low": rule.min_age, "high": rule.max_age}
    elif rule.min_age is not None:
        text = _("Age from %d") % rule.min_age
    else:
        text = _("Age up to %d") % (rule.max_age or 0)
    if rule.age_on == "act":
        return text
    day = date_format(date.fromisoformat(rule.age_on), "j E Y")
    return _("%(age)s, counted on %(day)s") % {"age": text, "day": day}


def _age_text(age: int) -> str:
    return ngettext("you are %(age)d year old", "you are %(age)d years old", age) % {"age": age}


def _number_unproven() -> Obstacle:
    return Obstacle(
        "number_unproven",
        _("Your tax number is not confirmed."),
        _("Identify by a method that confirms it."),
        IDENTIFY,
        is_unknown=True,
    )


def _age_obstacle(rule: Eligibility, age: int | None) -> Obstacle | None:
    if age is None:
        return Obstacle(
            "age_unproven",
            _("Your age is not confirmed by the method you identified with."),
            _("Identify by another method or come to the service centre with your passport."),
            VISIT,
            is_unknown=True,
        )
    if rule.min_age is not None and age < rule.min_age:
        message = ngettext(
            "The regulation admits people from %(limit)d year of age; you are %(age)d.",
            "The regulation admits people from %(limit)d years of age; you are %(age)d.",
            rule.min_age,
        )
        return Obstacle("too_young", message % {"limit": rule.min_age, "age": age})
    if rule.max_age is not None and age > rule.max_age:
        message = ngettext(
            "The regulation admits people up to %(limit)d year of age; you are %(age)d.",
            "The regulation admits people up to %(limit)d years of age; you are %(age)d.",
            rule.max_age,
        )
        return Obstacle("too_old", message % {"limit": rule.max_age, "age": age})
    return None


def _citizenship_obstacle(rule: Eligibility, status: str) -> Obstacle | None:
    if not status:
        return Obstacle(
            "citizenship_unproven",
            _("The regulation asks for citizenship, and yours is not confirmed."),
            _(
                "Show your passport or residence permit: send a photo of it here or come to the service centre."
            ),
            PROVE_CITIZENSHIP,
            is_unknown=True,
        )
    if status not in rule.citizenship:
        return Obstacle(
            "citizenship_not_admitted",
            _("The regulation does not admit your citizenship (%s).") % citizenship_name(status),
        )
    return None


def _membership_obstacle(
    facts: Facts, territory: Territory, rule: Eligibility
) -> tuple[Obstacle | None, list[Membership]]:
    """What is wrong with the person's memberships here, or those that count."""
    members = facts.members
    fitting = [member for member in members if member.basis in admitted_bases(rule)]
    proven = [member for member in fitting if _is_proven(rule, member)]
    counted = [member for member in proven if rule.operator_grant or not member.is_granted]
    if counted:
        return None, counted
    prove = _way_to_prove(rule)
    if proven:
        return Obstacle(
            "operator_grant",
            _("The regulation does not accept a membership that an operator confirmed by a document."),
            _("Identify by BankID, which confirms the address."),
            IDENTIFY,
        ), []
    if fitting:
        basis = fitting[0].basis
        words = accepted_evidence(rule, basis)
        return Obstacle(
            "wrong_evidence",
            _("Your membership (%(basis)s) is not proved by what the regulation accepts: %(evidence)s.")
            % {"basis": basis_names([basis]), "evidence": evidence_names(words)},
            _("Prove it by such a document here or at the service centre."),
            f"prove:{basis}" if rule.operator_grant else IDENTIFY,
        ), []
    if members:
        return Obstacle(
            "wrong_basis",
            _("The regulation admits only these bases of membership: %s.")
            % basis_names(admitted_bases(rule)),
            _("If one of them is yours, prove it by a document here or at the service centre."),
            prove,
        ), []
    if facts.is_address_unknown:
        return Obstacle(
            "address_unknown",
            _("Your bank confirmed an address that fits no settlement of the codifier, or several."),
            _(
                "Prove it by a document here or at the service centre: an operator will confirm your membership."
            ),
            prove,
            is_unknown=True,
        ), []
    if not facts.has_address:
        return Obstacle(
            "not_member",
            _("It is not confirmed that you belong here: %s.") % territory.full_name,
            _(
                "Identify by BankID, which confirms the address, or prove it by a document here or at the service "
                "centre."
            ),
            IDENTIFY if "registered" in admitted_bases(rule) or not rule.operator_grant else prove,
            is_unknown=True,
        ), []
    return Obstacle(
        "not_member",
        _("Your confirmed address does not lie in this community: %s.") % territory.full_name,
        _(
            "If your address has changed, identify by BankID once more. If you belong here for another reason, prove "
            "it by a document here or at the service centre."
        ),
        prove,
    ), []


def _is_proven(rule: Eligibility, member: Membership) -> bool:
    # a rule that names no evidence for the basis accepts any, also the unnamed one of older grants
    return member.basis not in rule.evidence or member.evidence in rule.evidence[member.basis]


def _way_to_prove(rule: Eligibility) -> str:
    """The fix for somebody without a membership that counts: a document for a basis beside the residence."""
    if not rule.operator_grant:
        return IDENTIFY
    bases = admitted_bases(rule)
    return f"prove:{next((basis for basis in bases if basis != 'registered'), bases[0])}"


def _membership_text(counted: Sequence[Membership]) -> str:
    parts = []
    for member in counted:
        text = f"{member.territory.full_name}, {member.get_basis_display()}"
        if member.ends_on is not None:
            text = _("%(membership)s (to %(day)s)") % {
                "membership": text, "day": date_format(member.ends_on, "j E Y"),
            }  # fmt: skip
        parts.append(text)
    return "; ".join(parts)


def _channel_check(
    rule: Eligibility, counted: Sequence[Membership], channel: str, channels: Sequence[str]
) -> _Check:
    """Whether one of the memberships may be used in this channel; else where it may."""
    usable = {each for member in counted for each in channels_of(rule, member.basis)}
    offered = [each for each in CHANNELS if each in usable and each in channels]
    text = _("Takes part %s") % channel_names([channel])
    if channel in usable:
        return _Check(text)
    bases = basis_names(dict.fromkeys(member.basis for member in counted))
    return _Check(
        text,
        Obstacle(
            "other_channel",
            _("With your basis (%(basis)s) one takes part only so: %(channels)s.")
            % {"basis": bases, "channels": channel_names(offered or sorted(usable))},
            _("Come to the service centre with your passport."),
            VISIT,
        ),
    )
