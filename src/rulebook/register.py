"""Hash a register of members before it leaves the community: one file, Python's standard library alone.

``python register.py REGISTER.csv --key-file KEY > HASHED.csv`` (or ``python -m rulebook.register``) reads a CSV whose
first column is the tax number (РНОКПП) and writes the same CSV with a keyed token in its place. The platform makes
the same token of the same number, so nobody has to send it the numbers. Without the key a token tells nothing; with
it ten digits are soon tried out: keep the key as you keep the register itself.

Exit status: 0 done, 2 the file or the key cannot be used; then nothing was written.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import hmac
import io
import sys
from collections.abc import Sequence
from pathlib import Path

WEIGHTS = (-1, 5, 7, 9, 4, 6, 10, 5, 7)
"""Of the first nine digits: their weighted sum modulo 11, modulo 10, is the tenth."""

TOKEN_LENGTH = 64
TOKEN = "token"  # noqa: S105  the heading of the column
DONE, UNUSABLE = 0, 2


def token(key: bytes, number: str) -> str:
    """The keyed token of a tax number of ten digits: HMAC-SHA256, 64 hexadecimal digits."""
    return hmac.new(key, number.encode("ascii"), hashlib.sha256).hexdigest()


def is_number(text: str) -> bool:
    """Whether these are ten digits whose last is right for the first nine."""
    if len(text) != 10 or not (text.isascii() and text.isdigit()):
        return False
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS, text, strict=False)) % 11 % 10 == int(
        text[9]
    )


def decoded(content: bytes) -> str:
    """The text of a CSV as office programs write it: UTF-8 with or without a mark, else Windows-1251.

    Raises UnicodeDecodeError.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251")


def delimiter_of(text: str) -> str:
    """What stands between the cells, by the first line: a semicolon, a tabulator or a comma."""
    first = text.partition("\n")[0]
    return max(";\t,", key=first.count)


def hashed(content: bytes, key: bytes) -> tuple[str, list[int]]:
    """The CSV with tokens in place of numbers, and the numbers of the lines whose number is none."""
    text = decoded(content)
    mark = delimiter_of(text)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator="\n")
    wrong: list[int] = []
    for line, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        number = "".join(cells[0].split())
        if line == 1 and not any(sign.isdigit() for sign in number):
            writer.writerow([TOKEN, *cells[1:]])
        elif is_number(number):
            writer.writerow([token(key, number), *cells[1:]])
        else:
            wrong.append(line)
    return out.getvalue(), wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it on a file; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m rulebook.register", description="Tokens in place of the tax numbers of a register."
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV; the first column is the tax number")
    parser.add_argument(
        "--key-file", metavar="KEY", type=Path, required=True, help="the community's key, hexadecimal"
    )
    options = parser.parse_args(arguments)
    try:
        key = bytes.fromhex(options.key_file.read_text(encoding="ascii").strip())
        text, wrong = hashed(options.file.read_bytes(), key)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return UNUSABLE
    except ValueError:
        print("the key is not hexadecimal, or the file is no text of a known encoding", file=sys.stderr)
        return UNUSABLE
    if wrong or len(key) < 16:
        lines = ", ".join(str(line) for line in wrong[:50])
        print(f"no tax number in lines {lines}" if wrong else "the key is too short", file=sys.stderr)
        return UNUSABLE
    sys.stdout.write(text)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
