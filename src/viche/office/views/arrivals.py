"""Files of other platforms: uploaded, recognised, looked at row by row, brought into a contest."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.connectors.arrivals.models import Bringing
from viche.connectors.arrivals.queries import bringing_in, bringings_of, contests_that_take
from viche.connectors.arrivals.sources.bringing import (
    bring_finished,
    bring_projects,
    content_of,
    discard_source,
    map_columns,
    outlook,
    upload_source,
)
from viche.connectors.arrivals.sources.layouts import layout_named
from viche.connectors.arrivals.sources.reading import Fault, rows_in
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.forms.arrivals import ColumnsForm, FinishedForm, SourceForm, TargetForm
from viche.portal.guards import official

MOST_SHOWN = 100


@official(Role.ADMINISTRATOR, shows=NOTHING)
def arrivals(request: HttpRequest) -> HttpResponse:
    """Bring a file; the files so far."""
    community = request.place.community  # type: ignore[attr-defined]
    form = SourceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = upload_source(
                community=community,
                name=file.name,
                content=file.read(),
                by=request.visitor.actor(),  # type: ignore[attr-defined]
            )
        except Refused as refused:
            if refused.status != 422:
                raise
            _show(form, refused)
        else:
            return HttpResponseRedirect(reverse("office-arrival", args=[found.pk]))
    context = {"form": form, "files": bringings_of(community)}
    return render(request, "office/arrivals.html", context, status=422 if form.errors else 200)


@official(Role.ADMINISTRATOR, shows=NOTHING)
def arrival(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One file: what it is understood as, what each row would become, and the acts."""
    community = request.place.community  # type: ignore[attr-defined]
    found = bringing_in(community, reference)
    if found is None:
        raise Http404(str(reference))
    if found.state != Bringing.State.OPEN:
        return render(
            request, "office/arrival_done.html", {"found": found, "layout": layout_named(found.layout)}
        )
    page = _Page(request, found)
    if request.method == "POST" and (done := page.act(request.POST.get("act", ""))):
        messages.success(request, done)
        return HttpResponseRedirect(reverse("office-arrival", args=[reference]))
    return render(request, "office/arrival.html", page.context(), status=422 if page.is_faulty else 200)


class _Page:
    """The forms of one file, and what was pressed."""

    def __init__(self, request: HttpRequest, found: Bringing) -> None:
        self.request, self.found, self.vote_faults = request, found, list[Fault]()
        self.by = request.visitor.actor()  # type: ignore[attr-defined]
        act = request.POST.get("act", "")
        headings, _rows = rows_in(content_of(found))
        self.contests = {str(each.pk): each for each in contests_that_take(found.community)}
        chosen = request.POST.get("contest") or request.GET.get("contest", "")
        self.contest = self.contests.get(chosen) or next(iter(self.contests.values()), None)
        choices = [(key, each.name) for key, each in self.contests.items()]
        initial = {"contest": str(self.contest.pk) if self.contest else ""}
        self.columns = ColumnsForm(
            request.POST if act == "map" else None, headings=headings, columns=found.columns
        )
        self.target = TargetForm(request.POST if act == "bring" else None, contests=choices, initial=initial)
        self.finished = FinishedForm(
            request.POST if act == "finish" else None, request.FILES if act == "finish" else None
        )

    @property
    def is_faulty(self) -> bool:
        return bool(self.columns.errors or self.target.errors or self.finished.errors or self.vote_faults)

    def act(self, act: str) -> str:
        """Do what was pressed; what to say, "" where a form has faults. Refused: unknown_act."""
        if act == "discard":
            discard_source(bringing=self.found, by=self.by)
            return _("The file is put aside and deleted.")
        acts = {
            "map": (self.columns, self._map),
            "bring": (self.target, self._bring),
            "finish": (self.finished, self._finish),
        }
        if act not in acts:
            raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
        form, do = acts[act]
        if not form.is_valid():
            return ""
        try:
            return do()
        except Refused as refused:
            if refused.status != 422:
                raise
            _show(form, refused)
            return ""

    def _map(self) -> str:
        map_columns(bringing=self.found, columns=self.columns.columns, by=self.by)
        return _("The columns are understood as you said.")

    def _bring(self) -> str:
        contest = self.contests[self.target.cleaned_data["contest"]]
        counts = bring_projects(bringing=self.found, contest=contest, by=self.by)
        return _("Projects brought: %(new)d; known already: %(same)d") % {
            "new": counts["new"], "same": counts["same"] + counts["changed"],
        }  # fmt: skip

    def _finish(self) -> str:
        told = self.finished.cleaned_data
        contest, self.vote_faults = bring_finished(
            bringing=self.found, votes=told["votes"].read(), title=told["title"], budget=told["budget"] or 0,
            by=self.by,
        )  # fmt: skip
        return _("The finished contest is published.") if contest is not None else ""

    def context(self) -> dict[str, Any]:
        told = {
            "found": self.found, "layout": layout_named(self.found.layout), "columns": self.columns,
            "target": self.target, "finished": self.finished, "contest": self.contest,
            "vote_faults": [(each.place, each.text) for each in self.vote_faults[:MOST_SHOWN]],
            "is_own": self.found.uploaded_by_id == self.by.person_id,
        }  # fmt: skip
        try:
            ahead = outlook(bringing=self.found, contest=self.contest)
        except Refused as refused:
            return {**told, "why_not": refused.message}
        return {
            **told, "counts": ahead.counts, "faults": [(each.place, each.text) for each in ahead.faults[:MOST_SHOWN]],
            "more_faults": max(0, len(ahead.faults) - MOST_SHOWN), "rows": ahead.rows[:MOST_SHOWN],
        }  # fmt: skip


def _show(form: forms.Form, refused: Refused) -> None:
    """A refusal at its fields, or above the form."""
    for name, message in (refused.fields or {"": refused.message}).items():
        form.add_error(name if name in form.fields else None, message)
