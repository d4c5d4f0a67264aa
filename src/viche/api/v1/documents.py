"""What the API says of each thing, as documents. Texts in both languages are given in both: no answer but a refusal
depends on the language.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import override

from viche.communities.models import Community
from viche.contests.models import PHASE_NAMES, Contest
from viche.foundation import clock
from viche.identity.models import Register
from viche.projects.delivery import sums_of, works_of
from viche.projects.models import Delivery, Project
from viche.projects.queries import (
    WINNERS,
    admitted_projects,
    figures,
    projects_in_check,
    signatures_by_day,
    states_of,
)
from viche.projects.signatures import needed_by
from viche.results.models import Publication
from viche.review.models import Decision, Opinion
from viche.review.queries import board

Document = dict[str, Any]
COMMUNITY_URLS = "viche.config.community_urls"


def href(request: HttpRequest, community: Community, *parts: object) -> str:
    """The address of something of a body in this API."""
    path = "/".join(str(part) for part in (community.slug, *parts))
    return request.build_absolute_uri(f"/api/v1/communities/{path}")


def contest_href(request: HttpRequest, contest: Contest, *parts: object) -> str:
    """The address of something of a contest in this API."""
    return href(request, contest.community, "contests", contest.slug, *parts)


def page_url(request: HttpRequest, community: Community, name: str, *args: object) -> str:
    """The address of a page of a body on this platform."""
    # in Ukrainian, whatever language is asked for: an ETag does not depend on it
    with override("uk"):
        path = reverse(name, args=args, urlconf=COMMUNITY_URLS)
    return request.build_absolute_uri(f"/{community.slug}{path}")


def community_line(request: HttpRequest, found: Community) -> Document:
    """One connected body."""
    return {
        "community": found.slug, "code": found.code, "name": found.name, "region": found.territory.path.split("/")[0],
        "website": found.website, "has_left": found.archived_at is not None, "href": href(request, found),
        "page": page_url(request, found, "home"),
    }  # fmt: skip


def contest_line(request: HttpRequest, contest: Contest, *, is_published: bool) -> Document:
    """One contest in a list."""
    return {
        "contest": contest.slug, "year": contest.year, "title": contest.title, "currency": contest.currency,
        "phases": sorted(contest.phases), "is_published": is_published, "href": contest_href(request, contest),
        "page": page_url(request, contest.community, "contest", contest.slug),
    }  # fmt: skip


def contest_document(request: HttpRequest, contest: Contest, *, is_published: bool) -> Document:
    """A contest with its figures; nothing of votes."""
    found = figures(contest)
    parts = {
        part: contest_href(request, contest, part)
        for part in ("rules", "stages", "projects", "results", "works", "figures")
    }
    return {
        **contest_line(request, contest, is_published=is_published), **parts, "summary": contest.summary,
        "money": sum(pot.amount for pot in contest.rules.pots), **found,
    }  # fmt: skip


def rules_document(contest: Contest) -> Document:
    """The rules in force as they were frozen."""
    found = contest.rules_version
    return {
        "version": found.number, "digest": found.digest, "decision": found.decision,
        "decision_date": found.decision_date, "decision_url": found.decision_url, "frozen_at": found.frozen_at,
        "document": found.document,
    }  # fmt: skip


def stages_document(contest: Contest) -> Document:
    """The schedule, phase by phase."""

    def words(phase: str) -> dict[str, str]:
        found = {}
        for language in ("uk", "en"):
            with override(language):
                found[language] = str(PHASE_NAMES[phase])
        return found

    now = clock.now()
    return {
        "now": now.replace(second=0, microsecond=0),
        "items": [
            {"phase": each.phase, "name": words(each.phase), "starts_at": each.starts_at, "ends_at": each.ends_at,
             "is_open": each.holds(now)}
            for each in contest.schedule
        ],
    }  # fmt: skip


def updated_at(project: Project) -> Any:
    """When a project changed last: what it says, or where it stands."""
    return max(
        (each for each in (project.saved_at, project.state_at, project.published_at) if each), default=None
    )


def project_line(request: HttpRequest, project: Project) -> Document:
    """One project in a list."""
    return {
        "number": project.number, "code": project.code, "title": project.title, "summary": project.summary,
        "state": project.state, "category": project.category, "size_class": project.size_class,
        "territory": project.territory_id, "place": project.place_name, "latitude": _degrees(project.latitude),
        "longitude": _degrees(project.longitude), "cost": project.cost, "supporters": project.supporters,
        "published_at": project.published_at, "updated_at": updated_at(project),
        "href": contest_href(request, project.contest, "projects", project.number),
        "page": page_url(request, project.contest.community, "project", project.contest.slug, project.number),
    }  # fmt: skip


def _degrees(number: Any) -> str | None:
    return None if number is None else f"{number:f}"


def project_document(request: HttpRequest, project: Project) -> Document:
    """A project with all that everybody reads of it: the contact and private answers are not among it."""
    line = project_line(request, project)
    return {
        **line, "text": project.text, "type": project.type, "author": project.author_name, "area": project.area,
        "items": [
            {"name": item.get("name", ""), "unit": item.get("unit", ""), "quantity": str(item.get("quantity", "")),
             "price": item.get("price")}
            for item in project.items
        ],
        "pictures": [
            {"href": request.build_absolute_uri(each.image.url), "alt": each.alt} for each in project.pictures.all()
        ],
        "revision": project.revision, "signatures": f"{line['href']}/signatures",
        "opinions": f"{line['href']}/opinions",
        "work": f"{line['href']}/work" if project.state in WINNERS else None,
    }  # fmt: skip


def signatures_document(project: Project) -> Document:
    """Signatures under a project by day, in Kyiv."""
    is_asked = project.contest.rules.support is not None
    return {
        "number": project.supporters, "needed": needed_by(project) if is_asked else None,
        "until": project.support_until,
        "days": [{"day": day, "number": number} for day, number in signatures_by_day(project)],
    }  # fmt: skip


def opinion_document(opinion: Opinion) -> Document:
    """A signed opinion of a department."""
    return {
        "unit": opinion.assignment.unit, "stage": opinion.assignment.stage, "conclusion": opinion.conclusion,
        "reasons": opinion.reasons, "corrected_cost": opinion.corrected_cost, "checks": opinion.checks,
        "given_at": opinion.given_at,
    }  # fmt: skip


def decision_document(decision: Decision) -> Document:
    """A decision of the review."""
    return {
        "stage": decision.stage, "verdict": decision.verdict, "reason": decision.reason,
        "conditions": decision.conditions, "protocol": decision.protocol, "decided_at": decision.decided_at,
    }  # fmt: skip


def results_document(request: HttpRequest, published: Publication) -> Document:
    """A published result: every project that was voted on, and the hashes by which anyone counts again."""
    count, contest = published.count, published.contest
    outcome = count.outcome
    funded = set(outcome["funded"])
    rows = []
    for project in admitted_projects(contest):
        project.contest = contest
        amount = outcome["amounts"].get(project.code, project.cost) if project.code in funded else None
        rows.append(
            {
                "number": project.number, "code": project.code, "title": project.title, "cost": project.cost,
                "amount": amount, "is_funded": project.code in funded, "total": outcome["totals"].get(project.code),
                "votes": outcome["votes"].get(project.code), "rank": outcome["ranks"].get(project.code),
                "reason": _reason(outcome["rejected"].get(project.code)),
                "href": contest_href(request, contest, "projects", project.number),
            }
        )  # fmt: skip
    community = contest.community
    return {
        "rule": count.rule, "published_at": published.published_at, "voters": outcome["voters"],
        "invalid": outcome["invalid"], "spent": outcome["spent"], "left": outcome["left"],
        "dossier_digest": count.dossier_digest, "outcome_digest": count.outcome_digest,
        "dossier": page_url(request, community, "result-file", contest.slug, "dossier"),
        "outcome": page_url(request, community, "result-file", contest.slug, "outcome"),
        "note": published.note, "items": rows,
    }  # fmt: skip


def _reason(found: Any) -> str:
    return str(found.get("code", found.get("reason", ""))) if isinstance(found, dict) else ""


def work_document(request: HttpRequest, project: Project, delivery: Delivery | None) -> Document:
    """How a winner is built; everything that was planned and done. delivery: its work with all parts, if it began."""
    address = contest_href(request, project.contest, "projects", project.number)
    document: Document = {
        "number": project.number, "title": project.title, "state": project.state, "won": project.cost,
        "responsible_unit": "", "plan": None, "paid": None, "starts_on": None, "due_on": None, "accepted_on": None,
        "acceptance": "", "note": "", "revision": 0, "steps": [], "contracts": [], "delays": [],
        "project": address, "href": f"{address}/work",
        "page": page_url(request, project.contest.community, "project", project.contest.slug, project.number),
    }  # fmt: skip
    if delivery is None:
        return document
    return document | {
        "responsible_unit": delivery.responsible_unit, "plan": delivery.plan_cost, "paid": delivery.actual_cost,
        "starts_on": delivery.starts_on, "due_on": delivery.due_on, "accepted_on": delivery.accepted_on,
        "acceptance": delivery.acceptance, "note": delivery.closing_note, "revision": delivery.revision,
        "steps": [
            {"id": each.pk, "title": each.title, "due_on": each.due_on, "done_on": each.done_on}
            for each in delivery.milestones.all()
        ],
        "contracts": [
            {"number": each.number, "signed_on": each.signed_on, "contractor": each.contractor, "amount": each.amount,
             "url": each.url}
            for each in delivery.contracts.all()
        ],
        "delays": [
            {"former_due": each.former_due, "new_due": each.new_due, "reason": each.reason}
            for each in delivery.delays.all()
        ],
    }  # fmt: skip


def register_document(found: Register | None) -> Document:
    """A body's register: its version, and nobody's row."""
    if found is None:
        return {"version": None, "rows": 0, "digest": "", "imported_at": None}
    return {
        "version": found.number, "rows": found.rows, "digest": found.digest, "imported_at": found.imported_at,
    }  # fmt: skip


def report_document(contest: Contest) -> Document:
    """Figures for the body itself: also of what is not public yet, and nothing of votes."""
    now = clock.now()
    rows = board(contest, now)
    sums = sums_of(works_of(contest))
    return {
        "by_state": states_of(contest), "cost": figures(contest)["cost"],
        "waiting_for_check": len(projects_in_check(contest)), "late_reviews": sum(row.is_late for row in rows),
        "open_opinions": sum(each.state == "open" for row in rows for each in row.assignments),
        "works": {name: int(sums[name]) for name in ("number", "plan", "paid")},
    }  # fmt: skip
