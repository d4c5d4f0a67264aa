"""What is said of a receipt: to its owner while this browser still holds it, to everybody by its code."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from rulebook.ballot import BallotPaper, commitment
from rulebook.canonical import canonical
from viche.ballots.models import Opening
from viche.ballots.queries import opening_of
from viche.ballots.wording import choices_text
from viche.channels.booth import selection
from viche.contests.models import Contest
from viche.identity.models import Person
from viche.journal.models import Entry
from viche.journal.queries import LONGEST_CODE, ballot_coded, entry_holding, is_code
from viche.portal.journal_page import entry_name
from viche.projects.queries import admitted_projects
from viche.results.queries import publication_of


def grouped_code(code: str) -> str:
    return " ".join(re.findall(".{1,4}", code))


@dataclass(frozen=True)
class OwnReceipt:
    """A receipt that this browser holds, checked: ballot is the canonical text that the code is computed of.

    is_right: the number and the choices give the code. entry: of the journal; None where there is none.
    """

    code: str
    nonce: str
    choices: list[tuple[str, str]]
    ballot: str
    is_right: bool
    entry: Entry | None

    @property
    def groups(self) -> str:
        return grouped_code(self.code)

    @property
    def short(self) -> str:
        return grouped_code(self.code[:16])


def own_receipt(request: HttpRequest, contest: Contest, person: Person | None = None) -> OwnReceipt | None:
    """The receipt of who looks, for the quarter of an hour in which their browser holds it. person: the voter, where
    the browser is a desk's or a screen's.
    """
    voter = person or request.visitor.person  # type: ignore[attr-defined]
    kept = selection.receipt_of(request, contest, voter)
    if kept is None:
        return None
    kind, code = contest.rules.ballot.kind, kept["commitment"]
    pairs = [(str(project), int(value)) for project, value in kept["choices"]]
    paper = BallotPaper(tuple(pairs))
    made = commitment(str(contest.id), paper, bytes.fromhex(kept["nonce"]))
    return OwnReceipt(
        code=code, nonce=kept["nonce"], choices=choices_text(kind, pairs, _titles(contest)),
        ballot=canonical(paper.document()).decode(), is_right=made.hex() == code, entry=_entry(contest, code),
    )  # fmt: skip


def _titles(contest: Contest) -> Mapping[str, str]:
    return {each.code: each.title for each in admitted_projects(contest)}


def _entry(contest: Contest, code: str) -> Entry | None:
    return ballot_coded([f"ballots:{contest.pk}"], code)


def place_words(entry: Entry | None) -> dict[str, Any]:
    """Where an entry stands, for a template: its number and its page's name, or neither while it waits."""
    if entry is None or entry.index is None:
        return {"index": None, "name": ""}
    return {"index": entry.index, "name": entry_name(entry.log, entry.index)}


@dataclass(frozen=True)
class Finding:
    """What a code leads to. kind: "no_code", "early", "unknown", "sealed", "excluded", "opened"."""

    kind: str
    entry: Entry | None = None
    choices: Iterable[tuple[str, str]] = ()
    why: str = ""


def finding_of(contest: Contest, code: str) -> Finding:
    """What is found by a code. While the voting goes on nothing is looked up, so that neither the words nor the time of
    the answer tell a code that is known from one that is not.
    """
    if not is_code(code):
        return Finding("no_code")
    is_published = publication_of(contest) is not None
    if not is_published and not contest.has_ended("voting"):
        return Finding("early")
    entry = _entry(contest, code)
    opening = _opening(contest, entry, code) if is_published else None
    if opening is not None:
        kind = contest.rules.ballot.kind
        return Finding("opened", entry, choices_text(kind, opening.choices["choices"], _titles(contest)))
    if entry is None:
        return Finding("unknown")
    if not is_published:
        return Finding("sealed", entry)
    said = entry_holding(f"contest:{contest.pk}", bytes(entry.sort_key or b"").hex())
    return Finding("excluded", entry, why=said.sentence if said else "")


def _opening(contest: Contest, entry: Entry | None, code: str) -> Opening | None:
    """The opening of a ballot of the journal; of an imported election, which has no such entries, by the whole code."""
    if entry is not None:
        return opening_of(contest, bytes(entry.sort_key or b""))
    return opening_of(contest, bytes.fromhex(code)) if len(code) == LONGEST_CODE else None


def receipt_lines(contest: Contest, own: OwnReceipt) -> list[tuple[str, str]]:
    """What stands on the sheet beside the code, and nothing of the choices."""
    return [
        (_("Contest"), contest.name),
        (_("Community"), contest.community.title),
        (_("The first 16 signs are enough"), own.short),
    ]


def receipt_words() -> dict[str, str]:
    """What the page says when the browser has computed the code by itself (viche/proof.js)."""
    return {
        "right": _(
            "This browser has computed the code from your choices and the secret number: it is the same."
        ),
        "wrong": _("This browser computes another code from your choices. Tell the commission at once."),
    }
