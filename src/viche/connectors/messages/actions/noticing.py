"""From the journal to notices, each exactly once."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_noop

from viche.communities.models import Community
from viche.connectors.messages.actions.items import queue_items
from viche.connectors.messages.actions.reminding import holders
from viche.connectors.messages.models import Cursor, Follow, Notice, Why
from viche.connectors.messages.relevance import PUBLISHING, Row, row_of
from viche.connectors.messages.searches import filters_from, words_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.journal.models import Entry, Log
from viche.journal.queries import entries_after
from viche.projects.models import Project, TeamMember
from viche.projects.queries import found_projects

BATCH = 500
# what is older is history, not news: a log taken over from elsewhere, a worker that stood still for long
KEPT = timedelta(days=366)
SENT_AFTER = timedelta(days=14)
FITS = gettext_noop("A new project fits your search")
FITS_WORDS = gettext_noop("A new project fits your search “%(search)s”")


def make_notices() -> int:
    """Turn entries not looked at yet into notices; how many were made.

    Of each log a batch in one transaction, with the log's cursor locked: two workers take turns, and what a crash
    undoes is read again. Only sequenced entries are read, so none is passed over.
    """
    waiting = Log.objects.filter(
        Q(notices_cursor__isnull=True, size__gt=0) | Q(notices_cursor__next_index__lt=F("size"))
    )
    made = 0
    for log in waiting:
        Cursor.objects.bulk_create([Cursor(log=log)], ignore_conflicts=True)
        more = True
        while more:
            number, more = _read_batch(log)
            made += number
    return made


def _read_batch(log: Log) -> tuple[int, bool]:
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().get(log=log)
        entries = list(entries_after(log, cursor.next_index, BATCH))
        if not entries:
            return 0, False
        made = _Batch(entries).notices()
        Notice.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
        fresh = {each.pk for each in made if each.at >= clock.now() - SENT_AFTER}
        written = Notice.objects.filter(pk__in=fresh).select_related("project", "contest")
        queue_items(notices=list(written))
        cursor.next_index = (entries[-1].index or 0) + 1
        cursor.save(update_fields=["next_index"])
    return len(made), len(entries) == BATCH


@dataclass
class _Told:
    why: str
    is_task: bool = False
    is_urgent: bool = False
    page: str = ""


@dataclass
class _Batch:
    """Entries, and all that is known about what they are about, read together."""

    entries: list[Entry]
    projects: dict[str, Project] = field(default_factory=dict)
    contests: dict[str, Contest] = field(default_factory=dict)
    writers: dict[UUID, set[UUID]] = field(default_factory=dict)
    follows: list[Follow] = field(default_factory=list)
    staff: dict[UUID, list[tuple[str, UUID, bool]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        subjects = {each.subject for each in self.entries if each.kind != "BallotSealed"}
        related = ("contest__community__territory",)
        projects = Project.objects.filter(pk__in=_ids(subjects, "project:")).select_related(*related)
        self.projects = {str(each.pk): each for each in projects}
        contests = Contest.objects.filter(pk__in=_ids(subjects, "contest:")).select_related(
            "community__territory"
        )
        self.contests = {str(each.pk): each for each in contests}
        bodies = {each.contest.community_id for each in projects} | {each.community_id for each in contests}
        if not bodies:
            return
        for project in projects:
            self.writers[project.pk] = {project.author_id} - {None}  # type: ignore[arg-type]
        team = TeamMember.objects.filter(
            project__in=projects, state=TeamMember.State.CONFIRMED, person__isnull=False
        )
        for project_id, person_id in team.values_list("project_id", "person_id"):
            self.writers[project_id].add(person_id)
        # only what these entries can concern: a body may be followed by everybody in it
        wanted = Q(project__in=projects) | Q(contest__in=contests, project__isnull=True, is_search=False)
        if PUBLISHING & {each.kind for each in self.entries}:
            wanted |= Q(contest__in={each.contest_id for each in projects}, is_search=True)
        if any(row_of(each.kind).body for each in self.entries):
            wanted |= Q(community__in=bodies, contest__isnull=True, project__isnull=True)
        self.follows = list(Follow.objects.filter(wanted))

    def notices(self) -> list[Notice]:
        found = []
        for entry in self.entries:
            kind, _colon, reference = entry.subject.partition(":")
            if kind == "project" and (project := self.projects.get(reference)):
                found += self._of_project(entry, project)
            elif kind == "contest" and (contest := self.contests.get(reference)):
                found += self._of_contest(entry, contest)
        return found

    def _of_project(self, entry: Entry, project: Project) -> Iterable[Notice]:
        row, told, moment = row_of(entry.kind), dict[UUID, _Told](), _moment(entry)
        muted = {each.person_id for each in self.follows if each.project_id == project.pk and each.is_muted}
        if row.followers and project.is_public:
            for each in self.follows:
                if each.project_id == project.pk and not each.is_muted and each.since <= moment:
                    told[each.person_id] = _Told(Why.PROJECT, is_urgent=row.is_urgent)
        must = project.state in row.task
        if row.authors or must:
            for person in self.writers[project.pk]:
                if must or person not in muted:
                    told[person] = _Told(Why.AUTHOR, is_task=must, is_urgent=must or row.is_urgent)
        if row.roles and (not row.while_in or project.state in row.while_in):
            self._tell_officials(told, project.contest.community, row)
        yield from self._written(entry, told, project.contest.community, project.contest, project)
        if entry.kind in PUBLISHING and project.is_public:
            yield from self._of_searches(
                entry, project, set(told) | {_actor(entry)} | self.writers[project.pk]
            )

    def _of_contest(self, entry: Entry, contest: Contest) -> Iterable[Notice]:
        row, told, moment = row_of(entry.kind), dict[UUID, _Told](), _moment(entry)
        if contest.is_frozen:
            for each in self.follows:
                if each.since > moment or each.is_search or each.project_id:
                    continue
                if each.contest_id == contest.pk and row.followers:
                    told[each.person_id] = _Told(Why.CONTEST, is_urgent=row.is_urgent)
                elif each.contest_id is None and each.community_id == contest.community_id and row.body:
                    told.setdefault(each.person_id, _Told(Why.BODY, is_urgent=row.is_urgent))
            if row.authors and row.is_urgent:
                for person in self._entrants(contest, moment):
                    told.setdefault(person, _Told(Why.ENTRANT, is_urgent=True))
        if row.roles:
            self._tell_officials(told, contest.community, row)
        yield from self._written(entry, told, contest.community, contest, None)

    def _entrants(self, contest: Contest, moment: datetime) -> set[UUID]:
        mine = Project.objects.filter(contest=contest, submitted_at__lte=moment)
        authors = mine.filter(author__isnull=False).values_list("author", flat=True)
        team = TeamMember.objects.filter(
            project__in=mine, state=TeamMember.State.CONFIRMED, person__isnull=False
        ).values_list("person", flat=True)
        return set(authors) | set(team)

    def _of_searches(self, entry: Entry, project: Project, passed: set[Any]) -> Iterable[Notice]:
        """One notice a person, however many of their searches fit; none to who is told of the entry anyway."""
        wanted: dict[str, list[UUID]] = {}
        for each in self.follows:
            is_old = each.is_search and each.since <= _moment(entry)
            if is_old and each.contest_id == project.contest_id and each.person_id not in passed:
                wanted.setdefault(each.query, []).append(each.person_id)
        done: set[UUID] = set()
        for query, people in wanted.items():
            if done >= set(people):
                continue
            if not found_projects(project.contest, filters_from(query)).filter(pk=project.pk).exists():
                continue
            search = words_of(query)
            words = (
                {"text": FITS_WORDS, "values": {"search": search}} if search else {"text": FITS, "values": {}}
            )
            for person in set(people) - done:
                done.add(person)
                yield Notice(
                    person_id=person, key=f"search:{project.pk}", kind="SearchFits", words=words,
                    community=project.contest.community, contest=project.contest, project=project,
                    why=Why.SEARCH, at=_moment(entry),
                )  # fmt: skip

    def _tell_officials(self, told: dict[UUID, _Told], community: Community, row: Row) -> None:
        """Those who hold the office in the body itself; those of the bodies above where it has none of its own."""
        for person in holders(community, row.roles, self.staff):
            told[person] = _Told(Why.OFFICE, is_task=True, is_urgent=True, page=row.page)

    def _written(
        self,
        entry: Entry,
        told: dict[UUID, _Told],
        community: Community,
        contest: Contest,
        project: Project | None,
    ) -> Iterable[Notice]:
        moment = _moment(entry)
        if moment < clock.now() - KEPT:
            return
        told.pop(_actor(entry), None)  # type: ignore[arg-type]
        for person, each in told.items():
            yield Notice(
                person_id=person, key=f"entry:{entry.pk}", entry=entry, kind=entry.kind, community=community,
                contest=contest, project=project, why=each.why, page=each.page, is_task=each.is_task,
                is_urgent=each.is_urgent, at=moment,
            )  # fmt: skip


def _ids(subjects: set[str], start: str) -> list[str]:
    return [each.removeprefix(start) for each in subjects if each.startswith(start)]


def _moment(entry: Entry) -> datetime:
    return entry.recorded_at or clock.now()


def _actor(entry: Entry) -> UUID | None:
    """Who did it: nobody is told of their own act."""
    by = json.loads(entry.leaf).get("by") or {}
    return UUID(by["reference"]) if by.get("kind") in {"person", "official"} else None
