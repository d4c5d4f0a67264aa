"""Supporting a project: sign, keep the confirmation, take back, see who signed, print a sheet for paper."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.journal.queries import entry_holding
from viche.portal.contest_page import contest_url
from viche.portal.forms_support import SignForm
from viche.portal.guards import identified, in_contest, in_project, public
from viche.portal.qr import qr_svg
from viche.portal.refusals import refusal_page
from viche.portal.support_page import consent_lines, my_signature, shown_name, standing_of, why_not_sign
from viche.projects.actions import sign_project, withdraw_signature
from viche.projects.actions.moves import is_written_by
from viche.projects.models import Project
from viche.projects.queries import signatures_by_day, signatures_of
from viche.projects.signatures import commitment_of, sealed_document, why_not_now, withdrawable_signature
from viche.projects.versions import content_digest

PAGE, SHEET_ROWS = 100, 15


@identified
@in_contest
@in_project
def sign(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """What one agrees to, and the button; a second press finds the signature already there."""
    visitor = request.visitor  # type: ignore[attr-defined]
    there = contest_url(contest, "signature", project.number)
    fault = why_not_sign(request, contest, project)
    # who presses after the end is answered by the action itself, which closes the project
    if fault is not None and not (request.method == "POST" and fault.code == "support_over"):
        return (
            HttpResponseRedirect(there)
            if fault.code == "already_signed"
            else _cannot(request, project, fault)
        )
    sent = request.POST if request.method == "POST" else None
    form = SignForm(sent, with_name=contest.rules.support.signatories == "names")
    if request.method == "POST" and form.is_valid():
        try:
            sign_project(
                project=project, person=visitor.person, by=visitor.actor(), method=visitor.method,
                shows_name=form.cleaned_data.get("shows_name", False),
            )  # fmt: skip
        except Refused as refused:
            if refused.code != "already_signed":
                return _cannot(request, project, refused)
        return HttpResponseRedirect(there)
    return render(
        request,
        "portal/support/sign.html",
        {
            "contest": contest, "project": project, "form": form, "lines": consent_lines(contest),
            "digest": content_digest(project), "standing": standing_of(request, contest, project),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _cannot(request: HttpRequest, project: Project, fault: Refused) -> HttpResponse:
    action = (_("To the project"), contest_url(project.contest, "project", project.number))
    if fault.code == "not_eligible":
        action = (_("Can I take part?"), contest_url(project.contest, "can-i"))
    return refusal_page(request, fault, title=_("The project cannot be signed"), action=action)


@identified
@in_contest
@in_project
def signature(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """The confirmation that the signatory keeps: what was sealed, with which number, and where it stands."""
    mine = my_signature(request, contest, project)
    if mine is None:
        raise Refused("not_signed", _("You have not signed this project."), status=404)
    return render(
        request,
        "portal/support/signature.html",
        {
            "contest": contest, "project": project, "signature": mine, "document": sealed_document(mine),
            "is_same": commitment_of(mine) == mine.commitment,
            "line": entry_holding(f"support:{project.id}", mine.commitment),
            "standing": standing_of(request, contest, project),
        },
    )  # fmt: skip


@identified
@in_contest
@in_project
def signature_file(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """The sealed document as a file: its canonical form has the commitment as its SHA-256."""
    mine = my_signature(request, contest, project)
    if mine is None:
        raise Http404(project.number)
    response = JsonResponse({**sealed_document(mine), "commitment": mine.commitment})
    response["Content-Disposition"] = f'attachment; filename="signature-{project.number}.json"'
    return response


@identified
@in_contest
@in_project
def take_back(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """Take a signature back, after a page that asks once more."""
    visitor = request.visitor  # type: ignore[attr-defined]
    project.contest = contest
    if request.method == "POST":
        withdraw_signature(project=project, person=visitor.person, by=visitor.actor())
        messages.success(request, _("Your signature is taken back."))
        return HttpResponseRedirect(contest_url(contest, "project", project.number))
    found = withdrawable_signature(project, visitor.person)
    return render(
        request, "portal/support/take_back.html", {"contest": contest, "project": project, "signature": found}
    )


@public
@in_contest
@in_project
def signatories(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """Who supports the project, as the rules let it be shown; for its author the days as well."""
    project.contest = contest
    standing = standing_of(request, contest, project)
    if standing is None:
        raise Http404(project.number)
    page = None
    if contest.rules.support.signatories != "number":
        page = Paginator(signatures_of(project), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "portal/support/signatories.html",
        {
            "contest": contest, "project": project, "standing": standing, "page": page,
            "rows": [(each.ordinal, shown_name(each, contest)) for each in page] if page else [],
            "days": _days(request, project),
        },
    )  # fmt: skip


def _days(request: HttpRequest, project: Project) -> list[dict[str, Any]]:
    """The curve of days, for who writes the project and for officials; empty for others."""
    visitor = request.visitor  # type: ignore[attr-defined]
    is_official = bool(visitor.roles & {Role.ADMINISTRATOR, Role.EDITOR, Role.OPERATOR, Role.AUDITOR})
    if not (is_official or (visitor.person is not None and is_written_by(project, visitor.person.pk))):
        return []
    return [{"label": date_format(day, "j E"), "value": number} for day, number in signatures_by_day(project)]


@public
@in_contest
@in_project
def sheet(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """A sheet for signatures on paper, to print. Refused: the codes of signatures.why_not_now for paper."""
    project.contest = contest
    if fault := why_not_now(project, clock.now(), way="paper"):
        return _cannot(request, project, fault)
    address = request.build_absolute_uri(contest_url(contest, "project", project.number))
    return render(
        request,
        "portal/support/sheet.html",
        {
            "contest": contest, "project": project, "qr": qr_svg(address), "address": address,
            "rows": range(1, SHEET_ROWS + 1), "digest": content_digest(project), "lines": consent_lines(contest),
            "standing": standing_of(request, contest, project),
        },
    )  # fmt: skip
