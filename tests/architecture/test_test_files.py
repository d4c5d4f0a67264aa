"""Test files outside packages are told apart by their names alone: two of one name are not collected together."""

from collections import Counter

from tests.architecture.house import ROOT


def test_no_two_test_files_outside_packages_have_one_name():
    found = [
        path for path in (ROOT / "tests").rglob("test_*.py") if not (path.parent / "__init__.py").exists()
    ]
    assert len(found) > 50
    assert [name for name, number in Counter(path.name for path in found).items() if number > 1] == []
