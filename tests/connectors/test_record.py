"""The public record of a contest: written after the result, verified by the rulebook alone, saying where it fails."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from tests import given
from tests.connectors.finished import (
    finished_contest,
    folders_in,
    kept_database,
    stirred_contest,
    voted_contest,
)

from rulebook.__main__ import main
from rulebook.canonical import canonical
from rulebook.merkle import Checkpoint, format_note, leaf_hash, root_of
from rulebook.signing import LOG, VerifierKey, public_of, sign_note
from rulebook.tiles import bundle_of, entries_in, grown, tiles_of
from rulebook.verifying import opened, verify_record
from rulebook.verifying.manifest import Manifest, parse_manifest
from viche.connectors.pabulib.actions import import_election
from viche.connectors.record.actions import write_record, write_records
from viche.connectors.record.queries import record_archive, record_file, record_folder
from viche.foundation import keys
from viche.foundation.refused import Refused
from viche.journal.actions import publish_logs, sequence_all
from viche.journal.models import Log

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("PABULIB_DIR") or ROOT.parent / "shared" / "pabulib")
KATOWICE = FOLDER / "Poland_Katowice_2020.pb"


class Made:
    """A record with what a forger would have: the secret of the log."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        self.folder, self.secret = folder, secret


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Made:
    place = tmp_path_factory.mktemp("record")
    with folders_in(place), kept_database(django_db_blocker):
        contest = finished_contest()
        record = write_record(contest=contest, folder=place / "record")
        secret = keys.log_key(contest.community.code)
    return Made(record, secret)


@pytest.fixture(scope="module")
def stirred(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A record with ballots left out: three replaced by their voters, one annulled by two officials."""
    place = tmp_path_factory.mktemp("stirred")
    with folders_in(place), kept_database(django_db_blocker):
        contest = stirred_contest()
        record = write_record(contest=contest, folder=place / "record")
        secret = keys.log_key(contest.community.code)
    return Made(record, secret)


@pytest.fixture
def copy(made: Made, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made.folder, tmp_path / "copy"))


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def wrong(folder: Path | str, **options: Any) -> list[str]:
    """The lines of what does not hold."""
    report = verify_record(opened(str(folder)), **options)
    return [finding.line() for finding in report.findings if finding.kind == "WRONG"]


def sign_again(folder: Path, secret: bytes) -> None:
    """Make the manifest fit whatever stands in the folder, as a forger with the log's key would."""
    manifest, _, [line] = parse_manifest((folder / "manifest.txt").read_bytes())
    files = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in names(folder)
        if name != "manifest.txt"
    }
    body = Manifest(manifest.contest, files).body()
    (folder / "manifest.txt").write_text(format_note(body, [sign_note(body, name=line.name, secret=secret)]))


def test_the_record_holds(made: Made, capsys: pytest.CaptureFixture[str]):
    assert main(["verify", str(made.folder)]) == 0
    said = capsys.readouterr().out
    assert "everything holds" in said
    for part in (
        "manifest",
        "signature",
        "checkpoint",
        "tree",
        "openings",
        "counts",
        "dossier",
        "count",
        "result",
    ):
        assert f"ok     {part}" in said
    assert "70 ballots, each against its commitment and its entry in the log" in said
    assert "70 marks on 3 days" in said


def test_it_needs_neither_django_nor_the_house(made: Made, tmp_path: Path):
    """A copy of the rulebook alone, beside the one package for signatures."""
    shutil.copytree(ROOT / "src" / "rulebook", tmp_path / "rulebook")
    blocked = "import sys\nsys.modules['django'] = sys.modules['viche'] = None\nfrom rulebook.__main__ import main\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{blocked}sys.exit(main(sys.argv[1:]))", "verify", str(made.folder)],
        capture_output=True, text=True, cwd=tmp_path, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)},
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_it_holds_nothing_about_a_voter_and_no_moment_of_a_ballot(made: Made):
    whole = b"".join((made.folder / name).read_bytes() for name in names(made.folder))
    for number in range(70):
        assert bytes([number]).hex() * 32 not in whole.decode(errors="replace")
    counts = json.loads((made.folder / "counts.json").read_bytes())
    assert [set(row) for row in counts["marks"]] == [{"day", "channel", "marks"}] * 3
    assert [row["marks"] for row in counts["marks"]] == [23, 23, 24]
    openings = json.loads((made.folder / "openings.json").read_bytes())
    assert [row["commitment"] for row in openings] == sorted(row["commitment"] for row in openings)


