"""Departments' opinions: who is asked, what they answer."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook.calendar import event_day
from rulebook.canonical import digest
from rulebook.rules.vocabulary import CHECKS
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Office, Role
from viche.projects.actions.moves import held_project, write_entry
from viche.projects.models import Project, State
from viche.review.actions.asking import ASSIGNING, LONGEST, held_under_review
from viche.review.actions.conflicts import check_no_conflict
from viche.review.departments import writes_for
from viche.review.events import AssignmentEnded, OpinionGiven, ReviewAssigned, ReviewerChanged
from viche.review.models import Assignment, Opinion
from viche.review.stages import checks_of, stage_with, standing_of

# an opinion is given for a decision: once a project is admitted on conditions, it is made
REVIEWED = (State.IN_REVIEW, State.RETURNED)


def assign_review(
    *, project: Project, unit: str, office: Office | None = None, due_on: date | None = None, by: Actor
) -> Assignment:
    """Ask a department for its opinion in the stage where the project stands; journal: ReviewAssigned.

    office: of the reviewer who answers for it. due_on: without it the last day of the stage. Asking a department that
    was asked already gives the work, kept, to another reviewer; journal: ReviewerChanged where it is another one.
    Refused: not_assigning, no_unit, no_reviewer, bad_due, not_under_review.
    """
    _assigning_only(project, by)
    unit = " ".join(unit.split()) or (office.unit.strip() if office is not None else "")
    _check_assignment(project, unit, office, due_on)
    with transaction.atomic():
        held = held_under_review(project, REVIEWED)
        standing = standing_of(held)
        known = Assignment.objects.filter(project=held, stage=standing.stage.id, unit__iexact=unit)
        # the one in work before those that were taken back: their work goes on, too
        found = known.select_for_update().order_by("state", "-assigned_at").exclude(state="ended").first()
        found = found or known.select_for_update().order_by("-assigned_at").first()
        if found is not None:
            return _given_over(found, held, office, due_on or found.due_on or standing.due_on, by)
        made = Assignment.objects.create(
            project=held, stage=standing.stage.id, unit=unit, office=office, due_on=due_on or standing.due_on,
            assigned_by_id=by.person_id, assigned_at=clock.now(),
        )  # fmt: skip
        write_entry(held, by, ReviewAssigned, assignment=str(made.pk))
    return made


def _check_assignment(project: Project, unit: str, office: Office | None, due_on: date | None) -> None:
    """Refused: no_unit, no_reviewer, bad_due, each at its field."""
    if not unit:
        message = _("Name the department.")
        raise Refused("no_unit", message, fields={"unit": message}, status=422)
    if office is not None:
        is_reviewer = office.role == Role.REVIEWER and office.community_id == project.contest.community_id
        if not is_reviewer or not Office.objects.filter(pk=office.pk, until__isnull=True).exists():
            message = _("This person is no reviewer of the body any more: choose another one.")
            raise Refused("no_reviewer", message, fields={"office": message}, status=422)
    if due_on is not None and due_on < event_day(clock.now()):
        message = _("This day has passed: choose a later one.")
        raise Refused("bad_due", message, fields={"due_on": message}, status=422)


def _given_over(
    found: Assignment, held: Project, office: Office | None, due_on: date | None, by: Actor
) -> Assignment:
    """The department's work with its reviewer and last day of now; asked anew where it had been taken back."""
    was, was_ended = found.office_id, found.state == Assignment.State.ENDED
    if was_ended:
        is_given = found.opinions.filter(given_at__isnull=False).exists()
        found.state = Assignment.State.GIVEN if is_given else Assignment.State.OPEN
    found.office, found.due_on = office, due_on
    found.save(update_fields=["office", "due_on", "state"])
    if was_ended:
        write_entry(held, by, ReviewAssigned, assignment=str(found.pk))
    elif was != found.office_id:
        write_entry(held, by, ReviewerChanged, assignment=str(found.pk))
    return found


def end_assignment(*, assignment: Assignment, by: Actor) -> None:
    """Ask the department no longer; a given opinion stays. Journal: AssignmentEnded. Refused: not_assigning, gone."""
    project = assignment.project
    _assigning_only(project, by)
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
    Refused: not_reviewer, not_under_review, stage_decided, edited_meanwhile (another window or a
    colleague saved in between: nothing is overwritten), bad_opinion.
    """
    with transaction.atomic():
        held = held_assignment(assignment, by)
        draft = held.opinions.filter(given_at__isnull=True).first()
        if (draft.revision if draft is not None else 0) != revision:
            raise _edited_meanwhile()
        if draft is None:
            draft = Opinion(assignment=held, number=held.opinions.count() + 1, revision=0)
        draft.checks = _known_checks(checks, checks_of(stage_with(held.project.contest, held.stage)))
        draft.conclusion = conclusion if conclusion in Opinion.Conclusion.values else ""
        draft.reasons, draft.corrected_cost = reasons.strip()[:LONGEST], corrected_cost
        draft.revision += 1
        draft.saved_by_id, draft.saved_at = by.person_id, clock.now()
        draft.save()
    return draft


def give_opinion(*, assignment: Assignment, revision: int | None = None, by: Actor) -> Opinion:
    """Sign the draft off: from now on it is public and never changes; journal: OpinionGiven.

    revision: of the draft that the reviewer has seen. Refused: not_reviewer, not_under_review, stage_decided, no_draft,
    edited_meanwhile, bad_opinion (fields of what is missing).
    """
    with transaction.atomic():
        held = held_assignment(assignment, by)
        draft = held.opinions.filter(given_at__isnull=True).first()
        if draft is None:
            raise Refused("no_draft", _("Write the opinion first."), status=422)
        if revision is not None and revision != draft.revision:
            raise _edited_meanwhile()
        wanted = checks_of(stage_with(held.project.contest, held.stage))
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


def _edited_meanwhile() -> Refused:
    return Refused(
        "edited_meanwhile", _("Somebody has saved this opinion meanwhile. Compare, and save yours again.")
    )


def _assigning_only(project: Project, by: Actor) -> None:
    if not by.holds(*ASSIGNING, community=project.contest.community.code):
        raise Refused(
            "not_assigning", _("Editors, administrators and the commission ask departments."), status=403
        )


def held_assignment(assignment: Assignment, by: Actor) -> Assignment:
    """The assignment's row, locked, for who writes its opinion. Only inside a transaction.

    Refused: not_reviewer, not_under_review, conflict_of_interest, stage_decided (an opinion changes until the
    decision it is given for).
    """
    # the project first, as whoever decides about it does
    project = held_project(assignment.project)
    held = Assignment.objects.select_for_update(of=("self",)).select_related("office").get(pk=assignment.pk)
    held.project = project
    if held.state == Assignment.State.ENDED or not writes_for(held, by.person_id):
        raise Refused(
            "not_reviewer", _("The opinion is written by the department that was asked."), status=403
        )
    if held.project.state not in REVIEWED:
        raise Refused("not_under_review", _("This project is not under review."))
    check_no_conflict(held.project, by)
    if standing_of(held.project).stage.id != held.stage:
        raise Refused("stage_decided", _("This stage is decided already: look at where the project stands."))
    return held
