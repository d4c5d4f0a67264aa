"""A contest's beginning and its dates."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rulebook.calendar import Window
from rulebook.presets import UnknownPreset, preset, presets
from viche.communities.models import Community
from viche.contests.actions import (
    create_contest,
    discard_contest,
    findings,
    reschedule_contest,
    schedule_stamp,
)
from viche.contests.models import Contest
from viche.contests.planning import moved_schedule, suggested_schedule
from viche.contests.queries import contest_at, contests_of
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.forms.contest import NewContestForm, ScheduleForm, show_refusal
from viche.office.views.rules import frame, worked_on
from viche.portal.guards import in_contest, official
from viche.portal.plan import plan_rows


def _bases(community: Community) -> list[tuple[str, Any]]:
    """Own earlier contests first, then the presets by name."""
    own = [(f"contest:{each.slug}", each.name) for each in contests_of(community) if not each.origin]
    language = (get_language() or "uk")[:2]
    ready = sorted((each.title.get(language), f"preset:{each.id}") for each in presets())
    groups: list[tuple[str, Any]] = [
        (_("Regulations of communities"), [(value, title) for title, value in ready])
    ]
    return [(_("Your own contests"), own), *groups] if own else groups


@official(Role.ADMINISTRATOR, shows=NOTHING)
def new_contest(request: HttpRequest) -> HttpResponse:
    """Begin a contest: its name, the rules to start from, the first day. Everything can be changed afterwards."""
    community = request.place.community  # type: ignore[attr-defined]
    form = NewContestForm(request.POST or None, bases=_bases(community))
    if request.method == "POST" and form.is_valid():
        try:
            made = _begun(community, form, request.visitor.actor())  # type: ignore[attr-defined]
        except Refused as refused:
            if refused.status not in {409, 422}:
                raise
            fields = refused.fields or ({"slug": refused.message} if refused.code == "contest_exists" else {})
            show_refusal(form, fields, str(refused.message))
        else:
            messages.success(
                request, _("The contest is prepared as a draft: go through its rules and dates.")
            )
            return HttpResponseRedirect(reverse("office-rules", args=[made.slug]))
    return render(
        request,
        "office/new_contest.html",
        {"form": form, "presets": [_preset_facts(each.id) for each in presets()]},
        status=422 if form.errors else 200,
    )


def _preset_facts(preset_id: str) -> dict[str, Any]:
    """What one sees of a preset before choosing it."""
    found = preset(preset_id)
    language = (get_language() or "uk")[:2]
    rules = found.rules
    return {
        "id": found.id, "title": found.title.get(language), "source": found.source,
        "notes": [note.get(language) for note in found.notes],
        "money": rules.total or sum(pot.amount for pot in rules.pots),
        "classes": [each.name.get(language) for each in rules.size_classes],
        "choices": rules.ballot.choice_limit,
    }  # fmt: skip


def _begun(community: Community, form: NewContestForm, by: Any) -> Contest:
    data = form.cleaned_data
    kind, _colon, key = data["base"].partition(":")
    schedule: list[Window]
    if kind == "contest":
        earlier = contest_at(community, key)
        if earlier is None:
            raise Refused(
                "unknown_base",
                _("Choose the rules to start from."),
                fields={"base": _("Choose the rules to start from.")},
                status=422,
            )
        rules = earlier.rules
        schedule = moved_schedule(earlier.schedule, data["first_day"])
        document = {**rules.as_document(), "title": form.title}
    else:
        try:
            rules = preset(key).rules
        except UnknownPreset:
            raise Refused(
                "unknown_base",
                _("Choose the rules to start from."),
                fields={"base": _("Choose the rules to start from.")},
                status=422,
            ) from None
        schedule = suggested_schedule(rules, data["first_day"])
        # the preset is a beginning: the regulation and its decision are the council's own
        document = {**rules.as_document(), "title": form.title, "source": ""}
    return create_contest(
        community=community, slug=data["slug"].strip() or str(data["year"]), year=data["year"], title=form.title,
        rules=document, schedule=schedule, by=by, note=data["base"],
    )  # fmt: skip


@official(shows=NOTHING)
@in_contest
def schedule(request: HttpRequest, contest: Contest) -> HttpResponse:
    """First and last day of each phase, and the dates that follow from the rules, on one line of time."""
    form = ScheduleForm(
        request.POST if request.POST.get("act") == "dates" else None, schedule=contest.schedule
    )
    stamp = request.POST.get("stamp") or schedule_stamp(contest.schedule)
    if request.method == "POST":
        by = request.visitor.actor()  # type: ignore[attr-defined]
        if request.POST.get("act") == "discard":
            discard_contest(contest=contest, by=by)
            messages.success(request, _("The contest is taken back."))
            return HttpResponseRedirect(reverse("office"))
        if form.is_valid():
            try:
                reschedule_contest(contest=contest, schedule=form.schedule(), stamp=stamp, by=by)
            except Refused as refused:
                if refused.code not in {"bad_schedule", "changed_meanwhile"}:
                    raise
                show_refusal(form, {}, str(refused.message))
                stamp = schedule_stamp(contest.schedule)
            else:
                messages.success(request, _("The dates are saved."))
                return HttpResponseRedirect(reverse("office-schedule", args=[contest.slug]))
    rules = worked_on(contest).rules
    return render(
        request,
        "office/schedule.html",
        {
            **frame(request, contest, "schedule"), "form": form, "groups": form.groups(), "stamp": stamp,
            "plan": plan_rows(rules, contest.schedule),
            "found": [each for each in findings(contest, rules) if each.path == "/schedule"],
            "may_schedule": Role.ADMINISTRATOR in request.visitor.roles,  # type: ignore[attr-defined]
        },
        status=422 if form.errors else 200,
    )  # fmt: skip
