"""A contest whose box key the commission holds, and the files that its members bring.

The share files and their passphrases are tried in tests/boxkey and tests/surfaces/test_key_pages.py.
"""

from dataclasses import dataclass, field
from typing import Any

from boxkey import files, pairs
from tests import given
from viche.ballots import holding, key_ceremony
from viche.ballots.given_key import GivenKey, given_key
from viche.ballots.models import BoxKey
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.projects.models import Project

RULES: dict[str, Any] = {**given.RULES, "box_key": "commission"}
BEFORE, VOTING, AFTER = given.day(30), given.day(45), given.day(60)


@dataclass
class Ceremony:
    """The pair made offline, and two officials. Each step is done at the moment it is due."""

    contest: Contest
    iryna: Actor
    serhii: Actor
    private: bytes = field(repr=False)
    public: bytes

    def public_file(self) -> bytes:
        return self.written(files.PUBLIC, public_key=self.public.hex())

    def private_file(self, **other: Any) -> bytes:
        facts = {"public_key": self.public.hex(), "private_key": self.private.hex(), "holders": [1, 3]}
        return self.written(files.PRIVATE, **{**facts, **other})

    def written(self, kind: str, **facts: Any) -> bytes:
        return files.written(kind, {"contest": str(self.contest.id), **facts}).encode()

    def fingerprint(self) -> str:
        return pairs.fingerprint(str(self.contest.id), self.public)

    def given(self) -> GivenKey:
        return given_key(self.contest, self.private_file())

    def proposed(self) -> BoxKey:
        with clock.at(BEFORE):
            return holding.propose_key(contest=self.contest, text=self.public_file(), by=self.iryna)

    def confirmed(self) -> BoxKey:
        key = self.proposed()
        with clock.at(BEFORE):
            return holding.confirm_key(key=key, typed=self.fingerprint(), by=self.serhii)

    def answer(self, key: BoxKey) -> bytes:
        """The answer to the open task, as two holders give it."""
        task = files.read(key_ceremony.challenge_file(key).encode(), files.CHALLENGE)
        opened = pairs.open_challenge(str(self.contest.id), bytes.fromhex(task["sealed"]), self.private)
        return self.written(files.ANSWER, opened=opened.hex())

    def rehearsed(self) -> BoxKey:
        key = self.confirmed()
        with clock.at(BEFORE):
            return holding.record_rehearsal(key=key, text=self.answer(key), by=self.iryna)


def ceremony(slug: str = "2026", **facts: Any) -> tuple[Ceremony, list[Project]]:
    """The contest with admitted projects; nothing of the ceremony is done yet."""
    contest, projects = given.voting_contest(slug=slug, rules={**RULES, **facts})
    iryna, serhii = (given.official(name, "commission", contest.community) for name in ("Ірина", "Сергій"))
    return Ceremony(contest, iryna, serhii, *pairs.new_pair()), projects
