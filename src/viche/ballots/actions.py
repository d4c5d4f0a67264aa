"""The one door of the ballot box, and what is done to the box around the vote."""

import contextlib
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rulebook.ballot import BallotPaper, commitment, defects
from rulebook.canonical import canonical
from rulebook.lot import SEED_LENGTH, lot_commitment
from rulebook.options import LOT
from rulebook.rules.records import Channel
from rulebook.rules.vocabulary import COMMISSION, ONLINE, PAPER
from viche.ballots import sealing
from viche.ballots.annulling import excluded_ballots
from viche.ballots.candidates import candidates_of, check_paper, names_in
from viche.ballots.channels import channel_of, why_closed, why_method_refused
from viche.ballots.events import BallotsImported, BoxKeyAwaited, BoxMade, BoxOpened, LotCommitted, LotShown
from viche.ballots.given_key import GivenKey, given_events, holder_issues, opening_key
from viche.ballots.models import Ballot, Box, Opening, Participation, Replacement
from viche.ballots.papers.batches import show_protocols
from viche.ballots.putting import Slip, put_ballots, replace_ballot
from viche.ballots.queries import given_out_marks, left_out_ballots, numbered_sheets, waiting_batches
from viche.ballots.receipts import Receipt, Vote
from viche.ballots.tokens import contest_token, contest_tokens_of, held_tokens_of, marks_key
from viche.ballots.traces import UNKNOWN, Circumstances
from viche.ballots.unlinking import record_exclusions, unlink_rows
from viche.ballots.voters import group_voters
from viche.ballots.wording import defects_text, not_yet_possible
from viche.contests.actions import freeze_rules, issues_before_freeze
from viche.contests.models import Contest, PhaseWindow
from viche.foundation import clock, keys
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.eligibility import obstacles
from viche.identity.models import Person, Role
from viche.identity.queries import memberships_in
from viche.journal import actions as journal
from viche.journal import queries as journal_queries
from viche.journal.events import Event

BATCH = 2_000


def make_box(*, contest: Contest, by: Actor) -> Box:
    """Prepare the sealed box of a contest whose rules are frozen; journal: BoxMade.

    Where the commission holds the key, the box has none before the commission has tried one out (holding.py), and
    no ballot is taken until then; journal: BoxKeyAwaited.
    Where the rules decide ties by the public lot, its seed is drawn with the box's keys and kept with them;
    journal: LotCommitted.
    Refused: not_administrator, rules_not_frozen, box_exists.
    """
    if not by.holds(Role.ADMINISTRATOR, community=contest.community.code):
        raise Refused("not_administrator", _("Only an administrator makes the ballot box."), status=403)
    if not contest.is_frozen:
        raise Refused("rules_not_frozen", _("Freeze the rules before the ballot box is made."))
    holder = contest.rules.box_key
    secret, public = (sealing.new_marks_key(), None) if holder == COMMISSION else sealing.new_keys()
    name, commitment_of_lot = str(contest.id), ""
    if LOT in contest.rules.counting.ties:
        seed = secrets.token_bytes(SEED_LENGTH)
        secret["lot"], commitment_of_lot = seed.hex(), lot_commitment(name, seed)
    with transaction.atomic():
        Contest.objects.select_for_update().get(pk=contest.pk)
        if Box.objects.filter(contest=contest).exists():
            raise Refused("box_exists", _("The ballot box of this contest is already made."))
        box = Box.objects.create(
            community=contest.community, contest=contest, public_key=public, made_at=clock.now(),
            lot_commitment=commitment_of_lot, holder=holder,
        )  # fmt: skip
        events: list[Event] = [
            BoxMade(contest=name, public_key=public.hex()) if public else BoxKeyAwaited(contest=name)
        ]
        if commitment_of_lot:
            events.append(LotCommitted(contest=name, commitment=commitment_of_lot))
        journal.append(*events, community=contest.community.code, year=clock.year(), by=by)
        # last of all: where the key cannot be kept, there is no box
        keys.make_contest_keys(name, secret)
    return box


