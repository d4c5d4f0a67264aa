"""By which budget codes winners are planned."""

import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook.canonical import digest
from viche.connectors.treasury.events import BudgetLinesSet
from viche.connectors.treasury.guards import treasurer_only
from viche.connectors.treasury.models import BudgetLine, Fund
from viche.connectors.treasury.plans import lines_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal import actions as journal
from viche.projects.delivery import WON
from viche.projects.models import Project


def save_line(
    *, contest: Contest, programme: str, economic: str, fund: str, executor_code: str, executor_title: str,
    category: str = "", project: Project | None = None, by: Actor,
) -> BudgetLine:  # fmt: skip
    """Set the codes of a project, of a category, or (neither) of the whole contest; the last one said counts. Locks the
    contest; journal: BudgetLinesSet. Refused: not_treasurer, archived, bad_line (fields).
    """
    treasurer_only(contest.community, by)
    said = {
        "programme": programme.strip(), "economic": economic.strip(), "fund": fund,
        "executor_code": executor_code.strip(), "executor_title": " ".join(executor_title.split())[:200],
    }  # fmt: skip
    _check(contest, said, category, project)
    with transaction.atomic():
        Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
        line, _is_new = BudgetLine.objects.update_or_create(
            community=contest.community, contest=contest, project=project,
            category="" if project is not None else category, defaults=said,
        )  # fmt: skip
        _record(contest, by)
    return line


def delete_line(*, line: BudgetLine, by: Actor) -> None:
    """Take codes away; locks the contest; journal: BudgetLinesSet. Refused: not_treasurer, archived."""
    contest = line.contest
    treasurer_only(contest.community, by)
    with transaction.atomic():
        Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
        deleted, _tables = BudgetLine.objects.filter(pk=line.pk).delete()
        if deleted:
            _record(contest, by)


def _check(contest: Contest, said: dict[str, str], category: str, project: Project | None) -> None:
    """Refused: bad_line."""
    faults: dict[str, Any] = {}
    if not re.fullmatch(r"[0-9]{7}", said["programme"]):
        faults["programme"] = _("A КПКВК code has seven digits.")
    if not re.fullmatch(r"[0-9]{4}", said["economic"]):
        faults["economic"] = _("A КЕКВ code has four digits.")
    if not re.fullmatch(r"[0-9]{8}", said["executor_code"]):
        faults["executor_code"] = _("The ЄДРПОУ of a body has eight digits.")
    if not said["executor_title"]:
        faults["executor_title"] = _("Name the executor.")
    if said["fund"] not in Fund.values:
        faults["fund"] = _("Choose one of the funds.")
    if category and category not in {each.id for each in contest.rules.categories}:
        faults["category"] = _("The contest has no such category.")
    if project is not None and (project.contest_id != contest.pk or project.state not in WON):
        faults["project"] = _("There is no such winner in this contest.")
    if faults:
        raise Refused("bad_line", _("Some fields need your attention."), fields=faults, status=422)


def _record(contest: Contest, by: Actor) -> None:
    said = [
        [line.category, line.project.number if line.project else 0, line.programme, line.economic, line.fund]
        for line in lines_of(contest)
    ]
    journal.append(
        BudgetLinesSet(contest=str(contest.pk), digest=digest(said)), community=contest.community.code,
        year=clock.year(), by=by,
    )  # fmt: skip
