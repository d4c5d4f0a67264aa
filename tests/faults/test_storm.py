"""No acknowledged ballot is lost and none counts twice, whatever is killed or cut on the way: a short storm of
bench/storm.py, in processes of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.storm_audit import EQUAL, ZERO
from django.conf import settings

ROOT = Path(__file__).parents[2]
VOTERS = 80


def storm(folder: Path) -> dict[str, Any]:
    found = folder / "found.json"
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    environment |= {"VICHE_VAR": str(settings.VAR_DIR / "storm"), "VICHE_DEMO": ""}
    ran = subprocess.run(
        [sys.executable, str(ROOT / "bench/storm.py"), "--voters", str(VOTERS), "--rounds", "1", "--json", str(found)],
        env=environment, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert found.exists(), ran.stdout[-3000:] + ran.stderr[-3000:]
    return dict(json.loads(found.read_text()))


def test_after_a_storm_receipts_marks_envelopes_leaves_and_openings_are_equal(tmp_path):
    found = storm(tmp_path)
    # it was a storm: every kind of fault came, and the voters met them
    assert set(found["faults"].values()) == {1}
    assert len(found["faults"]) == 5
    assert all(found["cuts"].values())
    assert found["answers"]["503, send again"] > 0
    # none is lost, none is twice, the log is whole
    assert found["failures"] == []
    assert {name: found["audit"][name] for name in EQUAL} == dict.fromkeys(EQUAL, VOTERS)
    assert {name: found["audit"][name] for name in ZERO} == dict.fromkeys(ZERO, 0)
    # a second form and other choices were refused in the storm too
    assert set(found["refused"]) == {"409", "422"}
