"""A static copy of a finished contest: whole, without a dangling link, verifiable, the same at every run."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import get_script_prefix
from django.utils import translation
from tests import given
from tests.connectors.finished import finished_contest, folders_in, kept_database

from viche import portal
from viche.connectors.record.actions import write_records
from viche.connectors.website.copies.checking import dangling_links
from viche.connectors.website.copies.writing import Report, write_copy
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused

PLACE = "poltava/2026"


class Made:
    """A copy, and what the first and the second run said."""

    def __init__(self, folder: Path, first: Report, second: Report, moments: set[int]) -> None:
        self.folder, self.first, self.second, self.moments = folder, first, second, moments


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Made:
    place = tmp_path_factory.mktemp("copy")
    with folders_in(place), kept_database(django_db_blocker):
        contest = finished_contest()
        write_records()
        with clock.at(given.day(100)):
            first = write_copy(folder=place / "copy", contests=[contest])
        before = stamps(place / "copy")
        with clock.at(given.day(103) + timedelta(hours=5)):
            second = write_copy(folder=place / "copy", contests=[contest])
        unchanged = set(before.items() ^ stamps(place / "copy").items())
    return Made(place / "copy", first, second, unchanged)


def stamps(folder: Path) -> dict[str, int]:
    return {name: (folder / name).stat().st_mtime_ns for name in names(folder)}


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def page(made: Made, name: str) -> str:
    return (made.folder / name).read_text()


def test_every_page_of_the_contest_is_there_in_both_languages(made: Made):
    found = set(names(made.folder))
    for way in ("poltava", "poltava/en"):
        for name in ("index.html", "search/index.html", "2026/index.html", "2026/rules/index.html",
                     "2026/projects/index.html", "2026/projects/1/index.html", "2026/results/index.html",
                     "2026/results/explanation.html", "2026/turnout/index.html", "2026/works/index.html",
                     "2026/record/index.html", "journal/index.html"):  # fmt: skip
            assert f"{way}/{name}" in found, f"{way}/{name}"
    assert "Громадський бюджет" in page(made, f"{PLACE}/index.html")
    assert "Participatory budget" in page(made, "poltava/en/2026/index.html")
    for name in (
        "index.html",
        "VERIFY.txt",
        "manifest.json",
        "static/viche/css/base.css",
        "static/viche/fonts/golos-cyrillic.woff2",
        "poltava/brand.css",
        "poltava/2026/rules.json",
        "poltava/2026/record.zip",
    ):
        assert name in found, name


def test_no_link_leads_to_nothing(made: Made):
    assert list(dangling_links(made.folder)) == []


def test_the_search_for_dangling_links_finds_one(made: Made, tmp_path: Path):
    copy = Path(shutil.copytree(made.folder, tmp_path / "copy"))
    (copy / PLACE / "rules" / "index.html").unlink()
    assert ("poltava/2026/index.html", "rules/index.html") in set(dangling_links(copy))


def test_a_second_run_on_another_day_changes_nothing(made: Made):
    assert (made.second.written, made.second.deleted, made.second.files) == (0, 0, made.first.files)
    assert made.moments == set()


def test_the_manifest_names_every_file_with_its_hash(made: Made):
    manifest = json.loads((made.folder / "manifest.json").read_bytes())
    files = {**manifest["common"], **manifest["bodies"]["poltava"]["files"]}
    assert set(files) == set(names(made.folder)) - {"manifest.json", ".viche-copy.lock"}
    for name, facts in files.items():
        content = (made.folder / name).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (facts["sha256"], facts["size"]), name


def test_the_record_inside_verifies_with_the_verifier_inside(made: Made):
    """With no other copy of the rulebook, and without Django."""
    assert "rulebook verify poltava/2026/record" in (made.folder / "VERIFY.txt").read_text()
    done = subprocess.run(
        [sys.executable, "-m", "rulebook", "verify", f"{PLACE}/record"], cwd=made.folder, check=False,
        capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": "verifier/rulebook.zip"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "everything holds" in done.stdout


def test_the_journal_comes_with_it(made: Made):
    entries = [name for name in names(made.folder) if name.startswith("poltava/journal/entries/")]
    assert any(name.endswith("/index.html") for name in entries)
    assert any(name.endswith(".json") for name in entries)
    logs = [name for name in names(made.folder) if name.startswith("log/")]
    assert any(name.endswith("/checkpoint") for name in logs)
    assert any("/tile/entries/" in name for name in logs)


def test_it_holds_no_form_no_token_and_no_foreign_script(made: Made):
    for name in names(made.folder):
        if name.endswith(".html"):
            text = page(made, name)
            assert not [word for word in ("<form", "csrfmiddlewaretoken", "htmx") if word in text], name
            assert text.count('http-equiv="Content-Security-Policy"') == 1, name
            assert set(re.findall(r"""\s(?:style|on\w+)=["']""", text)) == set(), name
            scripts = re.findall(r'<script[^>]*src="([^"]*)"', text)
            assert all(each.endswith(("viche.js", "proof.js", "copy.js")) for each in scripts), scripts


