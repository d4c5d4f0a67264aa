"""The one door: one person votes once, in time, with a ballot the rules allow; a repeated request is answered alike."""

import secrets
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import override
from tests import given
from tests.crowd import at_once, refusals

from rulebook.ballot import BallotPaper, commitment
from viche.ballots.actions import Receipt, Vote, cast_ballot, cast_ballots, make_box, open_box
from viche.ballots.models import Ballot, Box, Opening, Participation
from viche.ballots.queries import mark_of, marks_of, turnout, turnout_by_day
from viche.contests.actions import create_contest, extend_phase, freeze_rules
from viche.contests.models import Contest
from viche.foundation import clock, keys
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.identity.actions import grant_membership
from viche.identity.models import Person
from viche.journal.models import Entry

KEY = bytes(range(32))
TICK = timedelta(microseconds=1)


def cast(contest: Contest, *choices, voter: Person | None = None, key: bytes = KEY, at=None) -> Receipt:
    with clock.at(at or given.day(45)):
        return cast_ballot(
            contest=contest, voter=voter or given.person("Петро"), channel="online", request_key=key,
            paper=choices[0] if isinstance(choices[0], BallotPaper) else given.paper(*choices),
        )  # fmt: skip


def refused(act, *args, **wanted) -> Refused:
    with pytest.raises(Refused) as answer:
        act(*args, **wanted)
    assert str(answer.value.message)
    assert "%(" not in str(answer.value.message)
    return answer.value


def in_the_box() -> tuple[int, int, int]:
    """Marks, sealed ballots, leaves of the journal."""
    return (
        Participation.objects.count(), Ballot.objects.count(), Entry.objects.filter(kind="BallotSealed").count(),
    )  # fmt: skip


@pytest.mark.django_db
class TestOneBallot:
    def test_a_ballot_is_a_mark_an_envelope_and_a_leaf(self):
        contest, (park, garden, *_) = given.voting_contest()
        receipt = cast(contest, park, garden)
        assert in_the_box() == (1, 1, 1)
        ballot, leaf = Ballot.objects.get(), Entry.objects.get(kind="BallotSealed")
        assert bytes(ballot.commitment).hex() == receipt.commitment
        assert receipt.commitment in leaf.leaf
        assert not receipt.is_repeat

    def test_the_receipt_proves_the_choices_to_its_holder(self):
        contest, (park, garden, *_) = given.voting_contest()
        receipt = cast(contest, park, garden)
        nonce = bytes.fromhex(receipt.nonce)
        assert commitment(str(contest.id), given.paper(garden, park), nonce).hex() == receipt.commitment
        assert commitment(str(contest.id), given.paper(park), nonce).hex() != receipt.commitment

    def test_the_person_sees_that_they_have_voted_and_when(self):
        contest, (park, *_) = given.voting_contest()
        voter, other = given.person("Петро"), given.person("Марія")
        cast(contest, park, voter=voter)
        assert mark_of(contest, voter).at == given.day(45)
        assert mark_of(contest, other) is None
        assert [mark.contest for mark in marks_of(voter)] == [contest]
        assert turnout(contest) == 1
        assert turnout_by_day(contest) == [(date(2026, 4, 15), 1)]

    def test_after_the_keys_are_destroyed_nobody_can_tell(self):
        contest, (park, *_) = given.voting_contest()
        cast(contest, park)
        keys.destroy_contest_keys(str(contest.id))
        assert mark_of(contest, given.person("Петро")) is None

    def test_a_person_votes_in_two_contests_and_the_marks_share_nothing(self):
        (one, (first, *_)), (other, (second, *_)) = given.voting_contest(), given.voting_contest(slug="2027")
        cast(one, first)
        cast(other, second, key=KEY)
        tokens = {bytes(token) for token in Participation.objects.values_list("person_token", flat=True)}
        assert len(tokens) == 2


