"""Departments' work: what is asked of whom, what is late, what is due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.identity.models import Person
from viche.projects.models import Project, State
from viche.review.models import (
    Assignment,
    Correction,
    Decision,
    MergeOffer,
    Opinion,
    OpinionFile,
    Question,
)
from viche.review.stages import Standing, standing_of


@dataclass(frozen=True)
class Row:
    """One project on the board of the review. due_on: the last day of what is waited for; late_days: 0 where none.

    waits_for: "decision", "author" (changes or an answer).
    """

    project: Project
    standing: Standing
    waits_for: str
    due_on: date | None
    late_days: int
    assignments: list[Assignment]
    open_questions: int


def board(contest: Contest, moment: datetime) -> list[Row]:
    """Projects under review with what each waits for: the most urgent first. A fixed number of queries."""
    projects = (
        Project.objects.filter(
            contest=contest, state__in=[State.IN_REVIEW, State.RETURNED, State.CONDITIONAL, State.APPEALED]
        )
        .select_related("territory")
        .prefetch_related(
            "decisions", "questions",
            Prefetch("assignments", Assignment.objects.select_related("office__person").exclude(state="ended")),
        )
        .order_by("number")
    )  # fmt: skip
    today = moment.astimezone(KYIV).date()
    rows = []
    for project in projects:
        project.contest = contest
        decisions = list(project.decisions.all())
        standing = standing_of(project, decisions)
        is_authors = project.state in {State.RETURNED, State.CONDITIONAL}
        due = decisions[-1].due_on if is_authors and decisions else standing.due_on
        rows.append(
            Row(
                project, standing, "author" if is_authors else "decision", due,
                max((today - due).days, 0) if due is not None else 0, list(project.assignments.all()),
                sum(each.answered_at is None for each in project.questions.all()),
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: (row.due_on is None, row.due_on or today, row.project.number))


def assignments_about(project: Project) -> QuerySet[Assignment]:
    """Departments asked about a project, with their opinions, reviewers and documents read along."""
    opinions = Opinion.objects.prefetch_related("files")
    return (
        Assignment.objects.filter(project=project)
        .select_related("office__person")
        .prefetch_related(Prefetch("opinions", opinions))
    )


def given_opinions(project: Project) -> list[Opinion]:
    """The latest signed opinion of each department, in the order of asking; what everybody reads."""
    found = []
    for assignment in assignments_about(project):
        given = [opinion for opinion in assignment.opinions.all() if opinion.given_at is not None]
        if given:
            given[-1].assignment = assignment
            found.append(given[-1])
    return found


def assignments_of(person: Person, contest: Contest | None = None) -> QuerySet[Assignment]:
    """What a reviewer is asked and has not given yet, the most urgent first."""
    found = Assignment.objects.filter(
        office__person=person, office__until__isnull=True, state=Assignment.State.OPEN,
        project__state__in=[State.IN_REVIEW, State.RETURNED, State.CONDITIONAL],
    )  # fmt: skip
    if contest is not None:
        found = found.filter(project__contest=contest)
    return found.select_related("project__contest__community__territory").order_by("due_on", "assigned_at")


def assignment_in(contest: Contest, reference: UUID) -> Assignment | None:
    return (
        Assignment.objects.filter(project__contest=contest, pk=reference)
        .select_related("project__contest__community__territory", "office__person")
        .first()
    )


def draft_opinion(assignment: Assignment) -> Opinion | None:
    """The draft in work, or the last given version for the next one to begin with."""
    draft = assignment.opinions.filter(given_at__isnull=True).first()
    return draft or assignment.opinions.last()


def opinion_file(contest: Contest, reference: UUID) -> OpinionFile | None:
    """A document of an opinion of this contest."""
    return (
        OpinionFile.objects.filter(opinion__assignment__project__contest=contest, pk=reference)
        .select_related("opinion__assignment__project")
        .first()
    )


def due_assignments(moment: datetime, *, within_days: int = 2) -> QuerySet[Assignment]:
    """Open assignments that are late, or due within so many days."""
    last = moment.astimezone(KYIV).date() + timedelta(days=within_days)
    return (
        Assignment.objects.filter(
            state=Assignment.State.OPEN, due_on__lte=last,
            project__state__in=[State.IN_REVIEW, State.RETURNED, State.CONDITIONAL],
        )
        .select_related("project__contest__community__territory", "office__person")
        .order_by("due_on")
    )  # fmt: skip


def due_corrections(moment: datetime, *, within_days: int = 2) -> list[tuple[Project, Decision]]:
    """Projects whose author must correct or answer within so many days, or is late, with the decision that asks."""
    last = moment.astimezone(KYIV).date() + timedelta(days=within_days)
    found = (
        Project.objects.filter(state__in=[State.RETURNED, State.CONDITIONAL])
        .select_related("contest__community__territory", "author")
        .prefetch_related("decisions")
        .order_by("number")
    )
    pairs = []
    for project in found:
        decisions = list(project.decisions.all())
        if decisions and decisions[-1].due_on is not None and decisions[-1].due_on <= last:
            pairs.append((project, decisions[-1]))
    return pairs


def silent_projects(moment: datetime) -> list[Project]:
    """Projects whose author's last day is over: what the rules say of silence is asked when each is taken."""
    yesterday = moment.astimezone(KYIV).date() - timedelta(days=1)
    return [
        project for project, decision in due_corrections(moment, within_days=0)
        if decision.due_on is not None and decision.due_on <= yesterday
    ]  # fmt: skip


def questions_about(project: Project) -> QuerySet[Question]:
    return Question.objects.filter(project=project)


def open_correction(project: Project) -> Correction | None:
    """The reviewer's corrections that wait for the author."""
    return Correction.objects.filter(project=project, state=Correction.State.OPEN).first()


def merge_offers(project: Project) -> QuerySet[MergeOffer]:
    """Offers to merge this project or into it, that wait for an answer."""
    return MergeOffer.objects.filter(
        Q(project=project) | Q(into=project), state=MergeOffer.State.OPEN
    ).select_related("project__contest__community__territory", "into__contest__community__territory")
