"""The register of a network beside ours: what one side has and the other has not."""

import csv
import io
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from viche.channels.terminals.networks.models import NetworkWay, Payment
from viche.channels.terminals.networks.reading import is_id, read_sum
from viche.channels.terminals.networks.speech import Misread
from viche.channels.terminals.queries import day_bounds
from viche.foundation.refused import Refused

MOST_ROWS = 200_000


@dataclass(frozen=True)
class Comparison:
    """Ids of payments by what is wrong with them; equal: how many both sides have alike."""

    day: date
    equal: int = 0
    missing_here: list[str] = field(default_factory=list)
    missing_there: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    cancelled_here: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        return not (self.missing_here or self.missing_there or self.differing or self.cancelled_here)


def read_register(data: bytes) -> dict[str, int]:
    """Sums in kopiykas by the id of the payment: a CSV of id and sum, with commas or semicolons, UTF-8 or cp1251.

    A first line of words is a heading. Refused: bad_value (register), with the line at fault.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1251", errors="replace")
    delimiter = ";" if text.partition("\n")[0].count(";") else ","
    rows: dict[str, int] = {}
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
        cells = [each.strip() for each in row]
        if not any(cells):
            continue
        try:
            if len(cells) < 2 or not is_id(cells[0]) or cells[0] in rows:
                raise ValueError(number)
            rows[cells[0]] = read_sum(cells[1])
        except (ValueError, Misread):
            if number == 1:
                continue
            raise _wrong(
                _("Line %d is not an id of a payment and its sum, or the id comes twice.") % number
            ) from None
        if len(rows) > MOST_ROWS:
            raise _wrong(_("The register is too long."))
    return rows


def compare_register(way: NetworkWay, day: date, theirs: dict[str, int]) -> Comparison:
    """What the network says of a day in Kyiv beside what we have. Writes nothing."""
    since, until = day_bounds(day)
    ours = (
        Payment.objects.filter(way=way, at__gte=since, at__lt=until).exclude(digest=b"").exclude(external="")
    )
    found = Comparison(day)
    equal, seen = 0, set()
    for payment in ours.exclude(state=Payment.State.HELD).iterator(chunk_size=2_000):
        seen.add(payment.external)
        is_cancelled = payment.state == Payment.State.CANCELLED
        if payment.external not in theirs:
            if not is_cancelled:
                found.missing_there.append(payment.external)
        elif is_cancelled:
            found.cancelled_here.append(payment.external)
        elif theirs[payment.external] != payment.amount:
            found.differing.append(payment.external)
        else:
            equal += 1
    found.missing_here.extend(sorted(set(theirs) - seen))
    return Comparison(
        day, equal, found.missing_here, found.missing_there, found.differing, found.cancelled_here
    )


def _wrong(message: str) -> Refused:
    return Refused("bad_value", message, fields={"register": message}, status=422)
