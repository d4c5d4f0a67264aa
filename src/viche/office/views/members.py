"""Members: confirm one by a document, decide about requests, import the register."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.communities.queries import areas_of
from viche.contests.queries import contests_of
from viche.foundation.refused import Refused
from viche.identity.actions import (
    discard_register,
    end_membership,
    grant_membership,
    grant_request,
    import_register,
    person_by_number,
    prepare_register,
    record_citizenship,
    refuse_request,
)
from viche.identity.models import CITIZENSHIP, NOTHING, DataKind, Person, ProofRequest, Role
from viche.identity.queries import (
    current_register,
    decided_requests,
    draft_register,
    file_in,
    granted_membership,
    granted_memberships,
    register_members,
    register_versions,
    request_in,
    requests_of,
    waiting_by_basis,
    waiting_requests,
)
from viche.identity.register_exchange import register_key_text, register_tool_text, shown_file
from viche.identity.wording import ROW_FAULTS, basis_name, evidence_names
from viche.office.forms.members import GrantForm, MembershipForm, ReasonForm, RegisterForm
from viche.portal.guards import official
from viche.portal.taking_part import accepted_here

SHOWN_FAULTS, SHOWN_REQUESTS = 1000, 200


def refuse_form(form: Form, refused: Refused) -> None:
    """A refusal at its fields, or above the form."""
    for name, message in refused.fields.items():
        form.add_error(name if name in form.fields else None, message)
    if not refused.fields:
        form.add_error(None, refused.message)


@official(Role.OPERATOR, Role.ADMINISTRATOR, shows=(DataKind.MEMBERS, DataKind.SEARCHES))
def members(request: HttpRequest) -> HttpResponse:
    """Confirm a membership by a document; what was confirmed lately, by whom and by what."""
    community = request.place.community  # type: ignore[attr-defined]
    form = MembershipForm(request.POST or None, areas=areas_of(community.territory))
    if request.method == "POST" and form.is_valid():
        person = person_by_number(tax_number=form.cleaned_data["tax_number"])
        request.shown.searched([person.pk if person else None], kind=DataKind.SEARCHES)  # type: ignore[attr-defined]
        if person is None:
            form.add_error(
                "tax_number",
                _("Nobody with this number has identified here yet: ask the person to do so first."),
            )
        else:
            try:
                messages.success(request, _confirm(request, form, person))
                return HttpResponseRedirect(reverse("office-members"))
            except Refused as refused:
                refuse_form(form, refused)
    latest = granted_memberships(community)
    request.shown.about([each.person_id for each in latest])  # type: ignore[attr-defined]
    return render(
        request,
        "office/members.html",
        {
            "form": form,
            "latest": latest,
            "waiting": sum(waiting_by_basis(community).values()),
        },
        status=422 if form.errors else 200,
    )


def _confirm(request: HttpRequest, form: MembershipForm, person: Person) -> str:
    """Record what the form says; returns what to say."""
    data = form.cleaned_data
    given: dict[str, Any] = {
        "person": person, "document_reference": data["document_reference"], "evidence": data["evidence"],
        "community": request.place.community, "by": request.visitor.actor(),  # type: ignore[attr-defined]
    }  # fmt: skip
    kind, _colon, status = data["basis"].partition(":")
    if kind == CITIZENSHIP:
        record_citizenship(status=status, **given)
        return _("The citizenship is recorded.")
    grant_membership(
        territory=form.areas[data["territory"]], basis=data["basis"], ends_on=data["ends_on"], **given
    )
    return _("The membership is confirmed.")


@official(Role.OPERATOR, Role.ADMINISTRATOR, shows=DataKind.MEMBERS)
def end(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Take a membership back, with a reason."""
    membership = granted_membership(request.place.community, str(reference))  # type: ignore[attr-defined]
    if membership is None:
        raise Http404(reference)
    request.shown.about([membership.person_id])  # type: ignore[attr-defined]
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        end_membership(
            membership=membership, reason=form.cleaned_data["reason"],
            by=request.visitor.actor(),  # type: ignore[attr-defined]
        )  # fmt: skip
        messages.success(request, _("The membership is taken back."))
        return HttpResponseRedirect(reverse("office-members"))
    return render(
        request, "office/member_end.html", {"form": form, "membership": membership},
        status=422 if form.errors else 200,
    )  # fmt: skip


