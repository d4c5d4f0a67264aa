"""The report designer: what officials have kept, ready samples, one report as it is designed, its schedule."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, DataKind, Role
from viche.identity.queries import is_uuid
from viche.office.forms.designer import DesignForm, ScheduleForm, initial_of, planned_text
from viche.portal.figures_page import shown
from viche.portal.guards import official
from viche.reports.designing import actions, queries
from viche.reports.designing.cube import Cube
from viche.reports.designing.definition import Definition
from viche.reports.designing.gallery import GALLERY, Sample
from viche.reports.figure import Figure
from viche.reports.models import DesignedReport, ReportReader

FIRST = "money-won"


@official(Role.ADMINISTRATOR, shows=NOTHING)
def designs(request: HttpRequest) -> HttpResponse:
    """Everything the body has kept, and good ones to begin from."""
    community = request.place.community  # type: ignore[attr-defined]
    rows = [_row(request, each) for each in queries.reports_of(community)]
    cube = Cube(community)
    gallery = [{"sample": each, "shown": _sampled(cube, each)} for each in GALLERY.values()]
    return render(request, "office/designs.html", {"rows": rows, "gallery": gallery})


def _sampled(cube: Cube, sample: Sample) -> dict[str, Any] | None:
    """The sample counted of this body; None where it cannot be, or there is nothing to draw yet."""
    try:
        figure = cube.figure(sample.definition)
    except Refused:
        return None
    return shown(figure) if figure.rows else None


def _row(request: HttpRequest, report: DesignedReport) -> dict[str, Any]:
    schedule = getattr(report, "schedule", None)
    return {
        "report": report,
        "is_mine": report.made_by_id == request.visitor.person.pk,  # type: ignore[attr-defined]
        "planned": planned_text(schedule) if schedule is not None else "",
    }


@official(Role.ADMINISTRATOR, shows=NOTHING)
def new_design(request: HttpRequest) -> HttpResponse:
    """A report that is not kept yet: begun from a sample (?from=) or from a kept report (?like=)."""
    community = request.place.community  # type: ignore[attr-defined]
    definition = GALLERY.get(request.GET.get("from", ""), GALLERY[FIRST]).definition
    like = request.GET.get("like", "")
    if is_uuid(like) and (kept := queries.report_of(community, UUID(like))) is not None:
        definition = queries.definition_of(kept)
    return _designer(request, Cube(community), definition)


@official(Role.ADMINISTRATOR, shows=NOTHING)
def design(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One kept report: as it is, changed, shown to everybody, hidden."""
    report = _found(request, reference)
    act = request.POST.get("act", "")
    if act in {"publish", "hide"}:
        by = request.visitor.actor()  # type: ignore[attr-defined]
        if act == "publish":
            on_contests = request.POST.get("is_on_contests") == "on"
            actions.publish_report(report=report, is_on_contests=on_contests, by=by)
            messages.success(request, _("Everybody sees this report now."))
        else:
            actions.hide_report(report=report, by=by)
            messages.success(request, _("Only officials see this report now."))
        return HttpResponseRedirect(reverse("office-design", args=[report.pk]))
    try:
        definition = queries.definition_of(report)
    except Refused:
        definition = GALLERY[FIRST].definition
        messages.warning(request, _("What this report was made of is not there any more: design it anew."))
    return _designer(request, Cube(report.community), definition, report=report)


