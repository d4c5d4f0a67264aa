"""A rehearsal of the draft: an election under it and under the rules of now, side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rulebook.dossier import Dossier
from rulebook.presets import UnknownPreset, preset, presets
from rulebook.regulation import LANGUAGES
from rulebook.rehearsal import Comparison, Side, fate_text, figures, note_text, why
from rulebook.rules import Rules
from viche.contests.models import Contest
from viche.contests.places import rule_name
from viche.contests.queries import contest_at, contests_of, version_numbered, versions_of
from viche.foundation.fields import whole_number
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING
from viche.office.forms.contest import show_refusal
from viche.office.forms.rehearsal import FILE, INVENTED, RehearsalForm
from viche.office.rules_editor.stories import note_words
from viche.office.views.rules import frame, worked_on
from viche.portal.guards import in_contest, official
from viche.results.rehearsing import (
    election_of_file,
    invented_election,
    past_election,
    past_elections,
    rehearse,
)

SHOWN = 60
"""How many projects the page shows; those that fare otherwise come first."""


@official(shows=NOTHING)
@in_contest
def rehearsal(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Choose an election and the rules to compare with; see who would have won, and why not."""
    elections = [(f"contest:{each.slug}", each.name) for each in past_elections(contest.community)]
    form = RehearsalForm(
        request.POST or None, request.FILES or None, elections=elections, others=_others(contest)
    )
    shown: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            shown = _shown(contest, form)
        except Refused as refused:
            if refused.status != 422:
                raise
            show_refusal(form, refused.fields, str(refused.message))
    return render(
        request,
        "office/rehearsal.html",
        {**frame(request, contest, "rehearsal"), "form": form, "draft": worked_on(contest), **shown},
        status=422 if form.errors else 200,
    )


def _others(contest: Contest) -> list[tuple[str, Any]]:
    """What the draft may be compared with: where it began, what is in force, other contests, presets."""
    newest = worked_on(contest).number
    own = [
        (f"version:{each.number}", f"№ {each.number}: {note_words(each.note) or _('the first draft')}")
        for each in versions_of(contest)
        if each.number != newest and (each.frozen_at is not None or each.number == 1)
    ]
    others = [
        (f"contest:{each.slug}", each.name)
        for each in contests_of(contest.community)
        if each.pk != contest.pk
    ]
    language = (get_language() or "uk")[:2]
    ready = sorted((each.title.get(language), f"preset:{each.id}") for each in presets())
    groups = [
        (_("This contest"), own),
        (_("Your own contests"), others),
        (_("Regulations of communities"), [(value, title) for title, value in ready]),
    ]
    return [(name, choices) for name, choices in groups if choices]


def _rules_of(contest: Contest, chosen: str) -> Rules:
    kind, _colon, key = chosen.partition(":")
    if kind == "preset":
        try:
            return preset(key).rules
        except UnknownPreset:
            pass
    number = whole_number(key) if kind == "version" else None
    if number is not None and (version := version_numbered(contest, number)) is not None:
        return version.rules
    if kind == "contest" and (other := contest_at(contest.community, key)) is not None:
        return other.rules
    message = _("Choose the rules to compare with.")
    raise Refused("no_rules", message, fields={"against": message}, status=422)


def _election(contest: Contest, form: RehearsalForm, rules: Rules) -> Dossier:
    data = form.cleaned_data
    if data["election"] == FILE:
        return election_of_file(data["file"].read())
    if data["election"] == INVENTED:
        return invented_election(
            rules, projects=data["projects"] or 60, voters=data["voters"] or 2000, seed=data["seed"] or 1
        )
    return past_election(contest.community, data["election"].partition(":")[2])


def _shown(contest: Contest, form: RehearsalForm) -> dict[str, Any]:
    new, now = worked_on(contest).rules, _rules_of(contest, form.cleaned_data["against"])
    election = _election(contest, form, new)
    compared = rehearse(now=now, new=new, election=election, scale_pots=form.cleaned_data["scale_pots"])
    language = (get_language() or "uk")[:2]
    language = language if language in LANGUAGES else "uk"
    # what fares otherwise is what one came for
    fates = sorted(compared.fates, key=lambda fate: not fate.differs)
    return {
        "compared": compared,
        "figures": figures(compared, language),
        "voters": compared.new.got.voters,
        "sides": [
            _side(_("Compared with"), now, compared.now, compared, language),
            _side(_("The draft"), new, compared.new, compared, language),
        ],
        "fates": [
            {
                "name": fate.name or fate.project, "cost": fate.cost, "votes": fate.votes, "differs": fate.differs,
                "now": fate_text(fate.now, language, in_part=0 < fate.now_amount < fate.cost),
                "new": fate_text(fate.new, language, in_part=0 < fate.new_amount < fate.cost),
                "now_won": fate.now == "won", "new_won": fate.new == "won",
                "why_now": why(compared.now, fate.project, language),
                "why_new": why(compared.new, fate.project, language),
            }
            for fate in fates[:SHOWN]
        ],
        "differing": len(compared.differing), "number": len(fates), "hidden": max(len(fates) - SHOWN, 0),
        "currency": compared.currency,
    }  # fmt: skip


def _side(title: str, rules: Rules, side: Side, compared: Comparison, language: str) -> dict[str, Any]:
    scale = side.dossier.scale
    return {
        "title": title,
        "rule": rule_name(rules.counting.rule),
        "notes": [note_text(each, language, scale=scale, currency=compared.currency) for each in side.notes],
        "issues": [note_text(each, language, scale=scale, currency=compared.currency) for each in side.issues],
        "pots": [{"name": each.name.get(language), "amount": each.amount, "spent": each.spent, "left": each.left,
                  "winners": each.winners, "projects": each.projects} for each in side.pots],
    }  # fmt: skip
