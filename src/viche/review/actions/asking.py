"""What a review asks the author, and what it proposes to say otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook.canonical import digest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.projects.actions.moves import held_project, write_entry
from viche.projects.models import Project, State
from viche.projects.written import written
from viche.review.documents import Upload, kept_documents
from viche.review.events import CorrectionProposed, QuestionAsked
from viche.review.models import Correction, Question, QuestionFile

ASSIGNING = (Role.EDITOR, Role.ADMINISTRATOR, Role.COMMISSION)
REVIEWED = (State.IN_REVIEW, State.RETURNED, State.CONDITIONAL)
LONGEST = 10_000
CORRECTABLE_FIELDS = ("title", "summary", "text", "cost", "items")


def ask_author(
    *, project: Project, text: str, unit: str = "", files: Sequence[Upload] = (), by: Actor
) -> Question:
    """Ask the author a question that everybody reads, with its documents; journal: QuestionAsked.

    unit: the department that asks. Refused: not_reviewer, no_question, not_under_review, bad_file.
    """
    if not text.strip():
        message = _("Write the question.")
        raise Refused("no_question", message, fields={"text": message}, status=422)
    _reviewers_only(project, by)
    with kept_documents(files) as kept, transaction.atomic():
        held = held_under_review(project, REVIEWED)
        made = Question.objects.create(
            project=held,
            unit=unit,
            text=text.strip()[:LONGEST],
            asked_by_id=by.person_id,
            asked_at=clock.now(),
        )
        QuestionFile.objects.bulk_create(QuestionFile(question=made, is_answer=False, **row) for row in kept)
        write_entry(held, by, QuestionAsked, question=str(made.pk))
    return made


def propose_correction(
    *, project: Project, changes: Mapping[str, Any], note: str = "", unit: str = "", by: Actor
) -> Correction:
    """Propose to say something otherwise (fields of the project); a new proposal replaces the same reviewer's open one.

    unit: the department that proposes it. Journal: CorrectionProposed. Refused: not_reviewer, no_changes,
    bad_correction (fields), not_under_review.
    """
    _reviewers_only(project, by)
    with transaction.atomic():
        held = held_under_review(project, REVIEWED)
        kept, faults = written(held, {name: changes[name] for name in CORRECTABLE_FIELDS if name in changes})
        if faults:
            raise Refused("bad_correction", _("Some fields need your attention."), fields=faults, status=422)
        # both as they would be kept: what differs in spaces and line ends only is no change
        now, _faults = written(held, {name: getattr(held, name) for name in kept})
        wanted = {name: value for name, value in kept.items() if value != now.get(name)}
        if not wanted:
            message = _("Change at least one of the fields.")
            raise Refused("no_changes", message, fields={"title": message}, status=422)
        own = Correction.objects.filter(
            project=held, state=Correction.State.OPEN, proposed_by_id=by.person_id
        )
        own.update(state=Correction.State.REPLACED, decided_at=clock.now())
        made = Correction.objects.create(
            project=held, changes=wanted, note=note.strip()[:LONGEST], unit=unit, proposed_by_id=by.person_id,
            proposed_at=clock.now(),
        )  # fmt: skip
        write_entry(held, by, CorrectionProposed, digest=digest(dict(wanted)))
    return made


def held_under_review(project: Project, states: Sequence[str]) -> Project:
    """The project's row, locked, where it is in one of the states. Refused: not_under_review."""
    held = held_project(project)
    if held.state not in states:
        raise Refused("not_under_review", _("This project is not under review."))
    return held


def _reviewers_only(project: Project, by: Actor) -> None:
    if not by.holds(Role.REVIEWER, *ASSIGNING, community=project.contest.community.code):
        raise Refused("not_reviewer", _("Reviewers and the commission ask the author."), status=403)
