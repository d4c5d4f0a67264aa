"""The contest in Pabulib's .pb format: what researchers of participatory budgets compare with hundreds of others."""

from collections.abc import Iterator
from datetime import date

from rulebook.dossier import Dossier
from rulebook.pabulib import Heading, PabulibError, contest_lines
from viche.connectors.open_data.rows import last_voting_day
from viche.connectors.pabulib.queries import origin_of
from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.results.models import Publication


def pabulib_lines(contest: Contest, published: Publication) -> Iterator[bytes]:
    """The file, line by line. Raises PabulibError at the first one where the format cannot hold the contest:
    totals of protocols, ballots with votes against.
    """
    dossier = Dossier.from_json(published.count.dossier)
    funded = frozenset(published.count.outcome["funded"])
    return (line.encode() for line in contest_lines(dossier, heading_of(contest), funded))


def heading_of(contest: Contest) -> Heading:
    """Where, which and when; of an imported election, as its own file said."""
    unit, country = (
        origin_of(contest) if contest.origin else (contest.community.name.get("en", ""), "Ukraine")
    )
    window = contest.window("voting")
    begins = window.starts_at.astimezone(KYIV).date() if window else date(contest.year, 1, 1)
    return Heading(
        country=country or "Ukraine", unit=unit or contest.community.slug, instance=str(contest.year),
        begins=begins, ends=last_voting_day(contest) or begins,
        description=contest.title.get("en") or contest.title.get("uk", ""), language="" if contest.origin else "uk",
    )  # fmt: skip


def why_no_pabulib(contest: Contest) -> str:
    """Why the contest's ballots cannot stand in such a file, as a code; empty where they can.

    What only the ballots tell (votes on protocols) is found out when the file is written.
    """
    return "plus_minus" if contest.rules.ballot.kind == "plus-minus" else ""


__all__ = ["PabulibError", "heading_of", "pabulib_lines", "why_no_pabulib"]
