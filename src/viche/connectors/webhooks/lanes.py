"""Which contest an entry belongs to: events are told in order within one contest, and one does not wait for another."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from viche.contests.models import Contest
from viche.journal.models import Entry
from viche.projects.models import Project

OF_CONTEST = frozenset({"contest", "ballots"})
OF_PROJECT = frozenset({"project", "support"})


@dataclass(frozen=True)
class Belonging:
    """key: the contest's id, empty for what belongs to none. project, number: the project it is about."""

    key: str = ""
    contest: Contest | None = None
    project: str = ""
    number: int | None = None


def belongings_of(entries: Iterable[Entry]) -> list[tuple[Entry, Belonging]]:
    """The entries with what they belong to, two queries for all of them.

    By the subject; where that is neither a contest nor a project, by the field ``contest`` of the entry.
    """
    entries = list(entries)
    named = [_named(each) for each in entries]
    projects = {
        each.pk: each
        for each in Project.objects.filter(pk__in={each for sort, each in named if sort == "project"}).only(
            "id", "contest_id", "number"
        )
    }
    wanted = {each for sort, each in named if sort == "contest"}
    wanted |= {each.contest_id for each in projects.values()}
    contests = {each.pk: each for each in Contest.objects.filter(pk__in=wanted)}
    return [
        (entry, _belonging(sort, reference, contests, projects))
        for entry, (sort, reference) in zip(entries, named, strict=True)
    ]


def _named(entry: Entry) -> tuple[str, UUID | None]:
    sort, _colon, reference = entry.subject.partition(":")
    if sort in OF_CONTEST:
        return "contest", _uuid(reference)
    if sort in OF_PROJECT:
        return "project", _uuid(reference)
    said = json.loads(entry.leaf)["data"].get("contest", "")
    return "contest", _uuid(said) if isinstance(said, str) else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _belonging(
    sort: str, reference: UUID | None, contests: dict[UUID, Contest], projects: dict[UUID, Project]
) -> Belonging:
    if reference is None:
        return Belonging()
    if sort == "contest":
        # of a contest that was discarded before it began there is nothing but its id
        return Belonging(str(reference), contests.get(reference))
    project = projects.get(reference)
    if project is None:
        return Belonging()
    return Belonging(
        str(project.contest_id), contests.get(project.contest_id), str(project.pk), project.number or None
    )