def test_what_people_say_stays_where_it_is_moderated(made: Made):
    live = Path(portal.__file__).parent.joinpath("templates/portal/project/talk.html").read_text()
    assert 'aria-labelledby="talk"' in live
    pages = [name for name in names(made.folder) if "/projects/" in name and name.endswith(".html")]
    assert pages
    assert not [name for name in pages if 'aria-labelledby="talk"' in page(made, name)]


def test_it_says_that_it_is_a_copy_and_leads_to_the_site(made: Made):
    text = page(made, "poltava/en/2026/projects/1/index.html")
    assert "A copy to read. The site itself:" in text
    assert 'href="http://localhost/poltava/en/2026/projects/1/"' in text


def test_nothing_in_it_names_a_voter(made: Made):
    whole = b"".join(
        path.read_bytes()
        for path in made.folder.rglob("*")
        if path.suffix in {".html", ".json", ".csv", ".txt"}
    )
    assert b"sessionid" not in whole
    assert b"Set-Cookie" not in whole
    for number in range(70):
        assert (bytes([number]) * 32).hex().encode() not in whole


@pytest.fixture
def contest(db: None) -> Contest:
    contest = finished_contest(6)
    write_records()
    return contest


def test_what_the_site_no_longer_has_goes_and_what_others_put_there_stays(contest: Contest, tmp_path: Path):
    write_copy(folder=tmp_path / "copy", contests=[contest])
    stray = tmp_path / "copy" / "of-mine.txt"
    stray.write_text("x")
    manifest = tmp_path / "copy" / "manifest.json"
    document = json.loads(manifest.read_bytes())
    document["bodies"]["poltava"]["files"]["poltava/2026/projects/99/index.html"] = {"sha256": "", "size": 1}
    manifest.write_text(json.dumps(document))
    gone = tmp_path / "copy" / PLACE / "projects" / "99" / "index.html"
    gone.parent.mkdir()
    gone.write_text("former")
    report = write_copy(folder=tmp_path / "copy", contests=[contest])
    assert (report.deleted, gone.parent.exists(), stray.exists()) == (1, False, True)


def test_a_damaged_file_is_written_again_and_nothing_else(contest: Contest, tmp_path: Path):
    write_copy(folder=tmp_path / "copy", contests=[contest])
    (tmp_path / "copy" / PLACE / "index.html").write_text("damaged")
    assert write_copy(folder=tmp_path / "copy", contests=[contest]).written == 1


def test_it_is_never_written_over_other_files(contest: Contest, tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("x")
    with pytest.raises(Refused, match="other files") as refused, translation.override("en"):
        write_copy(folder=tmp_path, contests=[contest])
    assert refused.value.code == "folder_in_use"
    assert names(tmp_path) == ["thesis.txt"]


def test_the_live_site_is_one_of_the_platforms_hosts(contest: Contest, tmp_path: Path):
    for base in ("https://evil.example", "https://localhost/path", "ftp://localhost"):
        with pytest.raises(Refused) as refused:
            write_copy(folder=tmp_path / "copy", contests=[contest], base=base)
        assert refused.value.code == "unknown_base"
    write_copy(folder=tmp_path / "copy", contests=[contest], base="https://localhost:8443")
    text = (tmp_path / "copy" / PLACE / "index.html").read_text()
    assert "https://localhost:8443/poltava/2026/" in text


def test_language_and_prefix_of_the_caller_stay(contest: Contest, tmp_path: Path):
    with translation.override("en"):
        write_copy(folder=tmp_path / "copy", contests=[contest])
        assert (translation.get_language(), get_script_prefix()) == ("en", "/")


def test_the_command_copies_every_finished_contest(contest: Contest, tmp_path: Path, capsys: Any):
    call_command("publish", "static", str(tmp_path / "copy"))
    assert "no link leads to nothing" in capsys.readouterr().out
    assert (tmp_path / "copy" / PLACE / "results" / "index.html").is_file()
    call_command("publish", "static", str(tmp_path / "copy"), "--contest", PLACE)
    assert ", 0 written, 0 deleted" in capsys.readouterr().out