def cast_ballot(
    *, contest: Contest, voter: Person, paper: BallotPaper, channel: str, request_key: bytes, method: str = "",
    circumstances: Circumstances = UNKNOWN,
) -> Receipt:  # fmt: skip
    """Cast a ballot: mark, sealed ballot and journal leaf in one statement, in one transaction.

    request_key: 16 to 64 secret bytes made by the voter's form. The same key with the same choices answers
    with the same receipt; with other choices it is refused. Where the rules let a ballot be replaced, another request
    puts a new one in the place of the earlier, unless that was on paper. channel: a word of the rulebook ("online",
    "desk" …). method: how the voter identified ("isei:bank_id"); empty where the channel itself vouches. circumstances:
    what the channel knows around the vote; kept with the mark, sealed, for the integrity desk. Refused:
    bad_request_key, not_eligible, channel_not_offered, method_not_accepted, bad_ballot, voting_closed,
    channel_closed, already_voted, request_reused, request_replaced,
    request_annulled.
    """
    if not 16 <= len(request_key) <= 64:
        raise Refused("bad_request_key", _("The form is damaged. Open the ballot again."), status=400)
    offered = channel_of(contest.rules, channel)
    box = _box(contest)
    tokens = _tokens_of(contest, voter)
    if not tokens:
        raise Refused("not_eligible", _("Your tax number is not confirmed."), status=403)
    prior = _prior(contest, tokens, request_key, paper, channel)
    if isinstance(prior, Receipt):
        return prior
    found = obstacles(
        person=voter, territory=contest.community.territory, rule=contest.rules.voter, moment=clock.now(),
        channel=channel,
    )  # fmt: skip
    if found:
        raise Refused("not_eligible", " ".join(each.message for each in found), status=403)
    if fault := why_method_refused(contest.rules, channel, method):
        raise fault
    check_paper(contest, paper, voter)
    with transaction.atomic():
        # a number that is added at this moment would make a second mark possible: the person is held, and read again
        if held_tokens_of(contest, voter) != tokens:
            raise Refused("try_again", _("Something of yours has just changed: send the ballot once more."))
        place = next(iter(memberships_in(voter, contest.community.territory)), None)
        around = replace(
            circumstances, method=method, born=voter.birth_date, sex=voter.sex,
            grantor=str(place.granted_by_id or "") if place else "",
        )  # fmt: skip
        slip = Slip(
            tuple(tokens), paper, request_key, clock.now(), place.territory_id if place else "", around
        )
        placed = _placed(contest, box, offered, slip, prior)
    if placed:
        nonce = sealing.nonce_of(request_key)
        return Receipt(commitment(str(contest.id), paper, nonce).hex(), nonce.hex(), is_repeat=False)
    # another request of the same person was a moment faster, or the voting has just closed
    repeated = _prior(contest, tokens, request_key, paper, channel)
    if isinstance(repeated, Receipt):
        return repeated
    if repeated is not None and why_closed(contest, channel) is None:
        raise Refused("try_again", _("Something of yours has just changed: send the ballot once more."))
    raise _closed(contest, channel)


def _placed(contest: Contest, box: Box, channel: Channel, slip: Slip, earlier: Participation | None) -> bool:
    """Put the ballot, or put it in the place of the earlier one; False where it was not taken."""
    if earlier is None:
        try:
            return bool(put_ballots(contest, box, channel, [slip]))
        except IntegrityError:  # another number of theirs voted at this very moment
            return False
    held = Participation.objects.select_for_update().filter(pk=earlier.pk, annulled_at=None).first()
    if held is None or bytes(held.request_hash) != bytes(earlier.request_hash):
        return False
    return replace_ballot(contest, box, channel, held, slip)


def _tokens_of(contest: Contest, voter: Person) -> list[bytes]:
    """The voter's tokens in the contest. Refused: no_key."""
    try:
        return contest_tokens_of(contest, voter)
    except keys.KeyMissing:
        said = _("Voting is interrupted: the keys of this contest are not in reach. Try again later.")
        raise Refused("no_key", said, status=503) from None


def _closed(contest: Contest, channel: str = ONLINE) -> Refused:
    """Why a ballot was not taken; read anew, for the schedule may have changed since the contest was."""
    contest.__dict__.pop("schedule", None)
    late = Refused("voting_closed", _("Voting is closed: no ballot can be accepted any more."))
    return why_closed(contest, channel) or late


