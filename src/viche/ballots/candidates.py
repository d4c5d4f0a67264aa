"""What a ballot may name, as the rulebook sees it, and what is wrong with a paper, in words."""

from collections.abc import Collection

from rulebook.ballot import BallotPaper, Candidate, defects
from viche.ballots.wording import defects_text
from viche.communities.models import localised
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.projects.models import Project
from viche.projects.queries import admitted_projects
from viche.projects.team import written_codes


def candidates_of(contest: Contest, person: Person | None = None) -> dict[str, Candidate]:
    """What a ballot may name, as the rulebook sees it, by code."""
    own = written_codes(person, contest) if person is not None else frozenset()
    return {
        project.code: candidate_of(project, own)
        for project in admitted_projects(contest).prefetch_related(None)
    }


def candidate_of(project: Project, own: Collection[str] = ()) -> Candidate:
    """A project as the rulebook sees it. own: codes of the projects that the voter wrote, alone or in a team."""
    return Candidate(
        id=project.code, cost=project.cost, size_class=project.size_class or None, category=project.category or None,
        territory=project.territory_id,
        is_own=project.code in own,
    )  # fmt: skip


def names_in(contest: Contest) -> dict[str, str]:
    """Titles of the rules' classes and categories by id, for sentences; of places where the ballot limits them."""
    rules = contest.rules
    names = {each.id: localised(dict(each.name)) for each in (*rules.size_classes, *rules.categories)}
    if rules.ballot.max_per_territory is not None:
        places = admitted_projects(contest).prefetch_related(None)
        names |= {each.territory_id: each.territory.full_name for each in places}
    return names


def check_paper(contest: Contest, paper: BallotPaper, person: Person | None = None) -> None:
    """Refused(bad_ballot) with every defect in words."""
    if found := defects(paper, contest.rules, candidates_of(contest, person)):
        lines = defects_text(
            found, names_in(contest), currency=contest.currency, kind=contest.rules.ballot.kind
        )
        raise Refused("bad_ballot", " ".join(lines), fields={"choices": lines}, status=422)
