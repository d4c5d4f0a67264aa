"""What a visitor has chosen so far. It lives in their browser only, in a cookie of this contest.

The choices are on no server before the ballot is sealed: they survive the way to the identity provider and an
abandoned login, and nobody with the database learns them. They are checked in full when the ballot is cast.
"""

import base64
import binascii
import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from rulebook.ballot import BallotPaper
from viche.contests.models import Contest
from viche.foundation import cookies
from viche.foundation.refused import Refused
from viche.identity.models import Person

AGE_SECONDS = 7 * 24 * 3600
SCOPED_SECONDS = 1800
RECEIPT_SECONDS = 900
MAX_CHOICES = 200
MAX_VALUE = 9_999
# kinds of ballots on which a project is not only named
VALUED = ("points", "ranking", "plus-minus")
PREFIX, RECEIPT, ORDER = "ballot-", "receipt", "order"


def _name(contest: Contest, scope: str) -> str:
    return f"{PREFIX}{contest.id.hex}{scope}"


def picks(request: HttpRequest, contest: Contest, scope: str = "") -> dict[str, int]:
    """What is chosen, code by code in the order of choosing, with its value; an unreadable cookie is nothing.

    scope: whose ballot it is, where the browser is not the voter's own: of a voter at a desk, of a visit at a screen.
    The value is the points, or 1 for and -1 against; of a ranking only the order counts.
    """
    raw = cookies.read(request, _name(contest, scope))
    try:
        rows = json.loads(base64.urlsafe_b64decode(raw.encode())) if raw else []
    except (binascii.Error, ValueError, RecursionError):
        return {}
    if not isinstance(rows, list):
        return {}
    found: dict[str, int] = {}
    for row in rows[: 2 * MAX_CHOICES]:
        code, value = row if isinstance(row, list) and len(row) == 2 else (row, 1)
        if not isinstance(code, str) or not code.isprintable() or type(value) is not int:
            return {}
        if abs(value) > MAX_VALUE:
            return {}
        found.setdefault(code, value)
    return dict(list(found.items())[:MAX_CHOICES])


def chosen(request: HttpRequest, contest: Contest) -> list[str]:
    """Codes of the chosen projects; an unreadable cookie is an empty choice."""
    return list(picks(request, contest))


def keep(
    response: HttpResponse, contest: Contest, wanted: Mapping[str, int] | Iterable[str], scope: str = ""
) -> None:
    """Keep the choice in the visitor's browser: codes, or codes with their values. With a scope (see picks) for half an
    hour.
    """
    values = dict(wanted) if isinstance(wanted, Mapping) else dict.fromkeys(wanted, 1)
    rows = [code if value == 1 else [code, value] for code, value in list(values.items())[:MAX_CHOICES]]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    value = base64.urlsafe_b64encode(text.encode()).decode()
    cookies.keep(response, _name(contest, scope), value, seconds=SCOPED_SECONDS if scope else AGE_SECONDS)


def forget(response: HttpResponse, contest: Contest, scope: str = "") -> None:
    cookies.drop(response, _name(contest, scope))


def forget_all(response: HttpResponse, request: HttpRequest) -> None:
    """Forget what was chosen and every receipt: whoever sits down next shall not see them."""
    for name in [*cookies.names(request, PREFIX), RECEIPT]:
        cookies.drop(response, name)


def order_of(request: HttpRequest) -> str:
    """The seed of this visitor's own random order of projects; a new one where the browser has none yet."""
    return cookies.read(request, ORDER)[:16] or secrets.token_hex(8)


def keep_order(response: HttpResponse, seed: str) -> None:
    cookies.keep(response, ORDER, seed, seconds=None)


def keep_receipt(
    response: HttpResponse,
    contest: Contest,
    person: Person,
    *,
    commitment: str,
    nonce: str,
    choices: Sequence[tuple[str, int]],
) -> None:
    """Hand the receipt to the browser for a quarter of an hour; the server keeps neither nonce nor choices."""
    kept = {
        "contest": str(contest.id), "person": str(person.id), "commitment": commitment, "nonce": nonce,
        "choices": [list(pair) for pair in choices],
    }  # fmt: skip
    cookies.keep(response, RECEIPT, signing.dumps(kept, salt=RECEIPT, compress=True), seconds=RECEIPT_SECONDS)


def receipt_of(request: HttpRequest, contest: Contest, person: Person | None) -> dict[str, Any] | None:
    """The receipt this browser holds for the person in the contest, while it is fresh."""
    try:
        kept = signing.loads(cookies.read(request, RECEIPT), salt=RECEIPT, max_age=RECEIPT_SECONDS)
    except signing.BadSignature:
        return None
    is_own = person is not None and kept.get("person") == str(person.id)
    return kept if is_own and kept.get("contest") == str(contest.id) else None


def paper_of(kind: str, wanted: Mapping[str, int]) -> BallotPaper:
    """The paper of what is chosen."""
    if kind == "ranking":
        return BallotPaper.ranking(wanted)
    return BallotPaper.of(kind, wanted.items()) if kind in VALUED else BallotPaper.approval(wanted)


def paper_of_form(kind: str, codes: Sequence[str], values: Sequence[str]) -> BallotPaper:
    """The paper a casting form carries: the projects, and on a ballot with values the value of each.

    Nothing is made better here: what is wrong with the paper is said when it is cast. Refused: bad_form.
    """
    if kind not in VALUED:
        return BallotPaper.approval(codes)
    if len(codes) != len(values) or not all(re.fullmatch("-?[0-9]{1,9}", value) for value in values):
        raise Refused("bad_form", _("The form is damaged. Open the ballot again."), status=400)
    return BallotPaper.of(kind, zip(codes, map(int, values), strict=True))


def new_request_key() -> str:
    """A fresh secret for one review form (32 bytes, base64url)."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def request_key(text: str) -> bytes:
    """The key a form sent back; empty where it is damaged."""
    try:
        return base64.urlsafe_b64decode(text.encode())
    except (binascii.Error, ValueError):
        return b""
