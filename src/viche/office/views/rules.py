"""The editor of a contest's rules: sections as forms, what contradicts itself, the text as it will read."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from rulebook.regulation import LANGUAGES, text
from rulebook.rules import Rules, differences, parse
from viche.ballots.actions import not_yet_possible
from viche.channels.booth.page import preview_context
from viche.communities.queries import areas_of
from viche.contests.actions import (
    EditedMeanwhile,
    Finding,
    discard_draft,
    findings,
    parsed_rules,
    revise_rules,
)
from viche.contests.models import Contest, Proposal, RulesVersion
from viche.contests.places import change_words, value_words
from viche.contests.queries import draft_of, open_proposals, version_numbered, versions_of
from viche.foundation.fields import whole_number
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.contest_tabs import contest_tabs
from viche.office.rules_editor.documents import Facts, SectionPage
from viche.office.rules_editor.sections import SECTIONS, section_of
from viche.office.rules_editor.stories import note_words
from viche.portal.guards import in_contest, official

EDITORS = (Role.ADMINISTRATOR, Role.EDITOR)
TEXT_OF = {"results": ("approval", "implementation", "publication")}
"""Which sections of the regulation's text a section of the editor writes, where not the one of its own name."""


def worked_on(contest: Contest) -> RulesVersion:
    """The version the editor shows: the newest draft, else what is in force."""
    return draft_of(contest) or contest.rules_version


def may_edit(request: HttpRequest) -> bool:
    return bool(request.visitor.roles & set(EDITORS))  # type: ignore[attr-defined]


def frame(request: HttpRequest, contest: Contest, tab: str) -> dict[str, Any]:
    """What every page of a contest's rules shows around its content."""
    return {
        "contest": contest,
        "tabs": contest_tabs(contest, tab),
        "may_edit": may_edit(request),
        "proposals": open_proposals(contest),
    }


