"""The tool with which a community hashes its own register: one file, any Python."""

import hashlib
import hmac
import subprocess
import sys
from pathlib import Path

import pytest

from rulebook import register

KEY = bytes(range(32))


def valid(nine: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(register.WEIGHTS, nine, strict=True))
    return f"{nine}{total % 11 % 10}"


OLENA, PETRO = valid("312141234"), valid("222222222")


def test_a_token_is_an_hmac_of_the_ten_digits():
    assert register.token(KEY, OLENA) == hmac.new(KEY, OLENA.encode(), hashlib.sha256).hexdigest()
    assert register.token(KEY, OLENA) != register.token(KEY[::-1], OLENA)


def test_numbers_are_checked_by_their_last_digit():
    assert register.is_number(OLENA)
    assert not register.is_number(OLENA[:9] + str((int(OLENA[9]) + 1) % 10))
    assert not any(register.is_number(text) for text in ("", "123", "١٢٣٤٥٦٧٨٩٠", OLENA + "0", "ІВ12345678"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_the_other_columns_stay_as_they_are(encoding, mark):
    lines = [("РНОКПП", "Населений пункт"), (OLENA, "с. Мачухи"), (PETRO, "с. Плоске")]
    text = "\r\n".join(mark.join(cells) for cells in lines)
    out, wrong = register.hashed(text.encode(encoding), KEY)
    assert wrong == []
    assert out.splitlines() == [
        f"token{mark}Населений пункт",
        f"{register.token(KEY, OLENA)}{mark}с. Мачухи",
        f"{register.token(KEY, PETRO)}{mark}с. Плоске",
    ]
    assert OLENA not in out


def run(tmp_path: Path, text: str, key: str = KEY.hex()) -> subprocess.CompletedProcess[str]:
    (tmp_path / "members.csv").write_text(text, encoding="utf-8")
    (tmp_path / "key").write_text(key + "\n")
    command = [sys.executable, "-I", register.__file__, "members.csv", "--key-file", "key"]
    return subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, encoding="utf-8"
    )


def test_the_file_alone_runs_without_anything_installed(tmp_path):
    done = run(tmp_path, f"{OLENA};Полтава\n")
    assert (done.returncode, done.stdout) == (0, f"{register.token(KEY, OLENA)};Полтава\n")


def test_a_wrong_number_stops_it_and_is_named_by_its_line_only(tmp_path):
    done = run(tmp_path, f"{OLENA};Полтава\n1234567890;Полтава\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert "2" in done.stderr
    assert "1234567890" not in done.stderr


@pytest.mark.parametrize("key", ["", "zz", "abcd"])
def test_a_bad_key_stops_it(tmp_path, key):
    assert run(tmp_path, f"{OLENA};Полтава\n", key).returncode == 2


def test_a_missing_file_is_said(capsys):
    assert register.main(["none.csv", "--key-file", "none"]) == 2
    assert "none" in capsys.readouterr().err