@pytest.mark.django_db
class TestExactlyOnce:
    def test_the_same_request_gets_the_same_receipt(self):
        contest, (park, garden, *_) = given.voting_contest()
        first, again = cast(contest, park, garden), cast(contest, garden, park)
        assert again == replace(first, is_repeat=True)
        assert in_the_box() == (1, 1, 1)

    def test_also_after_the_close(self):
        contest, (park, *_) = given.voting_contest()
        first = cast(contest, park)
        assert cast(contest, park, at=given.day(61)) == replace(first, is_repeat=True)

    def test_the_same_request_with_other_choices_is_refused(self):
        contest, (park, garden, *_) = given.voting_contest()
        cast(contest, park)
        answer = refused(cast, contest, garden)
        assert (answer.code, answer.status) == ("request_reused", 422)
        assert in_the_box() == (1, 1, 1)

    def test_a_request_of_somebody_else_is_not_theirs(self):
        contest, (park, *_) = given.voting_contest()
        cast(contest, park)
        assert refused(cast, contest, park, voter=given.person("Марія")).code == "request_reused"
        assert in_the_box() == (1, 1, 1)

    def test_a_second_vote_is_refused_with_the_time_of_the_first(self):
        contest, (park, garden, *_) = given.voting_contest()
        cast(contest, park, at=given.day(45, hour=9))
        answer = refused(cast, contest, garden, key=secrets.token_bytes(32))
        assert answer.code == "already_voted"
        assert "15.04.2026" in str(answer.message)
        assert "12:00" in str(answer.message), "the time of Kyiv"

    def test_another_method_of_identification_is_the_same_person(self):
        contest, (park, *_) = given.voting_contest()
        cast(contest, park, voter=given.person("Петро", serial=5))
        second = given.person("Петро", serial=5, method="dig_sign")
        assert refused(cast, contest, park, voter=second, key=secrets.token_bytes(32)).code == "already_voted"

    @pytest.mark.parametrize("length", [0, 15, 65])
    def test_a_damaged_form_is_refused(self, length):
        contest, (park, *_) = given.voting_contest()
        assert refused(cast, contest, park, key=b"x" * length).code == "bad_request_key"
        assert in_the_box() == (0, 0, 0)


def test_a_hundred_submissions_of_one_person_at_once_are_one_ballot(committed_db):
    contest, projects = given.voting_contest()
    voter = given.person("Петро")
    found = at_once(
        100, lambda place: cast(contest, projects[place % 3], voter=voter, key=secrets.token_bytes(32))
    )
    assert refusals(found) == ["already_voted"] * 99
    assert in_the_box() == (1, 1, 1)


def test_a_hundred_repeats_of_one_request_at_once_get_one_receipt(committed_db):
    contest, (park, *_) = given.voting_contest()
    voter = given.person("Петро")
    found = at_once(100, lambda place: cast(contest, park, voter=voter))
    assert refusals(found) == []
    assert len({(receipt.commitment, receipt.nonce) for receipt in found}) == 1
    assert sorted(receipt.is_repeat for receipt in found) == [False] + [True] * 99
    assert in_the_box() == (1, 1, 1)


def test_many_people_at_once_all_vote(committed_db):
    contest, projects = given.voting_contest()
    voters = [given.person("Виборець", serial=place) for place in range(30)]
    found = at_once(
        30, lambda place: cast(contest, projects[place % 3], voter=voters[place], key=secrets.token_bytes(32))
    )
    assert refusals(found) == []
    assert in_the_box() == (30, 30, 30)


