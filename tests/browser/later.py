"""Time passes in a contest of the browser tests: the phase named begins now, those before it are over.

Run as a process of its own with the environment of the server it is for: python -m tests.browser.later SLUG PHASE
"""

import sys
from datetime import UTC, datetime, timedelta

import django

django.setup()

from rulebook.calendar import PHASES  # noqa: E402
from viche.contests.models import Contest  # noqa: E402

LENGTH = timedelta(days=20)


def come_to(slug: str, phase: str) -> None:
    now = datetime.now(UTC)
    place = PHASES.index(phase)
    windows = {window.phase: window for window in Contest.objects.get(slug=slug).windows.all()}
    for number, name in enumerate(PHASES):
        window = windows.get(name)
        if window is None:
            continue
        window.starts_at = now - timedelta(minutes=1) + LENGTH * (number - place)
        is_open_ended = name in {"results", "implementation"}
        window.ends_at = None if is_open_ended else window.starts_at + LENGTH - timedelta(minutes=2)
        if number < place:
            # what is over has ended before this minute, however long it was
            window.starts_at, window.ends_at = now - LENGTH * (place - number), now - timedelta(minutes=2)
        window.save()


if __name__ == "__main__":
    come_to(*sys.argv[1:])
