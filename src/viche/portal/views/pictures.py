"""Pictures that stand for our pages where their addresses are shared."""

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.connectors.website.social import Card, picture_of
from viche.contests.models import Contest
from viche.foundation.money import money_text
from viche.foundation.numbers import grouped
from viche.portal.contest_page import budget_of, standing
from viche.portal.framing import look_of, shared
from viche.portal.guards import in_contest, in_project, public
from viche.projects.models import Project
from viche.results.queries import publication_of

SECONDS = 3600


def _answer(request: HttpRequest, card: Card, picture: object = None) -> HttpResponse:
    community = request.place.community  # type: ignore[attr-defined]
    content = picture_of(community, card, picture)
    return shared(request, HttpResponse(content, content_type="image/jpeg"), SECONDS)


@public
def body(request: HttpRequest) -> HttpResponse:
    """Of a body."""
    community = request.place.community  # type: ignore[attr-defined]
    with translation.override(look_of(request.GET).language):
        card = Card(community.title, _("Participatory budget"), note=_("Residents propose and choose."))
        return _answer(request, card)


@public
@in_contest
def contest(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Of a contest: its money, and the stage of now."""
    with translation.override(look_of(request.GET).language):
        facts = standing(contest)
        card = Card(
            contest.community.title, contest.name, str(facts["phase_name"]),
            money_text(budget_of(contest), contest.currency, short=True), _("for what residents choose"),
        )  # fmt: skip
        return _answer(request, card)


@public
@in_contest
def results(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Of the results: how many won and for how much; of the contest, while there are none."""
    published = publication_of(contest)
    with translation.override(look_of(request.GET).language):
        number = len(published.count.outcome["funded"]) if published else 0
        spent = sum(published.count.outcome["spent"].values()) if published else budget_of(contest)
        figure = money_text(spent, contest.currency, short=True)
        won = ngettext("%(n)s winning project", "%(n)s winning projects", number) % {"n": grouped(number)}
        return _answer(
            request, Card(contest.community.title, contest.name, _("Results"), figure, won if number else "")
        )


@public
@in_contest
@in_project
def project(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """Of a project: its name, its cost, its picture where it has one."""
    with translation.override(look_of(request.GET).language):
        cover = project.cover
        card = Card(
            contest.community.title, project.title, _("Project No. %(number)s") % {"number": project.number},
            money_text(project.cost, contest.currency), contest.name,
        )  # fmt: skip
        return _answer(request, card, cover.image if cover else None)
