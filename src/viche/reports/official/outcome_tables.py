"""The outcome of a count in tables: the money of each pot, the places of the projects, the ties."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from rulebook.options import EVERY
from viche.contests.models import Contest
from viche.contests.wording import TIES, score_unit
from viche.foundation.money import money_text
from viche.foundation.numbers import grouped
from viche.reports.document import Paragraph, Part, Shown
from viche.reports.figure import MONEY, TEXT, WORD, Column, Figure, Row
from viche.reports.measures.result import WHY_NOT
from viche.reports.official.tables import numbered, table
from viche.results.models import Count
from viche.results.queries import certifications_of, latest_count, publication_of, tie_decisions
from viche.results.wording import Telling

WINNER, OPEN = "winner", "undecided"


def decided_count(contest: Contest) -> Count | None:
    """The count that the reports speak of: the published one, else the latest that a member has certified."""
    published = publication_of(contest)
    if published is not None:
        return published.count
    latest = latest_count(contest)
    return latest if latest is not None and latest.is_decided and certifications_of(latest) else None


def last_count(contest: Contest) -> Count | None:
    """The published count, else the latest, certified or not."""
    published = publication_of(contest)
    return published.count if published is not None else latest_count(contest)


def score_column(contest: Contest) -> Column:
    """What projects are ranked by, votes or points."""
    if score_unit(contest.rules) == "votes":
        return Column("score", pgettext_lazy("of a project", "Votes"))
    return Column("score", gettext_lazy("Points"))


def pots_table(contest: Contest, telling: Telling) -> Figure:
    """Each pot: its money by the rules, what moved to or from it, what the winners get, what is left.

    By the rules and moved together are what the winners get and what is left; all that moved is nought together. What
    was moved out of every pot stands in a last row of its own, "*".
    """
    outcome = telling.outcome
    winners = Counter(telling.place(code).pot for code in outcome["funded"])
    rows = []
    for pot, by_rules in [*((pot.id, pot.amount) for pot in contest.rules.pots), (EVERY, 0)]:
        spent, left = outcome["spent"].get(pot, 0), outcome["left"].get(pot, 0)
        if pot != EVERY or spent or left:
            rows.append(Row(pot, (by_rules, spent + left - by_rules, winners[pot], spent, left)))
    columns = (
        Column("amount", gettext_lazy("By the regulation"), MONEY), Column("moved", gettext_lazy("Moved"), MONEY),
        Column("winners", gettext_lazy("Winners")), Column("spent", gettext_lazy("Money of the winners"), MONEY),
        Column("left", pgettext_lazy("of money", "Left"), MONEY),
    )  # fmt: skip
    return table(
        contest, "pots", _("Money of the contest"), _("Pot"), columns, rows,
        labels={row.key: telling.pot_name(row.key) for row in rows}, summed=[each.key for each in columns],
        chart="bars", drawn=["spent", "left"],
        about=_("Moved: what came from other pots, or went to them, by the rules about leftovers."),
    )  # fmt: skip


def ranking_parts(contest: Contest, telling: Telling) -> list[Part]:
    """Every project in the order of its place, pot by pot, with what the count says of the pot."""
    is_score_apart = any(
        telling.outcome["votes"].get(code) != score for code, score in telling.outcome["totals"].items()
    )
    columns = [
        Column("place", gettext_lazy("Place")), score_column(contest),
        *([Column("votes", gettext_lazy("Ballots that name it"))] if is_score_apart else []),
        Column("cost", gettext_lazy("Cost"), MONEY), Column("amount", gettext_lazy("Gets"), MONEY),
        Column("left", gettext_lazy("Left after it"), MONEY), Column("result", gettext_lazy("Result"), WORD),
    ]  # fmt: skip
    parts: list[Part] = []
    for number, pot in enumerate(telling.pot_rows(), start=1):
        if not pot["places"]:
            parts.append(_nothing_of(pot, _("No project on the ballot belonged to this pot.")))
            continue
        rows = [
            Row(
                place.code,
                (
                    place.rank, place.score, *([place.votes] if is_score_apart else []), place.cost, place.amount,
                    place.left_after, _result(telling, place.code),
                ),
            )
            for place, _project in pot["places"]
        ]  # fmt: skip
        shown = table(
            contest, f"ranking-{number}", pot["name"] or _("All projects"), _("Project"), columns, rows,
            labels={place.code: numbered(project) for place, project in pot["places"]}, summed=["amount"],
            words=result_words(), notes=pot["facts"],
            about=_("Equal scores share a place; the order of the lines is that of the count."),
        )  # fmt: skip
        parts.append(Shown(shown))
    return parts


def winners_parts(contest: Contest, telling: Telling) -> list[Part]:
    """The winners pot by pot; a sentence where a pot has none."""
    columns = (
        Column("place", gettext_lazy("Place")), score_column(contest), Column("cost", gettext_lazy("Cost"), MONEY),
        Column("amount", gettext_lazy("Gets"), MONEY), Column("territory", gettext_lazy("Part"), TEXT),
    )  # fmt: skip
    parts: list[Part] = []
    for number, pot in enumerate(telling.pot_rows(), start=1):
        won = [(place, project) for place, project in pot["places"] if place.is_funded]
        if not won:
            parts.append(_nothing_of(pot, _("No project won in this pot.")))
            continue
        rows = [
            Row(place.code, (place.rank, place.score, place.cost, place.amount, project.territory.full_name))
            for place, project in won
        ]
        shown = table(
            contest, f"winners-{number}", pot["name"] or _("All projects"), _("Project"), columns, rows,
            labels={place.code: numbered(project) for place, project in won}, summed=["cost", "amount"],
            notes=pot["facts"],
        )  # fmt: skip
        parts.append(Shown(shown))
    return parts


def _nothing_of(pot: Mapping[str, Any], sentence: str) -> Paragraph:
    if pot["id"] == EVERY:
        sentence = _("No further project could be paid out of it.")
    return Paragraph(" ".join([f"{pot['name'] or _('All projects')}.", sentence, *pot["facts"]]))


def losers_table(contest: Contest, telling: Telling) -> Figure | None:
    """The projects on the ballot that did not win, each with its reason; None where all have won."""
    columns = (
        Column("pot", gettext_lazy("Pot"), WORD), Column("place", gettext_lazy("Place")), score_column(contest),
        Column("cost", gettext_lazy("Cost"), MONEY), Column("result", pgettext_lazy("of a report", "Reason"), WORD),
    )  # fmt: skip
    rows, labels, words = [], {}, result_words()
    for pot in telling.pot_rows():
        words[f"pot:{pot['id']}"] = pot["name"]
        for place, project in pot["places"]:
            if not place.is_funded:
                values = (
                    f"pot:{pot['id']}", place.rank, place.score, place.cost, _result(telling, place.code),
                )  # fmt: skip
                rows.append(Row(place.code, values))
                labels[place.code] = numbered(project)
    if not rows:
        return None
    return table(
        contest,
        "losers",
        _("Projects that did not win"),
        _("Project"),
        columns,
        rows,
        labels=labels,
        words=words,
    )


def established(contest: Contest, count: Count) -> str:
    """The sentence that says what came of the count: how many won, for how much, what is left."""
    outcome = count.outcome
    won, spent, left = len(outcome["funded"]), sum(outcome["spent"].values()), sum(outcome["left"].values())
    if not won:
        return _("No project won; %(left)s is left.") % {"left": money_text(left, contest.currency)}
    return ngettext(
        "%(number)s project won; it gets %(spent)s; %(left)s is left.",
        "%(number)s projects won; together they get %(spent)s; %(left)s is left.", won,
    ) % {
        "number": grouped(won), "spent": money_text(spent, contest.currency),
        "left": money_text(left, contest.currency),
    }  # fmt: skip


def result_words() -> dict[str, Any]:
    """What became of a project in the count, by code."""
    return {
        WINNER: _("winner"),
        OPEN: _("a tie is open"),
        **{code: str(text) for code, text in WHY_NOT.items()},
    }


def _result(telling: Telling, code: str) -> str:
    outcome = telling.outcome
    if code in outcome["amounts"]:
        return WINNER
    return OPEN if code in outcome["undecided"] else str(outcome["rejected"][code]["code"])


def ties_parts(contest: Contest, telling: Telling) -> list[Part]:
    """Every tie that decided about money, and what decided it; a sentence where there was none."""
    found = telling.tie_rows(tie_decisions(contest))
    if not found:
        return [Paragraph(_("There was no tie on which it depended who gets the money."))]
    columns = (
        Column("pot", gettext_lazy("Pot"), WORD), Column("projects", gettext_lazy("Equal projects")),
        Column("left", gettext_lazy("Money left before the tie"), MONEY),
        Column("way", gettext_lazy("Decided by"), WORD),
    )  # fmt: skip
    rows, words = [], {way: _(text) for way, text in TIES.items()}
    parts: list[Part] = []
    for number, (tie, said) in enumerate(zip(telling.outcome["ties"], found, strict=True), start=1):
        words[f"pot:{tie['pot']}"] = said["pot"]
        rows.append(
            Row(
                str(number),
                (f"pot:{tie['pot']}", len(tie["projects"]), tie["left"], said["way"]),
            )
        )
        names = "; ".join(numbered(each["project"]) for each in said["projects"])
        parts.append(Paragraph(_("Tie %(number)d: %(projects)s.") % {"number": number, "projects": names}))
        if said["decision"] is not None:
            decided = {"protocol": said["decision"].protocol, "order": "; ".join(said["order"])}
            parts.append(
                Paragraph(_("By protocol %(protocol)s the order of the projects is: %(order)s.") % decided)
            )
            if said["decision"].note:
                parts.append(Paragraph(said["decision"].note))
    shown = table(
        contest, "ties", _("Ties"), _("Tie"), columns, rows,
        labels={row.key: _("Tie %(number)s") % {"number": row.key} for row in rows}, words=words,
    )  # fmt: skip
    return [Shown(shown), *parts]
