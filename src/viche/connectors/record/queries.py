"""Reading written records."""

from pathlib import Path

from django.conf import settings

from viche.contests.models import Contest


def record_folder(contest: Contest) -> Path | None:
    """The folder of the contest's record; None where it is not written yet."""
    folder = Path(settings.RECORDS_DIR) / str(contest.id)
    return folder if folder.is_dir() else None


def record_archive(contest: Contest) -> Path | None:
    """The record as one ZIP file; None where it is not written yet."""
    path = Path(settings.RECORDS_DIR) / f"{contest.id}.zip"
    return path if path.is_file() else None


def record_names(contest: Contest) -> list[str]:
    """Paths of the record's files outside the log, sorted; none where it is not written yet."""
    folder = record_folder(contest)
    return sorted(path.name for path in folder.iterdir() if path.is_file()) if folder is not None else []


def record_file(contest: Contest, name: str) -> Path | None:
    """A file of the record by its path; None where there is no such file in it."""
    folder = record_folder(contest)
    if folder is None or any(part.startswith(".") for part in name.split("/")):
        return None
    path = folder.joinpath(*name.split("/"))
    return path if path.is_file() and path.resolve().is_relative_to(folder.resolve()) else None
