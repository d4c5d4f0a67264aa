"""A file of paper ballots killed twice on its way into the box comes to the same, byte for byte: bench/paper_import.py
on a short file, in processes of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bench.paper_import import failures
from django.conf import settings

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("kind", ["--rows", "--named"])
def test_an_import_killed_twice_and_gone_on_with_is_the_same_to_the_byte(tmp_path, kind):
    found = tmp_path / "found.json"
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    environment |= {"VICHE_VAR": str(settings.VAR_DIR / "paper-import"), "VICHE_DEMO": ""}
    rows = {"--rows": "0", "--named": "0", kind: "6000"}
    command = [sys.executable, str(ROOT / "bench/paper_import.py"), "--json", str(found)]
    ran = subprocess.run(
        [*command, *(word for pair in rows.items() for word in pair)],
        env=environment, capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    assert found.exists(), ran.stdout[-3000:] + ran.stderr[-3000:]
    (figures,) = json.loads(found.read_text()).values()
    # every valid sheet was opened, and the two kills came between the chunks
    assert figures["whole"]["openings"]
    assert figures["whole"]["counts"]["valid"] > 5_000
    assert 0 < figures["kills"][0] < figures["kills"][1] < 6_001
    assert failures(figures) == []
