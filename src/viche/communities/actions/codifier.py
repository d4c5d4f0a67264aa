"""An edition of the codifier is taken over: territories renamed, moved, merged, added, closed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.utils.translation import gettext as _

from rulebook.canonical import digest
from viche.communities import events
from viche.communities.codifier import planning, search_form
from viche.communities.codifier.planning import Change, Plan, Standing, heir_of
from viche.communities.codifier.reading import Row
from viche.communities.holding import held_by
from viche.communities.latin import latin_form
from viche.communities.models import CodifierEdition, Community, FormerName, Territory
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.journal import actions as journal
from viche.journal.events import Event

MAX_VANISHED = 100
"""So many objects without a successor are no change of an edition but a file that was cut off."""

BATCH = 2000


def codifier_changes(rows: Sequence[Row], *, successors: Mapping[str, str] | None = None) -> list[Change]:
    """What the edition would change, in the order of codes; writes nothing.

    Refused: as apply_codifier, but for what hangs on territories that would close.
    """
    return _plan(rows, successors or {}).changes


def apply_codifier(
    *, rows: Sequence[Row], edition: str, by: Actor, successors: Mapping[str, str] | None = None
) -> list[Change]:
    """Take over an edition of the codifier whole; returns its changes, none where it was taken over before.

    rows: every object of the edition. successors: closed code → code of the object that took its place. An object
    that only got another code is found again by its own number, the last five digits.
    One transaction; locks the table of territories against every other writer and the rows that close against new
    references. Journal, in the logs of the connected bodies concerned: TerritoryAdded, TerritoryRenamed,
    TerritoryRecategorised, TerritoryMoved, TerritoryClosed, TerritoryReopened, CommunityMoved.
    Refused: bad_codifier (parents missing, codes twice, wrong successors), not_whole (a file cut off), in_use
    (fields: what hangs on each territory that would close without a successor, or close under a body of its own).
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE communities_territory IN SHARE ROW EXCLUSIVE MODE")
        made = _plan(rows, successors or {})
        if not made.changes:
            return []
        before = _standings()
        bodies = _bodies_to_move(made, before)
        _refuse_what_is_held(made)
        _write(made, before)
        for body, heir in bodies:
            Community.objects.filter(pk=body.pk).update(territory_id=heir)
        _remember_names(made)
        CodifierEdition.objects.create(
            name=edition, digest=digest([[row.code, row.parent, row.category, row.name] for row in rows]),
            changes=len(made.changes), applied_at=clock.now(),
        )  # fmt: skip
        _journal(made, before, bodies, edition, by)
    return made.changes


def _standings() -> dict[str, Standing]:
    fields = ("code", "parent_id", "category", "name", "closed_at", "successor_id", "path")
    return {
        code: Standing(code, parent or "", category, name, closed is not None, successor or "", path)
        for code, parent, category, name, closed, successor, path in Territory.objects.values_list(*fields)
    }


def _fault_text(fault: str) -> str:
    return {
        "twice": _("stands in the list twice"), "no_parent": _("the object above it is not in the list"),
        "region_missing": _("the region is missing"), "loop": _("it lies in itself"),
        "not_closed": _("it has a successor, but is not closed"),
        "no_successor": _("its successor is not in the list"),
    }[fault]  # fmt: skip


def _plan(rows: Sequence[Row], successors: Mapping[str, str]) -> Plan:
    made = planning.plan(_standings(), rows, successors)
    if made.faults:
        fields: dict[str, list[str]] = defaultdict(list)
        for fault, code in made.faults:
            fields[code].append(f"{code}: {_fault_text(fault)}")
        whole = {fault for fault, _code in made.faults} == {"region_missing"}
        raise Refused(
            "not_whole" if whole else "bad_codifier",
            _("This is not a whole and sound list of the codifier; nothing was changed."),
            fields=fields, status=422,
        )  # fmt: skip
    vanished = [each for each in made.changes if each.kind == planning.CLOSED and not each.after]
    if len(vanished) > MAX_VANISHED:
        raise Refused(
            "not_whole",
            _("%(number)d objects are missing from the list: it seems to be cut off. Nothing was changed.")
            % {"number": len(vanished)},
            status=422,
        )
    return made


def _closing(made: Plan) -> list[Change]:
    return [each for each in made.changes if each.kind == planning.CLOSED]


def _refuse_what_is_held(made: Plan) -> None:
    lost = {each.code for each in _closing(made) if not each.after}
    heirs = {code: each.successor for code, each in made.after.items() if each.successor}
    # what was merged into a territory earlier hangs on it too
    ends = {code: end for code in [*heirs, *lost] if (end := heir_of(code, heirs)) in lost}
    list(Territory.objects.select_for_update().filter(pk__in=ends).values_list("pk"))
    fields: dict[str, list[str]] = defaultdict(list)
    for code, lines in held_by(list(ends)).items():
        fields[code] += [f"{code} {made.after[code].name}: {line}" for line in lines]
    if fields:
        raise Refused(
            "in_use",
            _("Some territories would close while something hangs on them: name their successors."),
            fields=fields,
        )


