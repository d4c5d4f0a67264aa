"""A community's register of members: uploaded, looked at, imported as the next version or discarded."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext as _

from viche.communities.models import Community, Territory
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.events import RegisterImported
from viche.identity.models import Membership, Register, RegisterRow, RegisterState, Role
from viche.identity.models.memberships import REGISTER
from viche.identity.register_file import Fault, RegisterRows, read_register
from viche.journal import actions as journal

DRAFTS = timedelta(days=1)
"""How long a draft waits for its confirmation."""


@dataclass(frozen=True)
class Preview:
    """What an import would do. faults: every row that cannot be taken; with one there is no draft."""

    read: int
    draft: Register | None
    faults: list[Fault] = field(default_factory=list)


def _administrator_only(by: Actor, community: Community) -> None:
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )


def _locked(community: Community) -> None:
    """One import of a community at a time."""
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)


def prepare_register(*, community: Community, content: bytes, by: Actor) -> Preview:
    """Read an uploaded register into a draft, in place of an earlier draft; locks the community.

    The file is not kept: its numbers become keyed marks in memory. Where a row is faulty nothing is kept at all.
    Refused: not_administrator, and what read_register refuses.
    """
    _administrator_only(by, community)
    inside = Territory.objects.filter(path__startswith=community.territory.path).order_by("path")
    rows = read_register(content, community=community.code, inside=list(inside))
    with transaction.atomic():
        _locked(community)
        Register.objects.filter(community=community, state=RegisterState.DRAFT).delete()
        if rows.faults:
            return Preview(rows.read, None, rows.faults)
        draft = _store(community, rows, by)
    return Preview(rows.read, draft)


def prepare_register_changes(*, community: Community, put: bytes, withdrawn: bytes, by: Actor) -> Preview:
    """Make a draft of the register in force with rows put in and rows taken out; locks the community.

    put, withdrawn: files as prepare_register reads them, empty for none. A row put in takes the place of the one of
    the same person and basis; withdrawing what is not there changes nothing. Where a row is faulty nothing is kept.
    Refused: not_administrator, nothing_changes, and what read_register refuses.
    """
    _administrator_only(by, community)
    inside = list(Territory.objects.filter(path__startswith=community.territory.path).order_by("path"))
    given, gone = (
        read_register(content, community=community.code, inside=inside) if content else RegisterRows()
        for content in (put, withdrawn)
    )
    faults = [*given.faults, *gone.faults]
    with transaction.atomic():
        _locked(community)
        Register.objects.filter(community=community, state=RegisterState.DRAFT).delete()
        if faults:
            return Preview(given.read + gone.read, None, faults)
        current = Register.objects.filter(community=community, state=RegisterState.CURRENT).first()
        rows = RegisterRow.objects.filter(register=current).values_list("mark", "basis", "territory_id")
        members = {(bytes(mark), basis): territory for mark, basis, territory in rows} if current else {}
        before = dict(members)
        for mark, _territory, basis in gone.members:
            members.pop((mark, basis), None)
        members |= {(mark, basis): territory for mark, territory, basis in given.members}
        if members == before:
            raise Refused("nothing_changes", _("The register says all of this already: nothing was changed."))
        merged = RegisterRows(
            read=given.read + gone.read, is_hashed=given.is_hashed or gone.is_hashed,
            members=[(mark, territory, basis) for (mark, basis), territory in members.items()],
        )  # fmt: skip
        draft = _store(community, merged, by)
    return Preview(merged.read, draft)


def _store(community: Community, rows: RegisterRows, by: Actor) -> Register:
    current = Register.objects.filter(community=community, state=RegisterState.CURRENT).first()
    draft = Register.objects.create(
        community=community, state=RegisterState.DRAFT, rows=len(rows.members), digest=rows.digest,
        is_hashed=rows.is_hashed, based_on=current, uploaded_by_id=by.person_id, uploaded_at=clock.now(),
    )  # fmt: skip
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY identity_registerrow (register_id, mark, territory_id, basis) FROM STDIN") as copy,
    ):
        for mark, code, basis in rows.members:
            copy.write_row((draft.id, mark, code, basis))
    with connection.cursor() as cursor:
        # fresh rows in numbers the planner has never seen: without this it may compare each with each
        cursor.execute("ANALYZE identity_registerrow")
    draft.new, draft.gone = _compared(draft, current)
    draft.save(update_fields=["new", "gone"])
    return draft


def _compared(draft: Register, current: Register | None) -> tuple[int, int]:
    """How many rows are only in the draft, and how many only in the current one."""
    if current is None:
        return draft.rows, 0
    same = RegisterRow.objects.filter(
        register=current, mark=OuterRef("mark"), basis=OuterRef("basis"), territory=OuterRef("territory")
    )
    kept = RegisterRow.objects.filter(Exists(same), register=draft).count()
    return draft.rows - kept, current.rows - kept


def import_register(*, community: Community, digest: str, by: Actor) -> Register:
    """Put the draft in force, whole or not at all; locks the community; journal: RegisterImported.

    digest: of the draft the administrator looked at. The version before loses its rows; memberships it gave end
    where their row is gone, and where a person who was found before stands in another row, that becomes theirs.

    Refused: not_administrator, no_draft (or another one than was looked at), register_changed (a colleague imported
    another version meanwhile).
    """
    _administrator_only(by, community)
    with transaction.atomic():
        _locked(community)
        draft = Register.objects.filter(community=community, state=RegisterState.DRAFT, digest=digest).first()
        if draft is None:
            raise Refused(
                "no_draft", _("There is no such register to confirm: perhaps a colleague did it. Look again.")
            )
        current = Register.objects.filter(community=community, state=RegisterState.CURRENT).first()
        if draft.based_on_id != (current.pk if current else None):
            raise Refused(
                "register_changed",
                _("Another version was imported meanwhile: upload the file again to compare with it."),
            )
        _renew_memberships(community, draft)
        if current is not None:
            RegisterRow.objects.filter(register=current).delete()
            Register.objects.filter(pk=current.pk).update(state=RegisterState.REPLACED)
        highest = (
            Register.objects.filter(community=community).aggregate(highest=Max("number"))["highest"] or 0
        )
        draft.number, draft.state = highest + 1, RegisterState.CURRENT
        draft.imported_by_id, draft.imported_at = by.person_id, clock.now()
        draft.save(update_fields=["number", "state", "imported_by", "imported_at"])
        journal.append(
            RegisterImported(
                register=str(draft.id), version=draft.number, rows=draft.rows, new=draft.new, gone=draft.gone,
                digest=draft.digest,
            ),
            community=community.code, year=clock.year(), by=by,
        )  # fmt: skip
    return draft


def _renew_memberships(community: Community, draft: Register) -> None:
    """End memberships whose row is gone; give people who were found before the rows they now stand in."""
    every = Membership.objects.filter(granted_in=community, source=REGISTER)
    live = every.filter(until__isnull=True)
    people = dict(every.values_list("register_mark", "person_id"))
    people = {bytes(mark): person for mark, person in people.items() if mark is not None}
    row = RegisterRow.objects.filter(
        register=draft,
        mark=OuterRef("register_mark"),
        basis=OuterRef("basis"),
        territory=OuterRef("territory"),
    )
    live.filter(~Exists(row)).update(until=clock.now())
    kept = set(live.values_list("person_id", "territory_id", "basis"))
    found = RegisterRow.objects.filter(register=draft, mark__in=list(people))
    wanted = [
        (people[bytes(mark)], territory, basis, bytes(mark))
        for mark, territory, basis in found.values_list("mark", "territory_id", "basis")
        if (people[bytes(mark)], territory, basis) not in kept
    ]
    Membership.objects.bulk_create(
        [
            Membership(
                person_id=person, territory_id=territory, basis=basis, source=REGISTER,
                evidence="residence-register", granted_in=community, register_mark=mark, since=clock.now(),
            )
            for person, territory, basis, mark in wanted
        ],
        batch_size=2000,
        ignore_conflicts=True,
    )  # fmt: skip


def discard_register(*, community: Community, by: Actor) -> None:
    """Throw the draft away; locks the community. Refused: not_administrator."""
    _administrator_only(by, community)
    with transaction.atomic():
        _locked(community)
        Register.objects.filter(community=community, state=RegisterState.DRAFT).delete()


def delete_old_drafts() -> int:
    """Delete drafts nobody confirmed within a day; how many."""
    limit = clock.now() - DRAFTS
    old = Register.objects.filter(state=RegisterState.DRAFT, uploaded_at__lt=limit)
    number = old.count()
    old.delete()
    return number