def test_any_flipped_byte_of_any_file_is_found_and_the_file_is_named(made: Made, copy: Path):
    """Every byte of every small file; of larger ones the beginning, the end and places between, in a stride of the
    file's own.
    """
    tried = 0
    for number, name in enumerate(names(copy)):
        path = copy / name
        whole = path.read_bytes()
        step = max(1, len(whole) // 5) + number % 3
        places = {0, len(whole) - 1, *range(number % 7, len(whole), step)} if whole else set()
        if len(whole) < 700:
            places = set(range(len(whole)))
        elif name == "manifest.txt":
            places |= set(range(0, len(whole), 11)) | set(range(len(whole) - 150, len(whole)))
        for place in sorted(places):
            for flip in (0x01, 0x80) if name != "manifest.txt" else (0x01, 0x04, 0x20):
                damaged = bytearray(whole)
                damaged[place] ^= flip
                path.write_bytes(damaged)
                found = wrong(copy)
                assert found, f"{name}, byte {place}"
                assert any(name in line for line in found) or name == "manifest.txt", (name, place, found)
                tried += 1
        path.write_bytes(whole)
    assert tried > 1_500
    assert wrong(copy) == []


def test_a_file_taken_away_or_one_too_many_in_the_log_is_found(copy: Path, made: Made):
    for name in names(copy):
        if name == "manifest.txt":
            continue
        content = (copy / name).read_bytes()
        (copy / name).unlink()
        assert any(name in line for line in wrong(copy)), name
        (copy / name).write_bytes(content)
    (copy / "note-of-mine.txt").write_text("x")
    assert wrong(copy) == []
    (copy / "note-of-mine.txt").unlink()
    (copy / "log/2026/tile/0/009").write_bytes(bytes(8192))
    sign_again(copy, made.secret)
    assert any("log/2026/tile/0/009" in line for line in wrong(copy))


def one_byte(text: bytes, old: bytes, new: bytes) -> bytes:
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("openings.json", b'["', b'["X', "openings.json, line 1: ballot and nonce do not give the commitment"),
        ("rules.json", b'"max_choices":3', b'"max_choices":2', "rules.json: they are not the rules frozen by"),
        ("outcome.json", b'"voters":70', b'"voters":71', "outcome.json: counted anew, it differs in: voters"),
        ("counts.json", b'"envelopes":70', b'"envelopes":71', "counts.json: 71 envelopes, but 70 sealed ballots in"),
        ("counts.json", b'"marks":24', b'"marks":25', "counts.json: 71 marks that count, but 70 openings"),
        ("counts.json", b'"replaced":0', b'"replaced":1', "counts.json: 1 replaced ballots, but 0 the log, 0 the op"),
        ("counts.json", b'"annulled":0', b'"annulled":1', "counts.json: 1 annulled ballots, but 0 the log, 0 the op"),
        ("result.json", b'"number":1', b'"number":2', "result.json: it is not the result that entry"),
        ("result.json", b'"certifications":2', b'"certifications":3', "result.json: the log has 2 certifications"),
        ("dossier.json", b'"count":24', b'"count":25', "dossier.json: its ballots are not those of the openings"),
        ("dossier.json", b'"cost":10000000', b'"cost":10000001', "it is not the count that the log speaks of"),
        ("dossier.json", b"{", b"{ ", "dossier.json: it is not written as canonical JSON"),
    ],
)  # fmt: skip
def test_a_forger_with_the_logs_key_is_found_out_by_the_log(made, copy, name, old, new, said):
    """The manifest is signed again over the changed file: what the log says cannot be changed with it."""
    (copy / name).write_bytes(one_byte((copy / name).read_bytes(), old, new))
    sign_again(copy, made.secret)
    found = wrong(copy)
    assert any(said in line for line in found), found


def test_an_entry_changed_in_the_log_is_named_with_its_place(made, copy):
    [name] = [each for each in names(copy) if "entries" in each]
    entries = entries_in((copy / name).read_bytes())
    changed = next(place for place, entry in enumerate(entries) if b"BoxOpened" in entry)
    entries[changed] = one_byte(entries[changed], b'"ballots":70', b'"ballots":71')
    (copy / name).write_bytes(bundle_of(entries))
    sign_again(copy, made.secret)
    assert any(f"the hash of entry {changed} is not the one of the entries" in line for line in wrong(copy))


def test_another_root_signed_by_a_stolen_key_is_no_tree_of_the_entries(made, copy):
    text = (copy / "log/2026/checkpoint").read_text()
    origin, size, _root = text.split("\n")[:3]
    body = Checkpoint(origin, int(size), bytes(32)).body()
    (copy / "log/2026/checkpoint").write_text(
        format_note(body, [sign_note(body, name=origin, secret=made.secret)])
    )
    sign_again(copy, made.secret)
    assert any("the root is not the one of the entries" in line for line in wrong(copy))