@pytest.mark.django_db
class TestInTime:
    @pytest.mark.parametrize(
        "moment", [given.day(40, hour=0) - TICK, given.day(25), given.day(60, hour=0), given.day(75)]
    )
    def test_outside_the_voting_nothing_is_accepted(self, moment):
        contest, (park, *_) = given.voting_contest()
        assert refused(cast, contest, park, at=moment).code == "voting_closed"
        assert in_the_box() == (0, 0, 0)

    @pytest.mark.parametrize("moment", [given.day(40, hour=0), given.day(60, hour=0) - TICK])
    def test_the_first_and_the_last_microsecond_count(self, moment):
        contest, (park, *_) = given.voting_contest()
        cast(contest, park, at=moment)
        assert in_the_box() == (1, 1, 1)

    def test_an_extension_by_decision_opens_the_door_again(self):
        contest, (park, *_) = given.voting_contest()
        with clock.at(given.day(59)):
            extend_phase(
                contest=Contest.objects.get(pk=contest.pk),
                phase="voting",
                ends_at=given.day(65),
                decision="№ 9",
                by=SYSTEM,
            )
        cast(contest, park, at=given.day(62))
        assert in_the_box() == (1, 1, 1)

    def test_a_contest_without_a_box_takes_nothing(self):
        contest, (park, *_) = given.voting_contest()
        Box.objects.all().delete()
        assert refused(cast, contest, park).code == "voting_closed"


@pytest.mark.django_db
class TestWhoMayVote:
    @pytest.mark.parametrize(
        "who",
        [
            {"born": date(2010, 12, 31)},
            {"region": "Львівська", "locality": "м. Львів"},
            {"method": "dig_sign"},
        ],
        ids=["fifteen", "of Lviv", "address unproven"],
    )
    def test_others_do_not(self, who):
        contest, (park, *_) = given.voting_contest()
        answer = refused(cast, contest, park, voter=given.person("Тарас", **who))
        assert (answer.code, answer.status) == ("not_eligible", 403)
        assert in_the_box() == (0, 0, 0)

    def test_whom_an_operator_confirmed_may(self):
        contest, (park, *_) = given.voting_contest()
        voter = given.person("Ганна", method="dig_sign")
        grant_membership(
            person=voter, territory=contest.community.territory, basis="registered", document_reference="№ 3",
            community=contest.community, by=given.official("Оксана", "operator", contest.community),
        )  # fmt: skip
        cast(contest, park, voter=voter)
        assert in_the_box() == (1, 1, 1)

    def test_a_person_without_a_number_on_record_does_not(self):
        contest, (park, *_) = given.voting_contest()
        nobody = Person.objects.create(given_name="Хтось", created_at=given.day(0))
        assert refused(cast, contest, park, voter=nobody).code == "not_eligible"


POINTS = {"kind": "points", "min_choices": 1, "max_choices": 3, "max_points": 10, "max_points_per_project": 6}
RANKING = {"kind": "ranking", "min_choices": 1, "max_choices": 3}
GROUPS = {"kind": "approval", "max_choices": 4, "max_per_category": {"parks": 1}}
MONEY = {"kind": "approval", "max_choices": 4, "max_cost": 45_000_000}

approve, points = BallotPaper.approval, BallotPaper.points


