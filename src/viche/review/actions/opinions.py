"""Departments' opinions: who is asked, what they answer, what they ask the author and propose to say otherwise."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook.canonical import digest
from rulebook.rules.vocabulary import CHECKS
from viche.foundation import clock, private_files
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Office, Role
from viche.projects.actions.moves import held_project, write_entry
from viche.projects.models import Project, State
from viche.review.actions.conflicts import check_no_conflict
from viche.review.events import (
    AssignmentEnded,
    CorrectionProposed,
    OpinionGiven,
    QuestionAsked,
    ReviewAssigned,
)
from viche.review.models import Assignment, Correction, Opinion, OpinionFile, Question
from viche.review.stages import checks_of, standing_of

ASSIGNING = (Role.EDITOR, Role.ADMINISTRATOR, Role.COMMISSION)
REVIEWED = (State.IN_REVIEW, State.RETURNED, State.CONDITIONAL)
LONGEST, FILES, FILE_BYTES = 10_000, 5, 20_000_000
MEDIA = {b"%PDF-": "application/pdf", b"PK\x03\x04": "application/zip", b"\xff\xd8\xff": "image/jpeg"}
CORRECTABLE_FIELDS = ("title", "summary", "text", "cost", "items")


def assign_review(
    *, project: Project, unit: str, office: Office | None = None, due_on: date | None = None, by: Actor
) -> Assignment:
    """Ask a department for its opinion in the stage where the project stands; journal: ReviewAssigned.

    office: of the reviewer who answers for it. due_on: without it the last day of the stage. Asking a department that
    is asked already gives the work, kept, to another reviewer. Refused: not_assigning, no_unit, not_under_review.
    """
    if not by.holds(*ASSIGNING, community=project.contest.community.code):
        raise Refused(
            "not_assigning", _("Editors, administrators and the commission ask departments."), status=403
        )
    unit = unit.strip() or (office.unit.strip() if office is not None else "")
    if not unit:
        message = _("Name the department.")
        raise Refused("no_unit", message, fields={"unit": message}, status=422)
    with transaction.atomic():
        held = _under_review(project)
        standing = standing_of(held)
        due_on = due_on or standing.due_on
        known = Assignment.objects.filter(project=held, stage=standing.stage.id, unit=unit).exclude(
            state=Assignment.State.ENDED
        )
        found = known.select_for_update().first()
        if found is not None:
            found.office, found.due_on = office, due_on
            found.save(update_fields=["office", "due_on"])
            return found
        made = Assignment.objects.create(
            project=held, stage=standing.stage.id, unit=unit, office=office, due_on=due_on,
            assigned_by_id=by.person_id, assigned_at=clock.now(),
        )  # fmt: skip
        write_entry(held, by, ReviewAssigned, assignment=str(made.pk))
    return made


def end_assignment(*, assignment: Assignment, by: Actor) -> None:
    """Ask the department no longer; a given opinion stays. Journal: AssignmentEnded. Refused: not_assigning, gone."""
    project = assignment.project
    if not by.holds(*ASSIGNING, community=project.contest.community.code):
        raise Refused(
            "not_assigning", _("Editors, administrators and the commission ask departments."), status=403
        )
    with transaction.atomic():
        held = Assignment.objects.select_for_update().get(pk=assignment.pk)
        if held.state != Assignment.State.OPEN:
            raise Refused("gone", _("This department is not asked any more."))
        held.state = Assignment.State.ENDED
        held.save(update_fields=["state"])
        write_entry(project, by, AssignmentEnded, assignment=str(held.pk))


def save_opinion(
    *, assignment: Assignment, checks: Mapping[str, Mapping[str, str]], conclusion: str = "", reasons: str = "",
    corrected_cost: int | None = None, revision: int, by: Actor,
) -> Opinion:  # fmt: skip
    """Save the draft of an opinion, half-finished as it may be; corrected_cost in kopiykas.

    revision: of the draft that the reviewer has seen, 0 for none. After a given opinion the draft is its next version.
    Refused: not_reviewer, not_under_review, edited_meanwhile (another window or colleague saved in between: nothing is
    overwritten), bad_opinion.
    """
    with transaction.atomic():
        held = _held_assignment(assignment, by)
        draft = held.opinions.filter(given_at__isnull=True).first()
        if (draft.revision if draft is not None else 0) != revision:
            raise Refused(
                "edited_meanwhile",
                _("Somebody has saved this opinion meanwhile. Compare, and save yours again."),
            )
        if draft is None:
            draft = Opinion(assignment=held, number=held.opinions.count() + 1, revision=0)
        stage = standing_of(held.project).stage
        draft.checks = _known_checks(checks, checks_of(stage))
        draft.conclusion = conclusion if conclusion in Opinion.Conclusion.values else ""
        draft.reasons, draft.corrected_cost = reasons.strip()[:LONGEST], corrected_cost
        draft.revision += 1
        draft.saved_by_id, draft.saved_at = by.person_id, clock.now()
        draft.save()
    return draft


def give_opinion(*, assignment: Assignment, by: Actor) -> Opinion:
    """Sign the draft off: from now on it is public and never changes; journal: OpinionGiven.

    Refused: not_reviewer, not_under_review, no_draft, bad_opinion (fields of what is missing).
    """
    with transaction.atomic():
        held = _held_assignment(assignment, by)
        draft = held.opinions.filter(given_at__isnull=True).first()
        if draft is None:
            raise Refused("no_draft", _("Write the opinion first."), status=422)
        wanted = checks_of(standing_of(held.project).stage)
        faults = {
            f"check_{code}": _("Answer this point.")
            for code in wanted
            if draft.checks.get(code, {}).get("answer", "") == ""
        }
        if not draft.conclusion:
            faults["conclusion"] = _("Choose the conclusion.")
        if draft.conclusion != Opinion.Conclusion.POSITIVE and not draft.reasons:
            faults["reasons"] = _("Give the reasons: the author and everybody else will read them.")
        if faults:
            raise Refused("bad_opinion", _("Some fields need your attention."), fields=faults, status=422)
        draft.given_at = clock.now()
        draft.save(update_fields=["given_at"])
        held.state = Assignment.State.GIVEN
        held.save(update_fields=["state"])
        said = {
            "checks": draft.checks, "conclusion": draft.conclusion, "reasons": draft.reasons,
            "corrected_cost": draft.corrected_cost, "files": [each.digest for each in draft.files.all()],
        }  # fmt: skip
        write_entry(held.project, by, OpinionGiven, assignment=str(held.pk), digest=digest(said))
    return draft


def attach_to_opinion(*, assignment: Assignment, name: str, content: bytes, by: Actor) -> OpinionFile:
    """Attach a document to the draft of an opinion: PDF, DOCX, XLSX, ODT or JPEG, by its content.

    Refused: not_reviewer, no_draft, bad_file.
    """
    media = next((kind for mark, kind in MEDIA.items() if content.startswith(mark)), "")
    if not media or len(content) > FILE_BYTES:
        message = _("Attach a PDF, a document or a picture, up to 20 MB.")
        raise Refused("bad_file", message, fields={"file": message}, status=422)
    with transaction.atomic():
        held = _held_assignment(assignment, by)
        draft = held.opinions.filter(given_at__isnull=True).first()
        if draft is None:
            raise Refused("no_draft", _("Write the opinion first."), status=422)
        if draft.files.count() >= FILES:
            message = _("At most %d documents, please.") % FILES
            raise Refused("bad_file", message, fields={"file": message}, status=422)
        made = OpinionFile.objects.create(
            opinion=draft,
            name=name[-200:],
            media_type=media,
            size=len(content),
            digest=sha256(content).hexdigest(),
        )
        private_files.keep(made.pk, content)
    return made


def ask_author(*, project: Project, text: str, unit: str = "", by: Actor) -> Question:
    """Ask the author a question that everybody reads; journal: QuestionAsked. Refused: not_reviewer, no_question."""
    if not text.strip():
        message = _("Write the question.")
        raise Refused("no_question", message, fields={"text": message}, status=422)
    _reviewers_only(project, by)
    with transaction.atomic():
        held = _under_review(project)
        made = Question.objects.create(
            project=held,
            unit=unit,
            text=text.strip()[:LONGEST],
            asked_by_id=by.person_id,
            asked_at=clock.now(),
        )
        write_entry(held, by, QuestionAsked, question=str(made.pk))
    return made


def propose_correction(
    *, project: Project, changes: Mapping[str, Any], note: str = "", by: Actor
) -> Correction:
    """Propose to say something otherwise (fields of the project); a new proposal replaces an open one.

    Journal: CorrectionProposed. Refused: not_reviewer, no_changes, not_under_review.
    """
    _reviewers_only(project, by)
    with transaction.atomic():
        held = _under_review(project)
        wanted = {
            name: value
            for name, value in changes.items()
            if name in CORRECTABLE_FIELDS and value != getattr(held, name)
        }
        if not wanted:
            message = _("Change at least one of the fields.")
            raise Refused("no_changes", message, fields={"title": message}, status=422)
        Correction.objects.filter(project=held, state=Correction.State.OPEN).update(
            state=Correction.State.DECLINED, decided_at=clock.now()
        )
        made = Correction.objects.create(
            project=held, changes=wanted, note=note.strip()[:LONGEST], proposed_by_id=by.person_id,
            proposed_at=clock.now(),
        )  # fmt: skip
        write_entry(held, by, CorrectionProposed, digest=digest(dict(wanted)))
    return made


def _known_checks(
    checks: Mapping[str, Mapping[str, str]], wanted: tuple[str, ...]
) -> dict[str, dict[str, str]]:
    found = {}
    for code in CHECKS:
        said = checks.get(code)
        if code in wanted and said is not None:
            answer = said.get("answer", "")
            found[code] = {
                "answer": answer if answer in Opinion.Answer.values else "",
                "note": said.get("note", "").strip()[:2000],
            }
    return found


def _under_review(project: Project) -> Project:
    """The project's row, locked. Refused: not_under_review."""
    held = held_project(project)
    if held.state not in REVIEWED:
        raise Refused("not_under_review", _("This project is not under review."))
    return held


def _held_assignment(assignment: Assignment, by: Actor) -> Assignment:
    """The assignment's row, locked, for its reviewer. Refused: not_reviewer, not_under_review,
    conflict_of_interest.
    """
    held = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("project__contest__community__territory", "office")
        .get(pk=assignment.pk)
    )
    is_own = held.office is not None and held.office.until is None and held.office.person_id == by.person_id
    if not is_own or held.state == Assignment.State.ENDED:
        raise Refused("not_reviewer", _("The opinion is written by the reviewer who was asked."), status=403)
    if held.project.state not in REVIEWED:
        raise Refused("not_under_review", _("This project is not under review."))
    check_no_conflict(held.project, by)
    return held


def _reviewers_only(project: Project, by: Actor) -> None:
    if not by.holds(Role.REVIEWER, *ASSIGNING, community=project.contest.community.code):
        raise Refused("not_reviewer", _("Reviewers and the commission ask the author."), status=403)