def _prior(
    contest: Contest, tokens: Sequence[bytes], request_key: bytes, paper: BallotPaper, channel: str
) -> Receipt | Participation | None:
    """The answer to a request that was already served; the voter's mark where its ballot may be replaced by this one;
    None for a first ballot. Refused: already_voted, request_reused, request_replaced, request_annulled.
    """
    request_hash = hashlib.sha256(request_key).digest()
    # one look at both: between two, this very request could be served through another window
    marks = list(
        Participation.objects.filter(
            Q(request_hash=request_hash) | Q(claims__token__in=tokens), contest=contest
        ).distinct()
    )
    served = next((mark for mark in marks if bytes(mark.request_hash) == request_hash), None)
    if served is not None and served.annulled_at is not None:
        raise Refused(
            "request_annulled",
            _("This ballot was annulled. Open the ballot again to cast one of your own."),
            status=409,
        )
    if served is not None:
        is_same = served.claims.filter(token__in=tokens).exists()
        if not is_same or bytes(served.body_mac) != sealing.body_mac(request_key, paper):
            raise Refused(
                "request_reused",
                _("This form was already sent with other choices; that ballot counts."),
                status=422,
            )
        nonce = sealing.nonce_of(request_key)
        return Receipt(commitment(str(contest.id), paper, nonce).hex(), nonce.hex(), is_repeat=True)
    if Replacement.objects.filter(contest=contest, request_hash=request_hash).exists():
        raise Refused(
            "request_replaced",
            _("This ballot was replaced by a later one of yours; the later one counts."),
            status=409,
        )
    mark = next(iter(marks), None)
    if mark is not None and contest.rules.ballot.revote and mark.channel != PAPER:
        return mark
    if mark is not None:
        day = mark.cast_at.astimezone(clock.KYIV)
        raise Refused(
            "already_voted",
            _("You have already voted in this contest, on %(day)s at %(time)s. One person votes once.")
            % {"day": day.strftime("%d.%m.%Y"), "time": day.strftime("%H:%M")},
        )
    return None


def issues_before_voting(contest: Contest) -> list[str]:
    """What keeps the voting from being prepared, in words."""
    return [
        *issues_before_freeze(contest),
        *not_yet_possible(contest.rules),
        *holder_issues(contest, contest.rules),
    ]


def prepare_voting(*, contest: Contest, decision: str, by: Actor, decision_url: str = "") -> Box:
    """Freeze the rules by a decision and make the box: both or neither.

    Refused: rules_have_problems (issues_before_voting), and as freeze_rules and make_box.
    """
    if issues := issues_before_voting(contest):
        raise Refused("rules_have_problems", " ".join(issues), fields={"rules": issues}, status=422)
    with transaction.atomic():
        freeze_rules(contest=contest, decision=decision, decision_url=decision_url, by=by)
        return make_box(contest=contest, by=by)


def cast_ballots(*, contest: Contest, votes: Iterable[Vote], channel: str) -> int:
    """Cast a batch of a channel that has identified its voters itself; returns how many were new.

    Each ballot is checked against the rules first: one defective ballot refuses the batch (bad_ballot, with
    its place). Ballots of people who have voted, and repeated requests, are left out; so is everything outside
    the voting and the channel's days of it. Refused: bad_ballot, channel_not_offered.
    """
    offered = channel_of(contest.rules, channel)
    box, key = _box(contest), marks_key(contest)
    rules, candidates, names = contest.rules, candidates_of(contest), names_in(contest)
    accepted = 0
    batch: list[Slip] = []
    served: set[bytes] = set()
    for place, vote in enumerate(votes, start=1):
        if found := defects(vote.paper, rules, candidates):
            lines = " ".join(defects_text(found, names, currency=contest.currency, kind=rules.ballot.kind))
            raise Refused(
                "bad_ballot", _("Ballot %(place)d: %(why)s") % {"place": place, "why": lines}, status=422
            )
        # inside one statement a request is known only by its key: the first of the same key counts
        if vote.request_key in served:
            continue
        served.add(vote.request_key)
        token = contest_token(key, vote.person_token)
        moment = vote.at or clock.now()
        batch.append(Slip((token,), vote.paper, vote.request_key, moment, vote.territory, vote.circumstances))
        if len(batch) == BATCH:
            accepted += _put_batch(contest, box, offered, batch)
            batch.clear()
    if batch:
        accepted += _put_batch(contest, box, offered, batch)
    return accepted


