"""Reads of the projects room."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Greatest, TruncDate

from viche.contests.models import Contest, PhaseWindow
from viche.foundation import clock
from viche.identity.models import Person
from viche.projects.filters import Filters as Filters
from viche.projects.finding import filtered, ordered
from viche.projects.models import (
    Attachment,
    CheckDecision,
    Project,
    SheetEntry,
    Signature,
    State,
    SupportSheet,
    TeamMember,
)
from viche.projects.search import question_of
from viche.projects.sheets import Line, compared_lines


def public_projects(contest: Contest) -> QuerySet[Project]:
    return (
        Project.objects.filter(contest=contest, published_at__isnull=False)
        .select_related("territory")
        .prefetch_related("pictures")
        .defer("search", "search_head")
    )


def found_projects(contest: Contest, filters: Filters) -> QuerySet[Project]:
    """The public projects that fit the filters, in the order asked for (finding.ordered); no word is corrected."""
    projects = filtered(public_projects(contest), filters)
    question = question_of(filters.text, is_exact=filters.is_exact) if filters.text else None
    if question is not None:
        projects = projects.filter(search=question.query)
    elif filters.text:
        return projects.none()
    return ordered(projects, filters, question)


def admitted_projects(contest: Contest) -> QuerySet[Project]:
    """What a ballot may name, also after the count: admitted, and what became of them."""
    return (
        Project.objects.filter(
            contest=contest,
            state__in=VOTED_ON,
        )
        .select_related("territory")
        .prefetch_related("pictures")
        .order_by("number")
    )


def ballot_codes(contest: Contest) -> list[str]:
    """Codes of the projects that a ballot may name."""
    found = Project.objects.filter(contest=contest, state__in=VOTED_ON)
    return list(found.order_by().values_list("code", flat=True))


def figures(contest: Contest) -> dict[str, Any]:
    """Counts and sums of the contest's public projects (kopiykas), with counts by state."""
    public = Project.objects.filter(contest=contest, published_at__isnull=False)
    totals = public.aggregate(number=Count("id"), cost=Sum("cost"))
    by_state = dict(public.values_list("state").annotate(number=Count("id")).order_by())
    return {"number": totals["number"], "cost": totals["cost"] or 0, "by_state": by_state}


def states_of(contest: Contest) -> dict[str, int]:
    """Counts by state of everything that was submitted, published or not."""
    submitted = Project.objects.filter(contest=contest, number__gt=0)
    return dict(submitted.values_list("state").annotate(number=Count("id")).order_by())


WINNERS = (State.FUNDED, State.IN_PROGRESS, State.IMPLEMENTED, State.CANCELLED)
VOTED_ON = (State.ADMITTED, State.NOT_FUNDED, *WINNERS)


def numbers_of(contests: Collection[Contest]) -> dict[UUID, tuple[int, int]]:
    """Of each contest: how many public projects it has, and how many of them have won. One query."""
    rows = (
        Project.objects.filter(contest__in=contests, published_at__isnull=False)
        .values_list("contest_id")
        .annotate(number=Count("id"), winners=Count("id", filter=Q(state__in=WINNERS)))
        .order_by()
    )
    return {contest: (number, winners) for contest, number, winners in rows}


def project_ids(contest: Contest) -> list[UUID]:
    """Ids of the contest's public projects, as the journal names them."""
    found = Project.objects.filter(contest=contest, published_at__isnull=False).order_by("number")
    return list(found.values_list("pk", flat=True))


def located_projects(contest: Contest) -> list[tuple[int, str, Decimal, Decimal]]:
    """(number, title, latitude, longitude) of the public projects that have a place, 600 at most."""
    return list(
        Project.objects.filter(
            contest=contest, published_at__isnull=False, latitude__isnull=False, longitude__isnull=False
        )
        .order_by("number")
        .values_list("number", "title", "latitude", "longitude")[:600]
    )


