"""The public lot: bound in public before the voting, hidden until the box is opened, shown and counted with then."""

import pytest
from django.db import IntegrityError, connection, transaction
from tests import given

from rulebook.lot import lot_commitment
from viche.ballots.actions import cast_ballot, open_box, prepare_voting
from viche.ballots.models import Box
from viche.ballots.queries import box_of, dossier
from viche.contests.actions import create_contest
from viche.contests.models import Contest
from viche.foundation import clock, keys
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.journal.models import Entry
from viche.journal.queries import history_of

BY_LOT = {**given.RULES, "counting": {**given.RULES["counting"], "ties": ["lot"]}}


def voted(rules: dict = BY_LOT) -> Contest:
    contest = given.contest(rules=rules)
    project = given.admitted_project(contest)
    with clock.at(given.day(45)):
        cast_ballot(
            contest=contest, voter=given.person("Петро"), paper=given.paper(project), channel="online",
            request_key=b"k" * 32,
        )  # fmt: skip
    return contest


def opened(rules: dict = BY_LOT) -> Contest:
    contest = voted(rules)
    with clock.at(given.day(61)):
        open_box(contest=contest)
    return contest


def kinds(contest: Contest) -> list[str]:
    return [line.kind for line in history_of(f"contest:{contest.id}")]


@pytest.mark.django_db
class TestBeforeTheVoting:
    def test_the_hash_of_the_seed_is_published_with_the_box(self):
        contest = given.contest(rules=BY_LOT)
        box = box_of(contest)
        seed = keys.contest_key(str(contest.id), "lot")
        assert box.lot_commitment == lot_commitment(str(contest.id), seed)
        told = {line.kind: line.data for line in history_of(f"contest:{contest.id}")}
        assert told["LotCommitted"]["commitment"] == box.lot_commitment

    def test_preparing_the_voting_draws_it_too(self):
        with clock.at(given.day(-10)):
            contest = create_contest(
                community=given.community(), slug="2026", year=2026, title={"uk": "Бюджет"}, rules=BY_LOT,
                schedule=given.schedule(), by=SYSTEM,
            )  # fmt: skip
            prepare_voting(contest=contest, decision="№ 1 від 01.02.2026", by=SYSTEM)
        assert len(box_of(contest).lot_commitment) == 64

    def test_every_contest_has_a_seed_of_its_own(self):
        one, other = (given.contest(slug=slug, rules=BY_LOT) for slug in ("a", "b"))
        assert keys.contest_key(str(one.id), "lot") != keys.contest_key(str(other.id), "lot")

    def test_where_the_rules_name_no_lot_none_is_drawn(self):
        contest = given.contest()
        assert box_of(contest).lot_commitment == ""
        assert "LotCommitted" not in kinds(contest)
        with pytest.raises(keys.KeyMissing):
            keys.contest_key(str(contest.id), "lot")

    def test_the_seed_is_nowhere_in_the_database(self):
        contest = voted()
        seed = keys.contest_key(str(contest.id), "lot").hex()
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                if table == "communities_territory":
                    continue
                cursor.execute(
                    f"SELECT coalesce(string_agg(row_to_json(each)::text, ' '), '') FROM \"{table}\" each"
                )
                assert seed not in cursor.fetchone()[0], table

    def test_the_database_shows_no_seed_of_a_closed_box(self):
        contest = given.contest(rules=BY_LOT)
        with pytest.raises(IntegrityError), transaction.atomic():
            Box.objects.filter(contest=contest).update(lot_seed="0" * 64)


@pytest.mark.django_db
class TestAtTheOpening:
    def test_the_seed_is_shown_and_is_the_one_that_was_sealed(self):
        contest = opened()
        box = box_of(contest)
        assert lot_commitment(str(contest.id), bytes.fromhex(box.lot_seed)) == box.lot_commitment
        told = {line.kind: line.data for line in history_of(f"contest:{contest.id}")}
        assert told["LotShown"] == {
            "contest": str(contest.id), "commitment": box.lot_commitment, "seed": box.lot_seed,
        }  # fmt: skip
        assert (
            kinds(contest).index("LotCommitted")
            < kinds(contest).index("BoxOpened")
            < kinds(contest).index("LotShown")
        )

    def test_the_dossier_carries_it(self):
        contest = opened()
        lot = dossier(contest).lot
        assert (lot.commitment, lot.seed) == (box_of(contest).lot_commitment, box_of(contest).lot_seed)

    def test_without_a_lot_the_dossier_has_none(self):
        assert dossier(opened(given.RULES)).lot is None

    def refusal(self, contest: Contest) -> str:
        with pytest.raises(Refused) as answer, clock.at(given.day(61)):
            open_box(contest=contest)
        assert box_of(contest).opened_at is None
        assert not Entry.objects.filter(kind="LotShown").exists()
        return answer.value.code

    def exchange(self, contest: Contest, seed: bytes) -> None:
        """Somebody with the keys puts another seed into the file."""
        name = str(contest.id)
        kept = {key: keys.contest_key(name, key).hex() for key in ("marks", "box")}
        keys.make_contest_keys(name, {**kept, "lot": seed.hex()})

    def test_another_seed_in_the_keys_is_noticed(self):
        contest = voted()
        self.exchange(contest, b"x" * 32)
        assert self.refusal(contest) == "lot_differs"

    def test_another_commitment_in_the_database_is_noticed_too(self):
        contest = voted()
        self.exchange(contest, b"x" * 32)
        forged = lot_commitment(str(contest.id), b"x" * 32)
        Box.objects.filter(contest=contest).update(lot_commitment=forged)
        assert self.refusal(contest) == "lot_differs"

    def test_a_lost_seed_is_said(self):
        contest = voted()
        name = str(contest.id)
        keys.make_contest_keys(name, {key: keys.contest_key(name, key).hex() for key in ("marks", "box")})
        assert self.refusal(contest) == "no_key"
