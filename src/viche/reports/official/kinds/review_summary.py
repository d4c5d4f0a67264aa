"""The summary of the review: what was submitted, admitted, returned, refused and why; appeals; how long it took.

Projects that were never published are counted, not named.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.contests.models import Contest
from viche.projects.checking import FORM_CHECKS
from viche.projects.models import CheckDecision, Project, State
from viche.reports.document import Document, Heading, Paragraph, Part, Shown
from viche.reports.figure import DATE, DAYS, MONEY, TEXT, WORD, Column, Figure, Row
from viche.reports.measures.measure import median
from viche.reports.official.kind import PDF, WORKBOOK, Kind
from viche.reports.official.tables import day_of, days_between, document_of, numbered, table
from viche.reports.queries import figures_of
from viche.review.models import Appeal, Assignment, Decision, Reply
from viche.review.queries import appeals_in, meetings_of, stages_of
from viche.review.wording import stage_name

PROJECTS = Column("projects", gettext_lazy("Projects"))
Verdict = Decision.Verdict


def is_ready(contest: Contest) -> str:
    """Once a project is submitted."""
    if Project.objects.filter(contest=contest, number__gt=0).exists():
        return ""
    return _("No project is submitted yet.")


def build(contest: Contest) -> Document:
    projects = list(Project.objects.filter(contest=contest, number__gt=0).order_by("number"))
    made = list(
        Decision.objects.filter(project__contest=contest)
        .select_related("project")
        .order_by("decided_at", "id")
    )
    appeals = list(appeals_in(contest).order_by("project__number", "filed_at"))
    parts: list[Part] = [
        Heading(_("What was submitted")), Shown(_states(contest, projects)),
        *(Shown(each) for each in figures_of(contest, ["course", "money-by-category", "money-by-size"])),
        Heading(_("Check of form")), *_checks(contest),
        Heading(_("Support")), *_support(contest),
        Heading(_("Decisions")), *_decisions(contest, made),
        Heading(_("Projects that were not admitted")), *_refusals(contest, projects, made),
        Heading(_("Opinions of departments")), *_departments(contest),
        Heading(_("Meetings of the commission")), *_meetings(contest),
        Heading(_("Appeals")), *_appeals(contest, appeals),
        Heading(_("How long the steps took")), *_times(contest, projects, made, appeals),
    ]  # fmt: skip
    return document_of(contest, _("Summary of the review"), parts)


def _states(contest: Contest, projects: Sequence[Project]) -> Figure:
    rows = [
        Row(state.value, (len(found), sum(each.cost for each in found)))
        for state in State
        if (found := [each for each in projects if each.state == state])
    ]
    return table(
        contest, "submitted-by-state", _("Submitted projects by their state"), _("State"),
        [PROJECTS, Column("cost", gettext_lazy("Cost"), MONEY)], rows,
        labels={state.value: str(state.label) for state in State}, summed=["projects", "cost"],
        about=_("Every submitted project, published or not, by its state today."),
    )  # fmt: skip


def _checks(contest: Contest) -> list[Part]:
    found = list(CheckDecision.objects.filter(project__contest=contest).values_list("verdict", "faults"))
    if not found:
        sentence = (
            _("The regulation asks for no check of form.")
            if contest.rules.submission.check is None
            else _("No project was checked.")
        )
        return [Paragraph(sentence)]
    verdicts = Counter(verdict for verdict, _faults in found)
    faults = Counter(code for _verdict, codes in found for code in codes)
    labels = {each.value: str(each.label) for each in CheckDecision.Verdict}
    column = Column("decisions", gettext_lazy("Decisions"))
    shown = table(
        contest, "form-checks", _("What the check of form decided"), _("Decision"), [column],
        [Row(code, (verdicts[code],)) for code in labels if verdicts[code]], labels=labels,
    )  # fmt: skip
    if not faults:
        return [Shown(shown)]
    why = table(
        contest, "form-faults", _("What was not in order"), _("Requirement"), [column],
        [Row(code, (faults[code],)) for code in FORM_CHECKS if faults[code]],
        labels={code: str(text) for code, text in FORM_CHECKS.items()},
    )  # fmt: skip
    return [Shown(shown), Shown(why)]


def _support(contest: Contest) -> list[Part]:
    if contest.rules.support is None:
        return [Paragraph(_("The regulation asks for no signatures of support."))]
    found = figures_of(contest, ["signatures-by-day"])
    return [Shown(each) for each in found] or [Paragraph(_("No signature was given."))]


def _decisions(contest: Contest, made: Sequence[Decision]) -> list[Part]:
    if not made:
        return [Paragraph(_("No decision of the review is on record here."))]
    stages = {stage.id: stage_name(stage) for stage in stages_of(contest)}
    number = Counter((each.stage, each.verdict) for each in made)
    order = [*stages, *sorted({each.stage for each in made} - set(stages))]
    rows, labels = [], {}
    for stage in order:
        for verdict in Verdict:
            if number[stage, verdict.value]:
                key = f"{stage or 'review'}/{verdict.value}"
                rows.append(Row(key, (number[stage, verdict.value],)))
                labels[key] = f"{stages.get(stage, stage)}: {verdict.label}"
    shown = table(
        contest, "decisions", _("Decisions of the review by stage"), _("Stage and decision"),
        [Column("decisions", gettext_lazy("Decisions"))], rows, labels=labels, summed=["decisions"],
        about=_("A project that was decided on several times counts each time."),
    )  # fmt: skip
    replies = Counter(
        Reply.objects.filter(project__contest=contest).order_by().values_list("kind", flat=True)
    )
    if not replies:
        return [Shown(shown)]
    labels = {each.value: str(each.label) for each in Reply.Kind}
    answers = table(
        contest, "replies", _("What authors answered"), _("Answer"), [Column("answers", gettext_lazy("Answers"))],
        [Row(kind, (replies[kind],)) for kind in labels if replies[kind]], labels=labels, summed=["answers"],
    )  # fmt: skip
    return [Shown(shown), Shown(answers)]


def _refusals(contest: Contest, projects: Sequence[Project], made: Sequence[Decision]) -> list[Part]:
    last = {each.project_id: each for each in made if each.verdict == Verdict.REJECT}
    refused = [each for each in projects if each.state in (State.REFUSED, State.APPEALED)]
    named = [each for each in refused if each.is_public]
    parts: list[Part] = []
    if len(named) < len(refused):
        hidden = table(
            contest, "refused-unpublished", _("Refused before the publication"), _("Projects"), [PROJECTS],
            [Row("unpublished", (len(refused) - len(named),))],
            labels={"unpublished": _("Refused by the check of form, never published")},
        )  # fmt: skip
        parts.append(Shown(hidden))
    if not named:
        return [*parts, Paragraph(_("No published project was refused."))]
    rows = [
        Row(
            each.code,
            (
                day_of(last[each.pk].decided_at) if each.pk in last else None,
                last[each.pk].protocol or None if each.pk in last else None,
                last[each.pk].reason or None if each.pk in last else None,
            ),
        )
        for each in named
    ]  # fmt: skip
    columns = (
        Column("day", gettext_lazy("Day"), DATE), Column("protocol", gettext_lazy("Protocol"), TEXT),
        Column("reason", gettext_lazy("Ground"), TEXT),
    )  # fmt: skip
    shown = table(
        contest, "refusals", _("Projects that were not admitted"), _("Project"), columns, rows,
        labels={each.code: numbered(each) for each in named},
        optional=["protocol"], about=_("The ground is that of the last refusal, as the project’s page shows it."),
    )  # fmt: skip
    return [*parts, Shown(shown)]


def _departments(contest: Contest) -> list[Part]:
    asked = Assignment.objects.filter(project__contest=contest).order_by("unit").prefetch_related("opinions")
    units: dict[str, list[Assignment]] = {}
    for each in asked:
        units.setdefault(each.unit, []).append(each)
    if not units:
        return [Paragraph(_("No department was asked for an opinion."))]
    rows = []
    for unit, mine in units.items():
        given = [first for each in mine if (first := _first_given(each)) is not None]
        days = [days_between(each.assigned_at, first) for each in mine if (first := _first_given(each))]
        late = sum(
            each.due_on is not None and (day_of(first) or "") > each.due_on.isoformat()
            for each in mine
            if (first := _first_given(each))
        )
        rows.append(Row(unit, (len(mine), len(given), late, median(days))))
    columns = (
        Column("asked", gettext_lazy("Asked")), Column("given", gettext_lazy("Opinions given")),
        Column("late", gettext_lazy("of them late")), Column("days", gettext_lazy("Days (median)"), DAYS),
    )  # fmt: skip
    shown = table(
        contest, "departments", _("Opinions of departments"), _("Department"), columns, rows,
        summed=["asked", "given", "late"],
    )  # fmt: skip
    return [Shown(shown)]


def _first_given(assignment: Assignment) -> datetime | None:
    """When a department first signed an opinion about the project; None where it has not."""
    return min(
        (each.given_at for each in assignment.opinions.all() if each.given_at is not None), default=None
    )


def _meetings(contest: Contest) -> list[Part]:
    held = list(
        meetings_of(contest).filter(closed_at__isnull=False).order_by("number").prefetch_related("items")
    )
    if not held:
        return [Paragraph(_("The commission held no meeting about this contest on the platform."))]
    rows = [
        Row(
            f"{each.year}/{each.number}",
            (
                day_of(each.closed_at), each.items.count(),
                sum(item.state == "adopted" for item in each.items.all()),
                sum(item.state != "adopted" for item in each.items.all()), each.digest,
            ),
        )
        for each in held
    ]  # fmt: skip
    columns = (
        Column("day", gettext_lazy("Day"), DATE), Column("items", gettext_lazy("Items of the agenda")),
        Column("adopted", gettext_lazy("Adopted")), Column("other", gettext_lazy("Not adopted or moved")),
        Column("digest", gettext_lazy("SHA-256 of the protocol"), TEXT),
    )  # fmt: skip
    shown = table(
        contest, "meetings", _("Meetings of the commission"), _("Meeting"), columns, rows,
        labels={row.key: _("No. %(number)s") % {"number": row.key} for row in rows},
        summed=["items", "adopted", "other"],
    )  # fmt: skip
    return [Shown(shown)]


def _appeals(contest: Contest, appeals: Sequence[Appeal]) -> list[Part]:
    if not appeals:
        sentence = (
            _("The regulation knows no appeal against a refusal.")
            if contest.rules.appeal is None
            else _("No appeal was filed.")
        )
        return [Paragraph(sentence)]
    columns = (
        Column("project", gettext_lazy("Project"), TEXT), Column("filed", gettext_lazy("Filed"), DATE),
        Column("decided", gettext_lazy("Decided"), DATE), Column("outcome", gettext_lazy("Outcome"), WORD),
        Column("answer", gettext_lazy("Ground"), TEXT),
    )  # fmt: skip
    rows = [
        Row(
            str(number),
            (
                numbered(each.project) if each.project.is_public else None, day_of(each.filed_at),
                day_of(each.decided_at), each.state, each.answer or None,
            ),
        )
        for number, each in enumerate(appeals, start=1)
    ]  # fmt: skip
    shown = table(
        contest, "appeals", _("Appeals and their outcomes"), _("No."), columns, rows,
        words={each.value: each.label for each in Appeal.State},
    )  # fmt: skip
    outcomes = Counter(each.state for each in appeals)
    by_outcome = table(
        contest, "appeals-by-outcome", _("Appeals by outcome"), _("Outcome"),
        [Column("appeals", gettext_lazy("Appeals"))],
        [Row(each.value, (outcomes[each.value],)) for each in Appeal.State],
        labels={each.value: str(each.label) for each in Appeal.State}, summed=["appeals"],
    )  # fmt: skip
    return [Shown(by_outcome), Shown(shown)]


def _times(
    contest: Contest, projects: Sequence[Project], made: Sequence[Decision], appeals: Sequence[Appeal]
) -> list[Part]:
    window = contest.window("review")
    checked = CheckDecision.objects.filter(project__contest=contest).values_list("project_id", flat=True)
    with_check = set(checked)
    check = [
        days_between(each.submitted_at, each.published_at)
        for each in projects
        if each.pk in with_check and each.submitted_at and each.published_at
    ]
    first: dict[object, Decision] = {}
    last: dict[object, Decision] = {}
    for each in made:
        first.setdefault(each.project_id, each)
        if each.verdict in (Verdict.ADMIT, Verdict.ADMIT_WITH_CORRECTION, Verdict.REJECT):
            last[each.project_id] = each
    starts = {
        each.pk: max(filter(None, (each.published_at or each.submitted_at, window and window.starts_at)))
        for each in projects
        if each.published_at or each.submitted_at
    }
    rows = [
        _time("check", check),
        _time("first", [days_between(starts[key], each.decided_at) for key, each in first.items() if key in starts]),
        _time("decision", [days_between(starts[key], each.decided_at) for key, each in last.items() if key in starts]),
        _time("author", _answer_days(contest, made)),
        _time("appeal", [days_between(each.filed_at, each.decided_at) for each in appeals if each.decided_at]),
    ]  # fmt: skip
    known = [row for row in rows if row is not None]
    if not known:
        return [Paragraph(_("No step of the review was taken here: there is no time to tell."))]
    columns = (
        Column("number", gettext_lazy("Cases")), Column("median", gettext_lazy("Days (median)"), DAYS),
        Column("longest", gettext_lazy("Days at most"), DAYS),
    )  # fmt: skip
    labels = {
        "check": _("From submission to publication"),
        "first": _("From the beginning of the review to the first decision"),
        "decision": _("From the beginning of the review to the decision that stands"),
        "author": _("From a return to the author’s answer"), "appeal": _("From an appeal to its decision"),
    }  # fmt: skip
    shown = table(
        contest, "review-times", _("How long the steps took"), _("Step"), columns, known, labels=labels,
        about=_("Calendar days in Kyiv; a project’s review begins with the phase, or when it was published later."),
    )  # fmt: skip
    return [Shown(shown)]


def _time(key: str, days: Sequence[int]) -> Row | None:
    return Row(key, (len(days), median(days), max(days))) if days else None


def _answer_days(contest: Contest, made: Sequence[Decision]) -> list[int]:
    """Days from each return or condition to the author's next answer."""
    asking = [each for each in made if each.verdict in (Verdict.RETURN, Verdict.ADMIT_WITH_CORRECTION)]
    found = []
    for each in Reply.objects.filter(project__contest=contest).exclude(kind=Reply.Kind.SILENT).order_by("at"):
        before = [one for one in asking if one.project_id == each.project_id and one.decided_at <= each.at]
        if before:
            found.append(days_between(before[-1].decided_at, each.at))
    return found


KIND = Kind(
    "review-summary", gettext_lazy("Summary of the review"),
    gettext_lazy(
        "For the commission and the council: what was submitted, admitted, returned and refused on which grounds, the"
        " appeals, and how long each step took."
    ),
    is_ready, build, forms=(PDF, WORKBOOK),
)  # fmt: skip