@pytest.mark.django_db
class TestEveryDefect:
    """Projects 1 to 3 are small and cost 10, 20, 30 (ten thousand hryvnias), project 4 is large."""

    @pytest.mark.parametrize(
        ("ballot", "paper", "words"),
        [
            ({}, approve([]), "not chosen"), ({}, approve(["99"]), "not in this vote"),
            ({}, approve(["1", "1"]), "twice"), ({}, approve(["1", "2", "3"]), "class"),
            ({"kind": "approval", "max_choices": 2}, approve(["1", "2", "3"]), "3 projects"),
            ({"kind": "approval", "min_choices": 2, "max_choices": 3}, approve(["1"]), "at least 2"),
            ({}, BallotPaper((("1", 2),)), "either chosen or not"),
            (GROUPS, approve(["1", "2"]), "category"),
            ({"kind": "approval", "max_choices": 4, "max_per_territory": 1}, approve(["1", "2"]), "one place"),
            (MONEY, approve(["2", "3"]), "₴500,000"), (POINTS, points({"1": 6, "2": 5}), "11 points"),
            (POINTS, points({"1": 7}), "7 points"), (POINTS, points({"1": -1}), "less than zero"),
            (POINTS, points({"1": 0}), "at least one point"), (RANKING, BallotPaper((("1", 1), ("2", 3))), "1, 2, 3"),
        ],
    )  # fmt: skip
    def test_is_refused_in_words(self, ballot, paper, words):
        contest, _ = self.contest(ballot)
        with override("en"):
            answer = refused(cast, contest, paper)
        assert (answer.code, answer.status) == ("bad_ballot", 422)
        assert any(words in line for line in answer.fields["choices"]), answer.fields
        assert in_the_box() == (0, 0, 0)

    def contest(self, ballot: dict):
        counting = {"rule": "greedy-v1", "options": {}, "ties": ["earlier"]}
        made = given.contest(
            rules={**given.RULES, "ballot": ballot or given.RULES["ballot"], "counting": counting}
        )
        projects = [
            given.admitted_project(
                made, f"Проєкт {number}", cost=100_000_000 if number == 4 else 10_000_000 * number
            )
            for number in range(1, 5)
        ]
        return made, projects

    def test_several_defects_are_said_together(self):
        contest, _ = self.contest({})
        assert len(refused(cast, contest, approve(["1", "2", "3", "4", "77"])).fields["choices"]) == 3

    def test_ones_own_project_where_the_regulation_forbids_it(self):
        contest, (park, *_) = self.contest({**given.RULES["ballot"], "own_project": False})
        answer = refused(cast, contest, park, voter=given.person("Олена"))
        assert answer.code == "bad_ballot"
        cast(contest, park, voter=given.person("Петро"))
        assert in_the_box() == (1, 1, 1)

    def test_a_project_that_was_not_admitted_is_not_on_the_ballot(self):
        contest, _ = self.contest({})
        waiting = given.submitted_project(contest, "Ще на розгляді")
        assert refused(cast, contest, waiting).code == "bad_ballot"

    @pytest.mark.parametrize(
        ("ballot", "paper"), [(POINTS, points({"1": 6, "2": 4})), (RANKING, BallotPaper.ranking(["3", "1"]))]
    )
    def test_a_ballot_of_another_kind_is_cast_as_well(self, ballot, paper):
        contest, _ = self.contest(ballot)
        cast(contest, paper)
        with clock.at(given.day(60)):
            open_box(contest=contest)
        assert Opening.objects.get().choices == paper.document()


@pytest.mark.django_db
class TestBatches:
    """A channel that has identified its voters itself brings their ballots together."""

    def vote(self, number: int, *choices, key: bytes | None = None) -> Vote:
        return Vote(
            keys.person_token("tax", f"{number:010}"), given.paper(*choices), key or secrets.token_bytes(32)
        )

    def put(self, contest: Contest, *votes: Vote, at=None) -> int:
        with clock.at(at or given.day(45)):
            return cast_ballots(contest=contest, votes=votes, channel="terminal")

    def test_each_ballot_is_counted_once(self):
        contest, (park, garden, *_) = given.voting_contest()
        votes = [self.vote(number, park) for number in range(5)]
        assert self.put(contest, *votes) == 5
        assert self.put(contest, *votes, self.vote(9, garden)) == 1
        assert in_the_box() == (6, 6, 6)

    def test_a_person_twice_in_a_batch_votes_once(self):
        contest, (park, garden, *_) = given.voting_contest()
        assert self.put(contest, self.vote(1, park), self.vote(1, garden)) == 1
        assert in_the_box() == (1, 1, 1)

    @pytest.mark.parametrize("second", [1, 2], ids=["of the same person", "of another person"])
    @pytest.mark.parametrize("is_changed", [False, True], ids=["with the same choices", "with other choices"])
    def test_a_request_twice_in_a_batch_is_one_ballot(self, second, is_changed):
        contest, (park, garden, *_) = given.voting_contest()
        other = self.vote(second, garden if is_changed else park, key=KEY)
        assert self.put(contest, self.vote(1, park, key=KEY), other) == 1
        assert in_the_box() == (1, 1, 1)

    def test_one_defective_ballot_refuses_the_batch_and_says_which(self):
        contest, (park, *rest) = given.voting_contest()
        answer = refused(self.put, contest, self.vote(1, park), self.vote(2, park, *rest))
        assert answer.code == "bad_ballot"
        assert "2" in str(answer.message)
        assert in_the_box() == (0, 0, 0)

    def test_outside_the_voting_none_is_accepted(self):
        contest, (park, *_) = given.voting_contest()
        assert self.put(contest, self.vote(1, park), at=given.day(61)) == 0
        assert in_the_box() == (0, 0, 0)

    def test_who_voted_online_does_not_vote_at_a_terminal(self):
        contest, (park, *_) = given.voting_contest()
        voter = given.person("Петро")
        cast(contest, park, voter=voter)
        known = bytes(voter.identifiers.get().token)
        assert self.put(contest, Vote(known, given.paper(park), secrets.token_bytes(32))) == 0
        assert in_the_box() == (1, 1, 1)