@official(Role.OPERATOR, Role.ADMINISTRATOR, shows=DataKind.REQUESTS)
def requests(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, the oldest first; by basis where one is chosen."""
    community = request.place.community  # type: ignore[attr-defined]
    counts = waiting_by_basis(community)
    basis = request.GET.get("basis", "")
    basis = basis if basis in counts else ""
    tabs = [
        ("", _("all"), sum(counts.values())),
        *((code, basis_name(code), n) for code, n in counts.items()),
    ]
    waiting = list(waiting_requests(community, basis)[:SHOWN_REQUESTS])
    decided = decided_requests(community)
    request.shown.about([each.person_id for each in (*waiting, *decided)])  # type: ignore[attr-defined]
    return render(
        request,
        "office/member_requests.html",
        {"waiting": waiting, "tabs": tabs, "basis": basis, "decided": decided},
    )  # fmt: skip


@official(Role.OPERATOR, Role.ADMINISTRATOR, shows=DataKind.REQUESTS)
def request_page(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One request with its files and what the contests accept: grant it, or refuse with a reason."""
    community = request.place.community  # type: ignore[attr-defined]
    proof = request_in(community, reference)
    if proof is None:
        raise Http404(reference)
    request.shown.about([proof.person_id])  # type: ignore[attr-defined]
    act = request.POST.get("act", "")
    grant = GrantForm(request.POST if act == "grant" else None, prefix="grant")
    refuse = ReasonForm(request.POST if act == "refuse" else None, prefix="refuse")
    form = {"grant": grant, "refuse": refuse}.get(act)
    if form is not None and form.is_valid() and (said := _decide(request, proof, form, act)):
        messages.success(request, said)
        return HttpResponseRedirect(reverse("office-requests"))
    running = [each for each in contests_of(community) if getattr(each, "publication", None) is None]
    return render(
        request,
        "office/member_request.html",
        {
            "proof": proof, "grant": grant, "refuse": refuse, "evidence": evidence_names([proof.evidence]),
            "contests": [(contest.name, accepted_here(contest, proof.basis)) for contest in running],
            "earlier": [each for each in requests_of(proof.person, community) if not each.is_waiting],
            "is_own": proof.person_id == request.visitor.person.id,  # type: ignore[attr-defined]
        },
        status=422 if grant.errors or refuse.errors else 200,
    )  # fmt: skip


def _decide(request: HttpRequest, proof: ProofRequest, form: Form, act: str) -> str:
    """Do what was pressed; what to say, empty where the form has faults. Refused: already_decided and the like."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    try:
        if act == "grant":
            grant_request(request=proof, ends_on=form.cleaned_data["ends_on"], by=by)
            return _("Granted: the person may take part with this basis now.")
        refuse_request(request=proof, reason=form.cleaned_data["reason"], by=by)
        return _("Refused: the person sees the reason.")
    except Refused as refused:
        if refused.status != 422:
            raise
        refuse_form(form, refused)
        return ""


@official(Role.OPERATOR, Role.ADMINISTRATOR, shows=DataKind.PROOFS)
def request_file(request: HttpRequest, reference: UUID, file: UUID) -> HttpResponse:
    """One file of a request, to be saved and never shown in the page."""
    row = file_in(request.place.community, reference, file)  # type: ignore[attr-defined]
    content = shown_file(row) if row is not None else None
    if row is None or content is None:
        raise Http404(file)
    request.shown.about([row.request.person_id])  # type: ignore[attr-defined]
    response = HttpResponse(content, content_type=row.content_type)
    ending = {"application/pdf": "pdf", "image/webp": "webp"}[row.content_type]
    response["Content-Disposition"] = f'attachment; filename="{row.id.hex[-8:]}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@official(Role.ADMINISTRATOR, shows=NOTHING)
def register(request: HttpRequest) -> HttpResponse:
    """Upload the register, look at what would change, confirm or discard; the versions so far."""
    community = request.place.community  # type: ignore[attr-defined]
    by = request.visitor.actor()  # type: ignore[attr-defined]
    act = request.POST.get("act", "")
    form = RegisterForm(request.POST, request.FILES) if act == "upload" else RegisterForm()
    preview = None
    if act == "apply":
        done = import_register(community=community, digest=request.POST.get("digest", ""), by=by)
        messages.success(request, _("Version %d of the register is in force.") % (done.number or 0))
        return HttpResponseRedirect(reverse("office-register"))
    if act == "discard":
        discard_register(community=community, by=by)
        return HttpResponseRedirect(reverse("office-register"))
    if act == "upload" and form.is_valid():
        try:
            preview = prepare_register(community=community, content=form.cleaned_data["file"].read(), by=by)
            if not preview.faults:
                return HttpResponseRedirect(reverse("office-register"))
        except Refused as refused:
            refuse_form(form, refused)
    faults = preview.faults if preview else []
    return render(
        request,
        "office/member_register.html",
        {
            "form": form, "preview": preview, "draft": draft_register(community),
            "current": current_register(community), "versions": register_versions(community),
            "found": register_members(community), "more": max(0, len(faults) - SHOWN_FAULTS),
            "faults": [(fault.row, ROW_FAULTS[fault.reason]) for fault in faults[:SHOWN_FAULTS]],
        },
        status=422 if form.errors or faults else 200,
    )  # fmt: skip


@official(Role.ADMINISTRATOR, shows=NOTHING)
def register_key(request: HttpRequest) -> HttpResponse:
    """The community's own key, by which it hashes its register; given out for a button pressed, not for a link."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("office-register"))
    community = request.place.community  # type: ignore[attr-defined]
    return _download(register_key_text(community, by=request.visitor.actor()), "register.key")  # type: ignore[attr-defined]


@official(Role.ADMINISTRATOR, shows=NOTHING)
def register_tool(request: HttpRequest) -> HttpResponse:
    """The one file that hashes a register, to be run by the community itself."""
    return _download(register_tool_text(), "register.py")


def _download(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
