"""Reads of the terminals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from rulebook.rules.vocabulary import PAPER, TERMINAL
from viche.ballots.channels import channel_of, why_closed, why_method_refused
from viche.ballots.queries import mark_of
from viche.channels.terminals.clients import checked_number, not_on_register
from viche.channels.terminals.models import (
    BallotState,
    Partner,
    PartnerKey,
    PartnerState,
    Reconciliation,
    Tally,
    TerminalBallot,
)
from viche.channels.terminals.partners import why_partner_refused
from viche.communities.models import Community
from viche.contests.models import Contest
from viche.contests.queries import contest_at, opened_contests_of
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.actions import person_by_number
from viche.identity.eligibility import obstacles
from viche.identity.models import Person


@dataclass(frozen=True)
class Eligibility:
    """May the client vote here, and if not, why (code: stable, message, remedy: in words).

    replaces: they have voted, and this ballot would take the place of the earlier one.
    """

    may: bool
    code: str = ""
    message: str = ""
    remedy: str = ""
    replaces: bool = False


@dataclass(frozen=True)
class OpenContest:
    """A contest that a client of a terminal may ask about, with the answer for this client."""

    contest: Contest
    eligibility: Eligibility


@sensitive_variables("number")
def eligibility_at_terminal(partner: Partner, contest: Contest, number: str) -> Eligibility:
    """May the client of this tax number vote in the contest at the partner's terminals?

    Whoever only a register knows is on record after actions.identify_voter. Refused: bad_number.
    """
    person = person_by_number(tax_number=checked_number(number))
    for refused in (
        why_partner_refused(partner), _why_not_offered(contest), why_closed(contest, TERMINAL),
        _why_method_refused(partner, contest),
    ):  # fmt: skip
        if refused is not None:
            return _refused(refused)
    if person is None:
        return _refused(not_on_register(contest.community))
    return _of_person(contest, person)


def _why_not_offered(contest: Contest) -> Refused | None:
    try:
        channel_of(contest.rules, TERMINAL)
    except Refused as refused:
        return refused
    return None


def _why_method_refused(partner: Partner, contest: Contest) -> Refused | None:
    return why_method_refused(contest.rules, TERMINAL, partner.method)


def _of_person(contest: Contest, person: Person) -> Eligibility:
    mark = mark_of(contest, person)
    is_replaceable = mark is not None and contest.rules.ballot.revote and mark.channel != PAPER
    if mark is not None and not is_replaceable:
        said = _("You have already voted in this contest. One person votes once.")
        return Eligibility(False, "already_voted", said)
    found = obstacles(
        person=person, territory=contest.community.territory, rule=contest.rules.voter, moment=clock.now(),
        channel=TERMINAL,
    )  # fmt: skip
    if found:
        remedies = " ".join(each.remedy for each in found if each.remedy)
        return Eligibility(False, "not_eligible", " ".join(each.message for each in found), remedies)
    return Eligibility(True, replaces=is_replaceable)


def _refused(refused: Refused) -> Eligibility:
    return Eligibility(False, refused.code, str(refused.message))


@sensitive_variables("number")
def contests_for(partner: Partner, number: str) -> list[OpenContest]:
    """Contests of the community whose voting runs or is still to come and offers terminals, each with the answer for
    this client. Refused: bad_number.
    """
    return [
        OpenContest(contest, eligibility_at_terminal(partner, contest, number))
        for contest in contests_at_terminals(partner.community)
    ]


def contests_at_terminals(community: Community) -> list[Contest]:
    """Contests of the community with terminals among their channels whose voting is not over."""
    return [
        contest
        for contest in opened_contests_of(community)
        if contest.window("voting") is not None
        and not contest.has_ended("voting")
        and _why_not_offered(contest) is None
    ]


def contest_at_terminals(partner: Partner, slug: str) -> Contest:
    """A contest of the partner's community by its address. Refused: no_contest."""
    found = contest_at(partner.community, slug)
    if found is None or not found.is_frozen:
        raise Refused("no_contest", _("There is no such contest in this community."), status=404)
    return found


# --- partners -----------------------------------------------------------------------------------------------


def partners_in(community: Community) -> QuerySet[Partner]:
    """All partners of the community by name, those that were never connected too."""
    return Partner.objects.filter(community=community).select_related("proposed_by", "decided_by")


def partner_named(community: Community, slug: str) -> Partner | None:
    """The partner of this slug, connected or not; the one that was declined is none."""
    found = Partner.objects.filter(community=community, slug=slug).exclude(state=PartnerState.DECLINED)
    return found.select_related("community__territory").first()


def partner_with_id(community: Community, reference: UUID) -> Partner | None:
    """A partner by its id."""
    found = Partner.objects.filter(community=community, pk=reference)
    return found.select_related("community__territory", "proposed_by", "decided_by").first()


def signing_key(community: Community, key_id: str) -> PartnerKey | None:
    """The key of this id that counts now, with its partner; None where it is unknown, unconfirmed or revoked."""
    found = (
        PartnerKey.objects.select_related("partner__community__territory")
        .filter(community=community, key_id=key_id)
        .first()
    )
    return found if found is not None and found.is_live else None


# --- ballots ------------------------------------------------------------------------------------------------


def ballot_of(partner: Partner, reference: UUID) -> TerminalBallot | None:
    """A ballot of the partner by its reference."""
    return (
        TerminalBallot.objects.filter(partner=partner, reference=reference).select_related("contest").first()
    )


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The day in Kyiv as [since, until)."""
    since = datetime.combine(day, time(), clock.KYIV)
    return since, datetime.combine(day + timedelta(days=1), time(), clock.KYIV)


def ballots_between(partner: Partner, since: datetime, until: datetime) -> Iterator[TerminalBallot]:
    """Ballots of the partner cast in [since, until), in their order."""
    rows = TerminalBallot.objects.filter(partner=partner, at__gte=since, at__lt=until)
    yield from rows.select_related("contest").order_by("pk").iterator(chunk_size=2_000)


def reconciliations_of(partner: Partner, most: int = 60) -> list[Reconciliation]:
    """The latest comparisons, the newest day first."""
    return list(Reconciliation.objects.filter(partner=partner)[:most])


# --- figures ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DayFigures:
    """A day of a partner: all its requests, ballots cast and taken back, requests that were refused."""

    day: date
    requests: int
    cast: int
    cancelled: int
    refused: int


def keys_of(partner: Partner) -> list[PartnerKey]:
    """Keys of the partner, the oldest first, revoked ones too."""
    return list(partner.keys.select_related("added_by", "confirmed_by"))


def figures_of(partner: Partner, most: int = 31) -> list[DayFigures]:
    """The latest days on which the partner asked anything, the newest first."""
    rows: dict[date, dict[str, int]] = {}
    tallies = Tally.objects.filter(partner=partner, span="day").order_by("-starts_at")
    for each in tallies.iterator(chunk_size=1_000):
        day = each.starts_at.astimezone(clock.KYIV).date()
        if day not in rows and len(rows) == most:
            break
        rows.setdefault(day, {})[each.what] = each.number
    return [
        DayFigures(
            day, said.get("", 0), said.get("ballots:201", 0), said.get("cancel:200", 0),
            sum(number for what, number in said.items() if what and int(what.rpartition(":")[2]) >= 400),
        )
        for day, said in rows.items()
    ]  # fmt: skip


def standing_ballots(partner: Partner) -> int:
    """Ballots of the partner that were not taken back."""
    return TerminalBallot.objects.filter(partner=partner, state=BallotState.CAST).count()
