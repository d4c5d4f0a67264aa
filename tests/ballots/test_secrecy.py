"""Nobody with the database can read a ballot before the close, and nothing in it names a person."""

import hashlib
import json
import random
import secrets

import pytest
from django.conf import settings
from django.db import connection, transaction
from hypothesis import given as any_of
from hypothesis import settings as limits
from hypothesis import strategies as st
from tests import given

from rulebook.ballot import BallotPaper
from rulebook.dossier import Dossier
from rulebook.rules.vocabulary import CHANNELS
from viche.ballots import sealing
from viche.ballots.actions import Vote, cast_ballot, cast_ballots, open_box, openings_digest
from viche.ballots.models import Ballot, Box, Opening, Participation
from viche.ballots.queries import dossier, opening_of
from viche.contests.models import Contest
from viche.foundation import clock, keys
from viche.foundation.refused import Refused
from viche.journal.models import Entry
from viche.projects.models import Project

CONTEST = "0190b0c8-0000-7000-8000-000000000001"
# octets: room for some sixty choices
LONGEST = 600


def sealed(paper: BallotPaper, *, contest: str = CONTEST):
    secret, public = sealing.new_keys()
    key = secrets.token_bytes(32)
    closed = sealing.seal(contest=contest, paper=paper, request_key=key, public_key=public, longest=LONGEST)
    return closed, bytes.fromhex(secret["box"])


