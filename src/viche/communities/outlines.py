"""Outlines of the regions of Ukraine, for maps that are drawn on the server (scripts/make_map.py)."""

import json
from functools import cache
from pathlib import Path

WIDTH, HEIGHT = 500, 335

POINTS = {"UA85000000000065278": (320, 325)}
"""Sevastopol has no outline of its own in the drawing: a ring where it lies."""

INSIDE = ("UA80000000000093317", *POINTS)
"""What lies inside another region (Kyiv) or is a ring over one is drawn last."""


@cache
def outlines() -> dict[str, str]:
    """Paths of SVG by the code of the region, in whole units of WIDTH × HEIGHT."""
    found: dict[str, str] = json.loads((Path(__file__).parent / "outlines.json").read_text(encoding="utf-8"))
    return found
