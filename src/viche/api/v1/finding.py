"""What an address names: only what everybody sees is found; pages by an opaque cursor."""

import base64
import binascii
import json
import re
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.communities.queries import community_by_code, community_by_slug
from viche.contests.models import Contest
from viche.contests.queries import contest_at
from viche.foundation.refused import Refused
from viche.projects.models import Project
from viche.projects.queries import project_numbered

MOST = 100
_CODE = re.compile(r"UA\d{17}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


def community_of(name: str) -> Community:
    """A connected body by its address or its КАТОТТГ code. Raises Http404."""
    found: Community | None = None
    if _CODE.fullmatch(name):
        found = community_by_code(name)
    elif _SLUG.fullmatch(name):
        found = community_by_slug(name)
    if found is None:
        raise Http404(name)
    return found


def contest_of(community: Community, name: str) -> Contest:
    """A contest whose rules are in force; drafts are nobody's but the officials'. Raises Http404."""
    found = contest_at(community, name) if _SLUG.fullmatch(name) else None
    if found is None or not found.is_frozen:
        raise Http404(name)
    return found


def project_of(contest: Contest, number: int) -> Project:
    """A published project. Raises Http404."""
    found = project_numbered(contest, number) if 0 < number < 2**31 else None
    if found is None:
        raise Http404(str(number))
    found.contest = contest
    return found


def cursor(*key: Any) -> str:
    """Where a page ended, as an opaque text."""
    return base64.urlsafe_b64encode(json.dumps(key, default=str).encode()).decode().rstrip("=")


def read_cursor(text: str, *kinds: type) -> tuple[Any, ...] | None:
    """What a cursor says; None for the beginning. Refused: bad_cursor."""
    if not text:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if isinstance(key, list) and len(key) == len(kinds):
            pairs = zip(key, kinds, strict=True)
            if all(type(value) is kind and (kind is not int or 0 <= value < 2**63) for value, kind in pairs):
                return tuple(key)
    except (ValueError, binascii.Error, RecursionError):
        pass
    message = _("This place in the list is not one of ours: begin anew without “after”.")
    raise Refused("bad_cursor", message, fields={"after": message}, status=422)


def page_of(request: HttpRequest, items: list[Any], limit: int, key: Any, document: Any) -> dict[str, Any]:
    """A page of at most limit items, where items may hold one more; the address of the next page is told to the door.

    key: of an item, its cursor. document: of an item.
    """
    shown = items[:limit]
    following = ""
    if len(items) > limit:
        query = request.GET.copy()
        query["after"] = cursor(*key(shown[-1]))
        following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        request.links = [(following, "next")]  # type: ignore[attr-defined]
    return {"items": [document(each) for each in shown], "next": following or None}
