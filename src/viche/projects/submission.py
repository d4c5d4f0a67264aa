"""What the rules ask of a submitted project beyond the fields of its form: pure functions and their words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rulebook.rules import Rules
from viche.communities.models import localised
from viche.foundation.money import money_text
from viche.foundation.numbers import percent_text
from viche.projects.estimate import is_complete, is_empty, total_of


def submission_lines(rules: Rules) -> list[str]:
    """What the rules ask of a project's author beyond the fields of the form, a sentence each."""
    asked, lines = rules.submission, []
    if rules.author_max_projects is not None:
        lines.append(
            ngettext(
                "One author may submit at most %(n)d project.", "One author may submit at most %(n)d projects.",
                rules.author_max_projects,
            )
            % {"n": rules.author_max_projects}
        )  # fmt: skip
    for each in rules.size_classes:
        if (most := asked.max_per_class.get(each.id)) is not None:
            lines.append(
                ngettext(
                    "Of the class “%(name)s”: at most %(n)d project of one author.",
                    "Of the class “%(name)s”: at most %(n)d projects of one author.",
                    most,
                )
                % {"n": most, "name": localised(dict(each.name))}
            )
    if asked.categories:
        names = ", ".join(
            localised(dict(each.name)) for each in rules.categories if each.id in asked.categories
        )
        lines.append(_("This year only these categories are admitted: %s.") % names)
    if asked.reserve_share:
        lines.append(
            _("The cost includes a reserve: %s of the estimate.") % percent_text(asked.reserve_share)
        )
    return lines


def is_admitted_category(rules: Rules, category: str) -> bool:
    """Whether projects of the category are admitted this year."""
    return not rules.submission.categories or category in rules.submission.categories


def reserve_of(rules: Rules, cost: int) -> int:
    """The reserve that an estimate of this cost keeps, kopiykas, rounded up to a whole one."""
    return -(-cost * rules.submission.reserve_share // 10_000)


def estimate_fault(
    rules: Rules, *, cost: int, items: Sequence[Mapping[str, Any]], currency: str = "UAH"
) -> str:
    """What is wrong with the items of the estimate, where there are any: they and the reserve are the cost."""
    items = [item for item in items if not is_empty(item)]
    if not all(is_complete(item) for item in items):
        return _("Every item of the estimate needs a name, a quantity and a price above zero.")
    total = total_of(items)
    reserve = reserve_of(rules, cost)
    if not items or total == cost - reserve:
        return ""
    if not reserve:
        return _("The items of the estimate do not add up to the cost.")
    if total + reserve > cost:
        sentence = _(
            "The rules ask for a reserve of %(share)s of the estimate, here %(reserve)s. The items come to "
            "%(total)s: with the reserve that is %(over)s more than the cost."
        )
    else:
        sentence = _(
            "The rules ask for a reserve of %(share)s of the estimate, here %(reserve)s. The items come to "
            "%(total)s: %(missing)s of the cost is not explained by any item."
        )
    gap = total + reserve - cost
    return sentence % {
        "share": percent_text(rules.submission.reserve_share),
        "reserve": money_text(reserve, currency), "total": money_text(total, currency),
        "over": money_text(max(gap, 0), currency), "missing": money_text(max(-gap, 0), currency),
    }  # fmt: skip
