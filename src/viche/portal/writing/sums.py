"""What the items of a project come to: the sums that are shown while one types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from viche.foundation.money import money_text
from viche.foundation.numbers import percent_text
from viche.portal.contest_page import class_names
from viche.projects.estimate import line_sum, total_of
from viche.projects.models import Project


@dataclass(frozen=True)
class Sums:
    """Money in kopiykas. lines: the sum of each row. classes: (name, bounds in words, whether it is this project's)."""

    lines: list[int]
    total: int
    reserve: int
    reserve_text: str
    cost: int
    has_items: bool
    classes: list[tuple[str, str, bool]]

    @property
    def is_outside(self) -> bool:
        """Whether the cost belongs to no class at all."""
        return bool(self.classes and self.cost and not any(is_own for _name, _bounds, is_own in self.classes))


def sums_of(project: Project, rows: Sequence[Mapping[str, Any]] | None = None) -> Sums:
    """The sums of a project as it is kept; rows: the items as they stand on the page, empty ones among them."""
    rules = project.contest.rules
    total = total_of(project.items)
    names: dict[str, Any] = class_names(project.contest)
    currency = project.contest.currency
    classes = [
        (
            str(names[each.id]),
            f"{money_text(each.min_cost, currency)} – {money_text(each.max_cost, currency) if each.max_cost else '…'}",
            bool(project.cost) and each.id == project.size_class,
        )
        for each in rules.size_classes
    ]
    return Sums(
        lines=[line_sum(item) for item in (project.items if rows is None else rows)], total=total,
        reserve=project.cost - total if total else 0,
        reserve_text=percent_text(rules.submission.reserve_share) if rules.submission.reserve_share else "",
        cost=project.cost, has_items=total > 0, classes=classes,
    )  # fmt: skip
