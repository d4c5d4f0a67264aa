"""Real files and Pabulib's own checker: what it accepts it still accepts after reading and writing.

There is no exception. A file it does not accept as published (spaces after commas in ``category``, costs
above the budget and the like) has the same kinds of faults afterwards, no other.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.rulebook.pabulib_checker import errors_of

from rulebook.pabulib import read, write

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("PABULIB_DIR") or ROOT.parent / "shared" / "pabulib")
# the checker takes its time over large ones
FILES = [file for file in sorted(FOLDER.glob("*.pb")) if file.stat().st_size < 25_000]

pytestmark = pytest.mark.pabulib

without_data = pytest.mark.skipif(
    not FILES, reason=f"no .pb files in {FOLDER}: set PABULIB_DIR to a folder of Pabulib's files"
)


@without_data
@pytest.mark.parametrize("file", FILES or [None], ids=lambda file: file.stem if file else "no files")
def test_what_is_written_is_as_good_as_what_was_read(file: Path):
    published = errors_of(file.read_text(encoding="utf-8-sig"))
    assert set(errors_of(write(read(file)))) == set(published)


@without_data
def test_most_files_are_accepted_as_published_so_the_checker_does_look():
    assert errors_of(write(read(FILES[0]))) == {}
    assert errors_of(write(read(FILES[0])).replace("num_votes;", "num_votes;9")) != {}