def _designer(
    request: HttpRequest, cube: Cube, definition: Definition, *, report: DesignedReport | None = None
) -> HttpResponse:  # fmt: skip
    """The form with its figure. Buttons: show (nothing is kept), save, copy (as a new report)."""
    initial = initial_of(definition, report)
    form = DesignForm(request.POST if request.method == "POST" else None, cube=cube, initial=initial)
    figure: Figure | None = None
    heading = report.heading if report is not None else ""
    try:
        if form.is_bound:
            heading = ""
            if form.is_valid():
                definition = form.definition()
                heading = form.titles().get(request.LANGUAGE_CODE[:2], "").strip()  # type: ignore[attr-defined]
        if not form.is_bound or form.is_valid():
            figure = cube.figure(definition, title=heading)
            if (answer := _kept(request, form, definition, cube, report)) is not None:
                return answer
    except Refused as refused:
        if form.is_bound:
            form.tell(refused)
        else:
            messages.warning(request, str(refused.message))
    schedule = getattr(report, "schedule", None) if report is not None else None
    # a picture that follows each choice: htmx shows nothing of an answer that is no success
    is_live = "HX-Request" in request.headers
    return render(
        request,
        "office/design.html",
        {
            "form": form, "report": report, "shown": shown(figure) if figure is not None else None,
            "heading": report.heading if report is not None else _("A new report"), "schedule": schedule,
            "planned": planned_text(schedule) if schedule is not None else "",
            "faults": [
                (form.fields[name].label if name in form.fields else "", error)
                for name, errors in form.errors.items()
                for error in errors
            ],
        },
        status=422 if form.errors and not is_live else 200,
    )  # fmt: skip


def _kept(
    request: HttpRequest, form: DesignForm, definition: Definition, cube: Cube, report: DesignedReport | None
) -> HttpResponse | None:
    """Save, where that button was pressed."""
    act = request.POST.get("act", "")
    if act not in {"save", "copy"}:
        return None
    made = actions.save_report(
        community=cube.community, definition=definition, title=form.titles(),
        by=request.visitor.actor(), report=report if act == "save" else None,  # type: ignore[attr-defined]
    )  # fmt: skip
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("office-design", args=[made.pk]))


@official(Role.ADMINISTRATOR, shows=DataKind.STAFF)
def design_schedule(request: HttpRequest, reference: UUID) -> HttpResponse:
    """When a report is sent and to whom, and how it went the last time."""
    report = _found(request, reference)
    schedule = getattr(report, "schedule", None)
    readers: list[ReportReader] = (
        list(schedule.readers.select_related("person")) if schedule is not None else []
    )
    possible = queries.possible_readers(report.community)
    request.shown.about([person.pk for person, _address in possible] + [each.person_id for each in readers])  # type: ignore[attr-defined]
    people = [(person.pk, person.display_name) for person, address in possible if address is not None]
    without = [person.display_name for person, address in possible if address is None]
    form = ScheduleForm(request.POST if request.method == "POST" else None, schedule=schedule, people=people)
    by = request.visitor.actor()  # type: ignore[attr-defined]
    if request.POST.get("act") == "cancel":
        actions.cancel_schedule(report=report, by=by)
        messages.success(request, _("This report is sent to nobody any more."))
        return HttpResponseRedirect(reverse("office-design", args=[report.pk]))
    if form.is_bound and form.is_valid():
        try:
            made = actions.plan_report(
                report=report, base=request.build_absolute_uri("/"), by=by, **form.said()
            )
            messages.success(
                request, _("It is sent for the first time on %(when)s.") % {"when": planned_text(made)}
            )
            return HttpResponseRedirect(reverse("office-design-schedule", args=[report.pk]))
        except Refused as refused:
            form.tell(refused)
    return render(
        request,
        "office/design_schedule.html",
        {
            "report": report, "form": form, "schedule": schedule, "readers": readers, "without": without,
            "planned": planned_text(schedule) if schedule is not None else "", "has_people": bool(people),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@official(Role.ADMINISTRATOR, shows=NOTHING)
def delete_design(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Asks before a report is forgotten."""
    report = _found(request, reference)
    if request.method == "POST":
        actions.delete_report(report=report, by=request.visitor.actor())  # type: ignore[attr-defined]
        messages.success(request, _("The report is deleted."))
        return HttpResponseRedirect(reverse("office-designs"))
    return render(request, "office/design_delete.html", {"report": report})


def _found(request: HttpRequest, reference: UUID) -> DesignedReport:
    found = queries.report_of(request.place.community, reference)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(str(reference))
    return found
