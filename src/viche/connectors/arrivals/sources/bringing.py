"""Bringing what other platforms exported: into a contest of the body, or as a finished contest with its ballots."""

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.communities.models import Community, localised
from viche.connectors.arrivals.events import ProjectsBrought
from viche.connectors.arrivals.models import Bringing, SourceProject
from viche.connectors.arrivals.sources.layouts import FIELDS
from viche.connectors.arrivals.sources.reading import Fault, Reading, SourceRow, read_source, rows_in
from viche.connectors.pabulib.actions import import_election
from viche.contests.models import Contest
from viche.foundation import clock, private_files
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.foundation.tables import Row
from viche.identity.models import Role
from viche.journal import actions as journal
from viche.projects.actions import Draft, record_projects

SHELF = "arrivals"
MOST_BYTES = 30_000_000
LEFT_DAYS = 30
NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True)
class Outlook:
    """What bringing a file would do. rows: (row, NEW, CHANGED or SAME); faults: what forbids it, by row."""

    reading: Reading
    rows: list[tuple[SourceRow, str]]
    faults: list[Fault]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are new, changed, the same, faulty."""
        found = {kind: sum(1 for _row, each in self.rows if each == kind) for kind in (NEW, CHANGED, SAME)}
        return found | {"faulty": len({each.row for each in self.faults})}


def _administrator_only(community: Community, by: Actor) -> None:
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )


def upload_source(*, community: Community, name: str, content: bytes, by: Actor) -> Bringing:
    """Keep a file of another platform until it is brought or discarded; its layout is recognised. No journal entry.

    Refused: not_administrator, and as read_source but for the missing title, which a mapping may still give.
    """
    _administrator_only(community, by)
    if len(content) > MOST_BYTES:
        message = _("The file is larger than 30 MB: divide it.")
        raise Refused("file_too_large", message, fields={"file": message}, status=422)
    layout, columns = "table", {}
    try:
        reading = read_source(content)
        layout, columns = reading.layout.name, dict(reading.columns)
    except Refused as refused:
        if refused.code != "no_title_column":
            raise
    with transaction.atomic():
        bringing = Bringing.objects.create(
            community=community, name=name[-120:], digest=hashlib.sha256(content).hexdigest(), layout=layout,
            columns=columns, uploaded_by_id=by.person_id, uploaded_at=clock.now(),
        )  # fmt: skip
        private_files.keep(bringing.pk, content, shelf=SHELF)
    return bringing


def map_columns(*, bringing: Bringing, columns: Mapping[str, int], by: Actor) -> Bringing:
    """Say what the columns hold; locks the row. Refused: not_administrator, already_ended, bad_columns."""
    _administrator_only(bringing.community, by)
    with transaction.atomic():
        held = _held(bringing)
        used = {field: place for field, place in columns.items() if field in FIELDS and place >= 0}
        if "title" not in used or len(set(used.values())) != len(used):
            message = (
                _("No column holds the title: say which one does.")
                if "title" not in used
                else _("Two columns hold the same: choose one.")
            )
            raise Refused("bad_columns", message, fields={"columns": message}, status=422)
        held.columns = used
        held.save(update_fields=["columns"])
    return held


def _held(bringing: Bringing) -> Bringing:
    held = Bringing.objects.select_for_update(of=("self",)).select_related("community").get(pk=bringing.pk)
    if held.state != Bringing.State.OPEN:
        raise Refused("already_ended", _("This file was brought or discarded already."))
    return held


def content_of(bringing: Bringing) -> bytes:
    """The file. Refused: already_ended."""
    content = private_files.content_of(bringing.pk, shelf=SHELF)
    if content is None:
        raise Refused("already_ended", _("This file was brought or discarded already."))
    return content


def outlook(*, bringing: Bringing, contest: Contest | None) -> Outlook:
    """What bringing the file would do in a contest (None: as a finished contest of its own); nothing is written."""
    reading = read_source(content_of(bringing), layout=bringing.layout, columns=bringing.columns)
    faults = list(reading.faults)
    if contest is None:
        faults += [_no_cost(reading, row) for row in reading.rows if not row.cost]
        return Outlook(reading, [(row, NEW) for row in reading.rows], faults)
    known = dict(
        SourceProject.objects.filter(contest=contest, platform=reading.layout.name).values_list(
            "source_id", "digest"
        )
    )
    rows = []
    for row in reading.rows:
        before = known.get(row.source_id)
        kind = NEW if before is None else SAME if before == row.digest else CHANGED
        rows.append((row, kind))
        if kind == NEW:
            faults += _contest_faults(contest, reading, row)
    return Outlook(reading, rows, sorted(faults, key=lambda each: each.row))


def _at(reading: Reading, row: SourceRow, name: str, text: str) -> Fault:
    place = reading.columns.get(name)
    return Fault(row.row, reading.headings[place] if place is not None else "", text)


def _no_cost(reading: Reading, row: SourceRow) -> Fault:
    return _at(reading, row, "cost", _("The cost is missing."))


def _contest_faults(contest: Contest, reading: Reading, row: SourceRow) -> list[Fault]:
    """What the rules of the contest do not let in."""
    if not row.cost:
        return [_no_cost(reading, row)]
    faults, rules = [], contest.rules
    category = category_of(contest, row.category)
    if rules.categories and not category:
        names = "; ".join(localised(each.name) for each in rules.categories)
        faults.append(
            _at(reading, row, "category", _("The contest has no such category. It has: %s") % names)
        )
    size = rules.size_class_of(row.cost)
    if rules.size_classes and size is None:
        faults.append(_at(reading, row, "cost", _("No kind of project in the regulation has this cost.")))
    elif rules.pot_of(size_class=size.id if size else None, category=category or None) is None:
        faults.append(_at(reading, row, "cost", _("No part of the budget pays for a project of this kind.")))
    return faults


def category_of(contest: Contest, said: str) -> str:
    """The id of the category that a file means by its id or by its name in any language; "" for none."""
    wanted = said.strip().casefold()
    for each in contest.rules.categories:
        if wanted in {each.id.casefold(), *(name.casefold() for name in dict(each.name).values())}:
            return str(each.id)
    return ""


def _may_take(contest: Contest) -> None:
    """Refused: rules_not_frozen, voting_began."""
    if contest.origin or not contest.is_frozen:
        raise Refused(
            "rules_not_frozen", _("The rules of the contest are not frozen yet: projects need them.")
        )
    voting = contest.window("voting")
    if voting is not None and voting.starts_at <= clock.now():
        raise Refused("voting_began", _("The voting has begun: the list of projects stays as it is."))


def bring_projects(*, bringing: Bringing, contest: Contest, by: Actor) -> dict[str, int]:
    """Take the projects of a file into a contest of the body before its voting, as admitted elsewhere; all or none.

    Each is known by its number at the source: brought again it is no second project, and one that is in the contest
    is not touched. Votes of the file are left out: only a finished contest has them. Locks file and contest; journal:
    ProjectSubmitted and ProjectAdmitted for each, ProjectsBrought. Refused: not_administrator, already_ended,
    other_body, rules_not_frozen, voting_began, bad_rows (with the number of faulty rows).
    """
    _administrator_only(bringing.community, by)
    if contest.community_id != bringing.community_id:
        raise Refused("other_body", _("The contest is of another body."), status=404)
    try:
        with transaction.atomic():
            held = _held(bringing)
            Contest.objects.select_for_update().get(pk=contest.pk)
            _may_take(contest)
            found = outlook(bringing=held, contest=contest)
            _refuse_faults(found)
            fresh = [row for row, kind in found.rows if kind == NEW]
            projects = record_projects(contest=contest, drafts=[_draft(contest, row) for row in fresh], by=by)
            _remember(contest, found.reading.layout.name, zip(fresh, projects, strict=True))
            counts = found.counts
            event = ProjectsBrought(
                contest=str(contest.pk),
                layout=found.reading.layout.name,
                number=len(fresh),
                digest=held.digest,
            )
            journal.append(event, community=held.community.code, year=clock.year(), by=by)
            _end(held, contest, counts)
    except IntegrityError:
        raise Refused("already_ended", _("Somebody has brought these projects at the same moment.")) from None
    private_files.forget(bringing.pk, shelf=SHELF)
    return counts


def _refuse_faults(found: Outlook) -> None:
    faulty = found.counts["faulty"]
    if faulty:
        message = ngettext(
            "%d row has faults: correct the file and upload it again.",
            "%d rows have faults: correct the file and upload it again.",
            faulty,
        )
        raise Refused("bad_rows", message % faulty, status=422)


def _remember(contest: Contest, platform: str, pairs: object) -> None:
    now = clock.now()
    SourceProject.objects.bulk_create(
        SourceProject(
            contest=contest, platform=platform, source_id=row.source_id, project=project, url=row.url,
            digest=row.digest, brought_at=now,
        )
        for row, project in pairs  # type: ignore[attr-defined]
    )  # fmt: skip


def _end(held: Bringing, contest: Contest | None, counts: dict[str, int]) -> None:
    held.contest, held.counts = contest, counts
    held.state = Bringing.State.DONE if contest is not None else Bringing.State.DISCARDED
    held.ended_at = clock.now()
    held.save(update_fields=["contest", "counts", "state", "ended_at"])


def discard_source(*, bringing: Bringing, by: Actor) -> None:
    """Delete an uploaded file; nothing was brought. Locks the row. Refused: not_administrator, already_ended."""
    _administrator_only(bringing.community, by)
    with transaction.atomic():
        _end(_held(bringing), None, {})
    private_files.forget(bringing.pk, shelf=SHELF)


def _draft(contest: Contest, row: SourceRow) -> Draft:
    return Draft(
        title=row.title, summary=row.summary, text=row.text, category=category_of(contest, row.category),
        territory=contest.community.territory, cost=row.cost or 0, place_name=row.place, latitude=row.latitude,
        longitude=row.longitude, author_name=row.author,
    )  # fmt: skip


@dataclass(frozen=True)
class Votes:
    """The ballots of a finished contest: by the voter's pseudonym, the projects chosen; first and last day."""

    ballots: Mapping[str, tuple[str, ...]]
    begins: date
    ends: date


