"""How a project that won is built: the plan, contracts, steps, delays, photographs, acceptance, residents' rating.

Every act but a rating is an official's (the lifecycle's OFFICE) while the results stand; each locks the project's row.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from rulebook import lifecycle
from rulebook.canonical import digest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.clock import KYIV
from viche.foundation.pictures import safe_picture
from viche.foundation.refused import Refused
from viche.identity.eligibility import obstacles
from viche.identity.models import Person
from viche.projects.actions.moves import (
    decide_move,
    held_project,
    roles_about,
    set_state,
    write_entry,
)
from viche.projects.events import (
    ContractRecorded,
    ContractWithdrawn,
    MilestoneReached,
    PaymentsRecorded,
    ProjectImplemented,
    WorkCancelled,
    WorkDelayed,
    WorkPictured,
    WorkReopened,
    WorkRevised,
    WorkStarted,
)
from viche.projects.models import (
    Contract,
    Delay,
    Delivery,
    Milestone,
    Photograph,
    Project,
    Rating,
    State,
)
from viche.projects.wording import refusal_text

MOST_PHOTOGRAPHS = 40
MOST_MILESTONES = 40
WORKED_ON = (State.IN_PROGRESS, State.IMPLEMENTED, State.CANCELLED)


def start_work(
    *, project: Project, responsible_unit: str, plan_cost: int, starts_on: date, due_on: date,
    responsible_contact: str = "", by: Actor,
) -> Delivery:  # fmt: skip
    """Begin implementing a winner; plan_cost in kopiykas. Journal: WorkStarted.

    Refused: bad_plan (fields), the lifecycle's codes.
    """
    _refuse_faults(
        "bad_plan",
        responsible_unit="" if responsible_unit.strip() else _("Say which unit is responsible."),
        plan_cost="" if plan_cost > 0 else _("The cost must be more than zero."),
        due_on="" if due_on >= starts_on else _("The term cannot end before the work begins."),
    )
    with transaction.atomic():
        held = held_project(project)
        row = decide_move(held, "start_work", roles=roles_about(held, by))
        set_state(held, row.target)
        delivery = Delivery.objects.create(
            project=held, responsible_unit=responsible_unit.strip(), plan_cost=plan_cost, starts_on=starts_on,
            due_on=due_on, responsible_contact=responsible_contact.strip(), moved_at=clock.now(),
        )  # fmt: skip
        write_entry(held, by, WorkStarted)
    return delivery


def revise_work(
    *, project: Project, responsible_unit: str, responsible_contact: str, plan_cost: int, actual_cost: int | None,
    revision: int, by: Actor,
) -> Delivery:  # fmt: skip
    """Change who is responsible and what it costs (kopiykas); journal: WorkRevised.

    revision: the one the official has seen. Refused: bad_plan (fields), edited_meanwhile, not_in_work.
    """
    _refuse_faults(
        "bad_plan",
        responsible_unit="" if responsible_unit.strip() else _("Say which unit is responsible."),
        plan_cost="" if plan_cost > 0 else _("The cost must be more than zero."),
    )
    with _held(project, by, WORKED_ON) as (held, delivery):
        _check_revision(delivery, revision)
        delivery.responsible_unit, delivery.responsible_contact = (
            responsible_unit.strip(),
            responsible_contact.strip(),
        )
        delivery.plan_cost, delivery.actual_cost = plan_cost, actual_cost
        _save(delivery, "responsible_unit", "responsible_contact", "plan_cost", "actual_cost")
        said = {
            "unit": delivery.responsible_unit, "plan": plan_cost, "actual": actual_cost,
        }  # fmt: skip
        write_entry(held, by, WorkRevised, digest=digest(said))
    return delivery


def record_payments(*, project: Project, paid: int, number: int, by: Actor) -> Delivery:
    """Write what was paid for the work so far, in kopiykas: the sum of its recorded payments, number of them.

    Journal: PaymentsRecorded where the sum has changed. Refused: wrong_role, not_in_work.
    """
    with _held(project, by, WORKED_ON) as (held, delivery):
        if delivery.actual_cost != paid:
            delivery.actual_cost = paid
            _save(delivery, "actual_cost")
            write_entry(held, by, PaymentsRecorded, paid=paid, payments=number)
    return delivery


def record_contract(
    *, project: Project, number: str, signed_on: date, contractor: str, amount: int, url: str = "", by: Actor
) -> Contract:
    """Record a contract, amount in kopiykas; journal: ContractRecorded. Refused: bad_contract (fields), not_in_work."""
    _refuse_faults(
        "bad_contract",
        number="" if number.strip() else _("Give the number of the contract."),
        contractor="" if contractor.strip() else _("Name the contractor."),
        amount="" if amount > 0 else _("The amount must be more than zero."),
        signed_on=_not_later(signed_on),
    )
    with _held(project, by, WORKED_ON) as (held, delivery):
        if delivery.contracts.filter(number=number.strip()).exists():
            _refuse_faults("bad_contract", number=_("A contract of this number is recorded already."))
        contract = Contract.objects.create(
            delivery=delivery, number=number.strip(), signed_on=signed_on, contractor=contractor.strip(),
            amount=amount, url=url,
        )  # fmt: skip
        _save(delivery, moved=True)
        write_entry(held, by, ContractRecorded, amount=amount)
    return contract


def withdraw_contract(*, project: Project, contract: str, by: Actor) -> None:
    """Take back a contract recorded by mistake; journal: ContractWithdrawn. Refused: gone, not_in_work."""
    with _held(project, by, WORKED_ON) as (held, delivery):
        found = _part_of(delivery.contracts, contract)
        amount = found.amount
        found.delete()
        _save(delivery)
        write_entry(held, by, ContractWithdrawn, amount=amount)


def plan_milestone(*, project: Project, title: str, due_on: date, by: Actor) -> Milestone:
    """Plan a step of the work. Refused: bad_milestone (fields), too_many, not_in_work."""
    _refuse_faults("bad_milestone", title="" if title.strip() else _("Say what is to be done."))
    with _held(project, by, (State.IN_PROGRESS,)) as (_held_project, delivery):
        if delivery.milestones.count() >= MOST_MILESTONES:
            raise Refused("too_many", _("A plan has at most %d steps.") % MOST_MILESTONES, status=422)
        milestone = Milestone.objects.create(delivery=delivery, title=title.strip(), due_on=due_on)
        _save(delivery)
    return milestone


def mark_milestone(
    *, project: Project, milestone: str, done_on: date | None, revision: int | None = None, by: Actor
) -> Milestone:
    """Mark a step as done on a day, or (None) as not done after all; journal: MilestoneReached when it is done.

    revision: the one of the work that was seen; None where the step alone was looked at. Refused: bad_milestone, gone,
    edited_meanwhile, not_in_work.
    """
    if done_on is not None:
        _refuse_faults("bad_milestone", done_on=_not_later(done_on))
    with _held(project, by, WORKED_ON) as (held, delivery):
        if revision is not None:
            _check_revision(delivery, revision)
        found = _part_of(delivery.milestones, milestone)
        is_new = found.done_on is None and done_on is not None
        found.done_on = done_on
        found.save(update_fields=["done_on"])
        _save(delivery, moved=True)
        if is_new:
            done = delivery.milestones.filter(done_on__isnull=False).count()
            write_entry(held, by, MilestoneReached, done=done, planned=delivery.milestones.count())
    return found


def delete_milestone(*, project: Project, milestone: str, by: Actor) -> None:
    """Strike a step that is not done off the plan. Refused: done_already, gone, not_in_work."""
    with _held(project, by, WORKED_ON) as (_held_project, delivery):
        found = _part_of(delivery.milestones, milestone)
        if found.done_on is not None:
            raise Refused("done_already", _("This step is done: it stays in the story of the work."))
        found.delete()
        _save(delivery)


def delay_work(*, project: Project, new_due: date, reason: str, by: Actor) -> Delay:
    """Move the term, with a reason that everybody reads; journal: WorkDelayed.

    Refused: bad_delay (fields), not_in_work.
    """
    with _held(project, by, (State.IN_PROGRESS,)) as (held, delivery):
        _refuse_faults(
            "bad_delay",
            reason=_no_reason(reason),
            new_due="" if new_due >= delivery.starts_on and new_due != delivery.due_on
            else _("Choose another day than the present term, after the beginning of the work."),
        )  # fmt: skip
        delay = Delay.objects.create(
            delivery=delivery,
            former_due=delivery.due_on,
            new_due=new_due,
            reason=reason.strip(),
            at=clock.now(),
        )
        delivery.due_on = new_due
        _save(delivery, "due_on", moved=True)
        write_entry(held, by, WorkDelayed, due_on=new_due.isoformat(), reason_digest=digest(reason.strip()))
    return delay


def record_photograph(
    *, project: Project, content: bytes, moment: str, alt: str, taken_on: date, by: Actor
) -> Photograph:
    """Add a photograph (made safe: no metadata); journal: WorkPictured.

    Refused: bad_photograph (fields), too_many, not_in_work, and those of safe_picture.
    """
    _refuse_faults(
        "bad_photograph",
        alt="" if alt.strip() else _("Say what the photograph shows: not everybody sees it."),
        moment="" if moment in Photograph.Moment.values else _("Choose: before, during or after."),
        taken_on=_not_later(taken_on),
    )
    safe = safe_picture(content)
    with _held(project, by, WORKED_ON) as (held, delivery):
        if delivery.photographs.count() >= MOST_PHOTOGRAPHS:
            raise Refused("too_many", _("At most %d photographs, please.") % MOST_PHOTOGRAPHS, status=422)
        photograph = Photograph(delivery=delivery, moment=moment, alt=alt.strip(), taken_on=taken_on)
        photograph.image.save(f"{photograph.id}.webp", ContentFile(safe), save=True)
        _save(delivery, moved=True)
        write_entry(held, by, WorkPictured, digest=sha256(safe).hexdigest())
    return photograph


def delete_photograph(*, project: Project, photograph: str, by: Actor) -> None:
    """Take a photograph away (somebody's face on it, a wrong place). Refused: gone, not_in_work."""
    with _held(project, by, WORKED_ON) as (_held_project, delivery):
        found = _part_of(delivery.photographs, photograph)
        found.delete()
        transaction.on_commit(lambda: found.image.delete(save=False))
        _save(delivery)


def implement_project(
    *, project: Project, accepted_on: date, acceptance: str, actual_cost: int, by: Actor
) -> Project:
    """The work is accepted by an act (acceptance: its number and date); journal: ProjectImplemented.

    actual_cost in kopiykas. Refused: bad_acceptance (fields), the lifecycle's codes.
    """
    _refuse_faults(
        "bad_acceptance",
        acceptance="" if acceptance.strip() else _("Name the act of acceptance: its number and date."),
        actual_cost="" if actual_cost > 0 else _("The cost must be more than zero."),
        accepted_on=_not_later(accepted_on),
    )

    def accept(delivery: Delivery) -> None:
        if accepted_on < delivery.starts_on:
            _refuse_faults("bad_acceptance", accepted_on=_("The work began later than that."))
        delivery.accepted_on, delivery.acceptance = accepted_on, acceptance.strip()
        delivery.actual_cost = actual_cost

    return _close(
        project, "implement", by, accept, ("accepted_on", "acceptance", "actual_cost"), ProjectImplemented,
        accepted_on=accepted_on.isoformat(), actual_cost=actual_cost,
    )  # fmt: skip


def cancel_work(*, project: Project, reason: str, by: Actor) -> Project:
    """A winner will not be built, with a reason that everybody reads; journal: WorkCancelled.

    Refused: no_reason, the lifecycle's codes.
    """
    _refuse_faults("no_reason", reason=_no_reason(reason))

    def give_up(delivery: Delivery) -> None:
        delivery.closing_note = reason.strip()

    return _close(
        project, "cancel_work", by, give_up, ("closing_note",), WorkCancelled,
        reason_digest=digest(reason.strip()),
    )  # fmt: skip


def reopen_work(*, project: Project, reason: str, by: Actor) -> Project:
    """The work goes on after all: it was accepted or given up by mistake; journal: WorkReopened.

    Refused: no_reason, the lifecycle's codes.
    """
    _refuse_faults("no_reason", reason=_no_reason(reason))

    def go_on(delivery: Delivery) -> None:
        delivery.accepted_on, delivery.acceptance, delivery.closing_note = None, "", ""

    return _close(
        project, "reopen_work", by, go_on, ("accepted_on", "acceptance", "closing_note"), WorkReopened,
        reason_digest=digest(reason.strip()),
    )  # fmt: skip


def rate_project(*, project: Project, person: Person, stars: int, promise: str, by: Actor) -> Rating:
    """A resident's rating of what was built; rating anew changes it. No entry: nobody acts for the body.

    Refused: not_built, not_eligible (as the rules say of voters), bad_rating (fields).
    """
    _refuse_faults(
        "bad_rating",
        stars="" if 1 <= stars <= 5 else _("Choose from one to five stars."),
        promise="" if promise in Rating.Promise.values else _("Choose one of the answers."),
    )
    contest = project.contest
    found = obstacles(
        person=person, territory=contest.community.territory, rule=contest.rules.voter, moment=clock.now()
    )
    if found:
        raise Refused("not_eligible", " ".join(each.message for each in found), status=403)
    with transaction.atomic():
        held = held_project(project)
        if held.state != State.IMPLEMENTED:
            raise Refused("not_built", _("A project is rated once it is built."))
        rating, _is_new = Rating.objects.update_or_create(
            project=held, person=person, defaults={"stars": stars, "promise": promise, "at": clock.now()}
        )
    return rating


@contextmanager
def _held(project: Project, by: Actor, states: tuple[str, ...]) -> Iterator[tuple[Project, Delivery]]:
    """The project's row, locked, and its delivery, for an official of the body. Refused: wrong_role, not_in_work."""
    with transaction.atomic():
        held = held_project(project)
        if not set(lifecycle.OFFICE) & roles_about(held, by):
            refusal = lifecycle.Refusal(lifecycle.WRONG_ROLE, {"by": lifecycle.OFFICE})
            raise Refused(refusal.code, refusal_text(refusal), status=403)
        delivery = Delivery.objects.filter(project=held).first()
        if delivery is None or held.state not in states:
            raise Refused("not_in_work", _("The project is not being implemented now."))
        yield held, delivery


def _close(
    project: Project, move: str, by: Actor, change: Callable[[Delivery], None], fields: tuple[str, ...],
    event: Any, **data: Any,
) -> Project:  # fmt: skip
    with transaction.atomic():
        held = held_project(project)
        row = decide_move(held, move, roles=roles_about(held, by))
        delivery = Delivery.objects.filter(project=held).first() or _unstarted(held)
        change(delivery)
        _save(delivery, *fields, moved=True)
        set_state(held, row.target)
        write_entry(held, by, event, **data)
    project.state = held.state
    return held


def _unstarted(held: Project) -> Delivery:
    """A winner given up before any work began still says why: an empty plan holds it."""
    today = _today()
    return Delivery.objects.create(
        project=held,
        responsible_unit="",
        plan_cost=held.cost,
        starts_on=today,
        due_on=today,
        moved_at=clock.now(),
    )


def _check_revision(delivery: Delivery, revision: int) -> None:
    """Refused: edited_meanwhile."""
    if delivery.revision != revision:
        raise Refused(
            "edited_meanwhile",
            _("Somebody has changed the plan meanwhile: look at what it says now, and save again."),
        )


def _save(delivery: Delivery, *fields: str, moved: bool = False) -> None:
    delivery.revision += 1
    if moved:
        delivery.moved_at = clock.now()
    delivery.save(update_fields=["revision", "moved_at", *fields])


def _part_of(rows: Any, reference: str) -> Any:
    """The row of this delivery. Refused: gone."""
    found = next((row for row in rows.all() if str(row.pk) == str(reference)), None)
    if found is None:
        raise Refused("gone", _("This is not there any more: somebody has taken it away meanwhile."))
    return found


def _today() -> date:
    return clock.now().astimezone(KYIV).date()


def _not_later(day: date) -> str:
    return "" if day <= _today() else _("This day is yet to come.")


def _no_reason(reason: str) -> str:
    return "" if reason.strip() else _("Give the reason: everybody will read it.")


def _refuse_faults(code: str, **faults: str) -> None:
    """Refused with the faults by field; nothing where all are empty."""
    found = {name: message for name, message in faults.items() if message}
    if found:
        raise Refused(code, _("Some fields need your attention."), fields=found, status=422)
