"""Results: the money line, every project's place and why, the pages that explain it, the files anyone recounts."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rulebook.canonical import canonical
from viche.ballots.queries import left_out_ballots, published_openings
from viche.ballots.wording import left_out_sentences
from viche.contests.models import Contest
from viche.contests.wording import score_unit
from viche.foundation.numbers import grouped
from viche.portal.contest_page import contest_facts, contest_url, counting_in_words
from viche.portal.guards import in_contest, public
from viche.results.actions import make_explanations, prepare_explanations
from viche.results.explaining import is_large, style_policy
from viche.results.queries import explanation_of, latest_count, publication_of, tie_decisions
from viche.results.wording import Telling, score_label


@public
@in_contest
def results(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Who won, where the money ended, why each project stands where it stands."""
    published = publication_of(contest)
    facts = contest_facts(contest)
    if published is None:
        return render(request, "portal/results_waiting.html", {**facts})
    count = published.count
    pots = []
    telling = Telling(count)
    for pot in telling.pot_rows():
        rows = [
            {
                "rank": place.rank, "title": project.title, "href": contest_url(contest, "project", project.number),
                "cost": place.cost, "amount": place.amount, "score": grouped(place.score),
                "is_funded": place.is_funded, "reason": place.reason, "left_after": place.left_after,
            }
            for place, project in pot["places"]
        ]  # fmt: skip
        funded = sum(1 for row in rows if row["is_funded"])
        label = "" if count.rule == "greedy-v1" or funded == len(rows) else _("Nothing below this line won")
        pots.append({**pot, "rows": rows, "funded": funded, "line_label": label})
    return render(
        request,
        "portal/results.html",
        {
            **facts, "publication": published, "count": count, "pots": pots, "voters": count.outcome["voters"],
            "voters_note": _on_protocols(count.outcome),
            "funded": len(count.outcome["funded"]), "spent": sum(count.outcome["spent"].values()),
            "rule_text": counting_in_words(contest), "ties": telling.tie_rows(tie_decisions(contest)),
            "left_out": left_out_sentences(left_out_ballots(contest)),
            "invalid": sum(count.outcome["invalid"].values()),
            "score_label": score_label(score_unit(contest.rules)),
        },
    )  # fmt: skip


def _on_protocols(outcome: Mapping[str, Any]) -> str:
    """How many of the ballots are known only from protocols of polling points; "" where none is."""
    number = outcome.get("on_protocols", 0)
    return _("by protocols of polling points: %(number)s") % {"number": grouped(number)} if number else ""


@public
@in_contest
def explanation(request: HttpRequest, contest: Contest, kind: str) -> HttpResponse:
    """A page of its own that explains the count; before the publication for officials only."""
    published = publication_of(contest)
    count = published.count if published is not None else None
    if count is None and request.visitor.roles:  # type: ignore[attr-defined]
        count = latest_count(contest)
    if count is None:
        raise Http404(kind)
    language = (get_language() or "uk")[:2]
    html = explanation_of(count, kind, language)
    if html is None and not is_large(count):
        make_explanations(count=count)
        html = explanation_of(count, kind, language)
    if html is None:
        prepare_explanations(count=count)
        response = render(request, "portal/explanation_waiting.html", {"contest": contest}, status=202)
    else:
        response = HttpResponse(html)
        response["Content-Security-Policy"] = style_policy(html)
    if published is None or html is None:
        response["Cache-Control"] = "no-store"
    return response


@public
@in_contest
def result_file(request: HttpRequest, contest: Contest, name: str) -> HttpResponse | StreamingHttpResponse:
    """Dossier and outcome as the canonical JSON whose SHA-256 was published, and every opened ballot."""
    published = publication_of(contest)
    if published is None:
        raise Http404(name)
    response: HttpResponse | StreamingHttpResponse
    if name == "openings":
        response = StreamingHttpResponse(published_openings(contest), content_type="application/json")
    elif name in {"dossier", "outcome"}:
        text = published.count.dossier if name == "dossier" else canonical(published.count.outcome)
        response = HttpResponse(text, content_type="application/json")
    else:
        raise Http404(name)
    response["Content-Disposition"] = f'attachment; filename="{contest.slug}-{name}.json"'
    return response