def read_votes(content: bytes, known: set[str]) -> tuple[Votes, list[Fault]]:
    """The table "votings" of resolution 835: projectUid, voterID, voteDate; a row is one choice of one voter.

    Refused: no_votes (no such columns, no row), and as open_table.
    """
    headings, rows = rows_in(content)
    there = {re.sub(r"\s", "", each).lower(): place for place, each in enumerate(headings)}
    if not {"projectuid", "voterid", "votedate"} <= there.keys():
        message = _("The file of votes needs the columns projectUid, voterID and voteDate.")
        raise Refused("no_votes", message, fields={"votes": message}, status=422)
    faults: list[Fault] = []
    ballots: dict[str, list[str]] = {}
    days: set[date] = set()
    for row in rows:
        project, voter, day = (
            row.cell(there[name]).strip() for name in ("projectuid", "voterid", "votedate")
        )
        fault = _vote_fault(row, project, voter, day, known, ballots)
        if fault is not None:
            faults.append(fault)
            continue
        ballots.setdefault(voter, []).append(project)
        days.add(date.fromisoformat(day[:10]))
    if not days and not faults:
        message = _("There is no row in the file.")
        raise Refused("no_votes", message, fields={"votes": message}, status=422)
    first, last = (min(days), max(days)) if days else (date.min, date.min)
    return Votes({voter: tuple(sorted(chosen)) for voter, chosen in ballots.items()}, first, last), faults


