"""The ceremony of the box's key over HTTP, with the tool as the holders run it; who reads it, and who is not let in."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from boxkey import files, pairs
from boxkey.__main__ import main
from tests import given
from tests.ceremony import AFTER, BEFORE, RULES, VOTING
from tests.surfaces.ground import browser, holder, page, prefix, resident
from viche.ballots.actions import cast_ballot
from viche.ballots.models import Box, BoxKey, Opening
from viche.contests.models import Contest
from viche.foundation import clock
from viche.projects.models import Project

PHRASES = ("калина біля річки", "вечір над Ворсклою", "третя парольна фраза")

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> tuple[Contest, list[Project]]:
    return given.voting_contest(rules=RULES)


@pytest.fixture
def tool(monkeypatch):
    def tool(*arguments: object, typed: tuple[str, ...]) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        assert main([str(each) for each in arguments]) == 0

    return tool


def at(contest: Contest, path: str = "office/2026/key/") -> str:
    return f"{prefix(contest.community)}en/{path}"


def official(contest: Contest, name: str, role: str = "commission", *, moment=BEFORE):
    return browser(holder(name, role, contest.community), at=moment)


def sent(form: str, content: bytes, **facts: Any) -> dict[str, Any]:
    return {"act": form, f"{form}-file": SimpleUploadedFile("file.json", content), **facts}


def test_the_whole_ceremony_from_making_to_the_count(held, tool, tmp_path: Path):
    contest, (park, *_) = held
    there = at(contest)
    with clock.at(BEFORE):
        iryna, serhii = official(contest, "Ірина"), official(contest, "Сергій")
        assert "Voting cannot begin without a key" in page(iryna.get(there)).text
        (tmp_path / "contest.json").write_bytes(iryna.get(f"{there}contest/").content)
        phrases = tuple(phrase for phrase in PHRASES for _twice in range(2))
        tool("make", "--contest", tmp_path / "contest.json", "--out", tmp_path / "key", typed=phrases)
        public = (tmp_path / "key/box-key-public.json").read_bytes()
        shares = [tmp_path / f"key/share-{number}.json" for number in (1, 2, 3)]

        # a share belongs on no site
        wrong = iryna.post(there, sent("propose", shares[0].read_bytes()))
        assert wrong.status_code == 422
        assert "a holder’s share" in page(wrong).text
        assert iryna.post(there, sent("propose", public)).status_code == 302
        key = BoxKey.objects.get()
        facts = {"act": "confirm", "key": str(key.pk)}
        fingerprint = files.read(public, files.PUBLIC)["fingerprint"]
        assert fingerprint not in page(serhii.get(there)).text, "who compares types it from the protocol"
        assert iryna.post(there, {**facts, "confirm-typed": fingerprint}).status_code == 403
        other = serhii.post(there, {**facts, "confirm-typed": "12345 " * 6})
        assert other.status_code == 422
        assert "not the digits of this key" in page(other).text
        assert serhii.post(there, {**facts, "confirm-typed": fingerprint}).status_code == 302

        (tmp_path / "task.json").write_bytes(serhii.get(f"{there}task/").content)
        given_shares = [part for share in shares for part in ("--share", share)]
        tool(
            "rehearse", *given_shares, "--challenge", tmp_path / "task.json", "--out", tmp_path / "answer.json",
            typed=PHRASES,
        )  # fmt: skip
        answer = (tmp_path / "answer.json").read_bytes()
        cut = serhii.post(there, sent("rehearse", answer[:40], key=str(key.pk)))
        assert cut.status_code == 422
        assert serhii.post(there, sent("rehearse", answer, key=str(key.pk))).status_code == 302
        assert "The key is ready" in page(serhii.get(there)).text
        assert fingerprint in page(browser().get(at(contest, "2026/rules/"))).text

    with clock.at(VOTING):
        cast_ballot(
            contest=contest,
            voter=resident(),
            paper=given.paper(park),
            channel="online",
            request_key=b"1" * 32,
        )
    with clock.at(AFTER):
        iryna = official(contest, "Ірина", moment=AFTER)
        assert "waits for the commission’s key" in page(iryna.get(there)).text
        assert "waits for the commission’s key" in page(browser().get(at(contest, "2026/"))).text
        tool(
            "open", "--share", shares[0], "--share", shares[2], "--out", tmp_path / "private.json",
            typed=(PHRASES[0], PHRASES[2]),
        )  # fmt: skip
        private = (tmp_path / "private.json").read_bytes()
        secret, stranger = pairs.new_pair()
        strange = files.written(files.PRIVATE, {
            "contest": str(contest.id), "public_key": stranger.hex(), "private_key": secret.hex(), "holders": [1, 2],
        }).encode()  # fmt: skip
        for content, word in (
            (strange, "not the box’s"),
            (private[:-60], "cut short"),
            (public, "Another file"),
        ):
            told = iryna.post(there, sent("open", content))
            assert told.status_code == 422
            assert word in page(told).text
        assert Box.objects.get(contest=contest).opened_at is None
        done = iryna.post(there, sent("open", private), follow=True)
        assert "Erase the file of the private key now" in page(done).text
        assert Opening.objects.get(contest=contest).choices == given.paper(park).document()
        known = files.read(private, files.PRIVATE)["private_key"]
        assert known not in done.content.decode()
        assert known not in str(dict(iryna.session))


def test_an_auditor_reads_and_others_are_not_let_in(held):
    contest, _projects = held
    with clock.at(BEFORE):
        auditor = official(contest, "Аліна", "auditor")
        shown = auditor.get(at(contest))
        assert shown.status_code == 200
        assert "Upload the public key" not in page(shown).text
        assert auditor.post(at(contest), {"act": "task"}).status_code == 403
        for role in ("operator", "editor"):
            assert official(contest, role.title(), role).get(at(contest)).status_code == 403
        assert browser(resident(), at=BEFORE).get(at(contest)).status_code == 403


def test_a_page_that_was_open_for_long_decides_nothing(held):
    contest, _projects = held
    with clock.at(BEFORE):
        iryna = official(contest, "Ірина")
        told = iryna.post(at(contest), {"act": "task", "key": "01890000-0000-7000-8000-000000000000"})
        assert told.status_code == 409
        assert iryna.post(at(contest), {"act": "nonsense"}).status_code == 422
        assert iryna.get(f"{at(contest)}task/").status_code == 404
        assert iryna.get(f"{at(contest)}tool/").content[:2] == b"PK"
