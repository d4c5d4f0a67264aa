"""Asking a provider over HTTP: short, bounded, and silent in the logs.

httpx logs every URL at INFO and httpcore every header at DEBUG; a provider's URL may carry the client secret
and the person's token. Within ``quiet_wire`` those loggers drop their records, whatever their level; outside
it they work as ever.
"""

import contextlib
import contextvars
import functools
import json
import logging
import ssl
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote_plus

import httpx

from viche.identity.providers.errors import ProviderError

MAX_ANSWER_BYTES = 256 * 1024
# a filter works only on the very logger a record is made with, so each is named
CHATTY = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)

_is_quiet: contextvars.ContextVar[bool] = contextvars.ContextVar("viche_quiet_wire", default=False)


class _AnswerTooLongError(Exception):
    pass


class _Quiet(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return not _is_quiet.get()


_QUIET = _Quiet()


@contextlib.contextmanager
def quiet_wire() -> Iterator[None]:
    """Silence the HTTP libraries' own logging in this thread or task."""
    for name in CHATTY:
        # addFilter ignores one already there; repeated, since logging may be configured anew at any time
        logging.getLogger(name).addFilter(_QUIET)
    mark = _is_quiet.set(True)
    try:
        yield
    finally:
        _is_quiet.reset(mark)


def _query(fields: Mapping[str, str]) -> str:
    # id.gov.ua is served by PHP: spaces as plus, commas of the field list kept readable
    return "&".join(f"{quote_plus(name)}={quote_plus(value, safe=',')}" for name, value in fields.items())


def ask(url: str, fields: Mapping[str, str], *, provider: str, method: str, timeout: float) -> dict[str, Any]:
    """Send ``fields`` by POST form or in the query of a GET; return the JSON object of the answer.

    ``timeout``: seconds for connecting, for each silence, and for the whole body. The content type is not
    believed either way: what parses as a JSON object is one. An error object is returned as any other, also
    under HTTP 4xx; 5xx without one is provider_down. Redirects are not followed: they would carry secrets
    elsewhere. Raises ProviderError provider_down, provider_slow, bad_answer.
    """
    failure = None
    try:
        status, answer = _answer(url, fields, method, timeout)
    except httpx.TimeoutException:
        failure = ProviderError("provider_slow", "timed out", provider=provider)
    except httpx.TransportError as error:
        failure = ProviderError("provider_down", type(error).__name__, provider=provider)
    except (httpx.DecodingError, httpx.InvalidURL, _AnswerTooLongError) as error:
        failure = ProviderError("bad_answer", type(error).__name__, provider=provider)
    if failure is not None:
        # raised out of the handler: else it would carry httpx's error, and with it the URL, as its context
        raise failure
    document = json_object(answer)
    if status >= 500 and (document is None or "error" not in document):
        raise ProviderError("provider_down", f"HTTP {status}", provider=provider)
    if document is None:
        raise ProviderError("bad_answer", f"HTTP {status}, not a JSON object", provider=provider)
    if status != 200 and "error" not in document:
        raise ProviderError("bad_answer", f"HTTP {status}", provider=provider)
    return document


@functools.cache
def _trust() -> ssl.SSLContext:
    # reading the certificates of the authorities takes longer than a request; once is enough
    return httpx.create_ssl_context(trust_env=False)


def _answer(url: str, fields: Mapping[str, str], method: str, timeout: float) -> tuple[int, bytes]:
    """Status and body. Raises httpx's errors and _AnswerTooLongError."""
    deadline = time.monotonic() + timeout
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Viche"}
    body = None
    if method == "GET":
        url = f"{url}?{_query(fields)}"
    else:
        body = _query(fields).encode("ascii")
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    answer = bytearray()
    # the environment's proxies and netrc would see, or add, credentials nobody configured here
    with (
        quiet_wire(),
        httpx.Client(verify=_trust(), timeout=timeout, trust_env=False, follow_redirects=False) as client,
        client.stream(method, url, content=body, headers=headers) as response,
    ):
        for piece in response.iter_bytes():
            answer += piece
            if len(answer) > MAX_ANSWER_BYTES:
                raise _AnswerTooLongError
            if time.monotonic() > deadline:
                # each byte in time, the whole not
                raise httpx.ReadTimeout("the answer trickles")
        return response.status_code, bytes(answer)


def json_object(answer: bytes) -> dict[str, Any] | None:
    """The JSON object in these bytes, with or without a byte order mark; None for anything else."""
    try:
        document = json.loads(answer.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
