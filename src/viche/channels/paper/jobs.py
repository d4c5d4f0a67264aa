"""Jobs of paper."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from viche.channels.paper.importing.checking import check_file
from viche.channels.paper.importing.running import run_file

TURN = 20
"""How many seconds a file has before the next job has its turn."""


@app.task(retry=RetryStrategy(max_attempts=6, exponential_wait=5))
def check_import_file(reference: str) -> None:
    """Check a file of paper results, whole."""
    check_file(reference=UUID(reference))


@app.task(retry=RetryStrategy(max_attempts=6, exponential_wait=5))
def run_import_file(reference: str) -> None:
    """Put a checked file into the box, from where it stands; in turns, so that other jobs come in between."""
    if run_file(reference=UUID(reference), seconds=TURN):
        run_import_file.configure(lock=f"paper-import:{reference}").defer(reference=reference)