@pytest.mark.django_db
class TestTheConstraintIsTheGuard:
    GUARDS = {
        "one_mark_a_person": ("community_id, contest_id, person_token", "request_hash"),
        "one_mark_a_request": ("community_id, contest_id, request_hash", "person_token"),
    }

    def again(self, fresh: str) -> None:
        """Insert the mark a second time, with one column made anew."""
        columns = "community_id, contest_id, person_token, channel, link, request_hash, body_mac, cast_at"
        values = columns.replace(fresh, "gen_random_uuid()::text::bytea")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO ballots_participation (id, {columns})"
                f" SELECT gen_random_uuid(), {values} FROM ballots_participation LIMIT 1"
            )

    @pytest.mark.parametrize("name", GUARDS)
    def test_the_database_knows_it_by_name(self, name):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
            assert cursor.fetchone() == (f"UNIQUE ({self.GUARDS[name][0]})",)

    @pytest.mark.parametrize("name", GUARDS)
    def test_without_it_there_would_be_a_second_mark(self, name):
        contest, (park, *_) = given.voting_contest()
        cast(contest, park)
        fresh = self.GUARDS[name][1]
        with pytest.raises(IntegrityError, match=name):
            self.again(fresh)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE ballots_participation DROP CONSTRAINT {name}")
        self.again(fresh)
        assert Participation.objects.count() == 2

    def test_a_commitment_stands_once_in_the_box_and_once_among_the_openings(self):
        contest, (park, *_) = given.voting_contest()
        cast(contest, park)
        with clock.at(given.day(60)):
            open_box(contest=contest)
        for table, columns in (("ballot", "commitment, community_id, contest_id, envelope"),
                               ("opening", "commitment, community_id, contest_id, nonce, choices")):  # fmt: skip
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO ballots_{table} ({columns}) SELECT {columns} FROM ballots_{table}"
                )


