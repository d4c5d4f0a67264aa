"""The text of a project over time and on paper: versions compared, and a page to print."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from viche.contests.models import Contest
from viche.portal.contest_page import category_names, class_names, contest_url
from viche.portal.guards import in_contest, in_project, public
from viche.portal.qr import qr_svg
from viche.portal.versions_page import chosen_pair, comparison_shown, public_answer_rows, version_rows
from viche.projects.comparing import shown_versions
from viche.projects.estimate import estimate_lines, total_of
from viche.projects.models import Project
from viche.projects.team import authors_shown


@public
@in_contest
@in_project
def versions(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """Every public version with its day and reason, and any two of them side by side."""
    found = shown_versions(project)
    pair = chosen_pair(found, request.GET.get("from", ""), request.GET.get("to", ""))
    return render(
        request,
        "portal/versions.html",
        {
            "contest": contest, "project": project, "versions": version_rows(found), "pair": pair,
            "shown": comparison_shown(contest, *pair) if pair else None,
        },
    )  # fmt: skip


@public
@in_contest
@in_project
def paper(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """The project on A4: number, authors, estimate, answers that are public, and the address as a QR code."""
    address = request.build_absolute_uri(contest_url(contest, "project", project.number))
    return render(
        request,
        "portal/print.html",
        {
            "contest": contest, "project": project, "address": address, "qr_svg": qr_svg(address),
            "authors": authors_shown(project), "items": estimate_lines(project.items),
            "has_reserve": total_of(project.items) < project.cost,
            "answers": public_answer_rows(contest, project.answers),
            "category": category_names(contest).get(project.category, ""),
            "size_class": class_names(contest).get(project.size_class, ""),
            "pictures": list(project.pictures.all())[:2],
        },
    )  # fmt: skip
