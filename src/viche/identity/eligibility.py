"""May this person author, support or vote here? Answered in words, with a way to fix it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rulebook.rules import Eligibility
from viche.communities.models import Territory
from viche.foundation.clock import KYIV
from viche.identity.models import Basis, Person
from viche.identity.queries import is_address_unknown, memberships_in


@dataclass(frozen=True)
class Obstacle:
    """Why not (message) and what the person can do about it (remedy, may be empty)."""

    code: str
    message: str
    remedy: str = ""


def reference_day(rule: Eligibility, moment: datetime) -> date:
    """The day on which age counts: the day of the act in Kyiv, or the day the regulation names."""
    return moment.astimezone(KYIV).date() if rule.age_on == "act" else date.fromisoformat(rule.age_on)


def obstacles(*, person: Person, territory: Territory, rule: Eligibility, moment: datetime) -> list[Obstacle]:
    """Everything that keeps the person out under the rule; empty means welcome."""
    found: list[Obstacle] = []
    if rule.min_age is not None:
        age = person.age_on(reference_day(rule, moment))
        if age is None:
            found.append(
                Obstacle(
                    "age_unproven",
                    _("Your age is not confirmed by the method you identified with."),
                    _("Identify by another method or come to the service centre with your passport."),
                )
            )
        elif age < rule.min_age:
            found.append(
                Obstacle(
                    "too_young",
                    ngettext(
                        "The regulation admits people from %(limit)d year of age; you are %(age)d.",
                        "The regulation admits people from %(limit)d years of age; you are %(age)d.",
                        rule.min_age,
                    )
                    % {"limit": rule.min_age, "age": age},
                )
            )
    members = memberships_in(person, territory)
    if not members and is_address_unknown(person):
        found.append(
            Obstacle(
                "address_unknown",
                _("Your bank confirmed an address that fits no settlement of the codifier, or several."),
                _("Show a document at the service centre: an operator will confirm your membership."),
            )
        )
    elif not members:
        found.append(
            Obstacle(
                "not_member",
                _("Your confirmed address does not lie in this community: %s.") % territory.full_name,
                _(
                    "Identify by BankID, which confirms the address, or show a document at the service centre: "
                    "an operator will confirm your membership."
                ),
            )
        )
    elif rule.bases and not {member.basis for member in members} & set(rule.bases):
        names = ", ".join(str(Basis(basis).label) for basis in rule.bases)
        found.append(
            Obstacle("wrong_basis", _("The regulation admits only these bases of membership: %s.") % names)
        )
    return found
