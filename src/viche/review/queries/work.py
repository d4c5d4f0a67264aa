"""Departments' work: what is asked of whom, what is late, what is due."""

from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.identity.models import Person
from viche.projects.estimate import cost_with_reserve, total_of
from viche.projects.models import Project, State
from viche.review.departments import asked_of
from viche.review.models import (
    Assignment,
    Correction,
    Decision,
    MergeOffer,
    Opinion,
    OpinionFile,
    Question,
    QuestionFile,
)
from viche.review.stages import Standing, standing_of

# whom a project waits for, in its state; else its author
WAITING = {State.IN_REVIEW: "decision", State.APPEALED: "appeal"}


@dataclass(frozen=True)
class Row:
    """One project on the board of the review. due_on: the last day of what is waited for; late_days: 0 where none.

    waits_for: "decision", "author" (changes or an answer), "appeal". late_opinions: departments whose day is over.
    """

    project: Project
    standing: Standing
    waits_for: str
    due_on: date | None
    late_days: int
    assignments: list[Assignment]
    open_questions: int
    late_opinions: int

    @property
    def is_late(self) -> bool:
        return self.late_days > 0 or self.late_opinions > 0

    @property
    def urgency(self) -> date:
        """The earliest day that somebody has to keep; the last of all days where nobody has to."""
        days = [
            each.due_on for each in self.assignments if each.due_on and each.state == Assignment.State.OPEN
        ]
        return min([*days, self.due_on or date.max])


@dataclass(frozen=True)
class Narrowing:
    """What a reader of the board looks for; empty: everything. stage: an id; reviewer: an office's id, or NOBODY."""

    stage: str = ""
    unit: str = ""
    reviewer: str = ""
    is_late: bool = False

    def fits(self, row: Row) -> bool:
        works = [
            each for each in row.assignments
            if self.unit in {"", each.unit} and self.reviewer in {"", reviewer_of(each)}
        ]  # fmt: skip
        return (
            self.stage in {"", row.standing.stage.id}
            and (bool(works) or not (self.unit or self.reviewer))
            and (row.is_late or not self.is_late)
        )


NOBODY = "nobody"


def reviewer_of(assignment: Assignment) -> str:
    """The id of the reviewer's office, NOBODY where none holds it."""
    return str(assignment.office_id) if assignment.has_reviewer else NOBODY


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
        waits_for = WAITING.get(project.state, "author")
        due = {"decision": standing.due_on, "author": decisions[-1].due_on if decisions else None}.get(
            waits_for
        )
        # what a stage before has asked is of no urgency here
        asked = [each for each in project.assignments.all() if each.stage == standing.stage.id]
        late = [
            each for each in asked
            if each.state == Assignment.State.OPEN and each.due_on is not None and each.due_on < today
        ]  # fmt: skip
        rows.append(
            Row(
                project, standing, waits_for, due, max((today - due).days, 0) if due is not None else 0, asked,
                sum(each.answered_at is None for each in project.questions.all()), len(late),
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: (row.urgency, row.project.number))


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
    """What a reviewer, or their department, is asked and has not given yet, the most urgent first."""
    found = Assignment.objects.filter(
        asked_of(person.pk), state=Assignment.State.OPEN, project__state__in=[State.IN_REVIEW, State.RETURNED]
    )
    if contest is not None:
        found = found.filter(project__contest=contest)
    return found.select_related("project__contest__community__territory", "office").order_by(
        F("due_on").asc(nulls_last=True), "assigned_at"
    )


def work_in(community: Community, person: Person) -> QuerySet[Assignment]:
    """assignments_of, of every contest of the body."""
    return assignments_of(person).filter(project__community=community)


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


def open_assignments() -> QuerySet[Assignment]:
    """Everything that departments are asked now, in every body."""
    return Assignment.objects.filter(
        state=Assignment.State.OPEN, project__state__in=[State.IN_REVIEW, State.RETURNED]
    ).select_related("project__contest__community__territory", "office__person")


def due_assignments(moment: datetime, *, within_days: int = 2) -> QuerySet[Assignment]:
    """Open assignments that are late, or due within so many days."""
    last = moment.astimezone(KYIV).date() + timedelta(days=within_days)
    return open_assignments().filter(due_on__lte=last).order_by("due_on")


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
    return Question.objects.filter(project=project).prefetch_related("files")


def question_file(contest: Contest, reference: UUID) -> QuestionFile | None:
    """A document of a question or an answer of this contest."""
    return QuestionFile.objects.filter(question__project__contest=contest, pk=reference).first()


def open_corrections(project: Project) -> QuerySet[Correction]:
    """Reviewers' corrections that wait for the author."""
    return Correction.objects.filter(project=project, state=Correction.State.OPEN)


def corrected(project: Project, correction: Correction) -> Project:
    """The project as it would be with the corrections, for reading only; its cost follows from its items."""
    found = copy(project)
    for name, value in correction.changes.items():
        setattr(found, name, value)
    if "items" in correction.changes and (total := total_of(found.items)):
        found.cost = cost_with_reserve(total, project.contest.rules.submission.reserve_share)
    return found


def merged_into(project: Project) -> QuerySet[Project]:
    """The projects that were merged into this one."""
    return Project.objects.filter(merged_into=project, state=State.MERGED).order_by("number")


def merge_offers(project: Project) -> QuerySet[MergeOffer]:
    """Offers to merge this project or into it, that wait for an answer."""
    return MergeOffer.objects.filter(
        Q(project=project) | Q(into=project), state=MergeOffer.State.OPEN
    ).select_related("project__contest__community__territory", "into__contest__community__territory")