def test_a_ballot_left_out_everywhere_but_in_the_log_is_missed(made, copy):
    rows = json.loads((copy / "openings.json").read_bytes())
    (copy / "openings.json").write_bytes(b"[" + b",\n".join(canonical(row) for row in rows[1:]) + b"]")
    sign_again(copy, made.secret)
    assert any(
        f"the sealed ballot {rows[0]['commitment']} is not opened, and nothing" in line
        for line in wrong(copy)
    )


Entries = list[dict[str, Any]]


def told_otherwise(made: Made, folder: Path, change: Any) -> list[str]:
    """What does not hold in a copy whose log was changed and written anew, tree and checkpoint and all, by somebody
    with the log's key: only what the entries say of each other is left to give it away.
    """
    target = Path(shutil.copytree(made.folder, folder / "told"))
    [log] = (target / "log").iterdir()
    origin, size, _root = (log / "checkpoint").read_text().split("\n")[:3]
    entries = [
        json.loads(each)
        for tile in tiles_of(int(size))
        if tile.level is None
        for each in entries_in((log / tile.name).read_bytes())
    ]
    change(entries)
    leaves = [canonical(entry) for entry in entries]
    shutil.rmtree(log)
    for name, content in grown(0, leaves, lambda name: (log / name).read_bytes()).items():
        (log / name).parent.mkdir(parents=True, exist_ok=True)
        (log / name).write_bytes(content)
    body = Checkpoint(origin, len(leaves), root_of([leaf_hash(leaf) for leaf in leaves])).body()
    (log / "checkpoint").write_text(format_note(body, [sign_note(body, name=origin, secret=made.secret)]))
    sign_again(target, made.secret)
    return wrong(target)


def of_kind(entries: Entries, kind: str) -> Entries:
    return [entry for entry in entries if entry["kind"] == kind]


def test_ballots_left_out_have_their_reasons_in_the_log(stirred: Made, capsys: pytest.CaptureFixture[str]):
    assert main(["verify", str(stirred.folder)]) == 0
    said = capsys.readouterr().out
    assert "exclusions: 3 ballots replaced by their voters, 1 annulled by two officials" in said
    assert "62 marks on" in said
    assert "65 envelopes, as many as entries: 61 opened, 3 replaced, 1 annulled" in said


def test_a_log_written_anew_without_a_change_holds(stirred: Made, tmp_path: Path):
    assert told_otherwise(stirred, tmp_path, lambda entries: None) == []


def without_a_reason(entries: Entries) -> None:
    entries.remove(of_kind(entries, "BallotExcluded")[0])


def of_a_ballot_that_is_counted(entries: Entries) -> None:
    excluded = {entry["data"]["commitment"] for entry in of_kind(entries, "BallotExcluded")}
    counted = next(
        entry["data"]["commitment"]
        for entry in of_kind(entries, "BallotSealed")
        if entry["data"]["commitment"] not in excluded
    )
    of_kind(entries, "BallotExcluded")[0]["data"]["commitment"] = counted


def of_a_ballot_that_nobody_cast(entries: Entries) -> None:
    of_kind(entries, "BallotExcluded")[0]["data"]["commitment"] = "ab" * 32


def twice(entries: Entries) -> None:
    entries.append(of_kind(entries, "BallotExcluded")[0])


def annulled_by_nobody(entries: Entries) -> None:
    entries.remove(of_kind(entries, "AnnulmentConfirmed")[0])


def annulled_by_one(entries: Entries) -> None:
    of_kind(entries, "AnnulmentConfirmed")[0]["by"] = of_kind(entries, "AnnulmentProposed")[0]["by"]


def annulled_without_effect(entries: Entries) -> None:
    entries.remove(next(each for each in of_kind(entries, "BallotExcluded") if each["data"]["annulment"]))


def for_another_reason(entries: Entries) -> None:
    next(each for each in of_kind(entries, "BallotExcluded") if each["data"]["annulment"])["data"]["why"] = (
        "double"
    )


def never_decided(entries: Entries) -> None:
    entries.remove(of_kind(entries, "AnnulmentDeclined")[0])


def opened_with_other_numbers(entries: Entries) -> None:
    of_kind(entries, "BoxOpened")[0]["data"]["annulled"] = 2


