"""Imports go downwards only, and the contracts notice when one does not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.architecture.house import ROOT, SRC

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache", "--config", ROOT / ".importlinter"],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1"}, capture_output=True, text=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources alone, where a violation may be planted."""
    folder = tmp_path_factory.mktemp("house")
    for package in ("boxkey", "rulebook", "viche"):
        shutil.copytree(
            SRC / package, folder / package,
            ignore=lambda here, names: [
                name for name in names if (Path(here) / name).is_file() and not name.endswith(".py")
            ],
        )  # fmt: skip
    return folder


def test_every_room_keeps_the_contracts():
    told = lint(SRC)
    assert told.returncode == 0, told.stdout
    assert "0 broken" in told.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("rulebook/merkle.py", "import django", "rulebook knows neither Django nor the house"),
        ("rulebook/rules/model.py", "import viche.foundation.clock", "rulebook knows neither Django nor the house"),
        ("rulebook/canonical.py", "import httpx", "rulebook knows neither Django nor the house"),
        ("boxkey/pairs.py", "import rulebook.canonical", "boxkey knows nothing of the house"),
        ("rulebook/merkle.py", "import boxkey.files", "rulebook knows neither Django nor the house"),
        ("viche/journal/queries.py", "import viche.ballots.models", "each room imports only rooms below it"),
        ("viche/identity/models/people.py", "import viche.contests.models", "each room imports only rooms below it"),
        ("viche/review/models/decisions.py", "import viche.ballots.models", "each room imports only rooms below it"),
        ("viche/results/actions.py", "import viche.portal.guards", "each room imports only rooms below it"),
        ("viche/shed/__init__.py", "", "each room imports only rooms below it"),
        ("viche/portal/qr.py", "import viche.foundation.keys", "surfaces write nothing by themselves"),
        ("viche/office/forms/contest.py", "import viche.ballots.sealing", "surfaces write nothing by themselves"),
    ],
    ids=lambda value: value.replace(" ", "_") if isinstance(value, str) and value.startswith("import") else None,
)  # fmt: skip
def test_a_planted_violation_is_noticed(copied_house: Path, module: str, line: str, contract: str):
    planted = copied_house / module
    before = planted.read_text() if planted.exists() else None
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(f"{before or ''}\n{line}\n")
    try:
        told = lint(copied_house)
    finally:
        if before is None:
            shutil.rmtree(planted.parent)
        else:
            planted.write_text(before)
    assert told.returncode != 0
    if module != "viche/shed/__init__.py":
        assert f"{contract} BROKEN" in told.stdout, told.stdout
    else:
        assert "shed" in told.stdout + told.stderr
