"""Numbered paper against a model in a dictionary: sheets given out, exchanged, entered, whole batches taken back, in
any order and beside votes on the web; at the opening exactly the sheets of the model are counted.
"""

import hashlib
import secrets
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
from tests.paper_box import AFTER, VOTING, paper_contest, printed

from viche.ballots.actions import cast_ballot, open_box
from viche.ballots.models import Ballot, Opening, PaperBallot, PaperBatch, PaperSerial, Participation
from viche.ballots.papers import (
    PaperRow,
    close_batch,
    issue_paper,
    mark_papers,
    open_batch,
    put_papers,
    replace_spoiled,
    undo_batch,
)
from viche.ballots.queries import given_out_marks
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.journal.models import Entry

VOTERS, SHEETS = 3, 6


class PaperBox(RuleBasedStateMachine):
    """sheets: what became of each number. hands: by voter, their number, or "web". inside: by number, (batch, choice).
    seen: (number, batch) of all that was entered, valid or not.
    """

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.sheets = dict.fromkeys(range(1, SHEETS + 1), "printed")
        self.hands: dict[int, Any] = {}
        self.web: dict[int, int] = {}
        self.inside: dict[int, tuple[int, int]] = {}
        self.seen: set[tuple[int, int]] = set()
        self.batches: list[Any] = []
        self.keys = 0
        self.sealed = 0
        self.is_opened = False

    @initialize()
    def lay(self) -> None:
        self.contest, projects = paper_contest()
        self.projects = projects[:2]
        printed(self.contest, SHEETS)
        self.voters = [given.person("Виборець", serial=place) for place in range(VOTERS)]
        self.begin()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def begin(self) -> None:
        with clock.at(VOTING):
            name = f"Пакет {len(self.batches)}"
            self.batches.append(open_batch(contest=self.contest, kind="entry", name=name, by=SYSTEM))

    def tried(self, act: Any, **wanted: Any) -> str:
        """Code of the refusal, or ""."""
        try:
            with clock.at(AFTER if self.is_opened else VOTING), transaction.atomic():
                act(**wanted)
        except Refused as refused:
            return refused.code
        return ""

    @rule(voter=st.integers(0, VOTERS - 1), number=st.integers(1, SHEETS))
    def give_out(self, voter: int, number: int) -> None:
        key = hashlib.sha256(f"{voter}".encode()).digest()
        code = self.tried(
            issue_paper, contest=Contest.objects.get(pk=self.contest.pk), voter=self.voters[voter], serial=number,
            request_key=key, by=SYSTEM,
        )  # fmt: skip
        hand = self.hands.get(voter)
        if hand == number:
            assert code == ""  # the same form once more
        elif hand is not None and hand != "web":
            assert code == "request_reused"
        elif self.is_opened:
            assert code == "voting_closed"
        elif self.sheets[number] != "printed":
            assert code == "serial_taken"
        elif hand == "web":
            assert code == "already_voted"
        else:
            assert code == ""
            self.hands[voter], self.sheets[number] = number, "issued"

    @rule(voter=st.integers(0, VOTERS - 1), number=st.integers(1, SHEETS))
    def exchange(self, voter: int, number: int) -> None:
        old = self.hands.get(voter)
        if self.is_opened or not isinstance(old, int) or number == old:
            return
        code = self.tried(
            replace_spoiled, contest=self.contest, voter=self.voters[voter], old=old, new=number, by=SYSTEM
        )
        if any(seen == old for seen, _batch in self.seen):
            assert code == "sheet_entered"
        elif self.sheets[number] != "printed":
            assert code == "serial_taken"
        else:
            assert code == ""
            self.sheets[old], self.sheets[number], self.hands[voter] = "spoiled", "issued", number

    @rule(voter=st.integers(0, VOTERS - 1), choice=st.integers(0, 1))
    def vote_on_the_web(self, voter: int, choice: int) -> None:
        code = self.tried(
            cast_ballot, contest=Contest.objects.get(pk=self.contest.pk), voter=self.voters[voter],
            paper=given.paper(self.projects[choice]), channel="online", request_key=secrets.token_bytes(32),
        )  # fmt: skip
        if voter in self.hands:
            assert code == "already_voted"
        elif self.is_opened:
            assert code == "voting_closed"
        else:
            assert code == ""
            self.hands[voter], self.web[voter] = "web", choice
            self.sealed += 1

    @precondition(lambda self: not self.is_opened)
    @rule(number=st.integers(1, SHEETS + 1), choice=st.integers(0, 1))
    def enter(self, number: int, choice: int) -> None:
        self.keys += 1
        with clock.at(VOTING):
            (result,) = put_papers(
                batch=self.batches[-1],
                rows=[PaperRow(str(self.keys), given.paper(self.projects[choice]), serial=number)],
            )
        self.seen.add((number, len(self.batches) - 1))
        state = self.sheets.get(number)
        if state is None:
            assert result.reason == "unknown-serial"
        elif number in self.inside or state == "spoiled":
            assert result.reason == "serial-used"
        elif state != "issued":
            assert result.reason == "not-given-out"
        else:
            assert result.reason == ""
            self.inside[number] = (len(self.batches) - 1, choice)
            self.sealed += 1

    @precondition(lambda self: not self.is_opened)
    @rule(number=st.integers(1, SHEETS))
    def leave_over(self, number: int) -> None:
        code = self.tried(mark_papers, contest=self.contest, serials=[number], state="unused", by=SYSTEM)
        if self.sheets[number] in ("issued", "spoiled"):
            assert code == "serial_taken"
        else:
            assert code == ""
            self.sheets[number] = "unused"

    @precondition(lambda self: not self.is_opened)
    @rule()
    def close(self) -> None:
        assert self.tried(close_batch, batch=self.batches[-1], by=SYSTEM) == ""
        self.begin()

    @rule(place=st.integers(0, 5))
    def take_back(self, place: int) -> None:
        place %= len(self.batches)
        was_undone = PaperBatch.objects.get(pk=self.batches[place].pk).state == "undone"
        code = self.tried(undo_batch, batch=self.batches[place], reason="Помилка.", by=SYSTEM)
        if was_undone:
            assert code == ""
        elif self.is_opened:
            assert code == "box_opened"
        else:
            assert code == ""
            self.inside = {number: at for number, at in self.inside.items() if at[0] != place}
            self.seen = {each for each in self.seen if each[1] != place}
            if place == len(self.batches) - 1:
                self.begin()

    @rule()
    def open(self) -> None:
        if any(batch == len(self.batches) - 1 for _number, batch in self.seen) and not self.is_opened:
            with clock.at(AFTER), pytest.raises(Refused, match="batch"), transaction.atomic():
                open_box(contest=Contest.objects.get(pk=self.contest.pk))
            self.close()
        with clock.at(AFTER):
            open_box(contest=Contest.objects.get(pk=self.contest.pk))
        self.is_opened = True
        choices = [*self.web.values(), *(choice for _batch, choice in self.inside.values())]
        wanted = sorted(self.projects[choice].code for choice in choices)
        assert sorted(each.choices["choices"][0][0] for each in Opening.objects.all()) == wanted

    @invariant()
    def everything_agrees(self) -> None:
        if not hasattr(self, "contest"):
            return
        assert Participation.objects.count() == len(self.hands)
        assert given_out_marks(self.contest) == sum(isinstance(each, int) for each in self.hands.values())
        assert dict(PaperSerial.objects.values_list("number", "state")) == self.sheets
        assert PaperBallot.objects.filter(reason="", undone_at=None).count() == len(self.inside)
        assert Ballot.objects.count() == Entry.objects.filter(kind="BallotSealed").count() == self.sealed


@pytest.mark.django_db
def test_whatever_is_tried_the_box_agrees_with_the_model():
    run_state_machine_as_test(
        PaperBox,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
