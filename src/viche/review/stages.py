"""Where a project stands in the review: the first stage of the rules that has not passed it yet.

Rules without stages have one unnamed stage, decided by one member of the commission.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rulebook.calendar import REVIEW, event_day
from rulebook.rules import ReviewStage, Text
from rulebook.rules.vocabulary import CHECKS, REVIEW_OUTCOMES
from viche.contests.models import Contest
from viche.projects.models import Project
from viche.review.models import Decision

UNNAMED = ReviewStage(id="", name=Text({}), body=Text({}), outcomes=REVIEW_OUTCOMES)
Verdict = Decision.Verdict


@dataclass(frozen=True)
class Standing:
    """The stage a project stands in. since: when it came there; due_on: the last day of the stage, None without a term.

    place: of the stage among the rules' stages, from 0; is_last: whether passing it admits to voting.
    """

    stage: ReviewStage
    place: int
    is_last: bool
    since: datetime
    due_on: date | None


def stages_of(contest: Contest) -> Sequence[ReviewStage]:
    """The stages of the contest's rules; the unnamed one where they have none."""
    return contest.rules.review or (UNNAMED,)


def stage_with(contest: Contest, reference: str) -> ReviewStage:
    """The stage of that id; the first one where the rules have it no more (they were corrected meanwhile)."""
    stages = stages_of(contest)
    return next((stage for stage in stages if stage.id == reference), stages[0])


def standing_of(project: Project, decisions: Sequence[Decision] | None = None) -> Standing:
    """Where the project stands now. decisions: in their order, where they were read along."""
    stages = stages_of(project.contest)
    ids = [stage.id for stage in stages]
    made = list(project.decisions.all()) if decisions is None else decisions
    passed: dict[str, datetime] = {}
    since = _begun(project)
    for decision in made:
        if decision.verdict in {Verdict.ADMIT, Verdict.ADMIT_WITH_CORRECTION}:
            passed[decision.stage] = decision.decided_at
            since = max(since, decision.decided_at)
        elif decision.verdict == Verdict.REOPENED:
            since = max(since, decision.decided_at)
            for each in ids[ids.index(decision.stage) if decision.stage in ids else 0 :]:
                passed.pop(each, None)
    place = next((place for place, stage in enumerate(ids) if stage not in passed), len(stages) - 1)
    stage = stages[place]
    due = stage.deadline(event_day(since), project.contest.rules.working_calendar)
    return Standing(stage, place, place == len(stages) - 1, since, due)


def _begun(project: Project) -> datetime:
    """When its review began: with the phase, or when the project came to it later."""
    window = project.contest.window(REVIEW)
    came = project.state_at if project.state == "in_review" and project.state_at else project.published_at
    came = came or project.submitted_at
    moments = [moment for moment in (came, window.starts_at if window else None) if moment is not None]
    return max(moments)


def checks_of(stage: ReviewStage) -> tuple[str, ...]:
    """What the departments look at in this stage."""
    return stage.checks or CHECKS
