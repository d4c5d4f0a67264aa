"""The ballots of a count in tables: from the box to those that were counted, and what became of the paper."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from rulebook.rules.vocabulary import CHANNELS, PAPER
from viche.ballots.channels import PLACES
from viche.ballots.models import Annulment
from viche.ballots.papers import paper_figures
from viche.ballots.queries import annulments_of, figures_of, has_paper
from viche.channels.paper.wording import REASONS
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.reports.document import Paragraph, Part, Shown
from viche.reports.figure import SHARE, Column, Figure, Row
from viche.reports.official.tables import table
from viche.reports.turnout import turnout_document
from viche.results.models import Count

NUMBER = Column("number", pgettext_lazy("how many", "Number"))

INVALID = {
    "empty": gettext_lazy("no project is chosen"),
    "unknown_project": gettext_lazy("it names a project that is not in the vote"),
    "duplicate_project": gettext_lazy("it names one project twice"),
    "too_many": gettext_lazy("more projects than the rules allow"),
    "too_few": gettext_lazy("fewer projects than the rules ask for"),
    "too_many_in_class": gettext_lazy("more projects of one class than the rules allow"),
    "too_many_in_category": gettext_lazy("more projects of one category than the rules allow"),
    "too_many_in_territory": gettext_lazy("more projects of one territory than the rules allow"),
    "too_expensive": gettext_lazy("its projects cost more than the rules allow"),
    "too_many_minus": gettext_lazy("more marks against projects than the rules allow"),
    "too_many_points": gettext_lazy("more points than the rules allow"),
    "too_many_points_for_project": gettext_lazy("more points for one project than the rules allow"),
    "negative_points": gettext_lazy("points below nought"),
    "no_points": gettext_lazy("a chosen project without a point"),
    "wrong_value": gettext_lazy("a mark of another kind than the rules foresee"),
    "bad_ranks": gettext_lazy("places that are not 1, 2, 3 and so on"),
    "own_project": gettext_lazy("a vote for one’s own project"),
}
"""Why a count sets a ballot aside: every code of rulebook.ballot, in a few words."""


def is_imported(contest: Contest) -> bool:
    """Whether the election was held elsewhere and only its published ballots are here."""
    return contest.origin.startswith("pabulib:")


def ballots_in(count: Count) -> int:
    """How many ballots the count saw: valid ones, and those that it set aside."""
    return int(count.outcome["voters"]) + sum(count.outcome["invalid"].values())


def voters_table(contest: Contest, count: Count) -> Figure | None:
    """The register and the turnout in one line; None where nothing of it is known."""
    try:
        document = turnout_document(contest)
    except Refused:
        return None
    columns = (
        Column("members", gettext_lazy("On the register")), Column("voters", gettext_lazy("Voters")),
        Column("turnout", gettext_lazy("Turnout"), SHARE), Column("ballots", gettext_lazy("Ballots in the count")),
        Column("valid", gettext_lazy("Valid")), Column("invalid", gettext_lazy("Invalid")),
    )  # fmt: skip
    invalid = sum(count.outcome["invalid"].values())
    row = (
        document["members"], document["votes"], document["share"], ballots_in(count), count.outcome["voters"], invalid,
    )  # fmt: skip
    return table(
        contest, "protocol-voters", _("Voters and ballots"), _("Contest"), columns, [Row("all", row)],
        labels={"all": contest.name},
        about=_("The register that was in force at the end of the voting; marks of people who have voted."),
    )  # fmt: skip


def balance_table(contest: Contest, count: Count) -> Figure:
    """From the ballot box to the valid ballots: every line follows from those above it."""
    on_protocols, in_count = int(count.outcome.get("on_protocols", 0)), ballots_in(count)
    invalid = sum(count.outcome["invalid"].values())
    numbers = figures_of(contest)["numbers"]
    opened = in_count - on_protocols
    left_out = {name: numbers[name] for name in ("replaced", "annulled", "withdrawn", "taken_back")}
    box = opened if is_imported(contest) else numbers["envelopes"]
    rows = [
        Row("box", (box,)), *(Row(name, (number,)) for name, number in left_out.items()),
        Row("opened", (opened,)), Row("protocols", (on_protocols,)), Row("in_count", (in_count,)),
        Row("invalid", (invalid,)), Row("valid", (count.outcome["voters"],)),
    ]  # fmt: skip
    labels = {
        "box": _("Ballots in the ballot box"), "replaced": _("less: replaced by their voters with a later one"),
        "annulled": _("less: annulled by two officials"), "withdrawn": _("less: taken back by their voters"),
        "taken_back": _("less: paper ballots of batches taken back"), "opened": _("Opened"),
        "protocols": _("plus: by protocols of polling points"), "in_count": _("Ballots in the count"),
        "invalid": _("less: invalid"), "valid": _("Valid, counted"),
    }  # fmt: skip
    if is_imported(contest):
        labels["box"] = _("Ballots published by the body that held the election")
    return table(
        contest, "ballot-balance", _("From the ballot box to the count"), _("Ballots"), [NUMBER], rows,
        labels=labels, about=_("Opened ballots are those of the box without those left out by reason."),
    )  # fmt: skip


def channels_table(contest: Contest, count: Count) -> Figure | None:
    """Voters and ballots by the way of voting; None where nobody knows it.

    The numbers are exact: the public record of the contest, by which anybody verifies the box, says the same. Of a
    numbered paper sheet the mark and the ballot are apart: the ballots on paper are those that came back.
    """
    figures = figures_of(contest)
    standing: Mapping[str, int] = figures["channels"]
    every: Counter[str] = Counter()
    for _day, channel, number in figures["marks"]:
        every[channel] += number
    if not every:
        return None
    numbers = figures["numbers"]
    rows = []
    on_protocols = int(count.outcome.get("on_protocols", 0))
    for channel in CHANNELS:
        voters = standing.get(channel, 0)
        ballots = voters
        if channel == PAPER:
            ballots += numbers["numbered"] - numbers["given_out"] + on_protocols
        if every[channel] or ballots:
            rows.append(Row(channel, (every[channel], every[channel] - voters, voters, ballots)))
    columns = (
        Column("marks", gettext_lazy("Have voted")), Column("annulled", gettext_lazy("Annulled or taken back")),
        Column("voters", gettext_lazy("Voters")), Column("ballots", gettext_lazy("Ballots in the count")),
    )  # fmt: skip
    return table(
        contest, "ballots-by-channel", _("By way of voting"), _("Way of voting"), columns, rows,
        labels={name: str(place) for name, place in PLACES.items()},
        summed=[column.key for column in columns], chart="bars", drawn=["ballots"],
        about=_("On paper a voter is who was given a ballot, and a ballot is what came back valid."),
    )  # fmt: skip


def annulled_table(contest: Contest) -> Figure | None:
    """Proposals to annul ballots by reason, with what the second official decided; None without any."""
    number: Counter[tuple[str, str]] = Counter(annulments_of(contest).order_by().values_list("why", "state"))
    states = [each.value for each in Annulment.State]
    rows = [
        Row(why.value, tuple(number[why.value, state] for state in states))
        for why in Annulment.Why
        if any(number[why.value, state] for state in states)
    ]
    if not rows:
        return None
    titles = (gettext_lazy("Undecided"), gettext_lazy("Annulled"), gettext_lazy("Stay valid"))
    columns = [Column(state, title) for state, title in zip(states, titles, strict=True)]
    return table(
        contest, "annulments", _("Ballots that officials proposed to annul"), pgettext("of a report", "Reason"),
        columns, rows,
        labels={each.value: str(each.label) for each in Annulment.Why}, summed=states,
    )  # fmt: skip


def invalid_table(contest: Contest, count: Count) -> Figure | None:
    """The ballots that the count set aside, by the code of their first defect; None without any."""
    found = count.outcome["invalid"]
    if not found:
        return None
    rows = [Row(code, (found[code],)) for code in sorted(found)]
    return table(
        contest, "invalid-ballots", _("Invalid ballots"), pgettext("of a report", "Reason"), [NUMBER], rows,
        labels={code: str(text) for code, text in INVALID.items()}, summed=["number"],
    )  # fmt: skip


def paper_parts(contest: Contest) -> list[Part]:
    """What became of the paper; one sentence where none was used."""
    if not has_paper(contest):
        return [Paragraph(_("Paper ballots were not used."))]
    found = paper_figures(contest)
    lines = {
        "printed": _("Ballots printed"), "waiting": _("At hand, neither given out nor destroyed"),
        "issued": _("Given out to voters"), "spoiled": _("Spoiled"), "unused": _("Left over and destroyed"),
        "valid": _("Entered as valid"), "invalid": _("Entered as invalid"),
    }  # fmt: skip
    values: dict[str, Any] = {**vars(found), "invalid": sum(found.invalid.values())}
    parts: list[Part] = [
        Shown(
            table(
                contest,
                "paper-ballots",
                _("Paper ballots"),
                _("Ballots"),
                [NUMBER],
                [Row(key, (values[key],)) for key in lines],
                labels=lines,
                about=_("Sheets of batches that were taken back are not among those entered."),
            )
        )
    ]
    if found.invalid:
        rows = [Row(reason, (number,)) for reason, number in found.invalid.items()]
        parts.append(
            Shown(
                table(
                    contest,
                    "invalid-paper",
                    _("Why sheets of paper were invalid"),
                    pgettext("of a report", "Reason"),
                    [NUMBER],
                    rows,
                    labels={code: str(text) for code, text in REASONS.items()},
                    summed=["number"],
                )
            )
        )
    return parts
