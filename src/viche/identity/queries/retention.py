"""The table of what is kept how long and why, put together from all rooms, and what the last nights did."""

from dataclasses import dataclass

from viche.foundation.retention import kept_things, retention_rules
from viche.identity.models import RetentionRun


@dataclass(frozen=True)
class TermRow:
    """A line of the table in the language of the moment. last: the latest run of its rule; None: never, or no rule."""

    code: str
    what: str
    term: str
    why: str
    last: RetentionRun | None

    @property
    def is_rule(self) -> bool:
        return bool(self.code)


def terms_kept() -> list[TermRow]:
    """What is kept how long and why: first what a rule deletes, with its last run, then what stays."""
    latest = RetentionRun.objects.order_by("rule", "-at").distinct("rule")
    last = {run.rule: run for run in latest}
    rows = [
        TermRow(rule.code, str(rule.what), rule.term(), str(rule.why), last.get(rule.code))
        for rule in retention_rules()
    ]
    return rows + [TermRow("", str(each.what), str(each.term), str(each.why), None) for each in kept_things()]


def latest_runs(number: int = 60) -> list[RetentionRun]:
    """What the rules did lately, the newest first."""
    return list(RetentionRun.objects.order_by("-at", "-pk")[:number])