def dump() -> dict[str, str]:
    """Every table as text, as its owner would see it."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            if table == "communities_territory":
                continue
            cursor.execute(f"SELECT coalesce(string_agg(line::text, E'\\n'), '') FROM \"{table}\" AS line")
            found[table] = cursor.fetchone()[0]
    return found


def paper_of(projects: list[Project], place: int) -> BallotPaper:
    return given.paper(*projects[place % 3 : 2 + place % 3])


def voted(number: int = 8) -> tuple[Contest, list[Project]]:
    """A contest where so many people have voted for one to three projects."""
    contest, projects = given.voting_contest()
    with clock.at(given.day(45)):
        for place in range(number):
            cast_ballot(
                contest=contest, voter=given.person("Виборець", serial=place), channel="online",
                request_key=hashlib.sha256(bytes([place])).digest(), paper=paper_of(projects, place),
            )  # fmt: skip
    return contest, projects


class TestTheEnvelope:
    def test_it_opens_with_the_key_of_the_contest_only(self):
        paper = BallotPaper.approval(["7", "12"])
        closed, private = sealed(paper)
        assert sealing.open_envelope(contest=CONTEST, envelope=closed.envelope, private_key=private) == (
            paper, closed.nonce,
        )  # fmt: skip
        _, other = sealed(paper)
        with pytest.raises(ValueError, match="does not open"):
            sealing.open_envelope(contest=CONTEST, envelope=closed.envelope, private_key=other)

    def test_it_does_not_open_in_another_contest(self):
        closed, private = sealed(BallotPaper.approval(["7"]))
        with pytest.raises(ValueError, match="does not open"):
            sealing.open_envelope(contest="another", envelope=closed.envelope, private_key=private)

    @any_of(st.data())
    @limits(max_examples=40, deadline=None)
    def test_no_changed_byte_opens(self, data):
        closed, private = sealed(BallotPaper.approval(["7", "12"]))
        place = data.draw(st.integers(0, len(closed.envelope) - 1))
        change = data.draw(st.integers(1, 255))
        broken = bytearray(closed.envelope)
        broken[place] ^= change
        with pytest.raises(ValueError, match="does not open"):
            sealing.open_envelope(contest=CONTEST, envelope=bytes(broken), private_key=private)

    def test_its_length_tells_nothing_of_the_number_of_choices(self):
        lengths = {
            len(sealed(BallotPaper.approval(map(str, range(100, 100 + n))))[0].envelope)
            for n in (0, 1, 2, 3, 30, 60)
        }
        assert len(lengths) == 1

    def test_the_same_choices_never_look_alike(self):
        paper = BallotPaper.approval(["7"])
        found = [sealed(paper)[0] for _ in range(20)]
        assert len({each.commitment for each in found}) == len({each.envelope for each in found}) == 20

    def test_a_repeated_request_makes_the_same_commitment(self):
        _, public = sealing.new_keys()
        paper, key = BallotPaper.approval(["7"]), secrets.token_bytes(32)
        wanted = {
            "contest": CONTEST,
            "paper": paper,
            "request_key": key,
            "public_key": public,
            "longest": LONGEST,
        }
        assert sealing.seal(**wanted).commitment == sealing.seal(**wanted).commitment


@pytest.mark.django_db
class TestBeforeTheClose:
    def test_no_envelope_and_no_leaf_names_a_project(self):
        contest, projects = given.voting_contest()
        Project.objects.filter(pk=projects[0].pk).update(code="CODE-OF-PARK")
        with clock.at(given.day(45)):
            receipt = cast_ballot(
                contest=contest, voter=given.person("Петро"), paper=BallotPaper.approval(["CODE-OF-PARK"]),
                channel="online", request_key=bytes(32),
            )  # fmt: skip
        held = dump()
        bytes_of_code = b"CODE-OF-PARK".hex()
        for table, text in held.items():
            if table != "projects_project":
                assert "CODE-OF-PARK" not in text, table
            assert bytes_of_code not in text, table
        assert receipt.commitment in held["ballots_ballot"]

    def test_the_nonce_and_the_request_key_are_nowhere(self):
        voted(3)
        key = hashlib.sha256(bytes([1])).digest()
        for table, text in dump().items():
            for secret in (key, sealing.nonce_of(key)):
                assert secret.hex() not in text, table
                assert str(list(secret))[1:-1] not in text, table

    def test_no_tax_number_is_in_any_table(self):
        voted(4)
        numbers = [given.claims("Виборець", serial=place).tax_number for place in range(4)]
        assert len(set(numbers)) == 4
        for table, text in dump().items():
            assert not [number for number in numbers if number in text], table

    def test_no_secret_of_the_contest_is_in_the_database(self):
        contest, _ = voted(1)
        kept = json.loads((settings.KEYS_DIR / f"{contest.id}.json").read_text())
        assert set(kept) == {"marks", "box"}
        for table, text in dump().items():
            assert not [secret for secret in kept.values() if secret in text], table

    def test_the_keys_are_for_the_owner_of_the_installation_only(self):
        contest, _ = voted(1)
        path = settings.KEYS_DIR / f"{contest.id}.json"
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o077 == 0

    def test_a_mark_and_a_ballot_share_no_value(self):
        contest, _ = voted(5)
        shared = {contest.id, contest.community_id}

        def values(model) -> set:
            return {
                bytes(value) if isinstance(value, memoryview) else value
                for line in model.objects.values_list()
                for value in line
            } - shared

        marks, ballots = values(Participation), values(Ballot)
        assert len(ballots) == 10
        assert not marks & ballots
        for entry in Entry.objects.filter(kind="BallotSealed"):
            assert entry.recorded_at is None
            for line in Participation.objects.values_list("person_token", "request_hash", "body_mac"):
                assert not [value for value in line if bytes(value).hex() in entry.leaf]

    def test_all_stored_envelopes_have_one_length(self):
        ballot = {**given.RULES["ballot"], "max_choices": None, "max_per_class": {}}
        contest, projects = given.voting_contest(projects=30, rules={**given.RULES, "ballot": ballot})
        with clock.at(given.day(45)):
            for place, chosen in enumerate((projects[:1], [*projects[:2], projects[3]], projects)):
                cast_ballot(
                    contest=contest, voter=given.person("Виборець", serial=place), paper=given.paper(*chosen),
                    channel="online", request_key=secrets.token_bytes(32),
                )  # fmt: skip
        assert len({len(bytes(each)) for each in Ballot.objects.values_list("envelope", flat=True)}) == 1


def opened(contest: Contest, *, on: int = 61, **by) -> Box:
    with clock.at(given.day(on)):
        return open_box(contest=Contest.objects.get(pk=contest.pk), **by)


def refused(contest: Contest, **wanted) -> str:
    with pytest.raises(Refused) as answer:
        opened(contest, **wanted)
    assert not Opening.objects.exists()
    assert not Entry.objects.filter(kind="BoxOpened").exists()
    return answer.value.code


@pytest.mark.django_db
class TestOpening:
    def test_what_comes_out_is_what_went_in(self):
        contest, projects = voted(8)
        opened(contest)
        went_in = sorted(paper_of(projects, n).choices for n in range(8))
        came_out = sorted(
            tuple((code, value) for code, value in each["choices"])
            for each in Opening.objects.values_list("choices", flat=True)
        )
        assert came_out == went_in

    def test_the_journal_keeps_the_numbers_and_the_hash_of_the_openings(self):
        contest, _ = voted(4)
        opened(contest)
        told = json.loads(Entry.objects.get(kind="BoxOpened").leaf)["data"]
        assert (told["ballots"], told["marks"]) == (4, 4)
        rows = [
            (bytes(mark), choices) for mark, choices in Opening.objects.values_list("commitment", "choices")
        ]
        assert told["openings"] == openings_digest(rows) == openings_digest(reversed(rows))
        assert told["openings"] != openings_digest(rows[1:])

    def test_a_receipt_finds_its_opening(self):
        contest, projects = given.voting_contest()
        with clock.at(given.day(45)):
            receipt = cast_ballot(
                contest=contest, voter=given.person("Петро"), paper=given.paper(projects[1]), channel="online",
                request_key=bytes(32),
            )  # fmt: skip
        opened(contest)
        found = opening_of(contest, bytes.fromhex(receipt.commitment))
        assert bytes(found.nonce).hex() == receipt.nonce
        assert found.choices == given.paper(projects[1]).document()

    def test_opening_again_is_harmless(self):
        contest, _ = voted(3)
        first = opened(contest)
        before = list(Opening.objects.order_by("id").values())
        assert opened(contest, on=63).opened_at == first.opened_at
        assert list(Opening.objects.order_by("id").values()) == before
        assert Entry.objects.filter(kind="BoxOpened").count() == 1

    @pytest.mark.parametrize("day", [30, 45, 59])
    def test_not_before_the_voting_has_ended(self, day):
        contest, _ = voted(1)
        assert refused(contest, on=day) == "voting_open"

    def test_not_where_the_voting_was_extended_a_moment_ago(self):
        contest, _ = voted(1)
        stale = Contest.objects.get(pk=contest.pk)
        assert stale.window("voting").ends_at == given.day(60, hour=0)
        contest.windows.filter(phase="voting").update(ends_at=given.day(65))
        with clock.at(given.day(61)), pytest.raises(Refused) as answer:
            open_box(contest=stale)
        assert answer.value.code == "voting_open"

    @pytest.mark.parametrize("role", ["operator", "reviewer", "auditor"])
    def test_only_the_commission_or_an_administrator_opens_it(self, role):
        contest, _ = voted(1)
        assert refused(contest, by=given.official("Оксана", role, contest.community)) == "not_commission"
        assert opened(contest, by=given.official("Ірина", "commission", contest.community)).opened_at

    def test_without_its_key_it_stays_closed(self):
        contest, _ = voted(1)
        keys.destroy_contest_keys(str(contest.id))
        assert refused(contest) == "no_key"

    def test_a_tampered_envelope_stops_the_opening(self):
        contest, _ = voted(3)
        ballot = Ballot.objects.first()
        envelope = bytearray(ballot.envelope)
        envelope[-1] ^= 1
        Ballot.objects.filter(pk=ballot.pk).update(envelope=bytes(envelope))
        assert refused(contest) == "broken_envelope"
        assert Box.objects.get().opened_at is None

    def test_an_envelope_of_other_choices_does_not_fit_its_commitment(self):
        contest, _ = voted(2)
        one, other = Ballot.objects.all()
        Ballot.objects.filter(pk=one.pk).update(envelope=other.envelope)
        assert refused(contest) == "broken_envelope"


def vote(place: int, projects: list[Project], chosen: list[int]) -> Vote:
    paper = given.paper(*(projects[number] for number in chosen))
    return Vote(keys.person_token("tax", f"{place:010}"), paper, secrets.token_bytes(32))


@pytest.mark.django_db
class TestTheDossierOfTheSameBallots:
    """Whatever order they were cast in, through whatever channel, in whatever batches: one dossier."""

    def dossier_of(self, votes: list[list[int]], orders: list[list[int]]) -> Dossier:
        """Cast the votes in batches of the given orders, open, build; the contest's id is made the same."""
        contest, projects = given.voting_contest()
        with clock.at(given.day(45)):
            for number, order in enumerate(orders):
                cast_ballots(
                    contest=contest, channel=CHANNELS[number % len(CHANNELS)],
                    votes=[vote(place, projects, votes[place]) for place in order],
                )  # fmt: skip
        opened(contest)
        found = dossier(contest)
        assert found.voters == len(votes)
        document = {**found.document(), "contest": "same"}
        return Dossier.from_document(document)

    @pytest.mark.parametrize("seed", range(4))
    def test_has_one_hash(self, seed):
        chance = random.Random(seed)
        votes = [chance.sample(range(3), chance.randint(1, 2)) for _ in range(12)]
        digests = set()
        for _ in range(2):
            order = chance.sample(range(12), 12)
            cut = sorted(chance.sample(range(1, 12), 2))
            batches = [order[: cut[0]], order[cut[0] : cut[1]], order[cut[1] :]]
            point = transaction.savepoint()
            digests.add(self.dossier_of(votes, batches).digest)
            transaction.savepoint_rollback(point)
        assert len(digests) == 1

    def test_another_ballot_is_another_dossier(self):
        point = transaction.savepoint()
        one = self.dossier_of([[0], [1]], [[0, 1]]).digest
        transaction.savepoint_rollback(point)
        assert self.dossier_of([[0], [2]], [[0, 1]]).digest != one
