"""Contests that vote on paper too, for the tests: numbered sheets, sheets with names, totals."""

import secrets
from typing import Any

from tests import given
from viche.ballots.papers import issue_paper, print_papers
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.identity.models import Person

VOTING, AFTER = given.day(45), given.day(60)


def paper_rules(**paper: Any) -> dict[str, Any]:
    """given.RULES with voting on paper beside the web. revote and cancel go to the ballot."""
    ballot = {key: paper.pop(key) for key in ("revote", "cancel") if key in paper}
    rules = {
        **given.RULES,
        "ballot": {**given.RULES["ballot"], **ballot},
        "identity_methods": ["isei", "desk", "terminal"],
        "channels": [{"kind": kind} for kind in ("online", "desk", "paper", "terminal", "kiosk")],
    }
    for channel in rules["channels"]:
        channel |= {"from_day": 1, "to_day": None, "identity_methods": []}
    return {**rules, "paper": {"mode": "ballots", "is_named": False, "recheck_percent": 5, **paper}}


def paper_contest(**paper: Any) -> tuple[Contest, list[Any]]:
    """A contest with four admitted projects that votes on paper too."""
    return given.voting_contest(rules=paper_rules(**paper))


def given_out(contest: Contest, voter: Person, serial: int, by: Actor, key: bytes | None = None) -> Any:
    """A sheet of this number in the voter's hand."""
    with clock.at(VOTING):
        return issue_paper(
            contest=contest, voter=voter, serial=serial, by=by, request_key=key or secrets.token_bytes(32)
        )


def printed(contest: Contest, number: int = 10) -> list[int]:
    return print_papers(contest=contest, number=number, by=SYSTEM)