def centres_of(contest: Contest) -> dict[str, tuple[Decimal, Decimal]]:
    """By code of a territory the middle (latitude, longitude) of the public projects that have a place in it."""
    rows = Project.objects.filter(
        contest=contest, published_at__isnull=False, latitude__isnull=False, longitude__isnull=False
    ).order_by()
    middles = rows.values_list("territory").annotate(north=Avg("latitude"), east=Avg("longitude"))
    return {code: (north, east) for code, north, east in middles}


def projects_by(person: Person) -> QuerySet[Project]:
    """Everything the person has submitted, newest first."""
    return (
        Project.objects.filter(author=person)
        .select_related("contest__community__territory")
        .order_by("-submitted_at")
    )


def projects_past_term() -> list[Project]:
    """Projects whose term has ended with nobody doing anything: of the check of form, or of collecting support."""
    now = clock.now()
    ended = PhaseWindow.objects.filter(contest=OuterRef("contest"), phase="support", ends_at__lte=now)
    return list(
        Project.objects.filter(
            Q(state=State.CHECKING, check_until__lte=now)
            | Q(state=State.SIGNING, support_until__lte=now)
            | (Q(state=State.SIGNING, support_until__isnull=True) & Exists(ended))
        )
        .filter(community__archived_at__isnull=True)
        .select_related("contest__community__territory")
        .order_by("contest", "number")
    )


def projects_in_check(contest: Contest) -> list[Project]:
    """What waits for the check of form: what is late first, then by the end of the term, then by submission."""
    return list(
        Project.objects.filter(contest=contest, state=State.CHECKING)
        .select_related("territory")
        .order_by(F("check_until").asc(nulls_last=True), "state_at", "number")
    )


def checks_of(project: Project) -> list[CheckDecision]:
    """What the check of form said of the project, the latest first."""
    return list(project.checks.select_related("decided_by").order_by("-decided_at", "-id"))


def project_in(contest: Contest, number: int) -> Project | None:
    """A submitted project of the contest, published or not: for its officials."""
    return (
        Project.objects.filter(contest=contest, number=number, number__gt=0)
        .select_related("territory", "author")
        .prefetch_related("pictures")
        .first()
    )


def unpublished_project(contest: Contest, reference: UUID, person: Person) -> Project | None:
    """A project of the contest that the person writes, by its id; published or not."""
    written = Q(author=person) | Q(
        Exists(
            TeamMember.objects.filter(project=OuterRef("pk"), person=person, state=TeamMember.State.CONFIRMED)
        )
    )
    return (
        Project.objects.filter(written, contest=contest, pk=reference)
        .select_related("territory")
        .prefetch_related("pictures")
        .first()
    )


def signatures_by(person: Person) -> list[Signature]:
    """What the person has signed, the latest first, withdrawn ones left out."""
    return list(
        Signature.objects.filter(person=person, withdrawn_at__isnull=True)
        .select_related("project", "contest__community__territory")
        .order_by("-signed_at")
    )


def signatures_of(project: Project) -> QuerySet[Signature]:
    """The standing signatures of a project, in their order, with who gave them."""
    return (
        Signature.objects.filter(project=project, withdrawn_at__isnull=True)
        .select_related("person")
        .order_by("ordinal")
    )


def signatures_by_day(project: Project) -> list[tuple[date, int]]:
    """(day in Kyiv, standing signatures given on it), every day from the first to the last one that has any."""
    rows = (
        Signature.objects.filter(project=project, withdrawn_at__isnull=True)
        .annotate(day=TruncDate("signed_at", tzinfo=clock.KYIV))
        .values_list("day")
        .annotate(number=Count("id"))
        .order_by("day")
    )
    found = dict(rows)
    if not found:
        return []
    first, last = min(found), max(found)
    days = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    return [(day, found.get(day, 0)) for day in days]


def project_numbered(contest: Contest, number: int) -> Project | None:
    return public_projects(contest).filter(number=number).first()


