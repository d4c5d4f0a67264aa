"""Pages that any site may frame: the only ones of the house. Their look, language and headers."""

import functools
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from viche.portal.themes import THEMES

SECONDS = 60
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")


@dataclass(frozen=True)
class Look:
    """How a widget looks: theme (auto, light, dark), accent ("0d4f6b", "" for the body's own) and language."""

    theme: str = "auto"
    accent: str = ""
    language: str = "uk"

    @property
    def query(self) -> str:
        """What differs from the ordinary look, as part of an address."""
        said = {"theme": self.theme, "accent": self.accent, "lang": self.language}
        return urlencode({name: said[name] for name in said if said[name] not in {"", "auto", "uk"}})


def look_of(values: QueryDict | dict[str, str]) -> Look:
    """The look an address asks for; whatever means nothing is left out."""
    theme, language = values.get("theme", ""), values.get("lang", "")
    colour = COLOUR.fullmatch(values.get("accent", "").strip())
    return Look(
        theme if theme in THEMES else "auto",
        colour[1].lower() if colour else "",
        language if language in LANGUAGES else "uk",
    )


def framed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Any site may frame this page, kept for a minute by whoever passes it on. request.look holds its look.

    Search engines are asked to leave it out: the page it stands for is the one to be found.
    """

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.look = look_of(request.GET)  # type: ignore[attr-defined]
        with translation.override(request.look.language):  # type: ignore[attr-defined]
            response = view(request, *args, **kwargs)
            response["Content-Language"] = request.look.language  # type: ignore[attr-defined]
        response.xframe_options_exempt = True  # type: ignore[attr-defined]
        response._csp_replace = {"frame-ancestors": ["*"]}  # type: ignore[attr-defined]
        response["X-Robots-Tag"] = "noindex"
        return shared(request, response, SECONDS)

    return functools.wraps(view)(wrapped)


def shared(request: HttpRequest, response: HttpResponse, seconds: int) -> HttpResponse:
    """The same for everybody, from every origin, for so long; 304 where the asker has it already."""
    response["Cache-Control"] = f"public, max-age={seconds}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Access-Control-Allow-Origin"] = "*"
    etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response["ETag"] = etag
    found: HttpResponse = get_conditional_response(request, etag=etag, response=response)
    return found
