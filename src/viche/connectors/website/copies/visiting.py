"""Reading our own pages as an anonymous visitor does, inside this process: no socket, no cookie, no session."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import FileResponse
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.translation import gettext as _

from viche.foundation.refused import Refused


@dataclass(frozen=True)
class Seen:
    """What came for an address. kind: its content type without parameters. policy: its Content-Security-Policy."""

    status: int
    kind: str
    policy: str


def known_base(address: str = "") -> str:
    """The address of the live site: as asked for, or the platform's first host. Refused: unknown_base."""
    host = settings.PLATFORM_HOSTS[0]
    address = address.strip().rstrip("/") or f"{'https' if settings.IS_PRODUCTION else 'http'}://{host}"
    parts = urlsplit(address)
    # [::1] keeps its brackets, a port goes
    name = parts.netloc if parts.netloc.endswith("]") else parts.netloc.rsplit(":", 1)[0]
    if parts.scheme not in {"http", "https"} or name not in settings.PLATFORM_HOSTS or parts.path:
        raise Refused(
            "unknown_base",
            _("The address of the live site must be one of the platform's hosts, without a path: %(hosts)s")
            % {"hosts": ", ".join(settings.PLATFORM_HOSTS)},
        )
    return address


@lru_cache(maxsize=1)
def _house() -> BaseHandler:
    """The house with all its middleware, as a server runs it."""
    handler = BaseHandler()
    handler.load_middleware()
    return handler


@contextmanager
def visiting() -> Iterator[None]:
    """Language and prefix of the caller are as before afterwards: requests inside set their own."""
    prefix = get_script_prefix()
    with translation.override(translation.get_language()):
        yield
    set_script_prefix(prefix)


def fetch(base: str, path: str, query: str, into: Path) -> Seen:
    """Have the house answer GET path?query and write the body into a file, piece by piece."""
    # without the signals of a request: they would close the caller's connection to the database
    set_script_prefix("/")
    response = _house().get_response(WSGIRequest(_environ(base, path, query)))
    with into.open("wb") as file:
        for piece in response:
            file.write(piece)
    if isinstance(response, FileResponse):
        response.file_to_stream.close()
    return Seen(
        response.status_code,
        response.get("Content-Type", "").split(";")[0].strip(),
        response.get("Content-Security-Policy", ""),
    )


def _environ(base: str, path: str, query: str) -> dict[str, Any]:
    parts = urlsplit(base)
    found = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query, "SERVER_PROTOCOL": "HTTP/1.1", "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)), "HTTP_HOST": parts.netloc,
        # no reader, and not counted as one
        "HTTP_DNT": "1",
        "REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0), "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.multithread": False,
        "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    if settings.SECURE_PROXY_SSL_HEADER and parts.scheme == "https":
        name, value = settings.SECURE_PROXY_SSL_HEADER
        found[name] = value
    return found