def sheets_of(contest: Contest) -> list[SupportSheet]:
    """The sheets of signatures of a contest, open ones first, the oldest first among them."""
    return list(
        SupportSheet.objects.filter(contest=contest)
        .select_related("project", "first_by", "second_by", "received_by")
        .order_by(F("closed_at").desc(nulls_first=True), "number")
    )


def sheet_in(contest: Contest, reference: UUID) -> SupportSheet | None:
    """One sheet of the contest by its id."""
    return (
        SupportSheet.objects.filter(contest=contest, pk=reference)
        .select_related(
            "project__contest__community__territory", "project__territory", "first_by", "second_by"
        )
        .first()
    )


def entries_by(sheet: SupportSheet, turn: int) -> list[SheetEntry]:
    """What was entered in one turn, by line."""
    return list(sheet.entries.filter(turn=turn).select_related("territory").order_by("line"))


def lines_of(sheet: SupportSheet) -> list[Line]:
    """The lines of a sheet that was entered twice, each with what counts of it."""
    entries = sheet.entries.select_related("territory")
    return compared_lines(sheet, entries, list(sheet.choices.select_related("chosen_by")))


def supported_projects(contest: Contest) -> list[Project]:
    """Every project that collects or has collected support, with how its signatures came: ``online``, ``paper``."""
    stands = Q(signatures__withdrawn_at__isnull=True)
    return list(
        Project.objects.filter(contest=contest, published_at__isnull=False)
        .annotate(
            online=Count("signatures", filter=stands & ~Q(signatures__way="paper")),
            paper=Count("signatures", filter=stands & Q(signatures__way="paper")),
        )
        .order_by("number")
    )


def operators_of(contest: Contest) -> list[dict[str, Any]]:
    """Of each operator: the sheets entered first and second, the lines of them, the sheets closed."""
    found: dict[Any, dict[str, Any]] = {}
    for sheet in SupportSheet.objects.filter(contest=contest, discarded="").select_related(
        "first_by", "second_by", "closed_by"
    ):
        for name, person, done in (
            ("first", sheet.first_by, sheet.first_at),
            ("second", sheet.second_by, sheet.second_at),
            ("closed", sheet.closed_by, sheet.closed_at),
        ):
            if person is None or done is None:
                continue
            row = found.setdefault(
                person.pk, {"person": person, "first": 0, "second": 0, "closed": 0, "lines": 0}
            )
            row[name] += 1
            row["lines"] += 0 if name == "closed" else sheet.lines
    return sorted(found.values(), key=lambda row: -row["lines"])


def places_around(project: Project) -> list[tuple[Decimal, Decimal, str]]:
    """(latitude, longitude, title) of public projects of the same body, newest first, 300 at most; not this one."""
    return list(
        Project.objects.filter(
            community=project.community_id,
            published_at__isnull=False,
            latitude__isnull=False,
            longitude__isnull=False,
        )
        .exclude(pk=project.pk)
        .order_by("-published_at")
        .values_list("latitude", "longitude", "title")[:300]
    )


def projects_written_by(person: Person, contest: Contest) -> QuerySet[Project]:
    """What the person writes in the contest: their own drafts and projects, and those of teams they belong to."""
    return (
        Project.objects.filter(contest=contest)
        .filter(Q(author=person) | Q(team__person=person, team__state="confirmed"))
        .select_related("contest__community__territory", "territory")
        .order_by("number", "-saved_at")
        .distinct()
    )


def attachment_in(contest: Contest, reference: UUID) -> Attachment | None:
    """A document of a project of the contest, with the project."""
    return (
        Attachment.objects.filter(pk=reference, project__contest=contest)
        .select_related("project__contest__community")
        .first()
    )


def project_changes(contest: Contest, most: int) -> list[tuple[int, datetime]]:
    """(number, when it changed last) of the contest's public projects, in their order."""
    rows = Project.objects.filter(contest=contest, published_at__isnull=False).order_by("number")
    found = rows.annotate(changed=Greatest("published_at", "state_at", "saved_at")).values_list(
        "number", "changed"
    )
    return list(found[:most])
