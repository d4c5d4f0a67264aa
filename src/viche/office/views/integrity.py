"""The integrity desk: what looks wrong in a voting, its evidence, and what officials decide about it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.channels.paper.queries import late_stacks
from viche.communities.models import Territory
from viche.communities.queries import territories_coded
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, DataKind, Role
from viche.identity.queries import day_of, is_uuid
from viche.integrity.actions import check_voting, decide_signal, open_names, set_thresholds
from viche.integrity.events import rule_text
from viche.integrity.finding import age_on
from viche.integrity.models import Decision, Signal
from viche.integrity.queries import Evidence, desk_of, evidence_of, officials_named, signal_in, signals_of
from viche.integrity.thresholds import RULES, thresholds_with
from viche.integrity.wording import arithmetic, channel_text, label_of, method_text, subject_text
from viche.office.contest_tabs import contest_tabs
from viche.office.forms.integrity import TICKED, DecisionForm, NamesForm, ThresholdsForm
from viche.portal.guards import in_contest, official

PAGE = 100
WATCHING = (Role.ADMINISTRATOR, Role.COMMISSION)


@official(*WATCHING, shows=NOTHING)
@in_contest
def signals(request: HttpRequest, contest: Contest) -> HttpResponse:
    """All signals of the contest, open ones first; the rules look anew on demand."""
    if request.method == "POST":
        _check(request, contest)
        return HttpResponseRedirect(request.path)
    found = list(signals_of(contest))
    officials = officials_named({each.subject for each in found})
    rows = [{**_facts(each, officials), "signal": each, "decision": _latest(each)} for each in found]
    return render(
        request,
        "office/integrity.html",
        {
            "contest": contest, "tabs": contest_tabs(contest, "integrity"), "desk": desk_of(contest),
            "open": [row for row in rows if row["signal"].state == Signal.State.OPEN],
            "decided": [row for row in rows if row["signal"].state != Signal.State.OPEN],
            "rules": [(rule.title, rule.about) for rule in RULES.values()], "late_paper": len(late_stacks(contest)),
        },
    )  # fmt: skip


def _check(request: HttpRequest, contest: Contest) -> None:
    raised = check_voting(contest=contest, by=request.visitor.actor())  # type: ignore[attr-defined]
    found = ngettext("%(n)d signal is new or open again.", "%(n)d signals are new or open again.", raised)
    messages.success(request, found % {"n": raised} if raised else _("The rules found nothing new."))


def _facts(signal: Signal, officials: dict[str, str]) -> dict[str, Any]:
    about = RULES[signal.rule].about if signal.rule in RULES else ""
    return {
        "title": rule_text(signal.rule), "about": about, "subject": subject_text(signal, officials),
        "reasons": arithmetic(signal),
    }  # fmt: skip


def _latest(signal: Signal) -> Decision | None:
    return next(iter(signal.decisions.all()), None)


@official(*WATCHING, shows=DataKind.VOTES)
@in_contest
def signal(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """One signal: why it was raised, the votes it rests on, and the decision."""
    found = _signal_or_404(contest, reference)
    evidence = evidence_of(found)
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"seen": found.votes})  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid() and _decided(request, found, form):
        return HttpResponseRedirect(request.path)
    page = Paginator(evidence or [], PAGE).get_page(request.GET.get("page"))
    request.shown.about([], number=len(page))  # type: ignore[attr-defined]
    officials = officials_named(
        {found.subject} | {each.trace.operator for each in evidence or [] if each.trace.operator}
    )
    return render(
        request,
        "office/integrity_signal.html",
        {
            "contest": contest, "signal": found, **_facts(found, officials), "form": form, "page": page,
            "rows": _rows(page, officials, set(request.POST.getlist("mark"))), "is_readable": evidence is not None,
            "has_desk": any(each.trace.operator or each.trace.point for each in page),
            "may_decide": found.state == Signal.State.OPEN and not request.reads_only,  # type: ignore[attr-defined]
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _signal_or_404(contest: Contest, reference: UUID) -> Signal:
    found = signal_in(contest, reference)
    if found is None:
        raise Http404(str(reference))
    return found


def _decided(request: HttpRequest, found: Signal, form: DecisionForm) -> bool:
    """False where the form has faults."""
    data = form.cleaned_data
    ticked = {UUID(each) for each in request.POST.getlist("mark") if is_uuid(each)}
    try:
        made = decide_signal(
            signal=found, outcome=data["outcome"], text=data["text"], seen=data["seen"], why=data["why"],
            marks=ticked if data["which"] == TICKED else None, by=request.visitor.actor(),  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as refused:
        if refused.status != 422:
            raise
        form.refuse(refused)
        return False
    if made.proposed:
        said = ngettext(
            "The decision is recorded. %(n)d vote is in quarantine until a second official decides.",
            "The decision is recorded. %(n)d votes are in quarantine until a second official decides.",
            made.proposed,
        )  # fmt: skip
        messages.success(request, said % {"n": made.proposed})
    else:
        messages.success(request, _("The decision is recorded."))
    return True


def _rows(page: Any, officials: dict[str, str], ticked: set[str]) -> list[dict[str, Any]]:
    """One line a vote: what is known around it, without a name."""
    places = territories_coded({each.trace.territory for each in page})
    return [
        {**_row(each, officials), "place": _place(places.get(each.trace.territory)), "number": number,
         "is_ticked": str(each.trace.mark) in ticked}
        for number, each in enumerate(page, start=page.start_index())
    ]  # fmt: skip


def _place(territory: Territory | None) -> str:
    return territory.full_name if territory is not None else ""


def _row(each: Evidence, officials: dict[str, str]) -> dict[str, Any]:
    trace = each.trace
    annulment = each.annulment
    return {
        "mark": str(trace.mark), "at": trace.at, "channel": channel_text(trace.channel),
        "network": label_of(trace.block), "device": label_of(trace.device),
        "age": age_on(trace.born, day_of(trace.at)) if trace.born else None,
        "method": method_text(trace.method) if trace.method else "", "issuer": trace.issuer,
        "operator": officials.get(trace.operator, ""), "point": trace.point or trace.terminal,
        "state": annulment.get_state_display() if annulment else "", "is_known": trace.is_known,
    }  # fmt: skip


@official(*WATCHING, shows=DataKind.VOTES)
@in_contest
def names(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """The people behind a signal's votes: opened with a reason that the journal publishes, shown once."""
    found = _signal_or_404(contest, reference)
    form = NamesForm(request.POST if request.method == "POST" else None)
    people: list[dict[str, Any]] | None = None
    if request.method == "POST" and form.is_valid():
        by = request.visitor.actor()  # type: ignore[attr-defined]
        behind = open_names(signal=found, text=form.cleaned_data["text"], by=by)
        people = [
            {"number": number, "at": each.trace.at, "person": behind.get(each.trace.mark)}
            for number, each in enumerate(evidence_of(found) or [], start=1)
        ]
        shown = [each["person"].pk for each in people if each["person"] is not None]
        request.shown.about(shown, number=len(people))  # type: ignore[attr-defined]
    else:
        request.shown.about([])  # type: ignore[attr-defined]
    officials = officials_named({found.subject})
    return render(
        request,
        "office/integrity_names.html",
        {"contest": contest, "signal": found, **_facts(found, officials), "form": form, "people": people},
        status=422 if form.errors else 200,
    )


@official(*WATCHING, shows=NOTHING)
@in_contest
def thresholds(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The numbers from which the rules speak up; the contest's own, over the defaults."""
    current = thresholds_with(desk_of(contest).thresholds)
    form = ThresholdsForm(request.POST if request.method == "POST" else None, current=current)
    if request.method == "POST" and form.is_valid():
        set_thresholds(contest=contest, values=form.values(), by=request.visitor.actor())  # type: ignore[attr-defined]
        messages.success(request, _("The thresholds are kept. The next look uses them."))
        return HttpResponseRedirect(reverse("office-integrity", args=[contest.slug]))
    return render(
        request,
        "office/integrity_thresholds.html",
        {"contest": contest, "form": form, "sections": form.sections(), "defaults": thresholds_with({})},
        status=422 if form.errors else 200,
    )
