"""What an author answers to the review: corrections, conditions, questions, an offer to merge."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook import lifecycle
from rulebook.calendar import REVIEW
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.projects import actions as projects
from viche.projects.actions.moves import decide_move, held_project, roles_about, write_entry
from viche.projects.course import end_of
from viche.projects.models import Project, State
from viche.review.documents import Upload, kept_documents
from viche.review.events import MergeAsked, MergeDeclined, MergeOffered, QuestionAnswered
from viche.review.models import Correction, Decision, MergeOffer, Question, QuestionFile, Reply
from viche.review.stages import standing_of

Kind = Reply.Kind
LONGEST = 5000


def submit_correction(*, project: Project, text: str = "", by: Actor) -> Reply:
    """The author has corrected the project and submits it again. Refused: too_late, the lifecycle's codes."""
    with transaction.atomic():
        held = held_project(project)
        _check_term(held)
        projects.resubmit_project(project=project, by=by)
        return _reply(held, Kind.CORRECTED, text, by)


def decline_return(*, project: Project, reason: str, by: Actor) -> Reply:
    """The author does not agree with the changes asked for. Refused: too_late, no_reason, the lifecycle's codes."""
    with transaction.atomic():
        held = held_project(project)
        _check_term(held)
        projects.decline_changes(project=project, reason=reason, stage=standing_of(held).stage.id, by=by)
        return _reply(held, Kind.DECLINED, reason, by)


def answer_conditions(*, project: Project, agrees: bool, reason: str = "", by: Actor) -> Reply:
    """The author agrees to the conditions of an admission, or does not, with the reason.

    Refused: too_late, no_reason, the lifecycle's codes.
    """
    with transaction.atomic():
        held = held_project(project)
        _check_term(held)
        if agrees:
            projects.accept_conditions(project=project, by=by)
            return _reply(held, Kind.ACCEPTED, reason, by)
        # passed with conditions that do not hold: the stage is decided about anew, unless the rules reject
        stage = held.decisions.filter(verdict=Decision.Verdict.ADMIT_WITH_CORRECTION).last()
        name = stage.stage if stage is not None else ""
        after = projects.decline_conditions(project=project, reason=reason, stage=name, by=by)
        if after.state == State.IN_REVIEW:
            Decision.objects.create(
                project=held, stage=name, verdict=Decision.Verdict.REOPENED, reason=reason.strip(),
                decided_at=clock.now(),
            )  # fmt: skip
        return _reply(held, Kind.REFUSED, reason, by)


def _check_term(held: Project) -> None:
    """Refused: too_late, once the last day of the term is over where silence rejects."""
    last = held.decisions.last()
    if last is None or last.due_on is None or clock.now() < end_of(last.due_on):
        return
    if lifecycle.SILENCE_REJECTS in lifecycle.steps_of(held.contest.rules, last.stage):
        raise Refused("too_late", _("The term to answer ended on %s.") % last.due_on.strftime("%d.%m.%Y"))


def _reply(project: Project, kind: str, text: str, by: Actor) -> Reply:
    return Reply.objects.create(
        project=project, kind=kind, text=text.strip()[:LONGEST], person_id=by.person_id, at=clock.now()
    )


def answer_question(
    *, project: Project, question: UUID, text: str, files: Sequence[Upload] = (), by: Actor
) -> Question:
    """The author answers a question of the review, once, with its documents; journal: QuestionAnswered.

    Refused: not_author, gone, no_answer, bad_file.
    """
    if not text.strip():
        message = _("Write the answer.")
        raise Refused("no_answer", message, fields={"text": message}, status=422)
    with kept_documents(files) as kept, transaction.atomic():
        held = held_project(project)
        _author_only(held, by)
        found = Question.objects.select_for_update().filter(project=held, pk=question).first()
        if found is None or found.answered_at is not None:
            raise Refused("gone", _("This question is answered already."))
        found.answer, found.answered_by_id, found.answered_at = (
            text.strip()[:LONGEST],
            by.person_id,
            clock.now(),
        )
        found.save(update_fields=["answer", "answered_by", "answered_at"])
        QuestionFile.objects.bulk_create(QuestionFile(question=found, is_answer=True, **row) for row in kept)
        write_entry(held, by, QuestionAnswered, question=str(found.pk))
    return found


