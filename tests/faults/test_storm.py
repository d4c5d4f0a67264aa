"""No acknowledged ballot is lost and none counts twice, whatever is killed or cut on the way: a short storm of
bench/storm.py, in processes of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bench.storm_audit import EQUAL, ZERO
from django.conf import settings

ROOT = Path(__file__).parents[2]
VOTERS = 80


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found = tmp_path_factory.mktemp("storm") / "found.json"
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    environment |= {"VICHE_VAR": str(settings.VAR_DIR / "storm"), "VICHE_DEMO": ""}
    ran = subprocess.run(
        [sys.executable, str(ROOT / "bench/storm.py"), "--voters", str(VOTERS), "--rounds", "1", "--json", str(found)],
        env=environment, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert found.exists(), ran.stdout[-3000:] + ran.stderr[-3000:]
    return dict(json.loads(found.read_text()))


def test_every_kind_of_fault_came_and_the_voters_met_them(storm):
    assert storm["faults"] == {
        "a web process": 1, "the worker": 1, "the database": 1, "a process of the database": 1, "all connections": 1,
    }  # fmt: skip
    assert all(storm["cuts"].values())
    assert storm["answers"]["503, send again"] > 0


def test_acknowledged_ballots_marks_envelopes_leaves_and_openings_are_equal(storm):
    assert storm["failures"] == []
    assert {name: storm["audit"][name] for name in EQUAL} == dict.fromkeys(EQUAL, VOTERS)


def test_none_is_lost_none_is_twice_and_the_log_is_whole(storm):
    assert {name: storm["audit"][name] for name in ZERO} == dict.fromkeys(ZERO, 0)


def test_a_second_form_and_other_choices_are_refused_in_the_storm_too(storm):
    assert set(storm["refused"]) == {"409", "422"}
