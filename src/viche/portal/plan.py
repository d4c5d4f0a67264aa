"""The calendar of a contest: its phases, and under each the dates that follow from the rules."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from rulebook.calendar import Window
from rulebook.milestones import Milestone, milestones
from rulebook.rules import Rules
from viche.communities.models import localised
from viche.contests.models import PHASE_NAMES
from viche.contests.places import DAY_KINDS, word
from viche.contests.planning import day_of, last_day_of

KINDS = {"voting": "accent", "results": "success", "implementation": "success", "counting": "neutral"}


def plan_rows(rules: Rules, windows: Sequence[Window]) -> list[dict[str, Any]]:
    """The phases, and under each the dates that follow from the rules, for the part that draws them."""
    under = {
        "formal_check": "submission", "support": "support", "review_stage": "review", "correction": "review",
        "appeal": "review", "channel": "voting",
    }  # fmt: skip
    following: dict[str, list[Milestone]] = {}
    for each in milestones(rules, windows):
        following.setdefault(under.get(each.code, "results"), []).append(each)
    rows = []
    for window in windows:
        rows.append(
            {
                "label": PHASE_NAMES[window.phase], "starts_on": day_of(window.starts_at), "text": "",
                "ends_on": last_day_of(window), "kind": KINDS.get(window.phase, "brand"), "is_minor": False,
            }
        )  # fmt: skip
        rows += [_milestone_row(each) for each in following.pop(window.phase, [])]
    return rows + [_milestone_row(each) for rest in following.values() for each in rest]


def _milestone_row(each: Milestone) -> dict[str, Any]:
    params: dict[str, Any] = dict(each.params)
    days = params.get("days")
    words = {
        "formal_check": lambda: _("Check of form: %s") % localised(params["body"]),
        "support": lambda: _("Collecting support"),
        "review_stage": lambda: f"{localised(params['name'])}: {localised(params['body'])}",
        "correction": lambda: _("Changes by the author: %s") % localised(params["name"]),
        "appeal": lambda: _("Appeals: %s") % localised(params["body"]),
        "channel": lambda: word("channel", params["channel"]).capitalize(),
        "approval": lambda: _("Approval: %s") % localised(params["body"]),
        "implementation": lambda: _("Winners are built in %(year)s") % {"year": params["year"]},
    }
    text = f"{days} {_(DAY_KINDS[params['day_kind']])}" if days and params.get("day_kind") else ""
    # a stage without a term has its beginning only
    return {
        "label": words[each.code](), "starts_on": each.starts_on, "ends_on": each.ends_on or each.starts_on,
        "kind": "info", "is_minor": True, "text": text or ("" if each.ends_on else _("no term is stated")),
    }  # fmt: skip