@pytest.mark.django_db
class TestTheBox:
    def test_it_is_made_once_after_the_rules_are_frozen(self):
        contest = given.contest()
        assert refused(make_box, contest=contest, by=SYSTEM).code == "box_exists"
        draft = create_contest(
            community=contest.community, slug="2027", year=2027, title={"uk": "Б"}, rules=given.RULES,
            schedule=given.schedule(), by=SYSTEM,
        )  # fmt: skip
        assert refused(make_box, contest=draft, by=SYSTEM).code == "rules_not_frozen"
        with clock.at(given.day(-5)):
            freeze_rules(contest=draft, decision="№ 2", by=SYSTEM)
        assert refused(
            make_box, contest=draft, by=given.official("Ірина", "commission", contest.community)
        ).code == ("not_administrator")
        make_box(contest=draft, by=given.official("Віктор", "administrator", contest.community))
        assert Entry.objects.filter(kind="BoxMade").count() == 2

    def test_where_the_key_cannot_be_kept_there_is_no_box(self, monkeypatch):
        contest = given.contest()
        Box.objects.all().delete()

        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("viche.ballots.actions.keys.make_contest_keys", full)
        with pytest.raises(OSError, match="No space left"):
            make_box(contest=contest, by=SYSTEM)
        assert not Box.objects.exists()

    def test_a_key_left_by_an_act_that_was_undone_does_not_stand_in_the_way(self):
        contest = given.contest()
        Box.objects.all().delete()
        box = make_box(contest=contest, by=SYSTEM)
        private = X25519PrivateKey.from_private_bytes(keys.contest_key(str(contest.id), "box"))
        assert private.public_key().public_bytes_raw() == bytes(box.public_key)

    def test_a_ballot_that_was_taken_out_of_the_box_is_noticed_at_the_opening(self):
        contest, (park, *_) = given.voting_contest()
        for name in ("Петро", "Марія"):
            cast(contest, park, voter=given.person(name), key=secrets.token_bytes(32))
        Ballot.objects.all()[:1].get().delete()
        with pytest.raises(Refused) as refused, clock.at(given.day(60)):
            open_box(contest=contest)
        assert refused.value.code == "box_differs"

    def test_nothing_in_the_rows_tells_which_mark_and_which_leaf_were_written_together(self):
        contest, (park, *_) = given.voting_contest()
        names = ("Петро", "Марія", "Надія", "Юлія", "Віра", "Ліна", "Зоя", "Рада")
        for name in names:
            cast(contest, park, voter=given.person(name), key=secrets.token_bytes(32))
        marks = list(Participation.objects.order_by("cast_at").values_list("id", flat=True))
        assert {each.version for each in marks} == {4}
        leaves = list(Entry.objects.filter(kind="BallotSealed").order_by("id"))
        assert all(leaf.id < 0 for leaf in leaves)
        by_mark = sorted(leaves, key=lambda leaf: bytes(leaf.sort_key), reverse=True)
        assert [leaf.id for leaf in leaves] == [leaf.id for leaf in by_mark]

    def test_a_frozen_ballot_cannot_be_cast_into_another_contest_by_hand(self):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("INSERT INTO ballots_ballot VALUES ('x', NULL, NULL, 'y')")


def test_a_ballot_on_its_way_while_the_box_is_opened_is_refused_rather_than_lost(committed_db):
    """The opening waits for ballots going in; a ballot that had to wait for the opening is told it is too late."""
    contest, (park, garden, *_) = given.voting_contest()
    cast(contest, park)
    answers: list = []

    def late() -> None:
        try:
            voter = given.person("Марія")
            answers.append(
                cast(
                    contest,
                    garden,
                    voter=voter,
                    key=secrets.token_bytes(32),
                    at=given.day(60) - timedelta(days=1),
                )
            )
        except Refused as refused:
            answers.append(refused.code)
        finally:
            connection.close()

    given.person("Марія")
    with transaction.atomic():
        with clock.at(given.day(61)):
            open_box(contest=contest)
        other = threading.Thread(target=late)
        other.start()
        other.join(0.5)
        assert other.is_alive(), "the ballot waits"
    other.join(20)
    assert answers == ["voting_closed"]
    assert in_the_box() == (1, 1, 1)
    assert Opening.objects.count() == 1


def test_the_box_is_not_opened_while_a_ballot_goes_in(committed_db):
    contest, (park, *_) = given.voting_contest()
    contest.schedule  # noqa: B018  read before, as a page would
    opened = threading.Event()

    def opening() -> None:
        try:
            with clock.at(given.day(61)):
                open_box(contest=contest)
            opened.set()
        finally:
            connection.close()

    with transaction.atomic():
        cast(contest, park, at=given.day(59))
        other = threading.Thread(target=opening)
        other.start()
        assert not opened.wait(0.4)
    other.join(20)
    assert Opening.objects.count() == Participation.objects.count() == 1
