"""What won and why, and how content voters can be: from the published count, never before."""

from collections import Counter
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rulebook.counting import Outcome
from rulebook.counting import count as count_ballots
from rulebook.counting.tally import tally
from rulebook.dossier import Dossier
from rulebook.explaining.comparing import compared
from rulebook.explaining.shares import satisfaction
from viche.contests.models import Contest
from viche.contests.places import rule_name
from viche.projects.models import Project
from viche.reports.figure import COUNT, HUNDREDTHS, MONEY, SHARE, TEXT, Column, Row
from viche.reports.measures.measure import Measure, Rows
from viche.results.explaining import readable_rules
from viche.results.models import Count
from viche.results.queries import publication_of

WHY_NOT = {
    "below_threshold": gettext_lazy("below the threshold"), "does_not_fit": gettext_lazy("did not fit into the money"),
    "stopped": gettext_lazy("the count had stopped before it"), "rival_won": gettext_lazy("a competing project won"),
    "enough_winners": gettext_lazy("enough winners of its kind"), "no_votes": gettext_lazy("nobody named it"),
    "supporters_cannot_pay": gettext_lazy("its supporters’ shares did not suffice"),
    "outweighed": gettext_lazy("other projects give voters more"),
    "eliminated": gettext_lazy("eliminated, its votes passed on"),
}  # fmt: skip


def _published(contest: Contest) -> Count | None:
    published = publication_of(contest)
    return published.count if published is not None else None


def _dossier(count: Count) -> tuple[Dossier, Outcome]:
    """The stored dossier and its outcome, counted again. Raises ValueError where they do not agree."""
    dossier = Dossier.from_json(Count.objects.values_list("dossier", flat=True).get(pk=count.pk))
    outcome = count_ballots(dossier)
    if outcome.digest != count.outcome_digest:
        raise ValueError(f"count {count.pk}: the dossier leads to another outcome than the stored one")
    return dossier, outcome


def count_winners(contest: Contest) -> Rows | None:
    count = _published(contest)
    if count is None:
        return None
    outcome = count.outcome
    costs = dict(
        Project.objects.filter(contest=contest, code__in=outcome["funded"]).values_list("code", "cost")
    )
    return [
        Row(
            code,
            (
                outcome["totals"].get(code),
                outcome["votes"].get(code),
                costs.get(code),
                outcome["amounts"][code],
            ),
        )
        for code in outcome["funded"]
    ]


def count_places(contest: Contest) -> Rows | None:
    """The winners that lie somewhere, in the order of their numbers. Degrees are texts, as they are stored."""
    count = _published(contest)
    if count is None:
        return None
    amounts = count.outcome["amounts"]
    lying = Project.objects.filter(
        contest=contest, code__in=amounts, latitude__isnull=False, longitude__isnull=False
    ).order_by("number")
    rows = [
        Row(code, (number, amounts[code], str(latitude), str(longitude)))
        for code, number, latitude, longitude in lying.values_list("code", "number", "latitude", "longitude")
    ]
    return rows or None


def count_losers(contest: Contest) -> Rows | None:
    count = _published(contest)
    if count is None or not count.outcome["rejected"]:
        return None
    number = Counter(reason["code"] for reason in count.outcome["rejected"].values())
    return [Row(code, (number[code],)) for code in sorted(number, key=lambda code: (-number[code], code))]


def count_satisfaction(contest: Contest) -> Rows | None:
    count = _published(contest)
    if count is None or not count.outcome["voters"]:
        return None
    dossier, outcome = _dossier(count)
    got = satisfaction(outcome, tally(dossier).groups)
    return [Row("all", (got.voters, got.served, got.served_share, got.winners_hundredths, got.money_each))]


def count_comparison(contest: Contest) -> Rows | None:
    """Every rule that can read these ballots, the contest's own first."""
    count = _published(contest)
    if count is None or not count.outcome["voters"]:
        return None
    dossier, _outcome = _dossier(count)
    return [
        Row(
            each.rule,
            (
                len(each.outcome.funded),
                each.spent,
                each.got.served_share,
                each.got.money_each,
                len(each.differing),
            ),
        )
        for each in compared(dossier, readable_rules(dossier))
    ]


