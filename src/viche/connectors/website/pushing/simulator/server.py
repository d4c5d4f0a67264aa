"""The simulated sites, and how they are made to fail."""

import contextlib
import hashlib
import json
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

USER, PASSWORD = "viche", "abcd efgh ijkl mnop"
WORDPRESS, WEBDAV = "wordpress", "webdav"


@dataclass
class SiteState:
    """What a simulated site holds. fault: a status every request is answered with; slow: seconds before an answer;
    role: of the user there. odd: what it says of a page instead of the truth. requests: method and path of all that
    came.
    """

    kind: str
    url: str = ""
    pages: dict[int, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    fault: int = 0
    slow: float = 0
    role: str = "editor"
    odd: dict[str, Any] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class _Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def site(self) -> SiteState:
        return self.server.site  # type: ignore[attr-defined,no-any-return]

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        path = urlsplit(self.path)
        with self.site.lock:
            self.site.requests.append(f"{self.command} {path.path}")
        time.sleep(self.site.slow)
        if self.site.fault:
            extra = {"Location": "https://elsewhere.example/"} if self.site.fault in {301, 302, 308} else {}
            return self._say(self.site.fault, b"", extra)
        answer = self._wordpress if self.site.kind == WORDPRESS else self._webdav
        with self.site.lock:
            answer(unquote(path.path), parse_qs(path.query), body)
        return None

    do_GET = do_POST = do_PUT = do_HEAD = do_PROPFIND = _serve  # noqa: N815 (http.server's names)

    def _is_in(self) -> bool:
        """The password of an application may have its spaces or not, as WordPress takes it."""
        kind, _space, code = self.headers.get("Authorization", "").partition(" ")
        user, _colon, password = b64decode(code).decode().partition(":") if kind == "Basic" else ("", "", "")
        return (user, password.replace(" ", "")) == (USER, PASSWORD.replace(" ", ""))

    # --- WordPress ------------------------------------------------------------------------------------------

    def _wordpress(self, path: str, query: dict[str, list[str]], body: bytes) -> None:
        if not path.startswith("/wp-json/wp/v2/"):
            return self._page_of(path)
        if not self._is_in():
            return self._fault(401, "rest_not_logged_in")
        rest = path.removeprefix("/wp-json/wp/v2/").strip("/")
        if rest == "users/me":
            able = {"publish_pages": self.site.role == "editor", "edit_pages": self.site.role == "editor"}
            return self._json(200, {"id": 1, "slug": USER, "capabilities": able})
        if rest == "pages" and self.command == "GET":
            slug = query.get("slug", [""])[0]
            return self._json(200, [each for each in self.site.pages.values() if each["slug"] == slug])
        if self.site.role != "editor":
            return self._fault(403, "rest_cannot_create")
        if rest == "pages" and self.command == "POST":
            number = max(self.site.pages, default=40) + 1
            return self._kept(number, json.loads(body), 201)
        kind, _slash, number_text = rest.partition("/")
        if kind == "pages" and self.command == "POST" and number_text.isdecimal():
            if int(number_text) not in self.site.pages:
                return self._fault(404, "rest_post_invalid_id")
            return self._kept(int(number_text), json.loads(body), 200)
        return self._fault(404, "rest_no_route")

    def _kept(self, number: int, said: dict[str, Any], status: int) -> None:
        """A slug is one page's own: another page that wants it gets a number behind it."""
        slug = said["slug"]
        if any(each["slug"] == slug for key, each in self.site.pages.items() if key != number):
            slug = f"{slug}-2"
        self.site.pages[number] = {
            "id": number, "slug": slug, "status": said["status"], "link": f"{self.site.url}/{slug}/",
            "title": {"rendered": said["title"], "raw": said["title"]},
            "content": {"rendered": said["content"], "raw": said["content"]},
        }  # fmt: skip
        self._json(status, {**self.site.pages[number], **self.site.odd})

    def _page_of(self, path: str) -> None:
        """The site as its visitors see it."""
        found = next((each for each in self.site.pages.values() if each["slug"] == path.strip("/")), None)
        if found is None:
            listed = "".join(
                f'<li><a href="/{each["slug"]}/">{escape(each["title"]["raw"])}</a></li>'
                for each in self.site.pages.values()
            )
            return self._html(200 if path == "/" else 404, "Громада", f"<ul>{listed}</ul>")
        return self._html(200, found["title"]["raw"], found["content"]["raw"])

    def _html(self, status: int, title: str, text: str) -> None:
        head = f'<!doctype html><html lang="uk"><meta charset="utf-8"><title>{escape(title)}</title>'
        page = f"{head}<h1>{escape(title)}</h1>{text}"
        self._say(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"})

    def _fault(self, status: int, code: str) -> None:
        self._json(status, {"code": code, "message": code, "data": {"status": status}})

    def _json(self, status: int, document: Any) -> None:
        self._say(status, json.dumps(document).encode(), {"Content-Type": "application/json; charset=UTF-8"})

    # --- WebDAV ---------------------------------------------------------------------------------------------

    def _webdav(self, path: str, _query: dict[str, list[str]], body: bytes) -> None:
        if (
            self.command in {"GET", "HEAD"}
            and path in self.site.files
            and not self.headers.get("Authorization")
        ):
            return self._say(200, self.site.files[path], self._file_headers(path))  # what visitors read
        if not self._is_in():
            return self._say(401, b"", {"WWW-Authenticate": 'Basic realm="site"'})
        if not path.startswith("/dav/"):
            return self._say(404, b"", {})
        if self.command == "PROPFIND":
            found = f"<D:response><D:href>{escape(path)}</D:href></D:response>"
            text = f'<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">{found}</D:multistatus>'
            return self._say(207, text.encode(), {"Content-Type": "application/xml"})
        if self.command == "PUT":
            return self._put(path, body)
        if path not in self.site.files:
            return self._say(404, b"", {})
        return self._say(200, self.site.files[path], self._file_headers(path))

    def _put(self, path: str, body: bytes) -> None:
        there, wanted = path in self.site.files, self.headers.get("If-Match")
        if (self.headers.get("If-None-Match") == "*" and there) or (
            wanted and (not there or wanted != self._etag(path))
        ):
            return self._say(412, b"", {})
        if path.rpartition("/")[0] != "/dav":
            return self._say(409, b"", {})  # no such collection
        self.site.files[path] = body
        return self._say(204 if there else 201, b"", {"ETag": self._etag(path)})

    def _etag(self, path: str) -> str:
        return f'"{hashlib.sha256(self.site.files[path]).hexdigest()[:16]}"'

    def _file_headers(self, path: str) -> dict[str, str]:
        kind = "text/html; charset=utf-8" if path.endswith(".html") else "application/json"
        return {"ETag": self._etag(path), "Content-Type": kind}

    def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        with contextlib.suppress(OSError):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD" and status != 204:
                self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


def made_server(kind: str, port: int = 0) -> ThreadingHTTPServer:
    """A simulated site on loopback; its state is .site."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _Site)
    server.daemon_threads = True
    server.site = SiteState(kind, f"http://127.0.0.1:{server.server_address[1]}")  # type: ignore[attr-defined]
    return server


@contextlib.contextmanager
def site_server(kind: str) -> Iterator[SiteState]:
    """A simulated site while the block runs."""
    with made_server(kind) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.site  # type: ignore[attr-defined]
        server.shutdown()
