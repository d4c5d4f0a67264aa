"""Jobs of paper: scans that are read, files that are checked and run."""

import logging
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from viche.channels.paper.actions import record_machine
from viche.channels.paper.importing.checking import check_file
from viche.channels.paper.importing.running import run_file
from viche.channels.paper.models import SHELF, Scan
from viche.channels.paper.scanning.reading import read_scan
from viche.channels.paper.sheets.book import layout_of
from viche.foundation import private_files
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused

logger = logging.getLogger(__name__)


@app.task(retry=RetryStrategy(max_attempts=3, exponential_wait=10))
def read_paper_scan(scan_id: str) -> None:
    """Read a scan of our own ballots, once; a scan that cannot be read is left to people."""
    scan = Scan.objects.select_related("stack__contest__community").get(pk=scan_id)
    content = private_files.content_of(scan.pk, shelf=SHELF)
    if scan.read_at is not None or content is None or not scan.stack.is_open:
        return
    try:
        pages = read_scan(content, layouts=layout_of(scan.stack.contest)).pages
    except Refused as refused:
        logger.warning("the scan %s is left to people: %s", scan.pk, refused.code)
        pages = ()
    try:
        record_machine(scan=scan, pages=pages, by=SYSTEM)
    except Refused as refused:  # put into the box, put aside meanwhile
        logger.warning("the scan %s came too late: %s", scan.pk, refused.code)

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
