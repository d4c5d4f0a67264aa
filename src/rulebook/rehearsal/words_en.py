"""The English words of a rehearsal."""

# ruff: noqa: E501 -- a sentence is one line, so that the two languages can be read side by side

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    # what was not carried over
    "note.other_currency": "The past contest was run in another currency ({currency}); amounts are taken as they are.",
    "note.costs_rounded": "Costs are rounded up to hundredths of a unit of the currency. Projects of which this is so: {projects}.",
    "note.money_differs": "The money differs much: the past contest had {past}, these rules have {new}.",
    "note.pots_scaled": "The pots are scaled in proportion to hold together what the past contest had: {past} instead of {new}.",
    "note.categories_unknown": "The rules do not know these categories: {names}. Projects left without a category: {projects}.",
    "note.projects_left_out": "Projects that the rules have no place for: {projects} of {of}.",
    "note.choices_dropped": "Votes for such projects, which do not count: {choices}. Ballots that had them: {ballots}.",
    "note.invalid_dropped": "Ballots that were invalid in the past contest already and do not count: {ballots}.",
    "note.ballots_beyond_limits": "Ballots with more votes than these rules allow: {ballots} of {of}. They count as they were cast.",
    "note.ballots_below_minimum": "Ballots with fewer votes than these rules ask for: {ballots} of {of}. They count as they were cast.",
    "note.kind_differs": "People voted in another way then: they {past_kind}. Under these rules they {new_kind}. The ballots are read {reads}.",
    "note.threshold_in_other_unit": "The thresholds of these rules are compared with the ballots as they are read: {reads}.",
    "note.support_unknown": "How many supporters each project had is not known; the collection of support is left aside.",
    "note.support_not_applied": "Projects with fewer supporters than these rules ask for: {projects}. They take part all the same.",
    "note.least_unknown": "The rules allow partial funding, but the least sums that authors agreed to are not there; nothing is funded in part.",
    "note.ties_open": "Ties that a lot or the commission would decide: {ties}. Projects in them: {projects}. They are left open.",
    "note.people_unknown": "Who was entitled to submit and to vote, and how many projects an author had, is not checked: a past count says nothing of people.",
    "note.protocols_dropped": "Ballots known only from the protocols of polling points: {ballots} of {of}. They are left out: this counting rule has to know how each ballot was filled in. So the outcome is not a whole one.",
    "note.protocols_as_sums": "Ballots known only from the protocols of polling points: {ballots}. Their votes count, but they are in no figure about voters: how each of them was filled in nobody knows.",
    # why a project was left out
    "note.no_class": "The cost {cost} belongs to no class",
    "note.no_pot": "No pot pays for such projects (class: {size_class}; category: {category}; territory: {territory})",
    "note.category_not_admitted": "The category {category} is not admitted this year",
    # what was out of reach
    "note.class_without_projects": "The class {size_class} has no project.",
    "note.pot_without_projects": "The pot {pot} ({amount}) has no project.",
    "note.pot_half_empty": "More than half of the pot {pot} is left: {left} of {amount}.",
    "note.threshold_not_reached": "No project reaches the threshold {threshold} (class: {size_class}); the best has {best}.",
    "note.quota_unmet": "There are more places for winners than winners: {key} – {winners} of {limit}.",
    "note.nobody_wins": "No project wins.",
    # words
    "kind.approval": "mark the projects they vote for",
    "kind.points": "give points",
    "kind.ranking": "rank projects",
    "kind.choose-1": "vote for one project",
    "kind.plus-minus": "vote for and against",
    "reads.votes": "by the number of votes",
    "reads.points": "by the sum of points",
    "reads.borda": "by places (Borda count)",
    "reads.net": "by votes for less votes against",
    "reads.votes-per-cost": "by votes for each unit of cost",
    "reads.cost": "by the cost of the projects chosen",
    "reads.cardinality": "by the number of projects chosen",
    "fate.yes": "won",
    "fate.part": "won in part",
    "fate.no": "lost",
    "fate.tie": "tie",
    "fate.out": "no place",
    "none": "none named",
    # the table
    "now": "Current rules",
    "new": "New rules",
    "rehearsed": "Rules",
    "invented": "An invented contest: {projects}, {ballots}",
    "past": "The contest “{contest}”: {projects}, {ballots}",
    "figures": "Figures",
    "pots": "Pots",
    "pot": "{name}: {spent} of {amount}, {winners} winners of {projects}",
    "notes": "What is taken otherwise",
    "issues": "Worth a look",
    "fates": "Projects that fare otherwise",
    "fates.none": "No project fares otherwise.",
    "winners": "Winners",
    "winners.none": "There are no winners.",
    "left_out": "Projects without a place",
}
