"""The clock of these tests stands before the contest's first day; each test that wants another day says so."""

from collections.abc import Iterator

import pytest
from tests import given

from viche.foundation import clock


@pytest.fixture(autouse=True)
def _before_the_first_day() -> Iterator[None]:
    with clock.at(given.day(-10)):
        yield