def _bodies_to_move(made: Plan, before: Mapping[str, Standing]) -> list[tuple[Community, str]]:
    """Bodies whose territory closes with a successor, and that successor. Locks the bodies."""
    heirs = {code: each.successor for code, each in made.after.items() if each.successor}
    closing = {each.code for each in _closing(made) if each.after}
    held = list(Community.objects.select_for_update().filter(territory__in=closing).order_by("code"))
    taken = set(Community.objects.values_list("territory_id", flat=True))
    moved: list[tuple[Community, str]] = []
    fields = {}
    for body in held:
        heir = heir_of(body.territory_id, heirs)
        if heir not in taken:
            taken.add(heir)
            moved.append((body, heir))
        elif body.archived_at is None:
            name = before[body.territory_id].name
            fields[body.territory_id] = [
                _(
                    "%(code)s %(name)s: its body “%(body)s” is connected, and so is that of the successor: archive it"
                )
                % {"code": body.territory_id, "name": name, "body": body}
            ]
    if fields:
        raise Refused("in_use", _("Two connected bodies would become one."), fields=fields)
    return moved


def _write(made: Plan, before: Mapping[str, Standing]) -> None:
    now = clock.now()
    closed_at = dict(Territory.objects.filter(closed_at__isnull=False).values_list("code", "closed_at"))
    fresh, changed = [], []
    for code, after in made.after.items():
        if before.get(code) == after:
            continue
        territory = Territory(
            code=code, parent_id=after.parent or None, category=after.category, name=after.name,
            search_name=search_form(after.name), latin_name=latin_form(after.name), path=after.path,
            closed_at=closed_at.get(code, now) if after.is_closed else None, successor_id=after.successor or None,
        )  # fmt: skip
        (changed if code in before else fresh).append(territory)
    # a parent before its children, and everything new before what moves under it
    Territory.objects.bulk_create(sorted(fresh, key=lambda each: each.path), batch_size=BATCH)
    fields = [
        "parent", "category", "name", "search_name", "latin_name", "path", "closed_at", "successor",
    ]  # fmt: skip
    Territory.objects.bulk_update(changed, fields, batch_size=BATCH)


def _remember_names(made: Plan) -> None:
    """The old name of a renamed object, and that of a closed one for its successor."""
    heirs = {code: each.successor for code, each in made.after.items() if each.successor}
    kept = []
    for change in made.changes:
        if change.kind == planning.RENAMED:
            kept.append((change.code, change.before))
            FormerName.objects.filter(
                territory_id=change.code, search_name=search_form(change.after)
            ).delete()
        elif change.kind == planning.CLOSED and change.after:
            heir = heir_of(change.code, heirs)
            if made.after[heir].name != change.before:
                kept.append((heir, change.before))
    FormerName.objects.bulk_create(
        [
            FormerName(
                territory_id=code, name=name, search_name=search_form(name), latin_name=latin_form(name),
                since=clock.year(),
            )
            for code, name in kept
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _event(change: Change, after: Standing, edition: str) -> Event:
    own = {"code": change.code, "edition": edition}
    if change.kind == planning.ADDED:
        return events.TerritoryAdded(title=after.name, **own)
    if change.kind == planning.RENAMED:
        return events.TerritoryRenamed(before=change.before, after=change.after, **own)
    if change.kind == planning.RECATEGORISED:
        return events.TerritoryRecategorised(
            title=after.name, before=change.before, after=change.after, **own
        )
    if change.kind == planning.MOVED:
        return events.TerritoryMoved(title=after.name, before=change.before, after=change.after, **own)
    if change.kind == planning.CLOSED:
        return events.TerritoryClosed(title=after.name, successor=change.after, **own)
    return events.TerritoryReopened(title=after.name, **own)


def _journal(
    made: Plan,
    before: Mapping[str, Standing],
    bodies: Iterable[tuple[Community, str]],
    edition: str,
    by: Actor,
) -> None:
    """Each change into the logs of the bodies in whose territory it was or is; the log of one that left is closed."""
    here = Community.objects.filter(archived_at__isnull=True)
    logs = dict(here.values_list("territory_id", "code"))
    told: dict[str, list[Event]] = defaultdict(list)
    for body, heir in bodies:
        if body.archived_at is not None:
            continue
        told[body.code].append(events.CommunityMoved(code=body.code, territory=heir, edition=edition))
    for change in made.changes:
        after = made.after[change.code]
        earlier = before[change.code].path if change.code in before else ""
        concerned = {logs[code] for code in f"{earlier}{after.path}".split("/") if code in logs}
        for log in concerned:
            told[log].append(_event(change, after, edition))
    for log, entries in sorted(told.items()):
        journal.append(*entries, community=log, year=clock.year(), by=by)
