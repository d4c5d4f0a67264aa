"""Official reports in the office: what can be made, one that is being made or was issued, the letterhead."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.contests.models import Contest
from viche.contests.queries import contests_of
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.identity.registry import signature_checker
from viche.office.forms.official_reports import (
    AskForm,
    ContestForm,
    CopyForm,
    LetterheadForm,
    WithdrawForm,
    refusal_of,
)
from viche.portal.guards import official
from viche.portal.official_reports_page import (
    LANGUAGE_SIGNS,
    file_response,
    files_of,
    kind_title,
    report_rows,
)
from viche.portal.refusable import RefusableForm
from viche.reports.official import actions, queries
from viche.reports.official.kind import PDF
from viche.reports.official.kinds import KINDS
from viche.reports.official.models import LANGUAGES, Letterhead, Report
from viche.reports.official.sample import sample_of
from viche.reports.official.wording import author_text, fault_text

A_PAGE = 25
ALL = "all"
"""Asked for in the place of one kind."""

TONES = {"waiting": "info", "made": "success", "same": "neutral", "failed": "danger"}


@official(Role.ADMINISTRATOR, Role.COMMISSION, shows=NOTHING)
def reports(request: HttpRequest) -> HttpResponse:
    """What can be made of the chosen contest, or of the newest there is something of; everything that was issued."""
    body = request.place.community  # type: ignore[attr-defined]
    contests = list(contests_of(body))
    wanted = request.POST.get("contest") or request.GET.get("contest", "")
    asked = [each for each in contests if each.slug == wanted]
    if request.method == "POST" and not asked:
        raise Http404(wanted)
    contest = queries.first_reportable(asked or contests)
    form = AskForm(request.POST if request.method == "POST" else None, initial={"languages": ["uk"]})
    if (
        request.method == "POST"
        and contest is not None
        and (answer := _asked(request, contest, form)) is not None
    ):
        return answer
    page = Paginator(queries.reports_of(body, contest=contest), A_PAGE).get_page(request.GET.get("page"))
    rows = report_rows(page.object_list)
    offers = queries.offers_of(contest) if contest is not None else []
    return render(
        request, "office/official_reports.html",
        {
            "choice": ContestForm(initial={"contest": contest.slug if contest else ""}, contests=contests),
            "contest": contest, "has_contests": len(contests) > 1, "form": form, "page": page, "rows": rows,
            "offers": offers, "all": ALL, "ready": sum(1 for each in offers if not each.why_not),
            "is_waiting": any(row["report"].state == Report.State.WAITING for row in rows),
            "query": f"contest={contest.slug}" if contest else "", "tones": TONES,
            "is_administrator": Role.ADMINISTRATOR in request.visitor.roles,  # type: ignore[attr-defined]
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _asked(request: HttpRequest, contest: Contest, form: AskForm) -> HttpResponse | None:
    """The report is asked for; None where the form has faults."""
    if not form.is_valid():
        return None
    kind, languages = request.POST.get("kind", ""), form.cleaned_data["languages"]
    by = request.visitor.actor()  # type: ignore[attr-defined]
    try:
        if kind == ALL:
            asked = actions.ask_all_reports(contest=contest, languages=languages, by=by)
        else:
            asked = actions.ask_report(contest=contest, kind=kind, languages=languages, by=by)
    except Refused as refused:
        refusal_of(form, refused)
        return None
    if len(asked) == 1:
        return HttpResponseRedirect(reverse("office-report", args=[asked[0].pk]))
    messages.success(request, _("The reports are being made."))
    return HttpResponseRedirect(f"{reverse('office-reports')}?contest={contest.slug}#issued")


@official(Role.ADMINISTRATOR, Role.COMMISSION, shows=NOTHING)
def report(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One report: how far it is; its files, hashes and signatures; shown to everybody or kept internal."""
    found = _found(request, reference)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    copy = CopyForm(request.POST if act == "sign" else None, request.FILES if act == "sign" else None)
    withdrawal = WithdrawForm(request.POST if act == "withdraw" else None)
    if act and (answer := _done(request, found, act, copy, withdrawal)) is not None:
        return answer
    kind = KINDS.get(found.kind)
    return render(
        request, "office/official_report.html",
        {
            "report": found, "tone": TONES[found.state], "kind_title": kind_title(found),
            "language": LANGUAGE_SIGNS[found.language], "copy": copy,
            "withdrawal": withdrawal, "fault": fault_text(found.fault), "author": author_text(found.office),
            "files": files_of(found), "can_publish": kind is not None and kind.is_public,
            "is_checking": signature_checker() is not None,
            "has_pdf": any(each.form == PDF for each in found.files.all()),
        },
        status=422 if copy.errors or withdrawal.errors else 200,
    )  # fmt: skip