def _vote_fault(
    row: Row, project: str, voter: str, day: str, known: set[str], ballots: Mapping[str, list[str]]
) -> Fault | None:
    if project not in known:
        return Fault(row.number, "projectUid", _("No project of the file has this number."))
    if not voter:
        return Fault(row.number, "voterID", _("The mark of the voter is missing."))
    try:
        date.fromisoformat(day[:10])
    except ValueError:
        return Fault(row.number, "voteDate", _("This is no date, as 2026-05-31."))
    if project in ballots.get(voter, ()):
        return Fault(row.number, "projectUid", _("This voter has chosen this project already."))
    return None


def bring_finished(
    *, bringing: Bringing, votes: bytes, title: str, budget: int, by: Actor
) -> tuple[Contest | None, list[Fault]]:
    """Make a finished, counted and published contest of a file of projects and the table of its votes.

    budget: kopiykas, one sum for all. Counted by votes in their order while the money lasts; at most as many choices
    as a ballot of the file has. by: another administrator than the one who uploaded the file. All or nothing, one
    transaction (pabulib.import_election); what was brought so already changes nothing. Returns the contest, or None
    and the faults of the votes by row. Refused: as bring_projects, same_person, no_votes, bad_budget, no_title,
    bad_file.
    """
    _administrator_only(bringing.community, by)
    if by.person_id is not None and by.person_id == bringing.uploaded_by_id:
        raise Refused(
            "same_person", _("You uploaded the file: another administrator publishes it as a finished contest."),
            status=403,
        )  # fmt: skip
    if budget < 1:
        message = _("Name the sum that was voted on.")
        raise Refused("bad_budget", message, fields={"budget": message}, status=422)
    if not title.strip():
        message = _("Name the contest.")
        raise Refused("no_title", message, fields={"title": message}, status=422)
    found = outlook(bringing=bringing, contest=None)
    _refuse_faults(found)
    rows = {row.source_id: row for row, _kind in found.rows}
    cast, faults = read_votes(votes, set(rows))
    if faults:
        return None, faults
    content = _as_pabulib(rows, cast, title.strip()[:200], budget)
    community = bringing.community
    told = {
        row.source_id: {
            "summary": row.summary,
            "text": row.text,
            "author_name": row.author,
            "place_name": row.place,
        }
        for row in rows.values()
    }
    layout = found.reading.layout
    with transaction.atomic():
        held = _held(bringing)
        imported = import_election(content=content, community=community, source=str(layout.title), told=told)
        if imported.is_new:
            projects = {each.code: each for each in imported.contest.projects.all()}
            _remember(imported.contest, layout.name, [(row, projects[code]) for code, row in rows.items()])
            event = ProjectsBrought(
                contest=str(imported.contest.pk), layout=layout.name, number=len(rows), digest=held.digest
            )
            journal.append(event, community=community.code, year=clock.year(), by=by)
        _end(held, imported.contest, {**found.counts, "ballots": len(cast.ballots)})
    private_files.forget(bringing.pk, shelf=SHELF)
    return imported.contest, []


