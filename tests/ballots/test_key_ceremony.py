"""The commission holds the key of the box: two officials bring it in, it is tried out before the voting, and only two
holders open the box. The platform holds nothing that reads a ballot.
"""

import json
import logging
import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.db import connection
from tests import given
from tests.ceremony import AFTER, BEFORE, VOTING, ceremony
from tests.crowd import at_once, refusals

from boxkey import files, pairs
from viche.ballots import holding, key_ceremony, sealing
from viche.ballots.actions import cast_ballot, open_box
from viche.ballots.annulling import decide_annulment, propose_annulment
from viche.ballots.channels import waits_for_first_key
from viche.ballots.given_key import given_key
from viche.ballots.models import Ballot, Box, BoxKey, KeyChange, Opening, Participation
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.journal.models import Entry

pytestmark = pytest.mark.django_db
State = BoxKey.State


@pytest.fixture(autouse=True)
def _before_the_voting():
    with clock.at(BEFORE):
        yield


def refused(action, *args, **facts) -> Refused:
    with pytest.raises(Refused) as told:
        action(*args, **facts)
    return told.value


def vote(made, project, name: str = "Петро") -> None:
    with clock.at(VOTING):
        cast_ballot(
            contest=made.contest, voter=given.person(name), paper=given.paper(project), channel="online",
            request_key=secrets.token_bytes(32),
        )  # fmt: skip


def said() -> list[str]:
    """Kinds of the journal's entries about the key, in their order."""
    kinds = Entry.objects.order_by("pk").values_list("kind", flat=True)
    return [kind for kind in kinds if kind.startswith(("BoxKey", "BoxMade"))]


class TestBeforeTheVoting:
    def test_the_platform_makes_no_key_for_such_a_box(self):
        made, _projects = ceremony()
        assert Box.objects.get(contest=made.contest).public_key is None
        assert "box" not in json.loads((settings.KEYS_DIR / f"{made.contest.id}.json").read_text())
        assert said() == ["BoxKeyAwaited"]

    @pytest.mark.parametrize("step", ["nothing", "proposed", "confirmed"])
    def test_no_ballot_is_taken_before_the_key_was_tried_out(self, step):
        made, (park, *_) = ceremony()
        if step != "nothing":
            getattr(made, step)()
        assert waits_for_first_key(made.contest)
        assert refused(vote, made, park).code == "key_awaited"
        assert (Ballot.objects.count(), Participation.objects.count()) == (0, 0)

    def test_after_the_rehearsal_ballots_are_sealed_to_it(self):
        made, (park, *_) = ceremony()
        made.rehearsed()
        assert bytes(Box.objects.get(contest=made.contest).public_key) == made.public
        vote(made, park)
        envelope = bytes(Ballot.objects.get().envelope)
        opened, _nonce = sealing.open_envelope(
            contest=str(made.contest.id), envelope=envelope, private_key=made.private
        )
        assert opened == given.paper(park)
        assert said() == ["BoxKeyAwaited", "BoxKeyProposed", "BoxKeyConfirmed", "BoxKeyRehearsed", "BoxMade"]

    def test_nobody_confirms_what_they_brought_in_themselves(self):
        made, _projects = ceremony()
        key = made.proposed()
        told = refused(holding.confirm_key, key=key, typed=made.fingerprint(), by=made.iryna)
        assert (told.code, told.status) == ("same_person", 403)
        key.refresh_from_db()
        assert key.state == State.PROPOSED

    def test_another_fingerprint_confirms_nothing(self):
        made, _projects = ceremony()
        key = made.proposed()
        other = pairs.fingerprint(str(made.contest.id), pairs.new_pair()[1])
        for typed in (other, "", made.fingerprint()[:-1], "0" * 30):
            assert (
                refused(holding.confirm_key, key=key, typed=typed, by=made.serhii).code == "wrong_fingerprint"
            )
        key.refresh_from_db()
        assert (key.state, key.confirmed_by_id) == (State.PROPOSED, None)

    def test_the_answer_to_another_task_is_none(self):
        made, _projects = ceremony()
        key = made.confirmed()
        early = made.answer(key)
        with clock.at(BEFORE):
            holding.request_rehearsal(key=key, by=made.serhii)
        forged = made.written(files.ANSWER, opened=secrets.token_hex(32))
        for text in (early, forged):
            assert refused(holding.record_rehearsal, key=key, text=text, by=made.iryna).code == "wrong_answer"
        assert Box.objects.get(contest=made.contest).public_key is None
        key.refresh_from_db()
        holding.record_rehearsal(key=key, text=made.answer(key), by=made.iryna)
        assert refused(holding.record_rehearsal, key=key, text=early, by=made.iryna).code == "no_task"

    def test_only_the_commission_and_administrators_touch_it(self):
        made, _projects = ceremony()
        for role in ("operator", "auditor", "editor"):
            stranger = given.official("Марко", role, made.contest.community)
            told = refused(holding.propose_key, contest=made.contest, text=made.public_file(), by=stranger)
            assert (told.code, told.status) == ("not_deciding", 403)

    def test_a_key_of_small_order_is_refused(self):
        made, _projects = ceremony()
        empty = made.written(files.PUBLIC, public_key="00" * 32)
        assert (
            refused(holding.propose_key, contest=made.contest, text=empty, by=made.iryna).code == "key_file"
        )

    def test_a_platform_held_box_takes_no_key(self):
        contest, _projects = given.voting_contest()
        iryna = given.official("Ірина", "commission", contest.community)
        text = files.written(
            files.PUBLIC, {"contest": str(contest.id), "public_key": pairs.new_pair()[1].hex()}
        )
        assert (
            refused(holding.propose_key, contest=contest, text=text.encode(), by=iryna).code
            == "not_held_here"
        )

    def test_after_the_voting_a_key_comes_too_late(self):
        made, _projects = ceremony()
        with clock.at(AFTER):
            told = refused(holding.propose_key, contest=made.contest, text=made.public_file(), by=made.iryna)
        assert told.code == "voting_over"


