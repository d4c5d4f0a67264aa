"""The journal as everybody sees it: how it stands, its entries and their proofs, its raw files, records, receipts."""

import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from rulebook.inclusion import check_inclusion
from rulebook.merkle import parse_checkpoint, parse_note
from rulebook.signing import WITNESS, VerifierKey, key_of, public_of
from rulebook.tiles import tiles_of
from rulebook.verifying import opened, verify_record
from tests import given
from tests.connectors.finished import stirred_contest, voted_contest
from tests.surfaces.ground import browser, page, prefix
from viche.ballots.models import Ballot, Opening
from viche.connectors.record.actions import write_records
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.journal.actions import publish_logs, restart_log, sequence_all
from viche.journal.models import Entry, Log, Witnessing
from viche.journal.queries import entries_of

AFTER = given.day(75)
WATCHER = VerifierKey("ngo.example/witness", WITNESS, public_of(bytes(32)))


@pytest.fixture
def later(db: None) -> Iterator[None]:
    with clock.at(AFTER), translation.override("en"):
        yield


@pytest.fixture
def finished(later: None) -> Contest:
    """A finished contest with ballots replaced and annulled, its log published, its record written."""
    contest = stirred_contest()
    write_records()
    return contest


def at(contest: Contest, path: str = "journal/") -> str:
    return f"{prefix(contest.community)}en/{path}"


def log_of(contest: Contest) -> Log:
    return Log.objects.get(community=contest.community.code)


def seen(contest: Contest, path: str = "journal/", /, **query: str) -> str:
    answer = browser().get(at(contest, path), query)
    assert answer.status_code in (200, 422), answer.status_code
    return page(answer).text


class TestStanding:
    def test_a_resident_reads_how_many_entries_since_when_and_who_has_seen_them(self, finished, settings):
        settings.WITNESSES = {"NGO": {"url": "http://127.0.0.1:9", "key": WATCHER.text}}
        log = log_of(finished)
        assert f"{log.size} entries, unbroken since" in seen(finished)
        assert "seen by" not in seen(finished)
        Witnessing.objects.create(log=log, key=WATCHER.text, size=log.published_size, signed_at=AFTER)
        said = seen(finished)
        assert "seen by 1 witness" in said
        assert "ngo.example/witness has seen everything" in said
        assert WATCHER.text in said

    def test_a_witness_who_has_seen_more_and_a_log_that_is_not_signed_are_told_to_everybody(
        self, finished, settings
    ):
        settings.WITNESSES = {"NGO": {"url": "http://127.0.0.1:9", "key": WATCHER.text}}
        row = Witnessing.objects.create(
            log=log_of(finished), key=WATCHER.text, fault="ahead", claimed_size=999, size=3
        )
        assert "A witness says it has seen more entries than there are" in seen(finished)
        assert "unbroken" not in seen(finished)
        row.delete()
        for fault, words in (("shorter", "entries are lost"), ("differs", "not those that were published")):
            Log.objects.update(fault=fault)
            said = seen(finished)
            assert words in said
            assert "unbroken" not in said

    def test_a_journal_begun_anew_never_says_again_that_it_is_unbroken(self, finished):
        log = log_of(finished)
        Log.objects.filter(pk=log.pk).update(fault="shorter")
        log.refresh_from_db()
        restart_log(log=log, reason="The disk of the server burnt.", by=SYSTEM)
        sequence_all()
        assert publish_logs() == 0
        said = seen(finished)
        assert "Published entries were lost" in said
        assert "The disk of the server burnt." in said
        assert "unbroken" not in said
        old = f"/log/{log.community}/{log.year}/checkpoint"
        assert old in page(browser().get(at(finished))).own_links
        assert browser().get(old).status_code == 200
        log.refresh_from_db()
        assert browser().get(at(finished, f"journal/entries/{log.year}-2/3/")).status_code == 200
        assert browser().get(at(finished, f"journal/entries/{log.year}/3/")).status_code == 404


class TestEntries:
    def test_words_numbers_and_the_contest_narrow_the_list(self, finished):
        given.contest(slug="other")
        assert "The box is opened" in seen(finished, q="box opened")
        assert "No entry has these words" in seen(finished, q="nothing of the kind")
        # a word of the entry itself, in its own language
        assert "A ballot is in quarantine" in seen(finished, q="кордоном")
        project = finished.projects.get(number=3)
        found = seen(finished, q="3", contest=finished.slug)
        assert f"Project No. {project.number} is submitted" in found
        assert "Project No. 2 is submitted" not in found
        assert "The box is opened" not in seen(finished, contest="other")

    def test_names_of_fields_are_no_words_of_an_entry(self, finished):
        assert "No entry has these words" in seen(finished, q="reference")

    @pytest.mark.parametrize("text", ["\u202e", "'; --", "%_", "(", "\\", "[a-", "*", "a" * 5000, "9" * 300])
    def test_any_text_may_be_searched_for(self, finished, text):
        assert browser().get(at(finished), {"q": text}).status_code == 200

    def test_sealed_ballots_are_shown_on_demand_and_without_time(self, finished):
        assert "A sealed ballot" not in seen(finished)
        assert "A sealed ballot" in seen(finished, all="1", q="sealed")
        assert "without time" in seen(finished, all="1", q="sealed")

    def test_thirty_entries_cost_as_many_queries_as_three(self, finished):
        def asked(**query: str) -> int:
            browser().get(at(finished), query)
            with CaptureQueriesContext(connection) as captured:
                assert browser().get(at(finished), query).status_code == 200
            return len(captured)

        assert asked(q="quarantine") == asked(q="project") <= 12


