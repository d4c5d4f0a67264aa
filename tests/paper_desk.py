"""A desk at which paper is entered, for the tests: a contest with printed ballots, and three officials."""

from typing import Any

from tests import given
from tests.paper_box import VOTING, given_out, paper_contest, printed
from viche.channels.paper.actions import (
    attach_scan,
    close_stack,
    confirm_sheet,
    decide_sheet,
    open_stack,
    record_entry,
    record_machine,
    record_protocol,
    record_recheck,
    withdraw_stack,
)
from viche.channels.paper.models import Sheet, Stack
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused

PDF = b"%PDF-1.4\nballots of a point\n%%EOF\n"
EXPECTED = {"issued": 5, "valid": 2, "invalid": 1, "spoiled": 1, "unused": 1}


class PaperDesk:
    """Halyna and Ihor enter, Olha settles; projects No. 1 to 4 stand on the ballot, ballots 1 to 10 are printed."""

    def __init__(self, **rules: Any) -> None:
        self.contest, self.projects = paper_contest(**rules)
        body = self.contest.community
        self.halyna = given.official("Галина", "operator", body)
        self.ihor = given.official("Ігор", "operator", body)
        self.olha = given.official("Ольга", "commission", body)
        if not self.contest.rules.paper.is_named and self.contest.rules.paper.mode == "ballots":
            printed(self.contest)

    def give(self, *serials: int) -> None:
        """Numbered ballots in the hands of as many voters."""
        for serial in serials:
            given_out(self.contest, given.resident(serial), serial, self.halyna)

    def stack(self, name: str = "ЦНАП", **facts: Any) -> Stack:
        with clock.at(VOTING):
            return open_stack(contest=self.contest, name=name, by=facts.pop("by", self.halyna), **facts)

    def type(
        self, stack: Stack, by: Actor, sheet: str, choices: str = "", reason: str = "", **facts: Any
    ) -> Sheet:
        with clock.at(VOTING):
            entry = record_entry(stack=stack, sheet=sheet, choices=choices, reason=reason, by=by, **facts)
        return Sheet.objects.get(pk=entry.sheet_id)

    def both(self, stack: Stack, sheet: str, choices: str = "", reason: str = "", **facts: Any) -> Sheet:
        """Halyna and Ihor enter the same."""
        self.type(stack, self.halyna, sheet, choices, reason, **facts)
        return self.type(stack, self.ihor, sheet, choices, reason, **facts)

    def do(self, act: Any, by: Actor | None = None, **facts: Any) -> Any:
        with clock.at(facts.pop("at", VOTING)):
            return act(by=by or self.halyna, **facts)

    def refused(self, act: Any, *args: Any, **facts: Any) -> Refused:
        try:
            act(*args, **facts)
        except Refused as refused:
            return refused
        raise AssertionError("nothing was refused")


__all__ = [
    "EXPECTED", "PDF", "PaperDesk", "attach_scan", "close_stack", "confirm_sheet", "decide_sheet", "record_machine",
    "record_protocol", "record_recheck", "withdraw_stack",
]  # fmt: skip
