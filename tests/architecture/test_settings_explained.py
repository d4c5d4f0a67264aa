"""Whoever runs an installation finds every setting in docs/operations.md."""

import re

import pytest
from tests.architecture.house import ROOT, SRC

SETTINGS = (SRC / "viche" / "config" / "settings.py").read_text(encoding="utf-8")
NAMES = sorted(set(re.findall(r'env\.\w+\(\s*f?"([A-Z_]+)', SETTINGS)))
# set by the demo's own command and by developers, never where people vote in earnest
NOT_FOR_OPERATORS = {"VICHE_DEMO", "VICHE_DEBUG"}


def test_the_settings_are_found():
    assert {"DATABASE_URL", "VICHE_SECRET_KEY", "VICHE_EMAIL_URL"} <= set(NAMES)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NOT_FOR_OPERATORS])
def test_each_setting_is_explained_to_the_operator(name):
    assert name in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
