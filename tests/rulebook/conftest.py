"""What several tests of the counting rules need."""

from __future__ import annotations

import pytest

from rulebook.counting import columns


@pytest.fixture(params=["lists", "arrays"])
def store(request, monkeypatch):
    """The same answers from plain lists and from numpy's arrays."""
    if request.param == "arrays":
        pytest.importorskip("numpy")
        monkeypatch.setattr(columns, "ENOUGH_FOR_ARRAYS", 0)
    else:
        monkeypatch.setenv("RULEBOOK_PLAIN", "1")