def _put_batch(contest: Contest, box: Box, channel: Channel, slips: Sequence[Slip]) -> int:
    """put_ballots, once more where somebody of the batch voted elsewhere at this very moment."""
    for _attempt in range(BATCH):
        with contextlib.suppress(IntegrityError):
            return put_ballots(contest, box, channel, slips)
    raise RuntimeError("the batch meets other votes again and again")


def _box(contest: Contest) -> Box:
    box = Box.objects.filter(contest=contest).first()
    if box is None or box.public_key is None:
        raise _closed(contest)
    return box


def openings_digest(rows: Iterable[tuple[bytes, Any]]) -> str:
    """SHA-256 over "commitment ‖ canonical choices" of all openings in the order of their commitments, hex."""
    total = hashlib.sha256()
    for mark, choices in sorted(rows, key=lambda row: row[0]):
        text = canonical(choices)
        total.update(mark + len(text).to_bytes(4, "big") + text)
    return total.hexdigest()


def open_box(*, contest: Contest, by: Actor = SYSTEM, given: GivenKey | None = None) -> Box:
    """Open the box after the voting: every envelope against its commitment; journal: BoxOpened.

    given: the key out of two holders' hands, where the commission holds it; journal: BoxKeyGiven. It is used and let
    go. The seed of the public lot is shown with it; journal: LotShown. Locks the box; opening an opened box is
    harmless. Ballots that were replaced or annulled stay closed; journal: BallotExcluded. Voters are grouped by age and
    sex, once and for all (voters.py). Refused: not_commission,
    voting_open, no_box, no_key, key_awaited, wrong_key,
    lot_differs, box_differs, batches_wait, annulments_wait, broken_link, broken_envelope, marks_differ.
    """
    if not by.holds(Role.COMMISSION, Role.ADMINISTRATOR, community=contest.community.code):
        raise Refused("not_commission", _("Only the commission opens the ballot box."), status=403)
    if not contest.has_ended("voting"):
        raise Refused("voting_open", _("The box is opened only after the voting has ended."))
    name = str(contest.id)
    with transaction.atomic():
        box = Box.objects.select_for_update().filter(contest=contest).first()
        if box is None:
            raise Refused("no_box", _("This contest has no ballot box."))
        if box.opened_at is not None:
            return box
        # the phase may have been extended since the contest was read
        window = PhaseWindow.objects.select_for_update().get(contest=contest, phase="voting")
        if window.ends_at is None or clock.now() < window.ends_at:
            raise Refused("voting_open", _("The box is opened only after the voting has ended."))
        try:
            private = opening_key(box, given)
            seed = keys.contest_key(name, "lot") if box.lot_commitment else b""
        except keys.KeyMissing:
            raise Refused("no_key", _("The key of the ballot box is not here.")) from None
        _compare_with_journal(contest)
        _no_batch_waits(contest)
        excluded = excluded_ballots(contest, private)
        openings, closed = [], {each.commitment for each in excluded}
        for ballot in (
            Ballot.objects.filter(contest=contest).order_by("commitment").iterator(chunk_size=BATCH)
        ):
            if bytes(ballot.commitment) in closed:
                closed.discard(bytes(ballot.commitment))
                continue
            openings.append(_opening(contest, ballot, private))
        counting = Participation.objects.filter(contest=contest, annulled_at=None)
        marks, given_out = counting.count(), given_out_marks(contest)
        is_right = counting.filter(link=b"").count() == given_out >= numbered_sheets(contest)
        if closed or not is_right or len(openings) != marks - given_out + numbered_sheets(contest):
            raise Refused(
                "marks_differ",
                _("%(ballots)d ballots would be counted of %(voters)d voters: somebody meddled with the box.")
                % {"ballots": len(openings), "voters": marks},
            )
        Opening.objects.bulk_create(openings, batch_size=BATCH)
        box.opened_at, box.lot_seed = clock.now(), _shown_seed(contest, box, seed)
        box.save(update_fields=["opened_at", "lot_seed"])
        # the last ballots need no crowd any more, and stand in the log before what is said of them
        journal.sequence_community(community=contest.community.code)
        events: list[Event] = [
            *given_events(contest, given), *record_exclusions(contest, excluded), *show_protocols(contest),
            BoxOpened(
                contest=name, ballots=len(openings), marks=marks,
                openings=openings_digest((bytes(each.commitment), each.choices) for each in openings),
                **left_out_ballots(contest).numbers,
            ),
        ]  # fmt: skip
        if box.lot_seed:
            events.append(LotShown(contest=name, commitment=box.lot_commitment, seed=box.lot_seed))
        journal.append(*events, community=contest.community.code, year=clock.year(), by=by)
        group_voters(contest=contest)
        unlink_rows(contest)
    return box


