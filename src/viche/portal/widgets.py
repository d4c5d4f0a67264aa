"""What each widget shows. A widget that has nothing to show says so kindly: it stands in somebody's page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.contests.queries import contest_at, opened_contests_of
from viche.foundation import clock
from viche.foundation.numbers import grouped, time_left
from viche.foundation.refused import Refused
from viche.portal.contest_page import contest_facts, contest_url, main_phase, standing
from viche.portal.map_page import drawing
from viche.portal.turnout_page import page_context
from viche.portal.views.projects import card
from viche.projects.filters import GROUPS, Filters
from viche.projects.finding import Scope, search_result
from viche.projects.grid import grid
from viche.projects.queries import project_numbered
from viche.reports.turnout import turnout_document
from viche.results.queries import publication_of
from viche.results.wording import Telling

MOST, USUAL = 24, 6
DAYS = 14


class Nothing(Exception):
    """The widget has nothing to show: why, in words, and where to go on."""

    def __init__(self, text: str, contest: Contest | None = None) -> None:
        super().__init__(text)
        self.text, self.contest = text, contest


@dataclass(frozen=True)
class Asked:
    """What the address of a widget asks for. number: of a project; most: of cards or winners, None as is usual."""

    number: int | None = None
    most: int | None = None
    category: str = ""
    size: str = ""
    state: str = ""
    area: str = ""

    @property
    def filters(self) -> Filters:
        # one order an hour: fair to the projects, and the same for all who look in that hour
        seed = clock.now().strftime("%Y%m%d%H")
        return Filters(
            category=self.category, size_class=self.size, state=self.state, territory=self.area, seed=seed
        )


def asked_of(values: QueryDict) -> Asked:
    """Read an address; what means nothing is left out."""
    said = {
        name: values.get(name, "").replace("\x00", "")[:200] for name in ("type", "size", "state", "area")
    }
    most = _number(values.get("n", ""), MOST)
    return Asked(
        _number(values.get("project", ""), 2_000_000_000), most or None, said["type"], said["size"],
        said["state"] if said["state"] in GROUPS else "", said["area"],
    )  # fmt: skip


def _number(text: str, most: int) -> int | None:
    return min(int(text), most) if text.isascii() and text.isdecimal() and len(text) < 11 else None


def contest_for(community: Community, slug: str, kind: str) -> Contest:
    """The contest named; without a name the one people ask about now. Nothing: none is open, or it is no longer."""
    if community.archived_at is not None:
        raise Nothing(_("This body has left the platform. Its pages can still be read there."))
    if slug:
        found = contest_at(community, slug)
        if found is None or not found.is_frozen:
            raise Nothing(_("There is no such contest, or it is not open yet."))
        return found
    every = list(opened_contests_of(community)[:8])
    if not every:
        raise Nothing(_("No contest has been announced yet."))
    if kind == "results":
        return next((each for each in every if publication_of(each) is not None), every[0])
    order = {"voting": 0, "submission": 1, "support": 1, "review": 2, "counting": 2}
    return min(every, key=lambda each: order.get(main_phase(each), 3))


def action_of(facts: dict[str, Any]) -> tuple[str, str]:
    """What a visitor can do now: the words of the button and where it leads."""
    contest = facts["contest"]
    if facts["phase"] == "voting" and not facts["online_closed"]:
        return _("Vote now"), contest_url(contest, "vote")
    if facts["phase"] == "submission":
        return _("Propose a project"), contest_url(contest, "submit")
    if facts["is_published"]:
        return _("See the results"), contest_url(contest, "results")
    return _("See the projects"), contest_url(contest, "projects")


def status(contest: Contest, asked: Asked) -> dict[str, Any]:
    """Where the contest stands: phase, what is left of it, what comes next, the figures, what one can do."""
    facts = contest_facts(contest)
    text, href = action_of(facts)
    return {
        **facts, **_left(facts), "action": text, "action_href": href, "href": contest_url(contest),
        "title": contest.name,
    }  # fmt: skip


def _left(facts: dict[str, Any]) -> dict[str, str]:
    now = clock.now()
    return {
        "left": time_left(facts["until"], now) if facts["until"] else "",
        "begins_in": time_left(facts["next_at"], now) if facts["next_at"] else "",
    }


def projects(contest: Contest, asked: Asked) -> dict[str, Any]:
    """Some of the projects, by filter, in an order that is fair to them."""
    found = search_result(Scope(contest.community, contest), asked.filters).projects
    total = found.count()
    if not total:
        raise Nothing(_("There are no projects here yet."), contest)
    shown = found.select_related("territory").prefetch_related("pictures")[: asked.most or USUAL]
    return {
        "title": _("Projects: %(title)s") % {"title": contest.name}, "href": contest_url(contest, "projects"),
        "cards": [{**card(contest, each), "thumbnail": thumbnail_url(each)} for each in shown], "total": total,
    }  # fmt: skip


def thumbnail_url(project: Any) -> str:
    cover = project.cover
    return reverse("thumbnail", args=[cover.id], urlconf="viche.config.community_urls") if cover else ""


def one_project(contest: Contest, asked: Asked) -> dict[str, Any]:
    """One project: picture, state, place, cost, how its support goes."""
    found = project_numbered(contest, asked.number) if asked.number else None
    if found is None:
        raise Nothing(_("There is no such project, or it is not published."), contest)
    facts = standing(contest)
    return {
        "title": found.title, "href": contest_url(contest, "project", found.number), "project": found,
        "card": {**card(contest, found), "thumbnail": thumbnail_url(found)}, **facts, **_left(facts),
    }  # fmt: skip


def on_map(contest: Contest, asked: Asked) -> dict[str, Any]:
    """The projects on the house's own drawing; near ones together, as a circle with their number."""
    found = grid(search_result(Scope(contest.community, contest), asked.filters).projects, None)
    if found is None:
        raise Nothing(_("No project of this contest has a place on the map."), contest)
    return {
        "title": _("Projects on the map: %(title)s") % {"title": contest.name},
        "href": contest_url(contest, "projects-map"), "map": drawing(contest, *found, {}),
        "number": sum(cell.number for cell in found[0]),
    }  # fmt: skip


