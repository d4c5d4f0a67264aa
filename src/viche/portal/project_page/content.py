"""What else a project says: answers to the community's questions and documents. For officials all of it."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from rulebook import lifecycle
from viche.communities.models import localised
from viche.contests.models import Contest
from viche.foundation.numbers import grouped
from viche.portal.contest_page import contest_url
from viche.projects.actions.moves import is_written_by
from viche.projects.estimate import estimate_lines
from viche.projects.models import Project


def answers_of(
    contest: Contest, project: Project, *, is_official: bool = False
) -> list[tuple[str, str, bool]]:
    """(question, answer, whether it is public) of what was answered; private ones for officials and authors only."""
    rows = []
    for question in contest.rules.submission.questions:
        value = project.answers.get(question.id)
        if value is None or not (question.is_public or is_official):
            continue
        if isinstance(value, bool):
            text = _("Yes") if value else _("No")
        elif question.kind == "choice":
            names = {each.id: localised(dict(each.name)) for each in question.options}
            text = names.get(value, str(value))
        else:
            text = grouped(value) if isinstance(value, int) else str(value)
        rows.append((localised(dict(question.name)), text, question.is_public))
    return rows


def documents_of(contest: Contest, project: Project, *, is_official: bool = False) -> list[dict[str, Any]]:
    """The documents with their addresses; private ones for officials and authors only."""
    return [
        {
            "name": each.name, "kind": each.get_kind_display(), "is_public": each.is_public, "pk": each.pk,
            "size": size_text(each.size), "href": contest_url(contest, "project-file", each.pk),
        }
        for each in project.attachments.all()
        if each.is_public or is_official
    ]  # fmt: skip


def size_text(size: int) -> str:
    """Bytes as a person reads them, rounded up."""
    if size < 1_000_000:
        return _("%d KB") % max(1, -(-size // 1000))
    whole, tenth = divmod(-(-size // 100_000), 10)
    return _("%s MB") % (f"{whole},{tenth}" if tenth else str(whole))


def content_of_page(contest: Contest, project: Project, *, is_official: bool) -> dict[str, Any]:
    """All that a project says beside its text, for portal/project/content.html."""
    lines = estimate_lines(project.items)
    has_reserve = bool(lines and contest.rules.submission.reserve_share)
    return {
        "reserve": project.cost - sum(line["sum"] for line in lines) if has_reserve else 0,
        "items": lines, "cost": project.cost, "least_amount": project.least_amount,
        "answers": answers_of(contest, project, is_official=is_official),
        "documents": documents_of(contest, project, is_official=is_official),
        "contact": project.contact if is_official else "",
    }  # fmt: skip


def answers(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    found = answers_of(contest, project)
    return {"answers": found} if found else None


def documents(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    found = documents_of(contest, project)
    return {"documents": found} if found else None


def own(request: HttpRequest, contest: Contest, project: Project) -> dict[str, Any] | None:
    """For its authors: the way to change it, while the procedure lets them."""
    person = request.visitor.person  # type: ignore[attr-defined]
    if person is None or not is_written_by(project, person.pk):
        return None
    move = lifecycle.decide(
        project.state, "edit", roles={lifecycle.AUTHOR}, phases=contest.phases,
        steps=lifecycle.steps_of(contest.rules),
    )  # fmt: skip
    return {"can_edit": isinstance(move, lifecycle.Move)}
