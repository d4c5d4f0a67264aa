"""The rows of votings: what the opened ballots of a published result say, without a person, a time or an order."""

from collections.abc import Iterator

from rulebook.ballot import BallotPaper, Candidate, defects
from rulebook.dossier import Choices
from viche.ballots.models import Opening
from viche.connectors.open_data.rows import Row, last_voting_day, uid_of
from viche.contests.models import Contest
from viche.projects.queries import admitted_projects
from viche.results.queries import publication_of

AT_ONCE = 2_000


def vote_rows(contest: Contest) -> Iterator[Row]:
    """The table votings, read in pieces; nothing before the result is published.

    voterID is the ballot's place (opened_ballots). Ballots that the rules do not allow have no rows, as they do not
    count; their numbers stay unused. voteDate: see decision 34.
    """
    projects = admitted_projects(contest).prefetch_related(None)
    named = {each.code: (uid_of(contest, each.number), each.title) for each in projects}
    day = last_voting_day(contest)
    for number, choices, is_valid in opened_ballots(contest):
        if not is_valid:
            continue
        for project, value in choices:
            if value > 0:
                uid, title = named[project]
                yield {
                    "projectUid": uid, "voterID": f"{contest.slug}-v{number}", "projectTitle": title, "voteDate": day,
                }  # fmt: skip


def opened_ballots(contest: Contest) -> Iterator[tuple[int, Choices, bool]]:
    """(number, choices, whether the rules allow it) of each opened ballot, read in pieces; nothing before the result
    is published.

    number: its place among all opened ballots in the order of their commitments: hashes with a random number, which
    tell nothing of who cast them or when.
    """
    if publication_of(contest) is None:
        return
    known = _Known(contest)
    rows = Opening.objects.filter(contest=contest).order_by("commitment").values_list("choices", flat=True)
    for number, document in enumerate(rows.iterator(chunk_size=AT_ONCE), start=1):
        choices = tuple((project, value) for project, value in document["choices"])
        yield number, choices, bool(choices) and known.is_valid(choices)


class _Known:
    """Whether ballots are valid under the rules; equal ones are looked at once, as far as memory allows."""

    MOST = 50_000

    def __init__(self, contest: Contest) -> None:
        self.rules = contest.rules
        self.candidates = {
            each.code: Candidate(
                id=each.code, cost=each.cost, size_class=each.size_class or None, category=each.category or None,
                territory=each.territory_id,
            )
            for each in admitted_projects(contest).prefetch_related(None)
        }  # fmt: skip
        self.found: dict[Choices, bool] = {}

    def is_valid(self, choices: Choices) -> bool:
        known = self.found.get(choices)
        if known is None:
            known = not defects(BallotPaper(choices), self.rules, self.candidates)
            if len(self.found) < self.MOST:
                self.found[choices] = known
        return known
