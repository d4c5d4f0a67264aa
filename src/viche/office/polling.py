"""What the desk of a polling point says of a voter, and how it names them from page to page.

The voter's name in the addresses of the desk is signed: it opens for the one operator who looked the voter up, at this
point, in this contest, for half an hour. Neither the number of the document nor anything that was chosen is in it.
"""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import DESK, PAPER
from viche.ballots.channels import PLACES, why_closed, why_method_refused
from viche.ballots.queries import Mark, mark_of
from viche.ballots.traces import Circumstances
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.eligibility import Obstacle, obstacles
from viche.identity.models import Person
from viche.identity.queries import needs_consent
from viche.points.models import Point
from viche.points.queries import contests_at, is_on_duty

SALT, SECONDS = "viche.office.polling", 1800
METHOD = "desk"


@dataclass(frozen=True)
class Way:
    """A way to vote at the desk. why_not: why it is shut, in words; "" where it is open."""

    channel: str
    why_not: str

    @property
    def is_open(self) -> bool:
        return not self.why_not


@dataclass(frozen=True)
class Answer:
    """What the desk says of a voter. kind: "may", "voted", "may_not", "closed" (neither way is open now).

    again: whether their ballot may be replaced.
    """

    kind: str
    obstacles: list[Obstacle]
    mark: Mark | None
    desk: Way
    paper: Way
    needs_consent: bool
    again: bool = False

    @property
    def voted_words(self) -> str:
        """When and where they voted: "on 14 April at 12:00, online"."""
        if self.mark is None:
            return ""
        at = self.mark.at.astimezone(clock.KYIV)
        return _("on %(day)s at %(time)s, %(place)s") % {
            "day": date_format(at, "j E Y"), "time": at.strftime("%H:%M"),
            "place": PLACES.get(self.mark.channel, self.mark.channel),
        }  # fmt: skip


def answer_about(contest: Contest, person: Person) -> Answer:
    """May this person vote here now, by which way; have they voted; or why not."""
    mark = mark_of(contest, person)
    is_final = mark is not None and (not contest.rules.ballot.revote or mark.channel == PAPER)
    found = {channel: _obstacles(contest, person, channel) for channel in (DESK, PAPER)}
    barred = found[DESK] if found[PAPER] else []
    desk, paper = _way(contest, DESK, found[DESK]), _way(contest, PAPER, found[PAPER])
    kind = "may" if desk.is_open or paper.is_open else "may_not" if barred else "closed"
    return Answer(
        kind="voted" if is_final else kind, obstacles=barred, mark=mark, desk=desk,
        paper=_given_out(contest, paper), needs_consent=needs_consent(person, contest.community),
        again=mark is not None and not is_final,
    )  # fmt: skip


def _obstacles(contest: Contest, person: Person, channel: str) -> list[Obstacle]:
    return obstacles(
        person=person, territory=contest.community.territory, rule=contest.rules.voter, moment=clock.now(),
        channel=channel,
    )  # fmt: skip


def _way(contest: Contest, channel: str, found: list[Obstacle]) -> Way:
    try:
        fault = why_closed(contest, channel) or why_method_refused(contest.rules, channel, METHOD)
    except Refused as refused:
        fault = refused
    return Way(channel, str(fault.message) if fault else " ".join(each.message for each in found))


def _given_out(contest: Contest, way: Way) -> Way:
    """The way on paper, as far as the desk gives out numbered sheets."""
    if not way.is_open:
        return way
    if contest.rules.paper.mode != "ballots":
        return Way(
            PAPER,
            _(
                "On paper this contest knows totals only: the sheets of the point carry no number and are given out by "
                "list."
            ),
        )
    if contest.rules.paper.is_named:
        return Way(
            PAPER,
            _(
                "In this contest the voter’s name stands on the paper ballot: give out any sheet. Whether they have "
                "voted is decided when the sheet is entered."
            ),
        )
    return way


def desk_point(request: HttpRequest, contest: Contest, point: Point | None) -> Point:
    """The point of a desk's address, for an operator whose shift runs there; an auditor reads.

    Refused: not_found, not_on_duty.
    """
    if point is None or contest not in contests_at(point):
        raise Refused("not_found", _("One does not vote in this contest at such a point."), status=404)
    visitor = request.visitor  # type: ignore[attr-defined]
    if not request.reads_only and not is_on_duty(point, visitor.person.pk):  # type: ignore[attr-defined]
        raise Refused(
            "not_on_duty",
            _("Your shift at this polling point does not run now: an administrator plans shifts."),
            status=403,
        )
    return point


def voter_name(request: HttpRequest, contest: Contest, point: Point, person: Person) -> str:
    """The signed name of a voter for the addresses of this desk."""
    said = [person.pk.hex, contest.pk.hex, point.pk.hex, request.visitor.person.pk.hex]  # type: ignore[attr-defined]
    return signing.dumps(said, salt=SALT)


def voter_named(request: HttpRequest, contest: Contest, point: Point, name: str) -> UUID:
    """The voter's reference. Refused: voter_gone (another operator, desk or contest, or half an hour is over)."""
    try:
        voter, *rest = signing.loads(name, salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        voter, rest = "", []
    if rest != [contest.pk.hex, point.pk.hex, request.visitor.person.pk.hex]:  # type: ignore[attr-defined]
        raise Refused(
            "voter_gone", _("This voter was looked up too long ago or by somebody else: look them up again."),
            status=404,
        )  # fmt: skip
    return UUID(voter)


def scope_of(name: str) -> str:
    """Sets the choices of this voter apart from those of others in the operator's browser."""
    return f"-desk{signing.Signer(salt=SALT).signature(name)[:10].replace('_', 'a').replace('-', 'b')}"


def around_desk(request: HttpRequest, point: Point) -> Circumstances:
    """What is known around a vote taken at the desk: who took it, and where."""
    return Circumstances(operator=str(request.visitor.person.pk), point=str(point.pk))  # type: ignore[attr-defined]


def read_serial(text: str) -> int | None:
    """The number of a ballot as it is typed ("№ 00412") or read from the QR code of a sheet ("…/412")."""
    last = text.strip().rstrip("/").rpartition("/")[2]
    digits = re.sub(r"[№\s#-]", "", last)
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else None


def read_serials(text: str) -> list[int]:
    """Numbers of ballots, one by one or from – to. Raises ValueError."""
    found: list[int] = []
    for part in re.split(r"[,;\s]+", re.sub(r"\s*[-–—]\s*", "-", text.strip())):
        first, _dash, last = part.partition("-")
        low, high = read_serial(first), read_serial(last or first)
        if low is None or high is None or not low <= high < low + 1000:
            raise ValueError(part)
        found += range(low, high + 1)
    if len(found) > 1000:
        raise ValueError(text)
    return found


def context_of(
    request: HttpRequest, contest: Contest, point: Point, person: Person, name: str
) -> dict[str, Any]:
    """What every page about a voter shows; the look is written down."""
    request.shown.about([person.pk])  # type: ignore[attr-defined]
    return {"contest": contest, "point": point, "voter": person, "name": name}