def turnout(contest: Contest, asked: Asked) -> dict[str, Any]:
    """How many have voted, by day. Nothing here knows a choice."""
    try:
        document = turnout_document(contest)
    except Refused as refused:
        raise Nothing(str(refused.message), contest) from None
    shown = page_context(contest, document)
    days = [each for each in shown["day_bars"] if each["value"]]
    return {
        "title": _("Turnout: %(title)s") % {"title": contest.name}, "href": contest_url(contest, "turnout"),
        "votes": grouped(document["votes"]), "sentence": shown["sentence"], "days": days[-DAYS:],
        "is_final": document["is_final"],
    }  # fmt: skip


def results(contest: Contest, asked: Asked) -> dict[str, Any]:
    """Who won and what each gets."""
    published = publication_of(contest)
    if published is None:
        facts = standing(contest)
        text = _("The results are not published yet.")
        if facts["next_at"]:
            text += " " + _("Next: %(phase)s.") % {"phase": facts["next_name"]}
        raise Nothing(text, contest)
    outcome = published.count.outcome
    rows = [
        {
            "title": project.title, "href": contest_url(contest, "project", project.number),
            "amount": place.amount if place.amount is not None else place.cost, "score": grouped(place.score),
        }
        for pot in Telling(published.count).pot_rows()
        for place, project in pot["places"]
        if place.is_funded
    ]  # fmt: skip
    return {
        "title": _("Winners: %(title)s") % {"title": contest.name}, "href": contest_url(contest, "results"),
        "contest": contest, "rows": rows[: asked.most or MOST], "more": max(0, len(rows) - (asked.most or MOST)),
        "winners": len(rows), "spent": sum(outcome["spent"].values()), "voters": outcome["voters"],
        "at": published.published_at,
    }  # fmt: skip


def vote(contest: Contest, asked: Asked) -> dict[str, Any]:
    """One large button, and what stands behind it now."""
    facts = contest_facts(contest)
    text, href = action_of(facts)
    return {
        **facts, **_left(facts), "action": text, "action_href": href, "title": contest.name,
        "href": contest_url(contest), "voting": contest.window("voting"),
        "is_votable": facts["phase"] == "voting" and not facts["online_closed"],
        "is_to_come": not contest.has_ended("voting") and "voting" not in contest.phases,
    }  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A widget: its name in words, what it shows, and how high it is before it says so itself."""

    text: Any
    about: Any
    build: Callable[[Contest, Asked], dict[str, Any]]
    height: int


KINDS = {
    "status": Kind(
        gettext_lazy("Where the contest stands"),
        gettext_lazy("The stage, how much time is left, what comes next, the money and the button."), status, 420,
    ),
    "vote": Kind(
        gettext_lazy("The button “Vote now”"),
        gettext_lazy("Only the button, with the day until which it works. Before and after the voting it leads on."),
        vote, 220,
    ),
    "projects": Kind(
        gettext_lazy("List of projects"),
        gettext_lazy("Some of the projects with pictures, in an order that is fair to them."), projects, 900,
    ),
    "project": Kind(
        gettext_lazy("One project"),
        gettext_lazy("Picture, state, cost, and how the collection of signatures goes."), one_project, 520,
    ),
    "map": Kind(
        gettext_lazy("Map of projects"),
        gettext_lazy("A drawing of our own: no map service learns who looks at it."), on_map, 480,
    ),
    "turnout": Kind(
        gettext_lazy("Turnout"), gettext_lazy("How many have voted, by day; for whom, nobody knows."), turnout, 460
    ),
    "results": Kind(
        gettext_lazy("Results"), gettext_lazy("The winners with their money, once they are published."), results, 640
    ),
}  # fmt: skip


def widget_query(contest: str, project: str, look: str, extra: str = "") -> str:
    """The part of a widget's address after the question mark."""
    own = [f"contest={contest}" if contest else "", f"project={project}" if project else "", look, extra]
    return "&".join(each for each in own if each)