class TestOneEntry:
    def test_its_very_bytes_and_proof_are_downloaded_and_hold(self, finished):
        log = log_of(finished)
        own = browser().get(at(finished)).context["log_key"]
        for entry in entries_of(log).filter(index__in=(0, 17, log.size - 1)):
            name = f"{log.address}/{entry.index}"
            answer = browser().get(at(finished, f"journal/entries/{name}/"))
            assert f"Entry No. {entry.index}" in page(answer).headings[0]
            leaf = browser().get(at(finished, f"journal/entries/{name}.json")).content
            proof = browser().get(at(finished, f"journal/entries/{name}.tlog-proof")).content
            assert leaf == entry.leaf.encode()
            assert check_inclusion(leaf, proof, [key_of(own)]).is_right
            # what the browser checks by itself is the same
            assert answer.context["proof_text"] == proof.decode()
            assert own in answer.context["keys_text"]

    def test_before_the_next_checkpoint_it_has_no_proof(self, finished):
        log = log_of(finished)
        given.contest(slug="other")
        sequence_all()
        log.refresh_from_db()
        name = f"journal/entries/{log.year}/{log.size - 1}"
        assert "waits for the next checkpoint" in seen(finished, f"{name}/")
        assert browser().get(at(finished, f"{name}.tlog-proof")).status_code == 404
        assert browser().get(at(finished, f"{name}.json")).status_code == 200

    @pytest.mark.parametrize(
        "name", ["2026/99999", "2026/-1", "1999/0", "2026-2/0", "2026-1/0", "x/0", "2026/٣", "2026", "2026/0/0",
                 "2026/" + "9" * 60, "202６/0", "20260/0"],
    )  # fmt: skip
    def test_what_is_no_entry_is_not_found(self, finished, name):
        assert browser().get(at(finished, f"journal/entries/{name}/")).status_code == 404

    def test_another_bodys_entry_is_not_found(self, finished):
        lviv = given.community(given.LVIV)
        log = log_of(finished)
        last = f"journal/entries/{log.year}/{log.size - 1}/"
        assert browser().get(f"{prefix(lviv)}{last}").status_code == 404

    def test_any_proof_may_be_pasted_into_a_page_of_its_own(self, finished):
        answer = browser().get(at(finished, "journal/proof/"))
        assert b"data-proof" in answer.content
        assert b"viche/proof.js" in answer.content


class TestFiles:
    def test_the_whole_log_is_read_from_its_address_by_any_program(self, finished):
        log = log_of(finished)
        base = f"/log/{log.community}/{log.address}/"
        note = browser().get(f"{base}checkpoint")
        assert note["Content-Type"].startswith("text/plain")
        assert note["Access-Control-Allow-Origin"] == "*"
        body, _signatures = parse_note(note.content.decode())
        checkpoint = parse_checkpoint(body)
        assert checkpoint.origin == f"localhost{base}".rstrip("/")
        for tile in tiles_of(checkpoint.size):
            answer = browser().get(f"{base}{tile.name}")
            assert answer.status_code == 200, tile.name
            assert ("immutable" in answer["Cache-Control"]) == tile.is_full

    @pytest.mark.parametrize(
        "name",
        ["", "x", "{}/checkpoint/", "{}/../secret", "{}/tile/0/999", "{}/tile/00/000", "{}/.checkpoint.ab", "../keys/x",
         "{}/tile/entries/000.p/0", "{}/tile/0/x000/000"],
    )  # fmt: skip
    def test_nothing_else_is_read_there(self, finished, name):
        log = log_of(finished)
        assert browser().get("/log/" + name.format(f"{log.community}/{log.address}")).status_code == 404


