"""Outgoing documents: the list, one of them, how they are made."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.connectors.documents import actions, queries
from viche.connectors.documents.models import Dispatch
from viche.connectors.documents.system import NAME
from viche.connectors.documents.wording import fault_text
from viche.connectors.systems.queries import system_in_use
from viche.contests.models import Contest
from viche.contests.queries import contests_of
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, DataKind, Role
from viche.office.forms.documents import DocumentsFilter, MakeForm, NumberForm, RegistryForm
from viche.portal.guards import official

A_PAGE = 25
TONES = {"waiting": "warning", "handed": "info", "registered": "success", "failed": "danger"}


@official(Role.ADMINISTRATOR, Role.EDITOR, shows=DataKind.AUTHORS)
def documents(request: HttpRequest) -> HttpResponse:
    """The documents of the body; what is not made yet of the contest that is chosen, or of the newest."""
    body = request.place.community  # type: ignore[attr-defined]
    contests = list(contests_of(body))
    form = DocumentsFilter(request.GET or None, contests=contests)
    said = form.cleaned_data if form.is_valid() else {}
    contest = next((each for each in contests if each.slug == said.get("contest")), None)
    contest = contest or (contests[0] if contests else None)
    waiting = queries.not_made(contest) if contest is not None else {}
    bound = MakeForm(request.POST if request.POST.get("act") == "make" else None, waiting=waiting)
    if request.method == "POST" and (answer := _listed(request, contest, bound)) is not None:
        return answer
    found = queries.documents_of(
        body, kind=said.get("kind", ""), state=said.get("state", ""), contest=said.get("contest", ""),
        text=said.get("q", ""),
    )  # fmt: skip
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    request.shown.about([each.project.author_id for each in rows if each.project])  # type: ignore[attr-defined]
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request, "office/documents.html",
        {
            "filter": form, "page": page, "rows": [(each, TONES[each.state]) for each in rows],
            "query": query.urlencode(), "counts": queries.counts_of(body), "contest": contest, "make": bound,
            "waiting": waiting, "registry": queries.registry_of(body), "system": system_in_use(body, NAME),
            "is_filtered": any(said.values()),
        },
        status=422 if bound.errors else 200,
    )  # fmt: skip


def _listed(request: HttpRequest, contest: Contest | None, form: MakeForm) -> HttpResponse | None:
    """What was pressed on the list; None where the form has faults. Refused: what the action refuses."""
    body, by = request.place.community, request.visitor.actor()  # type: ignore[attr-defined]
    if request.POST.get("act") == "package":
        found = queries.waiting_documents(body)
        return _package(actions.hand_package(community=body, documents=found, by=by))
    if contest is None or not form.is_valid():
        return None
    made = actions.make_documents(contest=contest, kinds=form.cleaned_data["kinds"], by=by)
    messages.success(
        request, ngettext("%(n)d document is made.", "%(n)d documents are made.", made) % {"n": made}
    )
    return HttpResponseRedirect(request.get_full_path())


@official(Role.ADMINISTRATOR, Role.EDITOR, shows=DataKind.AUTHORS)
def document(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One document: what it says, where it is, its number."""
    found = _found(request, reference)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = NumberForm(request.POST if act == "number" else None)
    if act and (answer := _done(request, found, act, form)) is not None:
        return answer
    request.shown.about([found.project.author_id if found.project else None])  # type: ignore[attr-defined]
    return render(
        request, "office/document.html",
        {
            "document": found, "tone": TONES[found.state], "form": form, "fault": fault_text(found.fault),
            "lines": found.text.splitlines(), "system": system_in_use(found.community, NAME),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _done(request: HttpRequest, document: Dispatch, act: str, form: NumberForm) -> HttpResponse | None:
    by = request.visitor.actor()  # type: ignore[attr-defined]
    if act == "package":
        return _package(actions.hand_package(community=document.community, documents=[document], by=by))
    if act == "resend":
        actions.resend_document(document=document, by=by)
        messages.success(request, _("It is sent within a minute."))
    elif act == "number":
        if not form.is_valid():
            return None
        try:
            actions.record_number(document=document, by=by, **form.cleaned_data)
        except Refused as refused:
            if refused.status != 422:
                raise
            form.refuse(refused)
            return None
        messages.success(request, _("The number is recorded."))
    else:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    return HttpResponseRedirect(reverse("office-document", args=[document.pk]))


@official(Role.ADMINISTRATOR, Role.EDITOR, shows=DataKind.AUTHORS)
def document_file(request: HttpRequest, reference: UUID) -> HttpResponse:
    """The PDF."""
    found = _found(request, reference)
    content = queries.content_of(found)
    if content is None:
        raise Http404(str(reference))
    request.shown.about([found.project.author_id if found.project else None])  # type: ignore[attr-defined]
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.file_name}"'
    return response


@official(Role.ADMINISTRATOR, shows=NOTHING)
def document_settings(request: HttpRequest) -> HttpResponse:
    """How documents are made, and the token for numbers that come back."""
    body, by = request.place.community, request.visitor.actor()  # type: ignore[attr-defined]
    registry, token = queries.registry_of(body), ""
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = RegistryForm(request.POST if act == "save" else None, initial=RegistryForm.shown(registry))
    if act == "token":
        token = actions.make_token(community=body, by=by)
        registry = queries.registry_of(body)
    elif form.is_bound and form.is_valid():
        try:
            actions.set_registry(community=body, by=by, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("office-documents-settings"))
        except Refused as refused:
            if refused.status != 422:
                raise
            form.refuse(refused)
    address = request.build_absolute_uri(reverse("documents-registered"))
    return render(
        request, "office/documents_settings.html",
        {"form": form, "registry": registry, "token": token, "address": address},
        status=422 if form.errors else 200,
    )  # fmt: skip


def _found(request: HttpRequest, reference: UUID) -> Dispatch:
    found = queries.document_of(request.place.community, reference)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(str(reference))
    return found


def _package(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="documents.zip"'
    return response
