"""From what a figure is computed, so that an auditor can compute it again: addresses, hashes, a command."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.ballots.events import BallotsImported, BoxOpened
from viche.contests.models import Contest
from viche.journal.events import Event
from viche.journal.queries import latest_of, logs_about
from viche.portal.contest_page import contest_url
from viche.reports.figure import Figure
from viche.reports.measures import MEASURES
from viche.results.events import ResultPublished
from viche.results.queries import publication_of


@dataclass(frozen=True)
class Source:
    """One thing a figure stands on. value: in words; code: a hash or a command, to the letter; href: where it lies."""

    title: str
    value: str = ""
    code: str = ""
    href: str = ""


def sources_of(request: HttpRequest, contest: Contest, figure: Figure) -> list[Source]:
    """What the figure stands on, from the numbers themselves down to the log."""
    group = MEASURES[figure.key].group
    here = request.build_absolute_uri(contest_url(contest, "figure-json", figure.key))
    found = [
        Source(_("Hash of these numbers (SHA-256)"), code=figure.digest),
        Source(_("For programs"), value=here, href=here),
    ]
    version = contest.rules_version
    if version is not None and contest.is_frozen:
        found.append(
            Source(
                _("Rules of the contest"), _("version %(number)d") % {"number": version.number}, version.digest,
                contest_url(contest, "rules"),
            )
        )  # fmt: skip
    if group == "turnout":
        found += _entry(contest, BoxOpened, BallotsImported)
    published = publication_of(contest) if group in ("result", "money", "works", "turnout") else None
    if published is not None and group != "turnout":
        count = published.count
        found += [
            Source(
                _("Dossier of the count"), code=count.dossier_digest,
                href=contest_url(contest, "result-file", "dossier"),
            ),
            Source(
                _("Outcome of the count"), code=count.outcome_digest,
                href=contest_url(contest, "result-file", "outcome"),
            ),
            *_entry(contest, ResultPublished),
        ]  # fmt: skip
    if published is not None:
        record = request.build_absolute_uri(contest_url(contest, "record"))
        found += [
            Source(_("The whole record, to verify everything"), value=record, href=record),
            Source(_("Verify it yourself"), code=f"python -m rulebook verify {record}"),
        ]
    if group in ("course", "support", "money", "works"):
        data = contest_url(contest, "contest-data")
        found.append(
            Source(_("Projects one by one, as open data"), request.build_absolute_uri(data), href=data)
        )
    return [*found, *_logs(contest)]


def _entry(contest: Contest, *events: type[Event]) -> list[Source]:
    """The last entry of these kinds about the contest."""
    found = latest_of(f"contest:{contest.id}", *(each.__name__ for each in events))
    if found is None:
        return []
    name, line = found
    return [Source(_("In the journal"), line.sentence, line.leaf_hash, _journal("journal-entry", name))]


def _logs(contest: Contest) -> list[Source]:
    """The logs that speak of the contest, as long as they are now, and their roots."""
    return [
        Source(
            _("Journal of %(year)s") % {"year": log.address}, _("%(size)d entries, root") % {"size": log.size},
            log.root, _journal("journal"),
        )
        for log in logs_about(contest.community.code, f"contest:{contest.id}")
    ]  # fmt: skip


def _journal(name: str, *args: Any) -> str:
    return reverse(name, args=args, urlconf="viche.config.community_urls")