def _shown_seed(contest: Contest, box: Box, seed: bytes) -> str:
    """The seed of the lot in hex, if it is the one that was committed to in public; "" without a lot.

    Refused: lot_differs.
    """
    if not box.lot_commitment:
        return ""
    about = journal_queries.history_of(f"contest:{contest.id}")
    published = [line.data["commitment"] for line in about if line.kind == LotCommitted.__name__]
    made = lot_commitment(str(contest.id), seed) if len(seed) == SEED_LENGTH else ""
    if published != [box.lot_commitment] or not hmac.compare_digest(made, box.lot_commitment):
        raise Refused("lot_differs", _("The seed of the public lot is not the one that was sealed."))
    return seed.hex()


def _compare_with_journal(contest: Contest) -> None:
    """Every ballot of the box has its leaf and every leaf its ballot. Refused: box_differs."""
    in_box = {
        bytes(mark) for mark in Ballot.objects.filter(contest=contest).values_list("commitment", flat=True)
    }
    in_journal = journal_queries.sort_keys_of(f"ballots:{contest.id}")
    if in_box != in_journal:
        raise Refused(
            "box_differs",
            _(
                "The box and the journal differ: %(lost)d ballots are missing, %(added)d are not in the journal."
            )
            % {"lost": len(in_journal - in_box), "added": len(in_box - in_journal)},
        )


def _no_batch_waits(contest: Contest) -> None:
    """Every batch of paper that holds anything is in the journal. Refused: batches_wait."""
    if number := waiting_batches(contest):
        raise Refused(
            "batches_wait",
            ngettext(
                "%(number)d batch of paper is not closed: close it or take it back before the box is opened.",
                "%(number)d batches of paper are not closed: close them or take them back before the box is opened.",
                number,
            )
            % {"number": number},
            status=409,
        )


def _opening(contest: Contest, ballot: Ballot, private: bytes) -> Opening:
    mark = bytes(ballot.commitment)
    broken = Refused(
        "broken_envelope", _("The sealed ballot %s does not open to its commitment.") % mark.hex()
    )
    try:
        paper, nonce = sealing.open_envelope(
            contest=str(contest.id), envelope=bytes(ballot.envelope), private_key=private
        )
    except ValueError:
        raise broken from None
    if commitment(str(contest.id), paper, nonce) != mark:
        raise broken
    return Opening(
        community_id=contest.community_id,
        contest=contest,
        commitment=mark,
        nonce=nonce,
        choices=paper.document(),
    )


def import_openings(*, contest: Contest, papers: Iterable[BallotPaper], file: str, by: Actor = SYSTEM) -> Box:
    """Take over the published ballots of an election held elsewhere.

    file: SHA-256 of the file (hex). The nonce is derived from file and place, so that a second import is the
    same. One transaction; journal: BallotsImported. Refused: box_exists.
    """
    name = str(contest.id)
    with transaction.atomic():
        Contest.objects.select_for_update().get(pk=contest.pk)
        if Box.objects.filter(contest=contest).exists():
            raise Refused("box_exists", _("The ballot box of this contest is already made."))
        openings = []
        for place, paper in enumerate(papers, start=1):
            nonce = hashlib.sha256(f"viche/import/v1|{file}|{place}".encode()).digest()
            mark = commitment(name, paper, nonce)
            openings.append(
                Opening(
                    community_id=contest.community_id, contest=contest, nonce=nonce, commitment=mark,
                    choices=paper.document(),
                )
            )  # fmt: skip
        openings.sort(key=lambda each: bytes(each.commitment))
        Opening.objects.bulk_create(openings, batch_size=BATCH)
        box = Box.objects.create(
            community=contest.community, contest=contest, made_at=clock.now(), opened_at=clock.now()
        )
        journal.append(
            BallotsImported(
                contest=name, ballots=len(openings), file=file,
                openings=openings_digest((bytes(each.commitment), each.choices) for each in openings),
            ),
            community=contest.community.code, year=clock.year(), by=by,
        )  # fmt: skip
    return box