class TestWithdrawal:
    def test_a_key_not_tried_out_is_withdrawn_by_one_and_never_comes_back(self):
        made, _projects = ceremony()
        key = made.confirmed()
        assert refused(holding.withdraw_key, key=key, reason=" ", by=made.iryna).code == "bad_value"
        holding.withdraw_key(key=key, reason="Цифри різняться.", by=made.iryna)
        assert said()[-1] == "BoxKeyWithdrawn"
        told = refused(holding.propose_key, contest=made.contest, text=made.public_file(), by=made.serhii)
        assert told.code == "key_withdrawn"
        made.private, made.public = pairs.new_pair()
        made.rehearsed()
        assert not waits_for_first_key(made.contest)

    def test_a_key_that_was_tried_out_is_withdrawn_by_two_and_the_voting_waits_again(self):
        made, (park, *_) = ceremony()
        key = made.rehearsed()
        assert refused(holding.withdraw_key, key=key, reason="Так.", by=made.iryna).code == "already_done"
        change = holding.propose_change(key=key, act="withdraw", reason="Дві частки зникли.", by=made.iryna)
        told = refused(holding.decide_change, change=change, is_confirmed=True, by=made.iryna)
        assert (told.code, told.status) == ("same_person", 403)
        assert not waits_for_first_key(made.contest)
        holding.decide_change(change=change, is_confirmed=True, by=made.serhii)
        assert refused(vote, made, park).code == "key_awaited"

    def test_with_ballots_sealed_to_it_the_key_stays(self):
        made, (park, *_) = ceremony()
        key = made.rehearsed()
        waiting = holding.propose_change(key=key, act="withdraw", reason="Так.", by=made.iryna)
        vote(made, park)
        told = refused(holding.decide_change, change=waiting, is_confirmed=True, by=made.serhii)
        assert told.code == "ballots_there"
        assert KeyChange.objects.get().state == KeyChange.State.OPEN
        holding.decide_change(change=waiting, is_confirmed=False, by=made.serhii)
        again = refused(holding.propose_change, key=key, act="withdraw", reason="Так.", by=made.iryna)
        assert again.code == "ballots_there"


class TestALostShare:
    def test_two_record_the_new_shares_and_voting_goes_on(self):
        made, (park, *_) = ceremony()
        key = made.rehearsed()
        with clock.at(VOTING):
            change = holding.propose_change(key=key, act="rewrap", reason="Частку загублено.", by=made.iryna)
            told = refused(holding.propose_change, key=key, act="rewrap", reason="Ще.", by=made.serhii)
            assert told.code == "change_open"
            holding.decide_change(change=change, is_confirmed=True, by=made.serhii)
        vote(made, park)
        assert key_ceremony.key_standing(made.contest).wants_new_rehearsal
        key.refresh_from_db()
        with clock.at(VOTING.replace(hour=20)):
            holding.record_rehearsal(key=key, text=made.answer(key), by=made.serhii)
        assert not key_ceremony.key_standing(made.contest).wants_new_rehearsal
        assert said()[-3:] == ["BoxKeyChangeProposed", "BoxKeyRewrapped", "BoxKeyRehearsed"]
        # the box was made once
        assert said().count("BoxMade") == 1


