"""What somebody read on a sheet: as it is typed, compared, kept."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from rulebook.ballot import BallotPaper, defects
from rulebook.canonical import canonical
from rulebook.rules.vocabulary import INVALID_PAPERS
from viche.ballots.candidates import candidates_of, names_in
from viche.ballots.papers import open_note, seal_note
from viche.ballots.papers.putting import TOO_MANY
from viche.ballots.wording import defects_text
from viche.contests.models import Contest
from viche.foundation import clock, keys
from viche.foundation.refused import Refused
from viche.identity.numbers import ReadNumber, read_number
from viche.identity.providers import TaxNumberError
from viche.projects.queries import admitted_projects

WORD = re.compile(r"^([+-]?)0*(\d{1,9})(?::0*(\d{1,6}))?$")
MAX_TYPED = 4_000


@dataclass(frozen=True)
class Reading:
    """choices: (project code, value). reason: why the sheet is invalid, then there are no choices. voter: kind and
    keyed token (hex) of the number on a named sheet. numbers: of a protocol. unsure: boxes the machine did not read.
    """

    choices: tuple[tuple[str, int], ...] = ()
    reason: str = ""
    voter: tuple[str, str] | None = None
    numbers: tuple[tuple[str, int], ...] = ()
    unsure: tuple[tuple[str, int], ...] = field(default=())

    @property
    def document(self) -> dict[str, object]:
        return {
            "choices": [list(each) for each in self.choices], "reason": self.reason, "voter": list(self.voter or ()),
            "numbers": [list(each) for each in self.numbers], "unsure": [list(each) for each in self.unsure],
        }  # fmt: skip

    def is_same_as(self, other: "Reading") -> bool:
        """Whether both say the same; of what the machine was unsure, a person's answer holds."""
        unsure = {*self.unsure, *other.unsure}
        return (
            set(self.choices) - unsure == set(other.choices) - unsure
            and (self.reason, self.voter, self.numbers) == (other.reason, other.voter, other.numbers)
        )  # fmt: skip


def sealed(contest: Contest, reading: Reading) -> bytes:
    """The reading, sealed under the contest's key. Refused: no_key."""
    try:
        return seal_note(contest, canonical(reading.document))
    except keys.KeyMissing:
        raise no_key() from None


def unsealed(contest: Contest, note: bytes) -> Reading:
    """The reading of a note. Refused: no_key. Raises ValueError."""
    try:
        said = json.loads(open_note(contest, note))
    except keys.KeyMissing:
        raise no_key() from None

    def pairs(name: str) -> tuple[tuple[str, int], ...]:
        return tuple((code, value) for code, value in said[name])

    voter = (said["voter"][0], said["voter"][1]) if said["voter"] else None
    return Reading(pairs("choices"), said["reason"], voter, pairs("numbers"), pairs("unsure"))


def ballot_lines(contest: Contest) -> dict[int, tuple[str, str]]:
    """Code and title of what a ballot may name, by number, in the order of the numbers."""
    found = admitted_projects(contest).prefetch_related(None).order_by("number")
    return {each.number: (each.code, each.title) for each in found}


def typed_paper(contest: Contest, text: str) -> BallotPaper:
    """The paper that was typed: project numbers by spaces; "12:3" with points, "-12" against, a ranking best first.

    Refused: bad_choices at the field, every fault in words.
    """
    kind, known = contest.rules.ballot.kind, ballot_lines(contest)
    choices: list[tuple[str, int]] = []
    faults: list[str] = []
    for word in re.split(r"[\s,;]+", text.strip()[:MAX_TYPED]) if text.strip() else []:
        match = WORD.match(word)
        value = _value(kind, match, len(choices) + 1) if match else None
        if match is None or value is None:
            faults.append(_("“%(word)s” cannot be read here.") % {"word": word[:20]})
        elif int(match[2]) not in known:
            faults.append(_("No project No. %(number)s stands on the ballot.") % {"number": int(match[2])})
        elif known[int(match[2])][0] in dict(choices):
            faults.append(_("No. %(number)s is typed twice.") % {"number": int(match[2])})
        else:
            choices.append((known[int(match[2])][0], value))
    if faults:
        raise fault("bad_choices", "choices", " ".join(faults))
    return BallotPaper.of(kind, choices)


def typed_text(contest: Contest, choices: tuple[tuple[str, int], ...]) -> str:
    """The same the other way round: how choices are typed."""
    numbers = {code: number for number, (code, _title) in ballot_lines(contest).items()}
    kind = contest.rules.ballot.kind
    pairs = [(numbers.get(code, code), value) for code, value in choices]
    if kind == "ranking":
        return " ".join(str(number) for number, _rank in sorted(pairs, key=lambda pair: pair[1]))
    pairs.sort(key=lambda pair: str(pair[0]).rjust(9))
    if kind == "points":
        return " ".join(f"{number}:{value}" for number, value in pairs)
    return " ".join(f"-{number}" if value < 0 else str(number) for number, value in pairs)


def check_valid(contest: Contest, paper: BallotPaper) -> None:
    """Refused: proposes_invalid at the field, with what the rules have against the paper."""
    found = defects(paper, contest.rules, candidates_of(contest))
    if not found:
        return
    lines = defects_text(found, names_in(contest), currency=contest.currency, kind=contest.rules.ballot.kind)
    message = (
        " ".join(lines)
        + " "
        + _("If the sheet says so, it is invalid: the reason is chosen below, press once more.")
    )
    raise fault("proposes_invalid", "choices", message)


def proposed_reason(contest: Contest, paper: BallotPaper) -> str:
    """The reason of the list that fits what the rules have against the paper; that it has no number, where nothing."""
    if not paper.choices:
        return "blank"
    found = defects(paper, contest.rules, candidates_of(contest))
    if not found:
        return "unknown-serial"
    return "too-many" if any(each.code in TOO_MANY for each in found) else "other"


def checked_reason(reason: str) -> str:
    """Refused: bad_reason at the field."""
    if reason and reason not in INVALID_PAPERS:
        raise fault("bad_reason", "reason", _("Choose a reason of the list."))
    return reason


def typed_voter(text: str) -> ReadNumber:
    """The number on a named sheet. Refused: bad_number at the field."""
    try:
        return read_number(text, today=clock.now().astimezone(clock.KYIV).date())
    except TaxNumberError:
        message = _("This is neither a valid tax number nor a passport’s: check the digits.")
        raise fault("bad_number", "number", message) from None


def no_key() -> Refused:
    """The keys of the contest are away, or destroyed after it."""
    said = _("The keys of this contest are not in reach: nothing can be entered. Try again later.")
    return Refused("no_key", said, status=503)


def bad_fields(fields: Mapping[str, str]) -> Refused:
    """Several faults of one form."""
    return Refused("bad_value", " ".join(fields.values()), fields=dict(fields), status=422)


def fault(code: str, name: str, message: str) -> Refused:
    """A refusal at one field."""
    return Refused(code, message, fields={name: message}, status=422)


def _value(kind: str, match: re.Match[str], place: int) -> int | None:
    """The value of a typed choice; None where a ballot of this kind holds no such."""
    sign, points = match[1], match[3]
    if kind == "points":
        return int(points) if points is not None and not sign else None
    if points is not None or (sign and kind != "plus-minus"):
        return None
    if kind == "ranking":
        return place
    return -1 if sign == "-" else 1
