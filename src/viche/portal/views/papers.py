"""Paper ballots in public: batches, their numbers, the second look; nothing of votes."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from rulebook.rules.vocabulary import PAPER, TOTALS
from viche.ballots.papers import paper_figures
from viche.channels.paper.queries import (
    batch_document,
    batch_in,
    batches_of,
    late_stacks,
    recheck_figures,
    stacks_of,
)
from viche.channels.paper.wording import reason_text
from viche.contests.models import Contest
from viche.points.queries import points_in
from viche.portal.guards import in_contest, public


@public
@in_contest
def paper(request: HttpRequest, contest: Contest) -> HttpResponse:
    """What came in on paper, by batch, point and reason."""
    rules = contest.rules
    batches = batches_of(contest)
    if not batches and not any(each.kind == PAPER for each in rules.channels):
        raise Http404("paper")
    names = {each.pk: each.name for each in points_in(contest.community)}
    figures = paper_figures(contest)
    together = sum(figures.invalid.values())
    points = [
        {"name": name, "figures": each, "invalid": sum(each.invalid.values())}
        for reference, name in names.items()
        if (each := paper_figures(contest, reference)).printed or each.valid or each.invalid
    ]
    return render(
        request,
        "portal/paper.html",
        {
            "contest": contest, "figures": figures, "invalid": together, "points": points,
            "is_totals": rules.paper.mode == TOTALS, "is_named": rules.paper.is_named,
            "reasons": [
                {"label": reason_text(reason), "value": number, "text": str(number)}
                for reason, number in sorted(figures.invalid.items(), key=lambda pair: -pair[1])
            ],
            "rows": [
                {
                    "batch": each, "point": names.get(each.point, ""),
                    "recheck": recheck_figures(each.stack) if hasattr(each, "stack") else None,
                }
                for each in batches
            ],
            "waiting": sum(each.is_open for each in stacks_of(contest)), "late": len(late_stacks(contest)),
        },
    )  # fmt: skip


@public
@in_contest
def batch(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """The sheets of one batch with their reasons, its leaf, and the sheets that the leaf draws."""
    found = batch_in(contest, reference)
    if found is None:
        raise Http404(reference)
    return JsonResponse(batch_document(contest, found), json_dumps_params={"ensure_ascii": False})