def put_in_before_anybody_voted(entries: Entries) -> None:
    """Nearly all ballots stand before an entry of the first day of the voting, when few had voted."""
    place = entries.index(of_kind(entries, "AnnulmentProposed")[0])
    for entry in entries[: place + 1]:
        if "at" in entry:
            entry["at"] = min(entry["at"], "2026-04-13T12:00:00Z")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without_a_reason, "is not opened, and nothing says why"),
        (of_a_ballot_that_is_counted, "leaves it out"),
        (of_a_ballot_that_nobody_cast, "which is left out"),
        (twice, "is left out twice"),
        (annulled_by_nobody, "no annulment of two officials has this ballot left out"),
        (annulled_by_one, "one official both proposed and decided an annulment"),
        (annulled_without_effect, "the ballot of this annulment was not left out"),
        (for_another_reason, "no annulment of two officials has this ballot left out"),
        (never_decided, "a ballot in quarantine was never decided about"),
        (opened_with_other_numbers, "1 annulled ballots, but 2 the opening"),
        (put_in_before_anybody_voted, "and only"),
    ],
)
def test_a_log_whose_entries_contradict_each_other_is_found_out(stirred, tmp_path, change, said):
    """Even where the whole log was written anew under its own key; each fault with its file or entry."""
    found = told_otherwise(stirred, tmp_path, change)
    assert any(said in line and ("entry " in line or "counts.json" in line) for line in found), found


def test_a_record_signed_by_another_key_is_refused_where_the_key_is_known(made, copy, capsys):
    own = VerifierKey("viche.example/log/UA1/2026", LOG, public_of(made.secret))
    assert main(["verify", str(copy), "--key", own.text]) == 0
    other = VerifierKey("viche.example/log/UA1/2026", LOG, public_of(bytes(32)))
    assert main(["verify", str(copy), "--key", other.text]) == 1
    assert "is not the one that was named" in capsys.readouterr().out
    assert main(["verify", str(copy), "--key", "rubbish"]) == 2


def older_checkpoint(made: Made, size: int, *, root: bytes | None = None) -> bytes:
    origin = (made.folder / "log/2026/checkpoint").read_text().split("\n")[0]
    [name] = [each for each in names(made.folder) if "entries" in each]
    leaves = [leaf_hash(entry) for entry in entries_in((made.folder / name).read_bytes())]
    body = Checkpoint(origin, size, root or root_of(leaves[:size])).body()
    return format_note(body, [sign_note(body, name=origin, secret=made.secret)]).encode()


def test_an_older_checkpoint_must_be_of_its_beginning(made, tmp_path, capsys):
    file = tmp_path / "kept-in-april"
    file.write_bytes(older_checkpoint(made, 20))
    assert main(["verify", str(made.folder), "--checkpoint", str(file)]) == 0
    assert "the first 20 entries are unchanged" in capsys.readouterr().out
    for forged, said in (
        (older_checkpoint(made, 20, root=bytes(32)), "are not those of the older checkpoint"),
        (older_checkpoint(made, 5000, root=bytes(32)), "entries are lost"),
        (b"rubbish", "cannot be read"),
        (older_checkpoint(made, 20).replace(b"2026", b"2027"), "holds no log"),
    ):
        file.write_bytes(forged)
        assert main(["verify", str(made.folder), "--checkpoint", str(file)]) == 1
        assert said in capsys.readouterr().out
    assert main(["verify", str(made.folder), "--checkpoint", str(tmp_path / "none")]) == 2


def test_what_is_no_record_cannot_be_used(tmp_path, capsys):
    assert main(["verify", str(tmp_path)]) == 2
    assert "this is not the record of a contest" in capsys.readouterr().err
    (tmp_path / "x.zip").write_bytes(b"rubbish")
    assert main(["verify", str(tmp_path / "x.zip")]) == 2
    assert main(["verify", "http://127.0.0.1:9/record/"]) == 2
    assert main(["verify", str(tmp_path), "outcome.json"]) == 2
    (tmp_path / "dossier.json").write_text("{}")
    assert main(["verify", str(tmp_path / "dossier.json"), "--key", "x"]) == 2


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"viche/record/v1\n", b"viche/record/v1\nx\n\n", b"x" * 5000, b"\n\n\n"]
)
def test_a_manifest_of_rubbish_is_a_fault_and_no_crash(copy, content):
    (copy / "manifest.txt").write_bytes(content)
    assert wrong(copy)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"null", b"[1]", b'{"format":1}', b"[[[[", b"[{}]", b'"x"', b"1e9"]
)
def test_files_of_rubbish_are_faults_and_no_crash(made, copy, content):
    """Also where the rubbish is signed: no document of unknown making ends the verification."""
    for name in names(copy):
        if name in ("manifest.txt", "README.txt"):
            continue
        whole = (copy / name).read_bytes()
        (copy / name).write_bytes(content)
        sign_again(copy, made.secret)
        assert any(name in line for line in wrong(copy)), name
        (copy / name).write_bytes(whole)


