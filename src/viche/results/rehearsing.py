"""Rehearsal: what would have happened, on a past election or an invented one, under rules that are only a draft."""

from typing import Any

from django.utils.translation import gettext as _

from rulebook.counting import UnknownRule
from rulebook.dossier import Dossier, DossierError
from rulebook.pabulib import PabulibError, read
from rulebook.rehearsal import Comparison, compare_rules, simulate
from rulebook.rules import Rules
from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.results.models import Publication

MOST_PROJECTS, MOST_VOTERS = 1_000, 50_000


def past_elections(community: Community) -> list[Contest]:
    """The body's contests whose result is published, the newest first: their ballots are open."""
    found = Publication.objects.filter(contest__community=community).select_related("contest")
    return [each.contest for each in found.only("contest").order_by("-contest__year", "-published_at")]


def past_election(community: Community, slug: str) -> Dossier:
    """The dossier of a published contest of the body. Refused: no_election."""
    found = (
        Publication.objects.filter(contest__community=community, contest__slug=slug)
        .select_related("count")
        .first()
    )
    if found is None:
        raise Refused(
            "no_election",
            _("Choose an election from the list."),
            fields={"election": _("Choose an election from the list.")},
            status=422,
        )
    return Dossier.from_json(found.count.dossier)


def election_of_file(content: bytes) -> Dossier:
    """The election of a Pabulib file. Refused: bad_file, naming line and fault."""
    try:
        return read(content).dossier()
    except (PabulibError, DossierError) as error:
        message = _("The file is no election that can be read: %s") % error
        raise Refused("bad_file", message, fields={"file": message}, status=422) from None


def invented_election(rules: Rules, *, projects: int, voters: int, seed: int) -> Dossier:
    """An invented election that obeys the rules; the same numbers give the same election."""
    return simulate(
        rules,
        projects=min(max(projects, 1), MOST_PROJECTS),
        voters=min(max(voters, 1), MOST_VOTERS),
        seed=seed,
    )


def rehearse(*, now: Rules, new: Rules, election: Dossier, **options: Any) -> Comparison:
    """The election under the rules of now and under the new ones. Refused: not_countable (what stands against it)."""
    try:
        return compare_rules(now, new, election, **options)
    except (UnknownRule, DossierError, ValueError) as error:
        raise Refused(
            "not_countable", _("These rules cannot be counted yet: %s") % error, status=422
        ) from None