class TestTheOpening:
    def closed(self):
        made, projects = ceremony()
        made.rehearsed()
        vote(made, projects[0])
        return made, projects

    def test_the_box_waits_for_the_commission_and_says_since_when(self):
        made, _projects = self.closed()
        assert key_ceremony.waits_for_key_since(made.contest) is None
        with clock.at(AFTER):
            assert refused(open_box, contest=made.contest).code == "key_awaited"
            made.contest.forget_cached()
            since = key_ceremony.waits_for_key_since(made.contest)
            assert since == made.contest.window("voting").ends_at

    def test_before_the_close_the_right_key_opens_nothing(self):
        made, _projects = self.closed()
        with clock.at(VOTING):
            told = refused(open_box, contest=made.contest, by=made.iryna, given=made.given())
        assert told.code == "voting_open"

    def test_two_holders_key_opens_it(self):
        made, (park, *_) = self.closed()
        with clock.at(AFTER):
            open_box(contest=made.contest, by=made.iryna, given=made.given())
        assert Opening.objects.get().choices == given.paper(park).document()
        entry = Entry.objects.get(kind="BoxKeyGiven")
        assert json.loads(entry.leaf)["data"]["holders"] == [1, 3]

    def test_another_key_is_told_by_its_fingerprint_and_changes_nothing(self):
        made, _projects = self.closed()
        private, public = pairs.new_pair()
        strange = made.private_file(public_key=public.hex(), private_key=private.hex())
        with clock.at(AFTER):
            told = refused(
                open_box, contest=made.contest, by=made.iryna, given=given_key(made.contest, strange)
            )
        assert told.code == "wrong_key"
        assert pairs.fingerprint(str(made.contest.id), public) in str(told.message)
        assert made.fingerprint() in str(told.message)
        assert private.hex() not in str(told.message)
        assert (Opening.objects.count(), Box.objects.get().opened_at) == (0, None)

    def test_whatever_else_is_uploaded_is_refused_in_words(self):
        made, _projects = self.closed()
        whole = made.private_file()
        last = "1" if str(made.contest.id).endswith("0") else "0"
        elsewhere = files.written(files.PRIVATE, {
            "contest": str(made.contest.id)[:-1] + last, "public_key": made.public.hex(),
            "private_key": made.private.hex(),
        })  # fmt: skip
        share = made.written(files.SHARE, public_key=made.public.hex())
        for text, word in (
            (whole[: len(whole) // 2], "не повністю"), (b"", "не повністю"), (b"PK\x03\x04", "не файл церемонії"),
            (share, "частка утримувача"), (made.public_file(), "інший файл"), (elsewhere.encode(), "іншого конкурсу"),
            (whole.replace(made.private.hex()[:8].encode(), b"00000000"), "пошкоджено"),
        ):  # fmt: skip
            told = refused(given_key, made.contest, text)
            assert told.code == "key_file"
            assert word in str(told.message)
        with clock.at(AFTER):
            open_box(contest=made.contest, by=made.iryna, given=given_key(made.contest, whole))
        assert Opening.objects.count() == 1

    def test_a_replaced_ballot_and_an_annulment_need_no_key_before_the_opening(self):
        made, (park, garden, *_) = ceremony(ballot={**given.RULES["ballot"], "revote": True})
        made.rehearsed()
        vote(made, park)
        vote(made, garden)
        vote(made, park, "Марія")
        mark = Participation.objects.all()[0]
        found = propose_annulment(
            contest=made.contest, mark=mark.pk, why="forced", text="Так.", by=made.iryna
        )
        decide_annulment(annulment=found, is_confirmed=True, answer="Так.", by=made.serhii)
        with clock.at(AFTER):
            open_box(contest=made.contest, by=made.iryna, given=made.given())
        assert Opening.objects.count() == 1
        assert Entry.objects.filter(kind="BallotExcluded").count() == 2


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_two_keys_at_once_one_is_there(self):
        made, _projects = ceremony()
        texts = [made.written(files.PUBLIC, public_key=pairs.new_pair()[1].hex()) for _ in range(2)]
        by = (made.iryna, made.serhii)

        def act(place: int) -> BoxKey:
            return holding.propose_key(contest=made.contest, text=texts[place], by=by[place])

        assert refusals(at_once(2, act)) == ["key_there"]
        assert said().count("BoxKeyProposed") == 1

    def test_a_confirmation_and_a_withdrawal_at_once_leave_one_decision(self):
        made, _projects = ceremony()
        key = made.proposed()
        viktor = given.official("Віктор", "administrator", made.contest.community)

        def act(place: int) -> BoxKey:
            if place:
                return holding.withdraw_key(key=key, reason="Ні.", by=viktor)
            return holding.confirm_key(key=key, typed=made.fingerprint(), by=made.serhii)

        found = at_once(2, act)
        # a confirmed key may still be withdrawn by one; a withdrawn one is confirmed by nobody
        assert refusals(found) in ([], ["already_done"])
        assert BoxKey.objects.get().state == State.WITHDRAWN

    def test_the_box_is_opened_once(self):
        made, (park, *_) = ceremony()
        made.rehearsed()
        vote(made, park)
        by = (made.iryna, made.serhii)

        def act(place: int) -> Box:
            with clock.at(AFTER):
                return open_box(contest=made.contest, by=by[place], given=made.given())

        assert refusals(at_once(2, act)) == []
        assert Entry.objects.filter(kind="BoxKeyGiven").count() == 1
        assert Opening.objects.count() == 1


def everything() -> bytes:
    """All rows of all tables, sessions and queued jobs included, as their owner would see them."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table != "communities_territory":
                cursor.execute(f'SELECT line::text FROM "{table}" AS line')
                found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found).encode()


def platform_keys() -> set[bytes]:
    """Each run of 32 bytes in hex in the files of the platform's keys, and its keys of the settings."""
    found = set()
    for path in settings.KEYS_DIR.rglob("*"):
        if path.is_file():
            text = path.read_text(errors="ignore")
            try:
                values = json.loads(text).values()
            except (ValueError, AttributeError):
                values = [text.strip()]
            found |= {bytes.fromhex(each) for each in values if isinstance(each, str) and _is_key(each)}
    return found


def _is_key(text: str) -> bool:
    return len(text) == 64 and not set(text) - set("0123456789abcdef")


class TestSecrecy:
    def test_with_all_tables_and_all_keys_of_the_platform_no_ballot_and_no_link_opens(self, caplog):
        caplog.set_level(logging.DEBUG)
        made, projects = ceremony()
        made.rehearsed()
        for place, name in enumerate(("Петро", "Марія", "Ганна", "Юрій")):
            vote(made, projects[place % 3], name)
        contest = str(made.contest.id)
        held = everything() + caplog.text.encode()
        strangers = platform_keys()
        # whatever 32 bytes stand in the tables might be a key too
        text = held.decode()
        words = {
            word
            for word in text.replace("\\x", " ").replace('"', " ").replace(",", " ").split()
            if _is_key(word)
        }
        strangers |= {bytes.fromhex(word) for word in words}
        assert len(strangers) > 4
        assert made.private not in strangers
        ballots, marks = list(Ballot.objects.all()), list(Participation.objects.all())
        assert (len(ballots), len(marks)) == (4, 4)
        for stranger in strangers:
            for ballot in ballots:
                with pytest.raises(ValueError, match="does not open"):
                    sealing.open_envelope(
                        contest=contest, envelope=bytes(ballot.envelope), private_key=stranger
                    )
            for mark in marks:
                with pytest.raises(ValueError, match="does not open"):
                    sealing.open_link(contest=contest, link=bytes(mark.link), private_key=stranger)
        # the trial is a true one: the commission's key opens every one of them
        links = {
            sealing.open_link(contest=contest, link=bytes(mark.link), private_key=made.private)
            for mark in marks
        }
        assert links == {bytes(ballot.commitment) for ballot in ballots}

    def test_the_private_key_stands_nowhere_after_the_opening(self, caplog):
        caplog.set_level(logging.DEBUG)
        made, (park, *_) = ceremony()
        made.rehearsed()
        vote(made, park)
        given_now = made.given()
        with clock.at(AFTER):
            open_box(contest=made.contest, by=made.iryna, given=given_now)
        held = everything() + caplog.text.encode() + repr(given_now).encode()
        assert made.public.hex().encode() in held
        for secret in (made.private, made.private.hex().encode(), made.private_file()):
            assert secret not in held
        for path in settings.KEYS_DIR.rglob("*"):
            if path.is_file():
                assert made.private.hex().encode() not in path.read_bytes()
        assert (
            X25519PrivateKey.from_private_bytes(made.private).public_key().public_bytes_raw() == made.public
        )
