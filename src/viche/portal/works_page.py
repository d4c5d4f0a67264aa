"""What pages about the implementation of winners show, for one contest and for a body over the years."""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from viche.contests.models import Contest
from viche.portal.contest_page import contest_url
from viche.projects.delivery import next_step, standing_of, works_of
from viche.projects.models import Delivery, Photograph, Project, State

KINDS = {
    State.FUNDED: "info", State.IN_PROGRESS: "accent", State.IMPLEMENTED: "success", State.CANCELLED: "danger",
}  # fmt: skip


def stall_days(contest: Contest) -> int | None:
    """After how many days without movement the rules call a work stalled."""
    plan = contest.rules.implementation
    return plan.stall_days if plan is not None else None


def work_row(project: Project) -> dict[str, Any]:
    """One winner in a list: its state, its term, how far it is. The delivery is read along where there is one."""
    contest = project.contest
    delivery: Delivery | None = getattr(project, "delivery", None)
    row: dict[str, Any] = {
        "project": project, "delivery": delivery, "kind": KINDS[State(project.state)],
        "href": contest_url(contest, "project", project.number), "standing": None, "next": None,
    }  # fmt: skip
    if delivery is not None:
        row["standing"] = standing_of(delivery, state=project.state, stall_days=stall_days(contest))
        row["next"] = next_step(delivery) if project.state == State.IN_PROGRESS else None
    return row


def work_rows(contest: Contest, *, by_urgency: bool = False) -> list[dict[str, Any]]:
    """The winners of a contest. by_urgency: late and stalled works first, then those not begun, then the rest."""
    rows = []
    for project in works_of(contest):
        project.contest = contest
        rows.append(work_row(project))
    return sorted(rows, key=_urgency) if by_urgency else rows


def card_of(row: dict[str, Any], *, with_contest: bool = False) -> dict[str, Any]:
    """The row with what its card shows beside it: the photograph of what was built in words."""
    project: Project = row["project"]
    cover = project.cover
    standing, delivery = row["standing"], row["delivery"]
    note = ""
    if delivery is not None and project.state == State.IMPLEMENTED and delivery.accepted_on:
        note = _("Accepted on %s") % date_format(delivery.accepted_on, "j E Y")
    elif delivery is not None and project.state == State.IN_PROGRESS:
        note = _("To be done by %s") % date_format(delivery.due_on, "j E Y")
        if standing.planned:
            note += f" · {standing.percent}%"
    tags = [(project.get_state_display(), row["kind"])]
    if with_contest:
        tags.append((str(project.contest.year), "neutral"))
    return {
        **row, "tags": tags, "note": note, "picture": cover.image.url if cover else "",
        "picture_alt": cover.alt if cover else "", "place": project.place_name or project.territory.full_name,
    }  # fmt: skip


def _urgency(row: dict[str, Any]) -> tuple[int, int, int]:
    project, standing = row["project"], row["standing"]
    if standing is not None and standing.late_days:
        return 0, -standing.late_days, project.number
    if standing is not None and standing.is_stalled:
        return 1, -standing.still_days, project.number
    order = {State.FUNDED: 2, State.IN_PROGRESS: 3, State.IMPLEMENTED: 4, State.CANCELLED: 5}
    return order[State(project.state)], 0, project.number


def in_order(photographs: Iterable[Photograph]) -> list[Photograph]:
    """Before, during, after: so that what has changed stands side by side."""
    order = list(Photograph.Moment)
    return sorted(photographs, key=lambda each: (order.index(Photograph.Moment(each.moment)), each.taken_on))