@official(shows=NOTHING)
@in_contest
def overview(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The sections with what is wrong in each, who changed what last, and the ways on."""
    if request.method == "POST":
        return _discard(request, contest)
    version = worked_on(contest)
    rules = version.rules
    found = findings(contest, rules)
    # what the platform cannot carry out yet is about the ballot
    found += [Finding("/ballot", "not_yet_possible", said, False) for said in not_yet_possible(rules)]
    sections = []
    for name, section in SECTIONS.items():
        own = [each for each in found if section_of(each.path) == name]
        sections.append(
            {
                "id": name, "title": section.title, "lead": section.lead,
                "issues": [each.text for each in own if not each.is_warning],
                "warnings": [each.text for each in own if each.is_warning],
            }
        )  # fmt: skip
    in_force = contest.rules_version if contest.is_frozen else None
    changes = []
    if in_force is not None and in_force.number != version.number:
        changes = [
            change_words(each, in_force.rules, rules)
            for each in differences(in_force.document, version.document)
        ]
    return render(
        request,
        "office/rules.html",
        {
            **frame(request, contest, "rules"), "shown": version, "sections": sections, "in_force": in_force,
            "changes": changes, "versions": _told(versions_of(contest)[:12]),
            "schedule_issues": [each for each in found if each.path == "/schedule"],
            "number_of_issues": sum(not each.is_warning for each in found),
        },
    )  # fmt: skip


def _told(versions: list[RulesVersion]) -> list[dict[str, Any]]:
    formers: list[int | None] = [each.number for each in versions[1:]]
    return [
        {"version": each, "note": note_words(each.note), "former": former}
        for each, former in zip(versions, [*formers, None], strict=True)
    ]


def _discard(request: HttpRequest, contest: Contest) -> HttpResponse:
    if request.POST.get("act") != "discard":
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    discard_draft(contest=contest, by=request.visitor.actor())  # type: ignore[attr-defined]
    messages.success(
        request, _("The draft of the correction is forgotten: the rules in force stay as they are.")
    )
    return HttpResponseRedirect(reverse("office-rules", args=[contest.slug]))


@official(shows=NOTHING)
@in_contest
def section(request: HttpRequest, contest: Contest, name: str) -> HttpResponse:
    """One section as a form. Sent with htmx and "check" it is only looked at, not saved."""
    if name not in SECTIONS:
        raise Http404(name)
    version = worked_on(contest)
    facts = Facts(areas=[(area.code, area.full_name) for area in areas_of(contest.community.territory)])
    base, document = version.number, version.document
    if request.method == "POST" and (sent := whole_number(request.POST.get("base"))) is not None:
        base = sent
        # the form is read over the version it was made from
        former = version_numbered(contest, base)
        document = former.document if former is not None else document
    page = SECTIONS[name](request.POST or None, document=document, facts=facts)
    status = 200
    conflict: dict[str, Any] = {}
    if "check" in request.GET and request.headers.get("HX-Request"):
        return _checked(request, contest, page)
    if request.method == "POST":
        if "add" in request.POST:
            # another blank record, everything typed stays; nothing is saved and nothing is said to be wrong yet
            return _section_page(request, contest, page, base, version)
        answer = _saved(request, contest, page, base)
        if isinstance(answer, HttpResponse):
            return answer
        status, conflict = 422, answer
        if conflict:
            page = SECTIONS[name](None, document=conflict["document"], facts=facts)
            base, status = conflict["base"], 409
    return _section_page(request, contest, page, base, version, conflict=conflict, status=status)


def _section_page(
    request: HttpRequest, contest: Contest, page: SectionPage, base: int, version: RulesVersion, *,
    conflict: dict[str, Any] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    rules: Rules | None = None
    if request.method != "POST":
        rules = version.rules
        own = [each for each in findings(contest, rules) if section_of(each.path) == page.id]
        page.show_problems((each.path, each.text) for each in own)
    names = list(SECTIONS)
    place = names.index(page.id)
    following = names[place + 1] if place + 1 < len(names) else ""
    return render(
        request,
        "office/rules_section.html",
        {
            **frame(request, contest, "rules"), "page": page, "base": base, "conflict": conflict or {},
            "waits": any(each.act != Proposal.Act.EXTEND for each in open_proposals(contest)),
            "errors": page.errors if request.method == "POST" and "add" not in request.POST and not conflict else [],
            "steps": [(SECTIONS[name].title, name, name == page.id) for name in names],
            "following": SECTIONS[following].title if following else "" if contest.is_frozen else _("Dates"),
            "text": clauses(rules, page.id, contest) if rules is not None else None,
        },
        status=status,
    )  # fmt: skip


def _saved(
    request: HttpRequest, contest: Contest, page: SectionPage, base: int
) -> HttpResponse | dict[str, Any]:
    """Save the section: a redirect; {} where the form has faults; what the other official did where both changed."""
    if not page.is_valid():
        return {}
    try:
        document = page.changed()
        rules = parsed_rules(document)
        version = revise_rules(
            contest=contest,
            base=base,
            document=document,
            note=page.id,
            by=request.visitor.actor(),  # type: ignore[attr-defined]
        )
    except EditedMeanwhile as meanwhile:
        return _conflict(meanwhile)
    except Refused as refused:
        if refused.code != "bad_rules":
            raise
        page.show_problems(
            ((path, str(line)) for path, lines in refused.fields.items() for line in lines), as_errors=True
        )
        return {}
    issues = [
        each for each in findings(contest, rules) if section_of(each.path) == page.id and not each.is_warning
    ]
    if issues:
        messages.warning(
            request,
            _("Saved as draft No. %d. Something in it contradicts itself: see below.") % version.number,
        )
    else:
        messages.success(request, _("Saved as draft No. %d.") % version.number)
    goes_on = request.POST.get("then") == "next" and not issues
    names = list(SECTIONS)
    place = names.index(page.id) + 1
    target = page.id if not goes_on else names[place] if place < len(names) else ""
    return HttpResponseRedirect(
        reverse("office-rules-section", args=[contest.slug, target])
        if target
        else reverse("office-rules" if contest.is_frozen else "office-schedule", args=[contest.slug])
    )


def _conflict(meanwhile: EditedMeanwhile) -> dict[str, Any]:
    """What both officials changed, with the values of each, and the document that holds this one's."""
    theirs, mine = meanwhile.latest.rules, parse(meanwhile.merged)

    def is_disputed(path: str) -> bool:
        return any(
            f"{path}/".startswith(f"{each}/") or f"{each}/".startswith(f"{path}/") for each in meanwhile.paths
        )

    lines = [
        {
            "place": change_words(each, theirs, mine)["place"],
            "theirs": value_words(each.path, each.before, theirs),
            "mine": value_words(each.path, each.after, mine),
        }
        for each in differences(meanwhile.latest.document, meanwhile.merged)
        if is_disputed(each.path)
    ]
    return {
        "document": meanwhile.merged,
        "base": meanwhile.latest.number,
        "latest": meanwhile.latest,
        "lines": lines,
    }


def _checked(request: HttpRequest, contest: Contest, page: SectionPage) -> HttpResponse:
    """The side of the form, for what is typed just now: contradictions and the text as it will read."""
    context: dict[str, Any] = {"contest": contest, "errors": [], "problems": [], "text": None}
    if not page.is_valid():
        context["errors"] = [message for _field, message in page.errors]
    else:
        try:
            rules = parsed_rules(page.changed())
        except Refused as refused:
            context["errors"] = [str(line) for lines in refused.fields.values() for line in lines]
        else:
            context["problems"] = [
                each for each in findings(contest, rules) if section_of(each.path) == page.id
            ]
            context["text"] = clauses(rules, page.id, contest)
    return render(request, "office/rules_check.html", context)


def clauses(rules: Rules, section: str, contest: Contest) -> list[Any]:
    """The sections of the regulation's text that a section of the editor writes, in the language of now."""
    language = (get_language() or "uk")[:2]
    regulation = text(rules, language if language in LANGUAGES else "uk", currency=contest.currency)
    wanted = TEXT_OF.get(section, (section,))
    return [each for each in regulation.sections if each.id in wanted]


@official(shows=NOTHING)
@in_contest
def regulation(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The regulation as readable text in one of the two languages, to be printed for the council."""
    language = request.GET.get("lang", "")
    language = language if language in LANGUAGES else (get_language() or "uk")[:2]
    version = worked_on(contest)
    if (asked := whole_number(request.GET.get("version"))) is not None:
        version = version_numbered(contest, asked) or version
    with override(language):
        document = text(version.rules, language, currency=contest.currency)
    return render(
        request,
        "office/rules_text.html",
        {
            **frame(request, contest, "rules"),
            "regulation": document,
            "shown": version,
            "language": language,
        },
    )


@official(shows=NOTHING)
@in_contest
def history(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Every saved version; two of them side by side."""
    versions = versions_of(contest)
    numbers = [each.number for each in versions]
    asked = [whole_number(request.GET.get(name)) for name in ("from", "to")]
    former, later = (each if each in numbers else None for each in asked)
    if former is None and len(numbers) > 1:
        former = numbers[1]
    later = later if later is not None else numbers[0]
    changes = []
    one = version_numbered(contest, former) if former is not None else None
    two = version_numbered(contest, later)
    if one is not None and two is not None:
        changes = [
            change_words(each, one.rules, two.rules) for each in differences(one.document, two.document)
        ]
    return render(
        request,
        "office/rules_history.html",
        {
            **frame(request, contest, "rules"),
            "versions": _told(versions),
            "one": one,
            "two": two,
            "changes": changes,
        },
    )


@official(shows=NOTHING)
@in_contest
def preview(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The ballot as a voter will meet it, with invented projects; nothing chosen here goes anywhere."""
    rules = worked_on(contest).rules
    return render(
        request,
        "office/ballot_preview.html",
        {**frame(request, contest, "rules"), "preview": preview_context(rules, currency=contest.currency)},
    )
