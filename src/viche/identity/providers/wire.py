"""Asking a provider over HTTP: short, bounded, and silent in the logs. ``ask`` is for forms answered by JSON objects,
``send`` for anything else (JSON bodies, SOAP, files).

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
from dataclasses import dataclass
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


@dataclass(frozen=True, repr=False)
class Answer:
    """What came back. headers: lower-case names."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def send(
    method: str,
    url: str,
    *,
    provider: str,
    timeout: float,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """One request, whatever its status. ``timeout``: seconds for connecting, for each silence, and for the whole body.

    trust: the context of TLS where a provider has an authority or a client's certificate of its own. Redirects are
    not followed: they would carry secrets elsewhere. Raises ProviderError provider_down, provider_slow, bad_answer.
    """
    failure = None
    try:
        return _answer(method, url, content, headers or {}, timeout, trust)
    except httpx.TimeoutException:
        failure = ProviderError("provider_slow", "timed out", provider=provider)
    except httpx.TransportError as error:
        failure = ProviderError("provider_down", type(error).__name__, provider=provider)
    except (httpx.DecodingError, httpx.InvalidURL, _AnswerTooLongError) as error:
        failure = ProviderError("bad_answer", type(error).__name__, provider=provider)
    # raised out of the handler: else it would carry httpx's error, and with it the URL, as its context
    raise failure


def ask(url: str, fields: Mapping[str, str], *, provider: str, method: str, timeout: float) -> dict[str, Any]:
    """Send ``fields`` by POST form or in the query of a GET; return the JSON object of the answer.

    Raises as ``send`` and ``answered_object`` do.
    """
    if method == "GET":
        answer = send("GET", f"{url}?{_query(fields)}", provider=provider, timeout=timeout)
    else:
        answer = send(
            method, url, provider=provider, timeout=timeout, content=_query(fields).encode("ascii"),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
    return answered_object(answer, provider=provider)


def answered_object(answer: Answer, *, provider: str) -> dict[str, Any]:
    """The JSON object of an answer. The content type is not believed either way: what parses as a JSON object is one.

    An error object is returned as any other, also under HTTP 4xx; 5xx without one is provider_down. Raises
    ProviderError provider_down, bad_answer.
    """
    document = json_object(answer.body)
    if answer.status >= 500 and (document is None or "error" not in document):
        raise ProviderError("provider_down", f"HTTP {answer.status}", provider=provider)
    if document is None:
        raise ProviderError("bad_answer", f"HTTP {answer.status}, not a JSON object", provider=provider)
    if answer.status not in {200, 201} and "error" not in document:
        raise ProviderError("bad_answer", f"HTTP {answer.status}", provider=provider)
    return document


@functools.cache
def _trust() -> ssl.SSLContext:
    # reading the certificates of the authorities takes longer than a request; once is enough
    return httpx.create_ssl_context(trust_env=False)


def _answer(
    method: str,
    url: str,
    content: bytes | None,
    headers: Mapping[str, str],
    timeout: float,
    trust: ssl.SSLContext | None,
) -> Answer:
    """Raises httpx's errors and _AnswerTooLongError."""
    deadline = time.monotonic() + timeout
    sent = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Viche", **headers}
    body = bytearray()
    # the environment's proxies and netrc would see, or add, credentials nobody configured here
    with (
        quiet_wire(),
        httpx.Client(
            verify=trust or _trust(), timeout=timeout, trust_env=False, follow_redirects=False
        ) as client,
        client.stream(method, url, content=content, headers=sent) as response,
    ):
        for piece in response.iter_bytes():
            body += piece
            if len(body) > MAX_ANSWER_BYTES:
                raise _AnswerTooLongError
            if time.monotonic() > deadline:
                # each byte in time, the whole not
                raise httpx.ReadTimeout("the answer trickles")
        return Answer(response.status_code, bytes(body), dict(response.headers))


def json_object(answer: bytes) -> dict[str, Any] | None:
    """The JSON object in these bytes, with or without a byte order mark; None for anything else."""
    try:
        document = json.loads(answer.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