class TestRecord:
    def test_everybody_downloads_it_and_verifies_it(self, finished, tmp_path):
        answer = browser().get(at(finished, f"{finished.slug}/record/"))
        said = page(answer)
        assert "python -m rulebook verify" in said.text
        assert f"--key {answer.context['keys'][0]}" in said.text
        content = b"".join(browser().get(at(finished, f"{finished.slug}/record.zip")).streaming_content)
        archive = tmp_path / "record.zip"
        archive.write_bytes(content)
        keys = [key_of(text) for text in answer.context["keys"]]
        assert verify_record(opened(str(archive)), trusted=keys).is_right
        for path in zipfile.ZipFile(io.BytesIO(content)).namelist():
            name = path.partition("/")[2]
            part = browser().get(at(finished, f"{finished.slug}/record/{name}"))
            assert b"".join(part.streaming_content) == zipfile.ZipFile(io.BytesIO(content)).read(path)

    @pytest.mark.parametrize("name", ["nothing.json", "../x", "log", "log/../../x", ".hidden", "%2e%2e/x"])
    def test_no_other_file_is_given_out(self, finished, name):
        assert browser().get(at(finished, f"{finished.slug}/record/{name}")).status_code == 404

    def test_the_journal_and_the_results_lead_to_it(self, finished):
        record = f"{at(finished)[: -len('journal/')]}{finished.slug}/record/"
        for path in ("journal/", f"{finished.slug}/results/"):
            assert record in page(browser().get(at(finished, path))).own_links, path

    def test_before_the_result_there_is_none(self, db):
        contest = voted_contest(60)
        with clock.at(given.day(61)):
            for path in ("record/", "record.zip", "record/manifest.txt"):
                assert browser().get(at(contest, f"{contest.slug}/{path}")).status_code == 404


def commitments(contest: Contest) -> list[str]:
    rows = Ballot.objects.filter(contest=contest).order_by("commitment")
    return [bytes(mark).hex() for mark in rows.values_list("commitment", flat=True)]


class TestReceipts:
    @pytest.mark.parametrize("path", ["{}/check/", "journal/"])
    @pytest.mark.parametrize("length", [64, 16])
    def test_while_the_voting_goes_on_known_and_unknown_codes_are_answered_alike(
        self, db, path: str, length: int
    ) -> None:
        """The same words, the same status, the same questions to the database: there is no difference to time."""
        contest = voted_contest(60)
        known = commitments(contest)[0][:length]
        unknown = ("0" * 64)[:length]
        answers, asked = [], []
        with clock.at(given.day(46)):
            for code in (known, unknown):
                target = at(contest, path.format(contest.slug))
                browser().get(target, {"code": code})
                with CaptureQueriesContext(connection) as captured:
                    answer = browser().get(target, {"code": code})
                answers.append((answer.status_code, answer.content.decode().replace(code, "CODE")))
                asked.append([query["sql"].replace(code, "CODE") for query in captured])
        assert answers[0] == answers[1]
        assert asked[0] == asked[1]
        assert not any('sort_key" =' in each or "ballots_ballot" in each for each in asked[0])

    def test_after_the_end_a_code_leads_to_the_entry_and_after_the_result_to_the_choices(self, finished):
        opening = Opening.objects.filter(contest=finished).order_by("commitment").first()
        assert opening is not None
        code = bytes(opening.commitment).hex()
        titles = [finished.projects.get(code=each).title for each, _value in opening.choices["choices"]]
        entry = Entry.objects.get(kind="BallotSealed", sort_key=opening.commitment)
        place = at(finished, f"journal/entries/{entry.log.address}/{entry.index}/")
        for typed in (code, code[:16], " ".join(code[n : n + 4] for n in range(0, 64, 4)).upper()):
            answer = page(browser().get(at(finished, f"{finished.slug}/check/"), {"code": typed}))
            assert all(title in answer.text for title in titles), typed
            assert place in answer.own_links
            assert place in page(browser().get(at(finished), {"code": typed})).own_links

    def test_between_the_end_and_the_result_the_choices_stay_closed(self, db):
        contest = voted_contest(60)
        code = commitments(contest)[0]
        with clock.at(given.day(61)):
            said = seen(contest, f"{contest.slug}/check/", code=code)
            assert "The sealed ballot is in the box" in said
            assert "There is no such ballot" in seen(contest, f"{contest.slug}/check/", code="0" * 64)

    def test_a_ballot_that_is_not_counted_is_found_with_the_reason(self, finished):
        reasons = []
        for entry in Entry.objects.filter(kind="BallotExcluded"):
            code = json.loads(entry.leaf)["data"]["commitment"]
            said = seen(finished, f"{finished.slug}/check/", code=code)
            assert "was in the box and is not counted" in said
            reasons.append("replaced it by a later one" in said)
        assert sorted(reasons) == [False, True, True, True]

    def test_what_is_no_code_is_said_so(self, finished):
        for code in ("x", "0" * 15, "0" * 65, "g" * 64, "٠" * 64, "<b>"):
            for path in ("journal/", f"{finished.slug}/check/"):
                assert "This is not a code of a receipt" in seen(finished, path, code=code), code

    def test_a_page_says_what_a_receipt_proves_and_what_not(self, later):
        body = given.community()
        said = page(browser().get(f"{prefix(body)}en/pages/receipt/")).text
        assert "What it proves" in said
        assert "What it does not prove" in said
