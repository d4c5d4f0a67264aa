"""Results: the money line, every project's place and why, and the files anyone recounts."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from rulebook.canonical import canonical
from viche.ballots.queries import published_openings
from viche.contests.models import Contest
from viche.foundation.numbers import grouped
from viche.portal.contest_page import contest_facts, contest_url, counting_in_words
from viche.portal.guards import in_contest, public
from viche.results.queries import publication_of
from viche.results.wording import pot_rows, score_label


@public
@in_contest
def results(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Who won, where the money ended, why each project stands where it stands."""
    published = publication_of(contest)
    facts = contest_facts(contest)
    if published is None:
        return render(request, "portal/results_waiting.html", {**facts})
    count = published.count
    unit = str(contest.rules.counting.options.get("score", "votes"))
    pots = []
    for pot in pot_rows(count):
        rows = [
            {
                "rank": place.rank, "title": project.title, "href": contest_url(contest, "project", project.number),
                "cost": project.cost, "score": grouped(place.score), "is_funded": place.is_funded,
                "reason": place.reason, "left_after": place.left_after,
            }
            for place, project in pot["places"]
        ]  # fmt: skip
        pots.append({**pot, "rows": rows, "funded": sum(1 for row in rows if row["is_funded"])})
    return render(
        request,
        "portal/results.html",
        {
            **facts, "publication": published, "count": count, "pots": pots, "voters": count.outcome["voters"],
            "funded": len(count.outcome["funded"]), "spent": sum(count.outcome["spent"].values()),
            "rule_text": counting_in_words(contest), "ties": count.outcome["ties"],
            "invalid": sum(count.outcome["invalid"].values()), "score_label": score_label(unit),
        },
    )  # fmt: skip


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