def _titles(contest: Contest, rows: Rows) -> Mapping[str, str]:
    codes = [row.key for row in rows]
    return dict(Project.objects.filter(contest=contest, code__in=codes).values_list("code", "title"))


def project_links(contest: Contest, rows: Rows) -> Mapping[str, str]:
    codes = [row.key for row in rows]
    numbers = Project.objects.filter(contest=contest, code__in=codes).values_list("code", "number")
    return {code: f"projects/{number}/" for code, number in numbers}


def _reasons(contest: Contest, rows: Rows) -> Mapping[str, str]:
    return {code: str(text) for code, text in WHY_NOT.items()}


def _all(contest: Contest, rows: Rows) -> Mapping[str, str]:
    return {"all": _("All voters")}


def _rules(contest: Contest, rows: Rows) -> Mapping[str, str]:
    return {row.key: rule_name(row.key) for row in rows}


MEASURES = (
    Measure(
        "winners", "result", gettext_lazy("What won"),
        gettext_lazy("The winners of the published count in the order in which they were funded."),
        gettext_lazy("Project"),
        (Column("score", gettext_lazy("Score")), Column("votes", gettext_lazy("Ballots that name it")),
         Column("cost", gettext_lazy("Cost"), MONEY), Column("amount", gettext_lazy("Gets"), MONEY)),
        count_winners, _titles, project_links, is_summed=False,
    ),
    Measure(
        "winners-on-map", "result", gettext_lazy("Where the winners are"),
        gettext_lazy(
            "The winners at the places that their authors marked, north up: the larger a circle, the more money the"
            " project gets. Winners without a place are not on the map."
        ),
        gettext_lazy("Project"),
        (Column("number", gettext_lazy("Number")), Column("amount", gettext_lazy("Gets"), MONEY),
         Column("latitude", gettext_lazy("Latitude"), TEXT), Column("longitude", gettext_lazy("Longitude"), TEXT)),
        count_places, _titles, project_links, chart="places", is_summed=False, drawn=("amount",),
    ),
    Measure(
        "why-not", "result", gettext_lazy("Why the others did not win"),
        gettext_lazy("Projects on the ballot that were not funded, by the reason that the count gives."),
        gettext_lazy("Reason"), (Column("projects", gettext_lazy("Projects"), COUNT),), count_losers, _reasons,
        chart="bars", is_summed=True,
    ),
    Measure(
        "satisfaction", "result", gettext_lazy("What voters got"),
        gettext_lazy(
            "Counted from the published ballots: how many voters have at least one winner among their choices, and the"
            " winners and their money for each voter."
        ),
        gettext_lazy("Voters"),
        (Column("voters", gettext_lazy("Voters")), Column("served", gettext_lazy("With a winner")),
         Column("served_share", gettext_lazy("Share with a winner"), SHARE),
         Column("winners_each", gettext_lazy("Winners for each"), HUNDREDTHS),
         Column("money_each", gettext_lazy("Money to their choices, for each"), MONEY)),
        count_satisfaction, _all, is_lasting=True,
    ),
    Measure(
        "rules-compared", "result", gettext_lazy("The same ballots under other rules"),
        gettext_lazy("The published ballots counted by every rule that can read them; the first is the contest’s own."),
        gettext_lazy("Counting rule"),
        (Column("winners", gettext_lazy("Winners")), Column("spent", gettext_lazy("Money spent"), MONEY),
         Column("served_share", gettext_lazy("Voters with a winner"), SHARE),
         Column("money_each", gettext_lazy("Money to a voter’s choices"), MONEY),
         Column("differing", gettext_lazy("Projects that fare otherwise"))),
        count_comparison, _rules, is_lasting=True,
    ),
)  # fmt: skip
