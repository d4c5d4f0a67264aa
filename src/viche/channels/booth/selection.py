"""What a visitor has chosen so far. It lives in their browser only, in a cookie of this contest.

The choices are on no server before the ballot is sealed: they survive the way to the identity provider and an
abandoned login, and nobody with the database learns them. They are checked in full when the ballot is cast.
"""

import base64
import binascii
import json
import secrets
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse

from rulebook.ballot import BallotPaper
from viche.contests.models import Contest

AGE_SECONDS = 7 * 24 * 3600
MAX_CHOICES = 200


def _name(contest: Contest) -> str:
    return f"ballot-{contest.id.hex}"


def chosen(request: HttpRequest, contest: Contest) -> list[str]:
    """Codes of the chosen projects; an unreadable cookie is an empty choice."""
    raw = request.COOKIES.get(_name(contest), "")
    try:
        codes = json.loads(base64.urlsafe_b64decode(raw.encode())) if raw else []
    except (binascii.Error, ValueError, RecursionError):
        return []
    if not isinstance(codes, list) or not all(isinstance(code, str) and code.isprintable() for code in codes):
        return []
    return list(dict.fromkeys(codes))[:MAX_CHOICES]


def keep(response: HttpResponse, request: HttpRequest, contest: Contest, codes: Iterable[str]) -> None:
    """Keep the choice in the visitor's browser."""
    text = json.dumps(list(dict.fromkeys(codes))[:MAX_CHOICES], ensure_ascii=False)
    response.set_cookie(
        _name(contest), base64.urlsafe_b64encode(text.encode()).decode(), max_age=AGE_SECONDS,
        httponly=True, samesite="Lax", secure=request.is_secure(), path="/",
    )  # fmt: skip


def forget(response: HttpResponse, contest: Contest) -> None:
    response.delete_cookie(_name(contest), samesite="Lax")


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