def test_a_forged_size_is_not_counted_up_to(made, copy):
    origin = (copy / "log/2026/checkpoint").read_text().split("\n")[0]
    body = Checkpoint(origin, 10**18, bytes(32)).body()
    (copy / "log/2026/checkpoint").write_text(
        format_note(body, [sign_note(body, name=origin, secret=made.secret)])
    )
    sign_again(copy, made.secret)
    assert any("their files are not there" in line for line in wrong(copy))


def test_over_http_and_as_a_zip_it_holds_too(made, tmp_path):
    archive = shutil.make_archive(str(tmp_path / "record"), "zip", made.folder.parent, "record")
    assert wrong(archive) == []

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(made.folder.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shutil.copy(archive, made.folder.parent / "whole.zip")
    address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        assert wrong(f"{address}/record/") == []
        assert wrong(f"{address}/whole.zip") == []
        assert main(["verify", f"{address}/nothing/"]) == 2
        assert main(["verify", f"{address}/nothing.zip"]) == 2
    finally:
        server.shutdown()


@pytest.mark.django_db
class TestWriting:
    def test_before_the_result_there_is_no_record(self, tmp_path):
        contest = voted_contest(60)
        with pytest.raises(Refused) as refusal:
            write_record(contest=contest, folder=tmp_path / "r")
        assert refusal.value.code == "not_published"
        assert write_records() == 0
        assert not (tmp_path / "r").exists()
        with pytest.raises(CommandError, match="published with its result"):
            call_command("record", f"{contest.community.slug}/{contest.slug}", tmp_path / "r")

    def test_the_worker_writes_it_once_as_folder_and_zip(self):
        contest = finished_contest(60)
        assert write_records() == 1
        assert write_records() == 0
        folder, archive = record_folder(contest), record_archive(contest)
        assert wrong(folder) == []
        assert wrong(archive) == []
        assert record_file(contest, "log/2026/checkpoint").read_bytes().startswith(b"localhost/log/")
        for name in ("../x", "log/../../x", ".hidden", "log", "nothing.json", ""):
            assert record_file(contest, name) is None

    def test_it_waits_until_the_log_holds_everything(self, tmp_path):
        contest = finished_contest(60)
        Log.objects.update(published_size=3)
        with pytest.raises(Refused) as refusal:
            write_record(contest=contest, folder=tmp_path / "r")
        assert refusal.value.code == "log_behind"
        Log.objects.update(fault="shorter")
        with pytest.raises(Refused) as refusal:
            write_record(contest=contest, folder=tmp_path / "r")
        assert refusal.value.code == "log_not_signed"
        assert list(tmp_path.iterdir()) == []

    def test_the_command_writes_it_where_it_is_told(self, tmp_path):
        contest = finished_contest(60)
        address = f"{contest.community.slug}/{contest.slug}"
        call_command("record", address, tmp_path / "r")
        assert wrong(tmp_path / "r") == []
        with pytest.raises(CommandError, match="there already"):
            call_command("record", address, tmp_path / "r")
        with pytest.raises(CommandError, match="no contest"):
            call_command("record", "poltava/none", tmp_path / "x")

    def test_without_the_logs_key_there_is_no_record(self, tmp_path):
        contest = finished_contest(60)
        (settings.KEYS_DIR / f"log-{given.POLTAVA}.json").unlink()
        with pytest.raises(Refused) as refusal:
            write_record(contest=contest, folder=tmp_path / "r")
        assert refusal.value.code == "log_not_signed"
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.skipif(not KATOWICE.exists(), reason="the real elections are not here")
    def test_a_real_election_taken_over_is_verified(self, tmp_path, capsys):
        done = import_election(content=KATOWICE.read_bytes(), community=given.community())
        sequence_all()
        publish_logs()
        write_record(contest=done.contest, folder=tmp_path / "r")
        assert main(["verify", str(tmp_path / "r")]) == 0
        said = capsys.readouterr().out
        assert "the election was held elsewhere: there are no envelopes and no marks" in said
        assert "38903 ballots" in said


def test_the_tiles_of_the_record_are_those_of_its_size(made):
    size = int((made.folder / "log/2026/checkpoint").read_text().split("\n")[1])
    there = {name.removeprefix("log/2026/") for name in names(made.folder) if name.startswith("log/2026/")}
    assert there == {tile.name for tile in tiles_of(size)} | {"checkpoint"}
