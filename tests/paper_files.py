"""Files of paper results, for the tests."""

import csv
import io
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from tests.paper_box import VOTING
from viche.channels.paper.importing.actions import check_import, close_import, run_import, upload_import
from viche.channels.paper.importing.checking import check_file
from viche.channels.paper.importing.models import PaperImport
from viche.channels.paper.importing.running import run_file
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor

HEADING = ("Номер бюлетеня", "Проєкти", "Чому недійсний")


def csv_of(*rows: tuple[object, ...], heading: tuple[str, ...] = HEADING) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([heading, *rows])
    return out.getvalue().encode()


def uploaded(
    contest: Contest, content: bytes, by: Actor, name: str = "дільниця.csv", **facts: Any
) -> PaperImport:
    with clock.at(VOTING):
        return upload_import(contest=contest, content=content, name=name, by=by, **facts)[0]


def checked(contest: Contest, content: bytes, by: Actor, **facts: Any) -> PaperImport:
    """Uploaded, its columns taken as they were guessed, and checked by the job."""
    found = uploaded(contest, content, by, **facts)
    with clock.at(VOTING):
        check_import(paper_import=found, columns=found.columns, heading=found.heading, by=by)
        check_file(reference=found.pk)
    found.refresh_from_db()
    return found


def entered(contest: Contest, content: bytes, by: Actor, **facts: Any) -> PaperImport:
    """Checked, and put into the box by the job."""
    found = checked(contest, content, by, **facts)
    with clock.at(VOTING):
        run_import(paper_import=found, by=by)
        run_file(reference=found.pk)
    found.refresh_from_db()
    return found


def confirmed(paper_import: PaperImport, by: Actor, **facts: Any) -> PaperImport:
    with clock.at(VOTING):
        return close_import(paper_import=paper_import, by=by, **facts)


def findings(paper_import: PaperImport) -> list[tuple[int, int | None, str]]:
    return list(paper_import.findings.values_list("row", "place", "code"))


def jobs_waiting() -> list[str]:
    return sorted(ProcrastinateJob.objects.values_list("task_name", flat=True))