def apply_correction(
    *, project: Project, correction: UUID, agrees: bool, revision: int | None = None, by: Actor
) -> Correction:
    """The author takes the reviewer's corrections over as a new version of the project, or declines them.

    revision: of the project beside which the author has looked at them. Refused: not_author, gone, and those of
    save_project.
    """
    with transaction.atomic():
        held = held_project(project)
        _author_only(held, by)
        found = Correction.objects.select_for_update().filter(project=held, pk=correction).first()
        if found is None or found.state != Correction.State.OPEN:
            raise Refused("gone", _("These corrections are answered already."))
        if agrees:
            seen = held.revision if revision is None else revision
            projects.save_project(project=held, changes=found.changes, revision=seen, note="corrected", by=by)
        found.state = Correction.State.APPLIED if agrees else Correction.State.DECLINED
        found.decided_at = clock.now()
        found.save(update_fields=["state", "decided_at"])
    return found


def propose_merge(*, project: Project, into: Project, note: str = "", by: Actor) -> MergeOffer:
    """An author offers to merge the own project into another one; journal: MergeOffered and, of
    the other one, MergeAsked.

    Refused: other_contest, offered_already, the lifecycle's codes of either project.
    """
    with transaction.atomic():
        held = held_project(project)
        decide_move(held, "merge", roles=roles_about(held, by))
        if held.contest_id != into.contest_id or held.pk == into.pk:
            raise Refused("other_contest", _("Projects of one contest are merged."))
        decide_move(into, "merge", roles=frozenset({lifecycle.AUTHOR}))
        if MergeOffer.objects.filter(project=held, state=MergeOffer.State.OPEN).exists():
            raise Refused("offered_already", _("There is an offer already: take it back first."))
        offer = MergeOffer.objects.create(
            project=held,
            into=into,
            note=note.strip()[:LONGEST],
            offered_by_id=by.person_id,
            offered_at=clock.now(),
        )
        write_entry(held, by, MergeOffered, into=into.number)
        write_entry(into, by, MergeAsked, other=held.number)
    return offer


def answer_merge(*, offer: MergeOffer, agrees: bool, by: Actor) -> MergeOffer:
    """The other author accepts the offer, and the projects are merged; or declines it. Who offered may take it back.

    Journal: ProjectMerged or MergeDeclined. Refused: not_author, gone, the lifecycle's codes.
    """
    with transaction.atomic():
        held = (
            MergeOffer.objects.select_for_update(of=("self",))
            .select_related("project__contest__community__territory", "into__contest__community__territory")
            .get(pk=offer.pk)
        )
        if held.state != MergeOffer.State.OPEN:
            raise Refused("gone", _("This offer is answered already."))
        is_other = lifecycle.AUTHOR in roles_about(held.into, by)
        if not is_other and (agrees or held.offered_by_id != by.person_id):
            raise Refused("not_author", _("The author of the other project answers the offer."), status=403)
        if agrees:
            offerer = Actor(kind="person", reference=str(held.offered_by_id))
            projects.merge_projects(project=held.project, into=held.into, by=offerer)
        else:
            write_entry(held.project, by, MergeDeclined, into=held.into.number)
        held.state = (
            MergeOffer.State.ACCEPTED if agrees
            else MergeOffer.State.DECLINED if is_other else MergeOffer.State.WITHDRAWN
        )  # fmt: skip
        held.decided_at = clock.now()
        held.save(update_fields=["state", "decided_at"])
    return held


def _author_only(held: Project, by: Actor) -> None:
    if lifecycle.AUTHOR not in roles_about(held, by):
        raise Refused("not_author", _("Only the author of the project answers here."), status=403)


def end_silence(*, project: Project) -> bool:
    """Refuse a project whose author has let the term for changes or an answer pass, where the stage's rule says so.

    Returns whether it was refused now. One transaction; locks the project; journal: ProjectLapsed.
    """
    with transaction.atomic():
        held = held_project(project)
        last = held.decisions.last()
        if held.state not in {State.RETURNED, State.CONDITIONAL} or last is None or last.due_on is None:
            return False
        if clock.now() < end_of(last.due_on):
            return False
        if lifecycle.SILENCE_REJECTS not in lifecycle.steps_of(held.contest.rules, last.stage):
            return False
        if REVIEW not in held.contest.phases:
            return False
        projects.lapse_project(project=project, stage=last.stage)
        Reply.objects.create(project=held, kind=Kind.SILENT, at=clock.now())
    return True
