"""The author's coach: what a project should be like, what is like it already, what things cost."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rulebook.rules import CHECKS
from viche.contests.models import Contest
from viche.portal.contest_page import contest_url
from viche.projects.likeness import NEARBY, Idea, Like, like_projects
from viche.projects.models import State
from viche.projects.prices import price_guide
from viche.review.queries import decisions_about

Words = str | Promise
_REASONED = (State.REFUSED, State.APPEALED)

ADVICE: Mapping[str, tuple[Words, Words]] = {
    "competence": (
        _("Is it the community’s business?"),
        _("Streets, parks, schools, libraries, sport and culture usually are. State roads, private firms and what"
          " another body owns are not: ask the council’s department before you write."),
    ),
    "land": (
        _("Whose land is it?"),
        _("It must be the community’s own or given for its use. The public cadastral map shows the owner; a yard of"
          " a house may belong to its co-owners, and then their written consent is needed."),
    ),
    "legality": (
        _("Does any law or building rule stand against it?"),
        _("Protected zones, heritage buildings, red lines of streets and networks under the ground set limits. Say what"
          " you know; the departments check the rest."),
    ),
    "cost": (
        _("Is everything in the estimate?"),
        _("Design, materials, work, delivery, connection to networks and supervision. Take prices from offers of this"
          " year and keep the reserve that the rules ask for."),
    ),
    "feasibility": (
        _("Can it be done in one year?"),
        _("What takes a design, an expert examination and a tender often does not fit into one. A smaller part"
          " that is done is better than a large one that is not."),
    ),
    "access": (
        _("Is it open to everybody?"),
        _("Free of charge, without a fence or pass, also for people in wheelchairs and parents with prams. What serves"
          " a few only is usually refused."),
    ),
    "maintenance": (
        _("Who will look after it?"),
        _("Name who repairs, cleans and pays for light and water afterwards, and ask them whether they agree."),
    ),
    "duplication": (
        _("Is it planned or built already?"),
        _("Look through earlier projects here, and ask whether the place is in a programme of repairs."),
    ),
}  # fmt: skip
"""A question and an answer for each thing that the departments look at (rulebook CHECKS)."""

DOCUMENTS: tuple[Words, ...] = (
    _("two or three photographs of the place as it is now"),
    _("the address or a point on the map; for a park or a street, its outline"),
    _("prices: offers of suppliers, or a calculation by someone who builds such things"),
    _("the consent of co-owners or of the institution, where it is about their yard or building"),
    _("a sketch or a scheme, even drawn by hand"),
)


def checklist() -> list[dict[str, Any]]:
    """What the departments will look at, in their order."""
    return [{"code": code, "question": ADVICE[code][0], "answer": ADVICE[code][1]} for code in CHECKS]


def price_rows(contest: Contest, name: str) -> dict[str, Any]:
    """What portal/writing/prices.html shows, as ``guide``."""
    found = price_guide(contest, name)
    units = [
        {
            "prices": each,
            "examples": [
                {
                    "name": line.name, "price": line.price, "number": line.project.number,
                    "year": line.project.contest.year, "title": line.project.title,
                    "href": contest_url(line.project.contest, "project", line.project.number)
                    if line.project.community_id == contest.community_id else "",
                    "body": line.project.contest.community.title
                    if line.project.community_id != contest.community_id else "",
                }
                for line in each.examples
            ],
        }
        for each in found.units
    ]  # fmt: skip
    return {"asked": name, "units": units, "is_everywhere": found.is_everywhere}


def like_rows(contest: Contest, idea: Idea) -> list[dict[str, Any]]:
    """What portal/writing/like.html shows, as ``likes``: what is like the idea, and what became of it."""
    return [_like(each) for each in like_projects(contest.community, idea)]


def _like(like: Like) -> dict[str, Any]:
    project = like.project
    reason = ""
    if project.state in _REASONED:
        reasons = [each.reason for each in decisions_about(project) if each.reason]
        reason = reasons[-1] if reasons else ""
    near = like.metres is not None and like.metres <= NEARBY
    return {
        "number": project.number, "year": project.contest.year, "contest": project.contest.name,
        "title": project.title, "href": contest_url(project.contest, "project", project.number),
        "cost": project.cost, "currency": project.contest.currency,
        "state": project.get_state_display(), "is_refused": project.state in _REASONED,
        "reason": reason, "words": ", ".join(like.words[:6]),
        "near": ngettext("%(n)d metre from your place", "%(n)d metres from your place", like.metres or 0)
        % {"n": like.metres or 0} if near else "",
    }  # fmt: skip
