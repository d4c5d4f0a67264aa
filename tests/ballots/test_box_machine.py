"""The box against a model in a dictionary: whatever is tried in whatever order, one voice a person, none lost.

Casts, repetitions, replacements, ballots on paper, annulments in both halves, lost connections after the commit, the
close and the opening are tried at random; after every step marks, envelopes and leaves agree with the model.
"""

import hashlib
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests import given

from viche.ballots.actions import cast_ballot, open_box
from viche.ballots.annulling import decide_annulment, propose_annulment
from viche.ballots.models import Annulment, Ballot, Claim, Opening, Participation, Replacement
from viche.ballots.queries import turnout
from viche.ballots.tokens import contest_tokens_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.journal.models import Entry

VOTING, AFTER = given.day(45), given.day(60)
VOTERS = 4
RULES = {
    **given.RULES,
    "ballot": {**given.RULES["ballot"], "revote": True},
    "channels": [{"kind": "online"}, {"kind": "paper"}],
    "identity_methods": ["isei", "desk"],
}


class Box(RuleBasedStateMachine):
    """counted: by voter, the request of the ballot that counts. requests: every request that was ever served."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.counted: dict[int, bytes] = {}
        self.channels: dict[int, str] = {}
        self.served: dict[bytes, tuple[int, int]] = {}
        self.sealed = 0
        self.open_cases: dict[int, Any] = {}
        self.annulled = 0
        self.is_opened = False
        self.moment = VOTING

    @initialize()
    def lay(self) -> None:
        self.contest = given.contest(rules=RULES)
        self.projects = [
            given.admitted_project(self.contest, f"Проєкт {number}", cost=10_000_000 * number)
            for number in (1, 2)
        ]
        self.voters = [given.person("Виборець", serial=place) for place in range(VOTERS)]
        self.iryna, self.viktor = (
            given.official(name, "commission", self.contest.community) for name in ("Ірина", "Віктор")
        )

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def send(self, voter: int, choice: int, key: bytes, channel: str) -> str:
        """Cast; the code of the refusal, "repeat", or "taken"."""
        try:
            with clock.at(self.moment), transaction.atomic():
                receipt = cast_ballot(
                    contest=Contest.objects.get(pk=self.contest.pk), voter=self.voters[voter],
                    paper=given.paper(self.projects[choice]), channel=channel, request_key=key,
                    method="isei:bank_id" if channel == "online" else "",
                )  # fmt: skip
        except Refused as refused:
            return refused.code
        return "repeat" if receipt.is_repeat else "taken"

    @rule(voter=st.integers(0, VOTERS - 1), choice=st.integers(0, 1), number=st.integers(0, 5),
          channel=st.sampled_from(["online", "online", "online", "paper"]))  # fmt: skip
    def cast(self, voter: int, choice: int, number: int, channel: str) -> None:
        """A request of a small pool of keys, so that repetitions and reuse are common."""
        key = hashlib.sha256(f"{voter} {number}".encode()).digest()
        answer = self.send(voter, choice, key, channel)
        assert answer == self.expected(voter, choice, key)
        if answer == "taken":
            self.counted[voter], self.channels[voter] = key, channel
            self.served[key] = (voter, choice)
            self.sealed += 1

    def expected(self, voter: int, choice: int, key: bytes) -> str:
        current = self.counted.get(voter)
        if current == key:
            return "repeat" if self.served[key] == (voter, choice) else "request_reused"
        if key in self.served:
            # of an annulled ballot nothing stands any more but its seal; of a replaced one its request
            return self.expected_again(voter, choice, key)
        if self.moment == AFTER or self.is_opened:
            has_voted_on_paper = current is not None and self.channels[voter] == "paper"
            return "already_voted" if has_voted_on_paper else "voting_closed"
        if current is not None and self.channels[voter] == "paper":
            return "already_voted"
        return "taken"

    def expected_again(self, voter: int, choice: int, key: bytes) -> str:
        is_replaced = Replacement.objects.filter(request_hash=hashlib.sha256(key).digest()).exists()
        if is_replaced:
            return "request_replaced"
        return "request_annulled"

    @precondition(lambda self: not self.is_opened)
    @rule(voter=st.integers(0, VOTERS - 1))
    def quarantine(self, voter: int) -> None:
        if voter not in self.counted:
            return
        token = contest_tokens_of(self.contest, self.voters[voter])[0]
        mark = Participation.objects.get(contest=self.contest, person_token=token)
        if voter in self.open_cases:
            with pytest.raises(Refused, match="quarantine"), transaction.atomic():
                propose_annulment(
                    contest=self.contest, mark=mark.pk, why="stolen", text="Не він.", by=self.iryna
                )
            return
        self.open_cases[voter] = propose_annulment(
            contest=self.contest, mark=mark.pk, why="stolen", text="Не він.", by=self.iryna
        )

    @precondition(lambda self: self.open_cases and not self.is_opened)
    @rule(is_confirmed=st.booleans())
    def decide(self, is_confirmed: bool) -> None:
        voter, case = self.open_cases.popitem()
        decide_annulment(annulment=case, is_confirmed=is_confirmed, answer="Так.", by=self.viktor)
        if is_confirmed:
            self.annulled += 1
            del self.counted[voter]

    @rule()
    def close(self) -> None:
        self.moment = AFTER

    @precondition(lambda self: self.moment == AFTER)
    @rule()
    def open(self) -> None:
        contest = Contest.objects.get(pk=self.contest.pk)
        with clock.at(AFTER):
            if self.open_cases and not self.is_opened:
                with pytest.raises(Refused), transaction.atomic():
                    open_box(contest=contest)
                return
            open_box(contest=contest)
        self.is_opened = True
        assert Opening.objects.count() == len(self.counted)
        wanted = sorted(str(self.projects[self.served[key][1]].code) for key in self.counted.values())
        assert sorted(each.choices["choices"][0][0] for each in Opening.objects.all()) == wanted

    @invariant()
    def everything_agrees(self) -> None:
        if not hasattr(self, "contest"):
            return
        live = Participation.objects.filter(annulled_at=None)
        assert live.count() == turnout(self.contest) == len(self.counted)
        assert Claim.objects.count() == len(self.counted)
        assert Ballot.objects.count() == Entry.objects.filter(kind="BallotSealed").count() == self.sealed
        assert self.sealed == len(self.counted) + self.annulled + Replacement.objects.count()
        assert Annulment.objects.filter(state="confirmed").count() == self.annulled


@pytest.mark.django_db
def test_whatever_is_tried_the_box_agrees_with_the_model():
    run_state_machine_as_test(
        Box,
        settings=settings(
            max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
