"""What documents say: official letters are written in Ukrainian, whoever reads the page in whatever language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.foundation.money import money_text
from viche.projects.models import Delivery, Project
from viche.results.models import Publication
from viche.review.models import AgendaItem, Assignment, Decision, Meeting, Opinion
from viche.review.queries import stages_of


@dataclass(frozen=True)
class Written:
    """A document before it has a number. lines: its paragraphs."""

    contest: Contest
    project: Project | None
    title: str
    addressee: str
    lines: tuple[str, ...]


def _in_ukrainian(write: Callable[[Any], Written | None]) -> Callable[[Any], Written | None]:
    @wraps(write)
    def written(row: Any) -> Written | None:
        with override("uk"):
            return write(row)

    return written


@_in_ukrainian
def answer(decision: Decision) -> Written | None:
    """The answer to the author; None for a stage that others follow, and for a project without an author here."""
    project = decision.project
    if decision.verdict == "admit" and not _is_last(project.contest, decision.stage):
        return None
    said = {
        "admit": _("The project is admitted to the vote."),
        "admit-with-correction": _("The project is admitted on conditions."),
        "return": _("The project is returned for changes."),
        "reject": _("The project is not admitted to the vote."),
    }[decision.verdict]
    lines = [_about(project), said]
    if decision.reason:
        lines += [_("Reasons: %s") % decision.reason]
    if decision.conditions:
        lines += [_("Conditions: %s") % decision.conditions]
    if decision.due_on:
        lines += [_("Please answer by %s.") % _day(decision.due_on)]
    lines += [_("Decided on %s.") % _day(decision.decided_at)]
    if decision.protocol:
        lines += [_("Protocol: %s") % decision.protocol]
    if decision.verdict == "reject" and project.contest.rules.appeal is not None:
        lines += [_("The decision may be appealed against as the rules of the contest say.")]
    title = _("On project No. %(number)s “%(title)s”") % {"number": project.number, "title": project.title}
    return _letter(project, title, project.author_name or _("The author of the project"), lines)


@_in_ukrainian
def request(assignment: Assignment) -> Written | None:
    """The request for an opinion."""
    project = assignment.project
    lines = [
        _about(project), _("Please look at the project and give your opinion on it."), project.summary,
        _("Estimated cost: %s") % _money(project.contest, project.cost),
    ]  # fmt: skip
    if assignment.due_on:
        lines += [_("Please answer by %s.") % _day(assignment.due_on)]
    title = _("Request for an opinion on project No. %s") % project.number
    return _letter(project, title, assignment.unit, lines)


@_in_ukrainian
def opinion(given: Opinion) -> Written | None:
    """The opinion of a department."""
    project = given.assignment.project
    lines = [
        _about(project), _("Department: %s") % given.assignment.unit,
        _("Conclusion: %s") % given.get_conclusion_display(),
    ]  # fmt: skip
    if given.reasons:
        lines += given.reasons.splitlines()
    if given.corrected_cost is not None:
        lines += [_("Cost as corrected: %s") % _money(project.contest, given.corrected_cost)]
    lines += [_("Given on %s.") % _day(given.given_at)]
    title = _("Opinion on project No. %s") % project.number
    return _letter(project, title, _("The commission of the contest"), lines)


@_in_ukrainian
def protocol(meeting: Meeting) -> Written | None:
    """The protocol of a meeting as it was approved."""
    said = meeting.protocol or {}
    lines = [meeting.contest.name, _("Held on %s.") % _day(meeting.opened_at or meeting.starts_at)]
    present = [each["name"] for each in said.get("attendance", []) if each["present"]]
    lines += [_("Present: %s") % ", ".join(present), _("Quorum: %s") % said.get("quorum", "")]
    for item in said.get("items", []):
        lines.append(
            _("%(position)s. Project No. %(number)s “%(title)s”: %(verdict)s – %(result)s")
            % {
                "position": item["position"], "number": item["project"]["number"], "title": item["project"]["title"],
                "verdict": AgendaItem.Verdict(item["verdict"]).label, "result": AgendaItem.State(item["result"]).label,
            }
        )  # fmt: skip
        totals = item["totals"]
        lines.append(
            _("For %(for)s, against %(against)s, abstained %(abstained)s, recused %(recused)s.") % totals
        )
        if item["reason"]:
            lines.append(_("Reasons: %s") % item["reason"])
    lines += [_("Chair: %s") % said.get("chair", ""), _("Secretary: %s") % said.get("secretary", "")]
    lines += [_("SHA-256 of the protocol: %s") % meeting.digest]
    title = _("Protocol No. %(number)s of the commission") % {"number": meeting.number}
    return Written(meeting.contest, None, title, meeting.contest.community.title, _clean(lines))


@_in_ukrainian
def result(publication: Publication) -> Written | None:
    """The result of a contest: who won, with what cost, and both hashes of the count."""
    contest, count = publication.contest, publication.count
    winners = Project.objects.filter(contest=contest, code__in=count.outcome["funded"]).order_by("number")
    lines = [contest.name, _("The result was published on %s.") % _day(publication.published_at)]
    lines += [
        _("No. %(number)s “%(title)s”: %(cost)s")
        % {"number": each.number, "title": each.title, "cost": _money(contest, each.cost)}
        for each in winners
    ]
    total = sum(each.cost for each in winners)
    lines += [
        _("Winners: %(number)s, %(total)s in all.") % {"number": len(winners), "total": _money(contest, total)},
        _("Counting rule: %s") % count.rule, _("SHA-256 of the dossier: %s") % count.dossier_digest,
        _("SHA-256 of the outcome: %s") % count.outcome_digest,
    ]  # fmt: skip
    title = _("Protocol of the result: %s") % contest.name
    return Written(contest, None, title[:300], contest.community.title, _clean(lines))


@_in_ukrainian
def order(work: Delivery) -> Written | None:
    """The letter to the unit that implements a winner."""
    project = work.project
    lines = [
        _about(project), _("The project has won and is to be implemented."),
        _("Planned cost: %s") % _money(project.contest, work.plan_cost),
        _("Term: %(first)s – %(last)s") % {"first": _day(work.starts_on), "last": _day(work.due_on)},
    ]  # fmt: skip
    title = _("On implementing project No. %s") % project.number
    return _letter(project, title, work.responsible_unit, lines)


def _letter(project: Project, title: str, addressee: str, lines: list[str]) -> Written:
    short = title if len(title) <= 300 else f"{title[:299]}…"
    return Written(project.contest, project, short, addressee[:300], _clean(lines))


def _clean(lines: list[str]) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in lines if line.strip())


def _about(project: Project) -> str:
    return _("Project No. %(number)s “%(title)s”, %(contest)s") % {
        "number": project.number, "title": project.title, "contest": project.contest.name,
    }  # fmt: skip


def _is_last(contest: Contest, stage: str) -> bool:
    stages = stages_of(contest)
    return not stages or stages[-1].id == stage


def _day(moment: date | datetime | None) -> str:
    if moment is None:
        return ""
    day = moment.astimezone(KYIV).date() if isinstance(moment, datetime) else moment
    return date_format(day, "j E Y")


def _money(contest: Contest, amount: int) -> str:
    return money_text(amount, contest.currency)