def _done(
    request: HttpRequest, found: Report, act: str, copy: CopyForm, withdrawal: WithdrawForm
) -> HttpResponse | None:
    by = request.visitor.actor()  # type: ignore[attr-defined]
    form: RefusableForm = copy
    try:
        if act == "retry":
            actions.retry_report(report=found, by=by)
        elif act == "publish":
            actions.publish_report(report=found, by=by)
            messages.success(request, _("Everybody can read it now."))
        elif act == "hide":
            actions.hide_report(report=found, by=by)
            messages.success(request, _("Only officials and auditors read it now."))
        elif act == "sign":
            if not copy.is_valid():
                return None
            actions.sign_report(report=found, copy=copy.cleaned_data["copy"].read(), by=by)
            messages.success(request, _("The signature holds: the signed copy is kept."))
        elif act == "withdraw":
            form = withdrawal
            if not withdrawal.is_valid():
                return None
            actions.withdraw_report(report=found, reason=withdrawal.cleaned_data["reason"], by=by)
            messages.success(request, _("The report is withdrawn."))
        else:
            raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    except Refused as refused:
        refusal_of(form, refused)
        return None
    return HttpResponseRedirect(reverse("office-report", args=[found.pk]))


@official(Role.ADMINISTRATOR, Role.COMMISSION, shows=NOTHING)
def report_file(request: HttpRequest, reference: UUID) -> HttpResponse:
    """A file of an issued report, internal ones too."""
    found = queries.report_file_of(request.place.community, reference)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(str(reference))
    return file_response(found)


@official(Role.ADMINISTRATOR, shows=NOTHING)
def letterhead(request: HttpRequest) -> HttpResponse:
    """What stands around the content of reports, with a sample of what is in the form."""
    body = request.place.community  # type: ignore[attr-defined]
    kept = queries.letterhead_of(body)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = LetterheadForm(request.POST if act else None, initial=LetterheadForm.of(kept))
    if act and form.is_valid():
        if act in {f"sample-{language}" for language in LANGUAGES}:
            return _sample(body, form, act.removeprefix("sample-"))
        if (answer := _kept(request, body, form)) is not None:
            return answer
    return render(
        request,
        "office/letterhead.html",
        {"form": form, "samples": LANGUAGES},
        status=422 if form.errors else 200,
    )


def _sample(body: Any, form: LetterheadForm, language: str) -> HttpResponse:
    head = Letterhead(community=body, has_emblem=form.cleaned_data["has_emblem"], texts=form.texts())
    response = HttpResponse(sample_of(head, language=language), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="sample.pdf"'
    return response


def _kept(request: HttpRequest, body: Any, form: LetterheadForm) -> HttpResponse | None:
    try:
        actions.set_letterhead(
            community=body, has_emblem=form.cleaned_data["has_emblem"], texts=form.texts(),
            revision=form.cleaned_data["revision"], by=request.visitor.actor(),  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as refused:
        form.tell(refused)
        return None
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("office-letterhead"))


def _found(request: HttpRequest, reference: UUID) -> Report:
    found = queries.report_of(request.place.community, reference)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(str(reference))
    return found
