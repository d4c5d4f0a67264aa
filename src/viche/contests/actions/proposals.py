"""Four eyes: an administrator proposes an act with the council's decision, a second official confirms it.

What is confirmed is exactly what was proposed: the version and its hash, or the phase and its new end.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.contests.actions.checking import issues_before_freeze
from viche.contests.actions.freezing import (
    check_decision,
    contest_is_frozen,
    issues_before_correction,
    newest_version,
    put_in_force,
)
from viche.contests.actions.phases import move_end
from viche.contests.actions.rights import SECONDS, administrator_only
from viche.contests.events import (
    ProposalDeclined,
    ProposalMade,
    ProposalWithdrawn,
    RulesCorrected,
    RulesFrozen,
)
from viche.contests.models import Contest, Proposal
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.identity.queries import roles_in
from viche.journal import actions as journal

Act, State = Proposal.Act, Proposal.State


def decision_text(number: str, day: date | None) -> str:
    """«№ 12 від 01.02.2026»: how a decision is cited; in Ukrainian, as councils number them."""
    number = number.strip()
    cited = number if number.startswith("№") else f"№ {number}"
    return f"{cited} від {day:%d.%m.%Y}" if day else cited


def propose_rules(
    *, contest: Contest, decision: str, by: Actor, decision_url: str = "", decision_date: date | None = None
) -> Proposal:
    """Propose to freeze the newest draft, or where rules are in force to correct them by it.

    Journal: ProposalMade. Refused: not_administrator, no_decision, rules_have_problems, nothing_to_confirm,
    proposal_open, bad_value.
    """
    administrator_only(by, contest.community)
    check_decision(decision)
    with transaction.atomic():
        version = newest_version(contest)
        is_correction = contest_is_frozen(contest)
        if version.frozen_at is not None:
            raise Refused("nothing_to_confirm", _("There is no draft: the rules in force are the newest."))
        contest.forget_cached()
        check = issues_before_correction if is_correction else issues_before_freeze
        if issues := check(contest, version.rules):
            raise Refused("rules_have_problems", " ".join(issues), fields={"rules": issues}, status=422)
        return _open(
            Proposal(
                contest=contest, act=Act.CORRECT if is_correction else Act.FREEZE, decision=decision.strip(),
                facts={"version": version.number, "digest": version.digest}, decision_url=decision_url,
                decision_date=decision_date,
            ),
            by,
        )  # fmt: skip


def propose_extension(
    *, contest: Contest, phase: str, ends_at: datetime, decision: str, by: Actor, decision_url: str = "",
    decision_date: date | None = None,
) -> Proposal:  # fmt: skip
    """Propose to move the end of a phase later; journal: ProposalMade.

    Refused: not_administrator, no_decision, proposal_open, bad_value, and as extend_phase.
    """
    administrator_only(by, contest.community)
    check_decision(decision)
    with transaction.atomic():
        # tried and undone: what could not be carried out is not proposed
        attempt = transaction.savepoint()
        try:
            move_end(contest=contest, phase=phase, ends_at=ends_at, decision=decision, by=by)
        finally:
            transaction.savepoint_rollback(attempt)
            contest.forget_cached()
        return _open(
            Proposal(
                contest=contest, act=Act.EXTEND, facts={"phase": phase, "ends_at": ends_at.isoformat()},
                decision=decision.strip(), decision_url=decision_url, decision_date=decision_date,
            ),
            by,
        )  # fmt: skip


def _open(proposal: Proposal, by: Actor) -> Proposal:
    proposal.proposed_by_id, proposal.proposed_at = by.person_id, clock.now()
    try:
        proposal.clean_fields()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise Refused("bad_value", f"{name}: {messages[0]}", fields=error.message_dict, status=422) from None
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
            _tell(proposal, by, ProposalMade, facts=proposal.facts)
    except IntegrityError:
        raise Refused(
            "proposal_open", _("This is proposed already and waits for a second official.")
        ) from None
    return proposal


def confirm_proposal(*, proposal: Proposal, by: Actor) -> Proposal:
    """A second official confirms: the act is done in the same transaction. Locks the proposal and the contest.

    Journal: RulesFrozen, RulesCorrected, or PhaseMoved. Rules are frozen together with the ballot box:
    ballots.preparing.confirm_freeze calls this. Refused: not_second_official, same_person, already_decided,
    proposer_left, draft_changed, rules_have_problems, and as extend_phase.
    """
    contest = proposal.contest
    _second_only(by, contest)
    with transaction.atomic():
        held = _held(proposal)
        if held.proposed_by_id is not None and held.proposed_by_id == by.person_id:
            raise Refused(
                "same_person", _("You have proposed this yourself: another official confirms it."), status=403
            )
        proposer = held.proposed_by
        if proposer is not None and Role.ADMINISTRATOR not in roles_in(proposer, contest.community):
            raise Refused(
                "proposer_left",
                _("Whoever proposed this is no longer an administrator: withdraw it and propose it anew."),
            )
        if held.act == Act.EXTEND:
            move_end(
                contest=contest, phase=held.facts["phase"], ends_at=datetime.fromisoformat(held.facts["ends_at"]),
                decision=held.decision, by=by,
            )  # fmt: skip
        else:
            _confirm_rules(held, by)
        _decide(held, State.CONFIRMED, by)
    contest.forget_cached()
    return held


def _confirm_rules(held: Proposal, by: Actor) -> None:
    contest = held.contest
    version = newest_version(contest)
    if (version.number, version.digest) != (held.facts["version"], held.facts["digest"]):
        raise Refused("draft_changed", _("The draft is no longer the one that was proposed."))
    contest.forget_cached()
    is_correction = held.act == Act.CORRECT
    check = issues_before_correction if is_correction else issues_before_freeze
    if issues := check(contest, version.rules):
        raise Refused("rules_have_problems", " ".join(issues), fields={"rules": issues}, status=422)
    put_in_force(
        version, decision=held.decision, decision_url=held.decision_url, decision_date=held.decision_date, by=by,
        event=RulesCorrected if is_correction else RulesFrozen,
    )  # fmt: skip


def decline_proposal(*, proposal: Proposal, reason: str, by: Actor) -> Proposal:
    """A second official says no, with the reason; journal: ProposalDeclined.

    Refused: not_second_official, already_decided, no_reason.
    """
    _second_only(by, proposal.contest)
    if not reason.strip():
        message = _("Say why, in a few words.")
        raise Refused("no_reason", message, fields={"reason": message}, status=422)
    with transaction.atomic():
        held = _held(proposal)
        held.reason = reason.strip()[:1000]
        _decide(held, State.DECLINED, by)
        _tell(held, by, ProposalDeclined)
    return held


def withdraw_proposal(*, proposal: Proposal, by: Actor) -> Proposal:
    """An administrator takes a proposal back; journal: ProposalWithdrawn.

    Refused: not_administrator, already_decided.
    """
    administrator_only(by, proposal.contest.community)
    with transaction.atomic():
        held = _held(proposal)
        _decide(held, State.WITHDRAWN, by)
        _tell(held, by, ProposalWithdrawn)
    return held


def _second_only(by: Actor, contest: Contest) -> None:
    if not by.holds(*SECONDS, community=contest.community.code):
        raise Refused(
            "not_second_official",
            _("A second official confirms this: an administrator, an editor or a member of the commission."),
            status=403,
        )


def _held(proposal: Proposal) -> Proposal:
    held = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("contest__community__territory", "decided_by", "proposed_by")
        .get(pk=proposal.pk)
    )
    if held.state != State.OPEN:
        words = {
            "state": State(held.state).label,
            "who": held.decided_by.display_name if held.decided_by else _("the platform"),
            "at": held.decided_at.astimezone(clock.KYIV).strftime("%d.%m.%Y %H:%M")
            if held.decided_at
            else "",
        }
        raise Refused("already_decided", _("This is decided already: %(state)s, %(who)s, %(at)s.") % words)
    return held


def _decide(held: Proposal, state: str, by: Actor) -> None:
    held.state, held.decided_by_id, held.decided_at = state, by.person_id, clock.now()
    held.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def _tell(proposal: Proposal, by: Actor, event: Any, **data: Any) -> None:
    journal.append(
        event(
            contest=str(proposal.contest_id), proposal=str(proposal.id), act=str(proposal.act),
            decision=proposal.decision, **data,
        ),
        community=proposal.contest.community.code, year=clock.year(), by=by,
    )  # fmt: skip
