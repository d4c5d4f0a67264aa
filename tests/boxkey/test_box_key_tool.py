"""The commission's own tool: a key made without a network, split among three, opened by any two."""

import io
import json
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from boxkey import files, pairs, shares
from boxkey.__main__ import DONE, UNUSABLE, main
from boxkey.faults import KeyFault
from boxkey.words import FAULTS, KIND_NAMES, LANGUAGES, SAID, fault_text

CONTEST, OTHER = "0190b0c8-0000-7000-8000-000000000001", "0190b0c8-0000-7000-8000-000000000002"
PHRASES = ("калина біля річки", "вечір над Ворсклою", "третя парольна фраза")
SECRET, PUBLIC = pairs.new_pair()


@pytest.fixture(scope="module")
def three() -> list[shares.Share]:
    """The shares of one key."""
    return shares.split(CONTEST, SECRET, PHRASES)


@pytest.fixture(scope="module")
def kept(three, tmp_path_factory) -> list[Path]:
    """Their files."""
    folder = tmp_path_factory.mktemp("shares")
    paths = [folder / f"share-{share.number}.json" for share in three]
    for path, share in zip(paths, three, strict=True):
        path.write_text(share.text())
    return paths


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command of the tool with what people type; (exit status, what it printed, what it complained)."""

    def run(*arguments: object, typed: tuple[str, ...] = ()) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        status = main([str(each) for each in arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def contest_file(folder: Path, contest: str = CONTEST) -> Path:
    path = folder / "box-key-contest.json"
    path.write_text(files.written(files.CONTEST, {"contest": contest, "title": "Громадський бюджет 2027"}))
    return path


def with_shares(*paths: Path) -> list[object]:
    return [each for path in paths for each in ("--share", path)]


class TestTwoOfThree:
    @pytest.mark.parametrize(("one", "other"), list(combinations(range(3), 2)))
    def test_any_two_open(self, three, one, other):
        opened = {
            three[place].number: shares.identity_of(three[place], PHRASES[place]) for place in (one, other)
        }
        assert shares.join(three[one], three[other], opened) == SECRET
        assert shares.join(three[other], three[one], opened) == SECRET

    @pytest.mark.parametrize("place", range(3))
    def test_one_holder_opens_nothing_of_what_their_file_holds(self, three, place):
        """Not with the own identity, not twice, not through the capsules of both pairs one after the other."""
        own = shares.identity_of(three[place], PHRASES[place])
        held = list(three[place].capsules.values())
        assert len(held) == 2
        for _layer in range(3):
            inner = []
            for capsule in held:
                try:
                    inner.append(pyrage.decrypt(capsule, [own]))
                except pyrage.DecryptError:
                    continue
            assert SECRET not in inner
            held += inner

    def test_three_files_without_passphrases_hold_no_secret(self, three):
        everything = "".join(share.text() for share in three)
        assert SECRET.hex() not in everything
        assert "AGE-SECRET-KEY" not in everything
        for share in three:
            with pytest.raises(KeyFault, match="wrong_passphrase"):
                shares.identity_of(share, "калина біля річки?")

    def test_a_passphrase_opens_its_holders_share_only(self, three):
        with pytest.raises(KeyFault) as told:
            shares.identity_of(three[1], PHRASES[0])
        assert (told.value.code, told.value.params) == ("wrong_passphrase", {"holder": 2})

    def test_passphrases_are_long_and_each_holders_own(self):
        with pytest.raises(KeyFault) as told:
            shares.split(CONTEST, SECRET, (PHRASES[0], "коротка", PHRASES[2]))
        assert (told.value.code, told.value.params) == ("short_passphrase", {"holder": 2, "least": 12})
        with pytest.raises(KeyFault, match="same_passphrase"):
            shares.split(CONTEST, SECRET, (PHRASES[0], PHRASES[0], PHRASES[2]))

    def test_a_made_passphrase_is_long_enough_and_never_the_same(self):
        made = {shares.new_passphrase() for _ in range(50)}
        assert len(made) == 50
        assert {len(each) for each in made} == {24}


class TestFingerprint:
    def test_it_is_six_groups_of_five_digits_of_contest_and_key(self):
        said = pairs.fingerprint(CONTEST, PUBLIC)
        assert [len(group) for group in said.split()] == [5] * 6
        assert said.replace(" ", "").isdecimal()
        assert said != pairs.fingerprint(OTHER, PUBLIC)
        assert said != pairs.fingerprint(CONTEST, pairs.new_pair()[1])

    def test_it_never_changes_between_versions(self):
        assert pairs.fingerprint(CONTEST, bytes(range(32))) == KNOWN

    def test_it_is_typed_as_people_type(self):
        said = pairs.fingerprint(CONTEST, PUBLIC)
        for typed in (said, said.replace(" ", ""), said.replace(" ", "-"), f" {said}\n"):
            assert pairs.is_fingerprint(typed, CONTEST, PUBLIC)
        wrong = str((int(said[0]) + 1) % 10) + said[1:]
        for typed in (wrong, said[:-1], said + "1", "", "٠" + said[1:]):
            assert not pairs.is_fingerprint(typed, CONTEST, PUBLIC)

    def test_a_key_to_which_nothing_can_be_sealed_is_known(self):
        assert pairs.is_usable(PUBLIC)
        assert not pairs.is_usable(bytes(32))
        assert not pairs.is_usable(b"\1" + bytes(31))


KNOWN = "31873 02937 66618 59396 96921 85287"


class TestFiles:
    def test_a_file_comes_back_as_written(self):
        text = files.written(files.PUBLIC, {"contest": CONTEST, "public_key": PUBLIC.hex()})
        facts = files.read(text.encode(), files.PUBLIC, contest=CONTEST)
        assert (facts["contest"], facts["public_key"]) == (CONTEST, PUBLIC.hex())

    def test_a_share_cut_anywhere_is_refused(self, three):
        text = three[0].text().encode()
        for length in range(len(text) - 2):
            with pytest.raises(KeyFault) as told:
                shares.share_from(text[:length])
            assert told.value.code in {"cut_short", "not_ours"}
        # from the first line on it is known for what it is
        assert _code(shares.share_from, text[:200]) == "cut_short"

    def test_a_share_with_one_changed_letter_is_refused(self, three):
        text = bytearray(three[0].text().encode())
        for place in range(0, len(text) - 1, 7):
            changed = bytearray(text)
            changed[place] ^= 1
            with pytest.raises(KeyFault):
                shares.share_from(bytes(changed))

    @pytest.mark.parametrize(
        "text", [b"", b"  ", b"hello", b"[]", b"{}", b'{"format": "viche-box-key/1"}', b"{" * 5_000, b"{" * 30_000,
                 b'{"format": "viche-box-key/1", "kind": ["x"]}', b"\xff\xfe{}", b'{"format": ["a"], "kind": 1}'],
    )  # fmt: skip
    def test_whatever_else_is_given_is_refused_in_words(self, text):
        with pytest.raises(KeyFault) as told:
            files.read(text, files.SHARE)
        for language in LANGUAGES:
            assert fault_text(told.value, language)


def _code(act, *given) -> str:
    with pytest.raises(KeyFault) as told:
        act(*given)
    return told.value.code


class TestCeremony:
    """make → rehearse → open, as three holders do it at one computer."""

    def test_from_making_to_opening(self, run, tmp_path):
        out = tmp_path / "key"
        typed = (PHRASES[0], PHRASES[0], PHRASES[1], PHRASES[1], "")
        status, said, _ = run("make", "--contest", contest_file(tmp_path), "--out", out, typed=typed)
        assert status == DONE
        assert "Громадський бюджет 2027" in said
        public = files.read((out / "box-key-public.json").read_bytes(), files.PUBLIC, contest=CONTEST)
        assert public["fingerprint"] in said
        third = next(line.split(": ")[1] for line in said.splitlines() if line.startswith("Парольна фраза"))
        paths = [out / f"share-{number}.json" for number in (1, 2, 3)]
        assert all(path.stat().st_mode & 0o777 == 0o600 for path in paths)

        secret, sealed = pairs.new_challenge(CONTEST, bytes.fromhex(public["public_key"]))
        task = tmp_path / "task.json"
        task.write_text(files.written(files.CHALLENGE, {
            "contest": CONTEST, "public_key": public["public_key"], "sealed": sealed.hex(),
        }))  # fmt: skip
        status, said, _ = run(
            "rehearse", *with_shares(*paths), "--challenge", task, "--out", tmp_path / "answer.json",
            typed=(PHRASES[0], PHRASES[1], third),
        )  # fmt: skip
        assert status == DONE
        assert said.count("разом відкривають") == 3
        answer = files.read((tmp_path / "answer.json").read_bytes(), files.ANSWER, contest=CONTEST)
        assert answer["opened"] == secret.hex()

        status, said, _ = run(
            "open", *with_shares(paths[2], paths[0]), "--out", tmp_path / "private.json",
            typed=(third, PHRASES[0]),
        )  # fmt: skip
        assert status == DONE
        given = files.read((tmp_path / "private.json").read_bytes(), files.PRIVATE, contest=CONTEST)
        assert given["holders"] == [1, 3]
        key = X25519PrivateKey.from_private_bytes(bytes.fromhex(given["private_key"]))
        assert key.public_key().public_bytes_raw().hex() == public["public_key"]
        assert given["private_key"] not in said

    def test_a_lost_share_is_replaced_and_the_old_ones_do_not_mix_with_the_new(self, run, kept, tmp_path):
        new = ("нова фраза перша", "нова фраза друга", "нова фраза третя")
        status, said, _ = run(
            "rewrap", *with_shares(kept[0], kept[2]), "--out", tmp_path / "new",
            typed=(PHRASES[0], PHRASES[2], *(each for phrase in new for each in (phrase, phrase))),
        )  # fmt: skip
        assert status == DONE
        assert pairs.fingerprint(CONTEST, PUBLIC) in said
        made = [tmp_path / "new" / f"share-{number}.json" for number in (1, 2, 3)]
        status, _, _ = run(
            "open", *with_shares(made[0], made[1]), "--out", tmp_path / "private.json", typed=new[:2]
        )
        assert status == DONE
        assert SECRET.hex() in (tmp_path / "private.json").read_text()
        # the lost second share beside a new first one
        status, _, told = run("open", *with_shares(made[0], kept[1]), "--out", tmp_path / "again.json")
        assert (status, "стара" in told) == (UNUSABLE, True)
        assert not (tmp_path / "again.json").exists()

    def test_show_tells_what_a_file_is(self, run, kept):
        status, said, _ = run("show", kept[1])
        assert status == DONE
        for part in (CONTEST, "№ 2", pairs.fingerprint(CONTEST, PUBLIC)):
            assert part in said


class TestWhatGoesWrong:
    def refused(self, run, *arguments: object, typed: tuple[str, ...] = ()) -> str:
        status, _, told = run("--language", "en", *arguments, typed=typed)
        assert status == UNUSABLE
        return told

    def test_one_holder_alone(self, run, kept, tmp_path):
        told = self.refused(run, "open", *with_shares(kept[0]), "--out", tmp_path / "p.json")
        assert "the shares of two holders are needed" in told

    def test_the_same_holder_twice(self, run, kept, tmp_path):
        told = self.refused(run, "open", *with_shares(kept[1], kept[1]), "--out", tmp_path / "p.json")
        assert "Holder No. 2 is given twice" in told

    def test_a_wrong_passphrase_names_whose_it_is_and_writes_nothing(self, run, kept, tmp_path):
        told = self.refused(
            run,
            "open",
            *with_shares(kept[0], kept[1]),
            "--out",
            tmp_path / "p.json",
            typed=(PHRASES[0], "не та фраза"),
        )
        assert "passphrase of holder No. 2 does not fit" in told
        assert not (tmp_path / "p.json").exists()

    def test_a_file_cut_short_is_named(self, run, kept, tmp_path):
        cut = tmp_path / "cut.json"
        cut.write_bytes(kept[1].read_bytes()[:-40])
        told = self.refused(run, "open", *with_shares(kept[0], cut), "--out", tmp_path / "p.json")
        assert "cut short" in told
        assert str(cut) in told

    def test_shares_of_another_contest(self, run, kept, tmp_path):
        stray = tmp_path / "stray.json"
        facts = files.read(kept[1].read_bytes(), files.SHARE)
        facts.pop("format"), facts.pop("kind")
        stray.write_text(files.written(files.SHARE, {**facts, "contest": OTHER}))
        told = self.refused(run, "open", *with_shares(kept[0], stray), "--out", tmp_path / "p.json")
        assert "different contests" in told

    def test_a_task_of_another_contest_or_key(self, run, kept, tmp_path):
        task = tmp_path / "task.json"
        foreign = pairs.new_pair()[1]
        for contest, public, said in ((OTHER, PUBLIC, "another contest"), (CONTEST, foreign, "another key")):
            _, sealed = pairs.new_challenge(contest, public)
            facts = {"contest": contest, "public_key": public.hex(), "sealed": sealed.hex()}
            task.write_text(files.written(files.CHALLENGE, facts))
            told = self.refused(
                run, "rehearse", *with_shares(*kept), "--challenge", task, "--out", tmp_path / "a.json"
            )
            assert said in told

    def test_nothing_is_written_over(self, run, tmp_path):
        (tmp_path / "share-2.json").write_text("чужа частка")
        told = self.refused(run, "make", "--contest", contest_file(tmp_path), "--out", tmp_path)
        assert "there already" in told
        assert (tmp_path / "share-2.json").read_text() == "чужа частка"
        assert not (tmp_path / "share-1.json").exists()

    def test_two_different_entries_make_no_key(self, run, tmp_path):
        told = self.refused(
            run,
            "make",
            "--contest",
            contest_file(tmp_path),
            "--out",
            tmp_path / "k",
            typed=(PHRASES[0], PHRASES[1]),
        )
        assert "differ" in told
        assert not (tmp_path / "k").exists()

    def test_a_share_in_place_of_the_contests_file(self, run, kept, tmp_path):
        told = self.refused(run, "make", "--contest", kept[0], "--out", tmp_path / "k")
        assert "Another file is needed" in told

    def test_no_file_at_all(self, run, tmp_path):
        assert "is not there" in self.refused(run, "show", tmp_path / "none.json")


def test_every_sentence_is_said_in_both_languages():
    for table in (FAULTS, SAID, KIND_NAMES):
        assert all(len(each) == len(LANGUAGES) and all(each) for each in table.values())
    assert set(KIND_NAMES) == set(files.KINDS)


def test_the_tool_runs_without_django_and_without_the_house(tmp_path):
    """In a process that finds neither: what a commission has on its computer."""
    source = Path(files.__file__).parents[1]
    (tmp_path / "boxkey").symlink_to(source / "boxkey")
    blocked = "import sys; sys.modules.update({'django': None, 'viche': None, 'rulebook': None}); "
    program = (
        f"{blocked}sys.path.insert(0, {str(tmp_path)!r}); from boxkey.__main__ import main; main(['--help'])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, "rewrap" in done.stdout) == (0, True), done.stderr


def test_a_share_file_is_small_and_plain(three):
    document = json.loads(three[0].text())
    assert document["format"] == "viche-box-key/1"
    assert len(three[0].text()) < files.MOST_BYTES // 4
