"""Statements read: what is new becomes proposals, what is known stays as it is, what is wrong is said by its row."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.systems.models import System
from viche.connectors.treasury.guards import treasurer_only
from viche.connectors.treasury.matching import matched, works_of
from viche.connectors.treasury.models import Payment, Statement
from viche.connectors.treasury.reading import (
    FIELDS,
    NEEDED,
    Read,
    RowFault,
    columns_of,
    payment_of,
    rows_of,
)
from viche.connectors.treasury.system import payments_between
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.clock import KYIV
from viche.foundation.refused import Refused
from viche.foundation.tables import Row, Stored, open_table

MOST_ROWS = 100_000
LONGEST_PERIOD = timedelta(days=366)


def import_statement(
    *, community: Community, content: bytes, title: str, columns: Mapping[str, int] | None = None, by: Actor
) -> Statement:
    """Read a file of payments to proposals; nothing counts yet. Locks the community.

    columns: field to place; by the headings of the first row where None. The file itself is not kept. Refused:
    not_treasurer, archived, bad_columns (fields), too_many_rows, nothing_new, brought_meanwhile, and as
    foundation.tables at "file".
    """
    treasurer_only(community, by)
    rows = list(_limited(open_table(Stored(content)).rows()))
    if not rows:
        message = _("There is no row in the file.")
        raise Refused("nothing_new", message, fields={"file": message}, status=422)
    found = dict(columns) if columns is not None else columns_of(rows[0])
    _check_columns(found, rows[0])
    texts = rows_of(rows[1:], found)
    return _kept(
        community, texts, by, source=Statement.Source.FILE, title=" ".join(title.split())[:200] or "CSV",
        digest=sha256(content).hexdigest(), columns=found,
    )  # fmt: skip


def request_payments(*, system: System, since: date, until: date, by: Actor) -> Statement:
    """Ask the treasury's system for the payments of these days; they become proposals. Outside of a transaction.

    Refused: not_treasurer, archived, bad_period (fields), nothing_new; raises NeighbourDown, Unreachable,
    NeighbourFault where the system does not answer.
    """
    treasurer_only(system.community, by)
    if not since <= until <= clock.now().astimezone(KYIV).date() or until - since > LONGEST_PERIOD:
        message = _("Choose days of at most one year, none of them yet to come.")
        raise Refused("bad_period", message, fields={"since": message}, status=422)
    found = payments_between(system, since, until)
    texts = ((number, each) for number, each in enumerate(found, start=1))
    return _kept(
        system.community, texts, by, source=Statement.Source.SYSTEM,
        title=f"{since.isoformat()} – {until.isoformat()}",
        digest=sha256(repr(sorted(each["reference"] for each in found)).encode()).hexdigest(), columns={},
    )  # fmt: skip


def _limited(rows: Iterable[Row]) -> Iterable[Row]:
    for place, row in enumerate(rows):
        if place > MOST_ROWS:
            raise Refused(
                "too_many_rows", _("At most %d rows in one file: divide it.") % MOST_ROWS, status=422
            )
        yield row


def _check_columns(columns: Mapping[str, int], heading: Row) -> None:
    """Refused: bad_columns, with each field that has no column, or one that another has."""
    faults = {name: _("Say which column holds it.") for name in NEEDED if name not in columns}
    for name, place in columns.items():
        if name not in FIELDS or not 0 <= place < len(heading.cells):
            faults[name] = _("There is no such column.")
    if len(set(columns.values())) < len(columns):
        faults["reference"] = _("One column cannot hold two things.")
    if faults:
        heads = ", ".join(cell for cell in heading.cells if cell)
        message = _("The columns are not understood. The first row says: %s") % heads[:300]
        raise Refused("bad_columns", message, fields=faults, status=422)


def _kept(
    community: Community, texts: Iterable[tuple[int, Mapping[str, Any]]], by: Actor, **facts: Any
) -> Statement:
    """Keep what was read. Of two colleagues who bring the same, the second is told that all is known."""
    read, faults, total = _read(texts)
    try:
        with transaction.atomic():
            Community.objects.select_for_update(no_key=True).get(pk=community.pk)
            new, known, differing = _parted(community, read)
            faults = sorted([*faults, *differing])
            if not new and not faults:
                message = _("All payments of this statement are here already: nothing is new.")
                raise Refused("nothing_new", message, fields={"file": message}, status=409)
            statement = Statement.objects.create(
                community=community, total=total, known=known, bad=len({row for row, _field, _code in faults}),
                faults=faults, brought_by_id=by.person_id, brought_at=clock.now(), **facts,
            )  # fmt: skip
            works = works_of(community)
            Payment.objects.bulk_create(
                [
                    Payment(
                        community=community, statement=statement, row=each.row, reference=each.reference,
                        paid_on=each.paid_on, amount=each.amount, payer_code=each.payer_code,
                        recipient=each.recipient, recipient_code=each.recipient_code, purpose=each.purpose,
                        contract_number=each.contract_number, **matched(works, each),
                    )
                    for each in new
                ],
                batch_size=2000,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(
            "brought_meanwhile", _("A colleague brings payments at this moment: try again.")
        ) from None
    return statement


def _read(texts: Iterable[tuple[int, Mapping[str, Any]]]) -> tuple[list[Read], list[list[Any]], int]:
    """(payments, faults, rows in all). The same row twice counts once."""
    today = clock.now().astimezone(KYIV).date()
    read: dict[str, Read] = {}
    faults: list[list[Any]] = []
    total = 0
    for row, said in texts:
        total += 1
        try:
            found = payment_of(row, said, today)
        except RowFault as fault:
            faults.append([row, fault.field, fault.code])
            continue
        earlier = read.setdefault(found.reference, found)
        if earlier is not found and not earlier.is_same(found.paid_on, found.amount):
            faults.append([row, "reference", "twice"])
    return list(read.values()), faults, total


def _parted(community: Community, read: list[Read]) -> tuple[list[Read], int, list[list[Any]]]:
    """(new, number of known ones, faults of those that are here and differ)."""
    kept: dict[str, tuple[date, int]] = {}
    for start in range(0, len(read), 5000):
        part = [each.reference for each in read[start : start + 5000]]
        rows = Payment.objects.filter(community=community, reference__in=part)
        kept |= {
            name: (day, amount) for name, day, amount in rows.values_list("reference", "paid_on", "amount")
        }
    new = [each for each in read if each.reference not in kept]
    differing = [
        [each.row, "reference", "differs"]
        for each in read
        if each.reference in kept and not each.is_same(*kept[each.reference])
    ]
    return new, len(read) - len(new) - len(differing), differing
