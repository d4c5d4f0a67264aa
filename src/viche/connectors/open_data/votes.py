"""The rows of votings: what the opened ballots of a published result say, without a person, a time or an order."""

from collections.abc import Iterator
from typing import Any

from rulebook.ballot import BallotPaper, Candidate, defects
from viche.ballots.models import Opening
from viche.connectors.open_data.rows import Row, last_voting_day, uid_of
from viche.contests.models import Contest
from viche.projects.queries import admitted_projects
from viche.results.queries import publication_of

AT_ONCE = 2_000


def vote_rows(contest: Contest) -> Iterator[Row]:
    """The table votings, read in pieces; nothing before the result is published.

    voterID is the ballot's place among all opened ballots in the order of their commitments: hashes with a random
    number, which tell nothing of who cast them or when. Ballots that the rules do not allow have no rows, as they do
    not count; their numbers stay unused. voteDate: see decision 34.
    """
    if publication_of(contest) is None:
        return
    projects = list(admitted_projects(contest).prefetch_related(None))
    candidates = {
        each.code: Candidate(
            id=each.code, cost=each.cost, size_class=each.size_class or None, category=each.category or None,
            territory=each.territory_id,
        )
        for each in projects
    }  # fmt: skip
    named = {each.code: (uid_of(contest, each.number), each.title) for each in projects}
    day, known = last_voting_day(contest), _Known(contest, candidates)
    rows = Opening.objects.filter(contest=contest).order_by("commitment").values_list("choices", flat=True)
    for number, document in enumerate(rows.iterator(chunk_size=AT_ONCE), start=1):
        choices = tuple((project, value) for project, value in document["choices"])
        if not choices or not known.is_valid(choices):
            continue
        for project, value in choices:
            if value > 0:
                uid, title = named[project]
                yield {
                    "projectUid": uid, "voterID": f"{contest.slug}-v{number}", "projectTitle": title, "voteDate": day,
                }  # fmt: skip


class _Known:
    """Whether ballots are valid under the rules; equal ones are looked at once, as far as memory allows."""

    MOST = 50_000

    def __init__(self, contest: Contest, candidates: dict[str, Candidate]) -> None:
        self.rules, self.candidates = contest.rules, candidates
        self.found: dict[Any, bool] = {}

    def is_valid(self, choices: Any) -> bool:
        known = self.found.get(choices)
        if known is None:
            known = not defects(BallotPaper(choices), self.rules, self.candidates)
            if len(self.found) < self.MOST:
                self.found[choices] = known
        return known
