"""What a visitor has chosen so far. It lives in their browser only, in a cookie of this contest.

The choices are on no server before the ballot is sealed: they survive the way to the identity provider and an
abandoned login, and nobody with the database learns them. They are checked in full when the ballot is cast.
"""

import base64
import binascii
import json
import secrets
from collections.abc import Iterable
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse

from rulebook.ballot import BallotPaper
from viche.contests.models import Contest
from viche.foundation import cookies
from viche.identity.models import Person

AGE_SECONDS = 7 * 24 * 3600
RECEIPT_SECONDS = 900
MAX_CHOICES = 200
PREFIX, RECEIPT, ORDER = "ballot-", "receipt", "order"


def _name(contest: Contest) -> str:
    return f"{PREFIX}{contest.id.hex}"


def chosen(request: HttpRequest, contest: Contest) -> list[str]:
    """Codes of the chosen projects; an unreadable cookie is an empty choice."""
    raw = cookies.read(request, _name(contest))
    try:
        codes = json.loads(base64.urlsafe_b64decode(raw.encode())) if raw else []
    except (binascii.Error, ValueError, RecursionError):
        return []
    if not isinstance(codes, list) or not all(isinstance(code, str) and code.isprintable() for code in codes):
        return []
    return list(dict.fromkeys(codes))[:MAX_CHOICES]


def keep(response: HttpResponse, contest: Contest, codes: Iterable[str]) -> None:
    """Keep the choice in the visitor's browser."""
    text = json.dumps(list(dict.fromkeys(codes))[:MAX_CHOICES], ensure_ascii=False)
    value = base64.urlsafe_b64encode(text.encode()).decode()
    cookies.keep(response, _name(contest), value, seconds=AGE_SECONDS)


def forget(response: HttpResponse, contest: Contest) -> None:
    cookies.drop(response, _name(contest))


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
    choices: list[str],
) -> None:
    """Hand the receipt to the browser for a quarter of an hour; the server keeps neither nonce nor choices."""
    kept = {
        "contest": str(contest.id), "person": str(person.id), "commitment": commitment, "nonce": nonce,
        "choices": choices,
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


def paper_of(codes: Iterable[str]) -> BallotPaper:
    return BallotPaper.approval(codes)


def new_request_key() -> str:
    """A fresh secret for one review form (32 bytes, base64url)."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def request_key(text: str) -> bytes:
    """The key a form sent back; empty where it is damaged."""
    try:
        return base64.urlsafe_b64decode(text.encode())
    except (binascii.Error, ValueError):
        return b""
