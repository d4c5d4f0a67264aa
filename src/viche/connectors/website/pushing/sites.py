"""The ways a page gets onto a site of the body. Each speaks the site's own protocol through the one way out.

A way is asked for a test and for a push; the push updates the page it made before and never makes a second one.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from standardwebhooks.webhooks import Webhook

from viche.connectors.website.models import TargetKind
from viche.connectors.website.pushing.page import ResultPage
from viche.foundation import clock
from viche.foundation.outgoing import Answer, ask

TIMEOUT, LONGEST_ID = 15, 20
MARK = b'name="generator" content="Viche"'


class SiteFault(Exception):
    """The site answered, but not as it should. code: a word of wording.OUTCOMES."""

    def __init__(self, code: str, status: int | None = None) -> None:
        super().__init__(code)
        self.code, self.status = code, status


@dataclass(frozen=True)
class Site:
    """Where to push and as whom. key: names the push for ever, so that a receiver knows a repetition."""

    address: str
    user: str
    secret: str
    key: str = ""


@dataclass(frozen=True)
class Standing:
    """What is known of the page on the site: its id, its ETag, its address."""

    remote: str = ""
    etag: str = ""
    link: str = ""
    status: int | None = None


def _good(answer: Answer, *accepted: int) -> Answer:
    """Raises SiteFault where the site says anything but what was hoped for."""
    status = answer.status
    if status in accepted or (not accepted and 200 <= status < 300):
        return answer
    if 300 <= status < 400:
        raise SiteFault("redirect", status)
    code = {
        401: "denied",
        403: "denied",
        404: "not_there",
        405: "not_there",
        410: "not_there",
        429: "busy",
    }.get(status)
    raise SiteFault(code or ("broken" if status >= 500 else "refused"), status)


def _basic(site: Site) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{site.user}:{site.secret}".encode()).decode()}


# --- WordPress ----------------------------------------------------------------------------------------------


def _wordpress(site: Site, method: str, path: str, document: Mapping[str, Any] | None = None) -> Answer:
    headers = {**_basic(site), "Accept": "application/json"}
    content = None
    if document is not None:
        headers["Content-Type"], content = (
            "application/json",
            json.dumps(document, ensure_ascii=False).encode(),
        )
    return ask(
        method,
        f"{site.address.rstrip('/')}/wp-json/wp/v2/{path}",
        headers=headers,
        content=content,
        timeout=TIMEOUT,
    )


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except ValueError:
        raise SiteFault("not_there", answer.status) from None


def test_wordpress(site: Site) -> None:
    """Whether the user may publish pages. Raises SiteFault, Unreachable."""
    me = _json(_good(_wordpress(site, "GET", "users/me?context=edit")))
    able = me.get("capabilities") if isinstance(me, dict) else None
    if not (isinstance(able, dict) and able.get("publish_pages")):
        raise SiteFault("may_not_publish", 200)


def push_wordpress(site: Site, page: ResultPage, known: Standing) -> Standing:
    """Update the page made before; where its id is not known, look it up by its address; only then make one."""
    said = {"title": page.title, "content": page.html, "status": "publish", "slug": page.slug}
    answer = None
    if known.remote:
        answer = _wordpress(site, "POST", f"pages/{quote(known.remote, safe='')}", said)
        if answer.status in {404, 410}:  # somebody deleted it there
            answer = None
    if answer is None:
        query = urlencode({"slug": page.slug, "status": "any", "context": "edit"})
        found = _json(_good(_wordpress(site, "GET", f"pages?{query}")))
        if not isinstance(found, list):
            raise SiteFault("not_there", 200)
        ids = [
            quote(str(each.get("id")), safe="")
            for each in found if isinstance(each, dict) and each.get("slug") == page.slug
        ]  # fmt: skip
        answer = _wordpress(site, "POST", f"pages/{ids[0]}" if ids else "pages", said)
    made = _json(_good(answer, 200, 201))
    number = str(made.get("id", "")) if isinstance(made, dict) else ""
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_ID):
        raise SiteFault("not_there", answer.status)
    return Standing(number, "", _clean(made.get("link"), 500), answer.status)


def _clean(value: object, longest: int) -> str:
    """A text of the site, as a row can hold it."""
    return "".join(each for each in str(value or "") if each.isprintable())[:longest]


# --- WebDAV -------------------------------------------------------------------------------------------------


def test_webdav(site: Site) -> None:
    """Whether the folder is there and lets us in. Raises SiteFault, Unreachable."""
    _good(ask("PROPFIND", _folder(site), headers={**_basic(site), "Depth": "0"}, timeout=TIMEOUT), 207)


def push_webdav(site: Site, page: ResultPage, known: Standing) -> Standing:
    """Put the page and the JSON beside it. A page that others changed since is not overwritten blindly: one of ours
    is, anybody else's is left alone (foreign_page).
    """
    address = f"{_folder(site)}{quote(page.slug)}.html"
    content = page.whole.encode()
    answer = _put(site, address, content, "text/html; charset=utf-8", known.etag)
    if answer.status == 412:
        there = _good(ask("GET", address, headers=_basic(site), timeout=TIMEOUT), 200, 404)
        if there.status == 200 and MARK not in there.body:
            raise SiteFault("foreign_page", 412)
        etag = there.headers.get("etag", "") if there.status == 200 else ""
        answer = _put(site, address, content, "text/html; charset=utf-8", etag)
    _good(answer, 200, 201, 204)
    document = json.dumps(page.document, ensure_ascii=False, indent=1).encode()
    headers = {**_basic(site), "Content-Type": "application/json"}
    _good(ask("PUT", f"{_folder(site)}{quote(page.slug)}.json", headers=headers, content=document, timeout=TIMEOUT),
          200, 201, 204)  # fmt: skip
    etag = answer.headers.get("etag", "") or _etag(site, address)
    return Standing("", _clean(etag, 200), address[:500], answer.status)


def _folder(site: Site) -> str:
    parts = urlsplit(site.address)
    path = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _put(site: Site, address: str, content: bytes, kind: str, etag: str) -> Answer:
    """Only over the page we know, or where there is none."""
    condition = {"If-Match": etag} if etag else {"If-None-Match": "*"}
    headers = {**_basic(site), **condition, "Content-Type": kind}
    return ask("PUT", address, headers=headers, content=content, timeout=TIMEOUT)


def _etag(site: Site, address: str) -> str:
    """Many servers give the ETag of a written file only when it is asked for."""
    answer = ask("HEAD", address, headers=_basic(site), timeout=TIMEOUT)
    return answer.headers.get("etag", "") if answer.status == 200 else ""


# --- signed JSON --------------------------------------------------------------------------------------------


def test_signed_post(site: Site) -> None:
    """Send a signed "ping". Raises SiteFault, Unreachable."""
    _good(_signed(site, f"ping-{site.key}", {"type": "ping"}))


def push_signed_post(site: Site, page: ResultPage, known: Standing) -> Standing:
    """Send the result as signed JSON; the id of the message is the same each time, so that it counts once."""
    said = {"type": "result.published", "data": {**page.document, "html": page.html}}
    answer = _good(_signed(site, f"push-{site.key}", said))
    return Standing(status=answer.status)


def _signed(site: Site, key: str, document: Mapping[str, Any]) -> Answer:
    """Standard Webhooks: id, moment and body are signed."""
    body, moment = json.dumps(document, ensure_ascii=False), clock.now()
    headers = {
        "Content-Type": "application/json", "webhook-id": key, "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(site.secret).sign(key, moment, body),
    }  # fmt: skip
    return ask("POST", site.address, headers=headers, content=body.encode(), timeout=TIMEOUT)


@dataclass(frozen=True)
class Way:
    """How one kind of site is tested and pushed to."""

    test: Callable[[Site], None]
    push: Callable[[Site, ResultPage, Standing], Standing]
    has_user: bool = True


WAYS = {
    TargetKind.WORDPRESS.value: Way(test_wordpress, push_wordpress),
    TargetKind.WEBDAV.value: Way(test_webdav, push_webdav),
    TargetKind.SIGNED_POST.value: Way(test_signed_post, push_signed_post, has_user=False),
}
