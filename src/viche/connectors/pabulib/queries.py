"""Reads about imported elections."""

from viche.contests.models import Contest


def origin_of(contest: Contest) -> tuple[str, str]:
    """(unit, country) of an imported election, as its source note names them; empty where its file did not."""
    said = contest.source_note.removeprefix("Pabulib (pabulib.org), CC BY 4.0. ").partition(". ")[0]
    unit, _comma, country = said.strip(". ").rpartition(", ")
    return unit, country