def _as_pabulib(rows: Mapping[str, SourceRow], cast: Votes, title: str, budget: int) -> bytes:
    """The election in Pabulib's format: the same words give the same bytes, so that it is never brought twice."""
    text = io.StringIO()
    out = csv.writer(text, delimiter=";", lineterminator="\n")
    most = max(len(chosen) for chosen in cast.ballots.values())
    meta = {
        "description": title, "country": "Ukraine", "unit": title, "instance": str(cast.ends.year),
        "num_projects": len(rows), "num_votes": len(cast.ballots), "budget": _hryvnias(budget),
        "vote_type": "approval", "rule": "greedy", "currency": "UAH", "min_length": 1, "max_length": most,
        "date_begin": f"{cast.begins:%d.%m.%Y}", "date_end": f"{cast.ends:%d.%m.%Y}",
    }  # fmt: skip
    out.writerows([["META"], ["key", "value"], *meta.items(), ["PROJECTS"]])
    out.writerow(["project_id", "cost", "name", "category", "latitude", "longitude"])
    for code, row in rows.items():
        plain = replace(row, title=" ".join(row.title.split()), category=" ".join(row.category.split())[:200])
        out.writerow(
            [
                code,
                _hryvnias(row.cost or 0),
                plain.title,
                plain.category,
                row.latitude or "",
                row.longitude or "",
            ]
        )
    out.writerows([["VOTES"], ["voter_id", "vote"]])
    out.writerows([voter, ",".join(chosen)] for voter, chosen in sorted(cast.ballots.items()))
    return text.getvalue().encode()


def _hryvnias(kopiykas: int) -> str:
    whole, part = divmod(kopiykas, 100)
    return f"{whole}.{part:02d}" if part else str(whole)


def end_left_files() -> int:
    """Delete uploaded files that nobody brought for a month; how many."""
    left = Bringing.objects.filter(
        state=Bringing.State.OPEN, uploaded_at__lt=clock.now() - timedelta(days=LEFT_DAYS)
    )
    gone = 0
    for bringing in left:
        with transaction.atomic():
            _end(_held(bringing), None, {})
        private_files.forget(bringing.pk, shelf=SHELF)
        gone += 1
    return gone
