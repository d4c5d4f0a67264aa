"""The client: one method a thing.

A POST is sent again after a lost connection, and done once (Idempotency-Key); a change that may have been done is not.
"""

import time
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self, cast
from uuid import uuid4

import httpx

from viche_client.documents import (
    Contest,
    Entry,
    Figure,
    FigureLine,
    LogLine,
    OfficialReport,
    Project,
    ProjectLine,
    Register,
    Results,
    Work,
    Written,
)

Json = Mapping[str, Any]
# busy: nothing was done; the others may have come after it was done
BUSY, UNSURE = 429, frozenset({502, 503, 504})
# the connection was never there, so nothing was sent
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
LONGEST_WAIT = 120


class Refusal(Exception):
    """The API says no. code: stable, for programs; title: for people; errors: by field."""

    def __init__(self, status: int, document: Json) -> None:
        self.status, self.document = status, document
        self.code = str(document.get("code") or document.get("error") or status)
        self.title = str(document.get("title", self.code))
        self.errors: Json = document.get("errors") or {}
        super().__init__(f"{self.code}: {self.title}" + (f" {dict(self.errors)}" if self.errors else ""))


class OutcomeUnknown(Exception):
    """A change was sent and no answer came: it may have been done. Read again what it was to change."""

    def __init__(self, method: str, path: str) -> None:
        self.method, self.path = method, path
        super().__init__(
            f"{method} {path}: no answer came, the outcome is unknown; read it again, then decide"
        )


class Viche:
    """The API of one installation. key: of a program ("viche_…"), for what is not public.

    language: of refusals. tries: how often a request is sent where the other side is busy or the connection breaks.
    Methods that add something take a key of their own (8 to 64 signs): the same again is done once, even by a program
    that was started anew. Without it each call is an act of its own.
    """

    def __init__(
        self, address: str, *, key: str = "", language: str = "uk", timeout: int = 30, tries: int = 4
    ) -> None:
        headers = {"Accept-Language": language, "User-Agent": "viche-client/1.0"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self.tries = tries
        self._http = httpx.Client(base_url=f"{address.rstrip('/')}/api/v1/", headers=headers, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    # --- what is public ---------------------------------------------------------------------------------------

    def contests(self, community: str) -> list[Contest]:
        """The contests of a body, newest first."""
        return cast(list[Contest], self._get(f"communities/{community}/contests")["items"])

    def contest(self, community: str, contest: str) -> Contest:
        return cast(Contest, self._get(_contest(community, contest)))

    def rules(self, community: str, contest: str) -> Json:
        """The rules in force with the document whose hash was published."""
        return self._get(f"{_contest(community, contest)}/rules")

    def projects(self, community: str, contest: str, **filters: str) -> Iterator[ProjectLine]:
        """Every project, page by page. filters: state, category, size, territory, text, updated_since."""
        for line in self._pages(f"{_contest(community, contest)}/projects", {"limit": "100", **filters}):
            yield cast(ProjectLine, line)

    def project(self, community: str, contest: str, number: int) -> Project:
        return cast(Project, self._get(_project(community, contest, number)))

    def results(self, community: str, contest: str) -> Results:
        """The published result; Refusal (not_found) before the publication."""
        return cast(Results, self._get(f"{_contest(community, contest)}/results"))

    def works(self, community: str, contest: str) -> list[Work]:
        return cast(list[Work], self._get(f"{_contest(community, contest)}/works")["items"])

    def work(self, community: str, contest: str, number: int) -> Work:
        return cast(Work, self._get(f"{_project(community, contest, number)}/work"))

    def figures(self, community: str, contest: str) -> list[FigureLine]:
        """The figures that are there to show, each with the SHA-256 of what was counted."""
        return cast(list[FigureLine], self._get(f"{_contest(community, contest)}/figures")["items"])

    def figure(self, community: str, contest: str, key: str) -> Figure:
        """One figure; Refusal (not_found) where there is none of this key, or nothing to show yet."""
        return cast(Figure, self._get(f"{_contest(community, contest)}/figures/{key}"))

    def official_reports(self, community: str, contest: str) -> list[OfficialReport]:
        """The issued reports that everybody may read, the latest first, with the SHA-256 of every file."""
        path = f"{_contest(community, contest)}/official-reports"
        return cast(list[OfficialReport], self._get(path)["items"])

    def years(self, community: str) -> Figure:
        """The contests of a body side by side; rows are contests."""
        return cast(Figure, self._get(f"communities/{community}/years"))

    def region(self, code: str) -> Figure:
        """The bodies of a region (its code by the codifier) side by side; rows are bodies."""
        return cast(Figure, self._get(f"regions/{code}"))

    def logs(self, community: str) -> list[LogLine]:
        """The logs of the body's journal, the newest first."""
        return cast(list[LogLine], self._get(f"communities/{community}/log")["items"])

    def entries(self, community: str, log: str, start: int = 0) -> Iterator[Entry]:
        """Entries of a log in their order, from an index on."""
        path = f"communities/{community}/log/{log}/entries"
        for line in self._pages(path, {"limit": "100", "from": str(start)}):
            yield cast(Entry, line)

    # --- what programs write ----------------------------------------------------------------------------------

    def submit_project(self, community: str, contest: str, project: Json, *, key: str = "") -> Written:
        return self._post(f"{_contest(community, contest)}/projects", project, key)

    def change_project(self, community: str, contest: str, number: int, changes: Json) -> Written:
        return self._change("PATCH", _project(community, contest, number), changes)

    def asked_opinions(self, community: str) -> list[Json]:
        """Opinions that are waited for and that the program's official may sign."""
        return cast(list[Json], self._get(f"communities/{community}/reviews")["items"])

    def sign_opinion(
        self, community: str, contest: str, number: int, opinion: Json, *, key: str = ""
    ) -> Written:
        return self._post(f"{_project(community, contest, number)}/opinions", opinion, key)

    def decide(self, community: str, contest: str, number: int, decision: Json, *, key: str = "") -> Written:
        """Decide in the stage that was looked at: {"stage": …, "verdict": …}. Not where a meeting decides."""
        return self._post(f"{_project(community, contest, number)}/decisions", decision, key)

    def register(self, community: str) -> Register:
        return cast(Register, self._get(f"communities/{community}/register"))

    def replace_register(self, community: str, table: bytes, *, most_gone: int = 0) -> Written:
        """Put a whole register in force: CSV or XLSX. most_gone: how many rows may leave it."""
        return self._change("PUT", f"communities/{community}/register", table, {"most_gone": str(most_gone)})

    def change_register(
        self, community: str, *, put: list[Json] | None = None, withdrawn: list[Json] | None = None,
        key: str = "",
    ) -> Written:  # fmt: skip
        changes = {"put": put or [], "withdrawn": withdrawn or []}
        return self._post(f"communities/{community}/register/changes", changes, key)

    def start_work(self, community: str, contest: str, number: int, plan: Json, *, key: str = "") -> Written:
        return self._post(f"{_project(community, contest, number)}/work", plan, key)

    def change_work(self, community: str, contest: str, number: int, changes: Json) -> Written:
        """Report what was paid so far ({"paid": …}), or change the plan."""
        return self._change("PATCH", f"{_project(community, contest, number)}/work", changes)

    def add_to_work(
        self, community: str, contest: str, number: int, what: str, facts: Json, *, key: str = ""
    ) -> Written:
        """what: "contracts", "steps", "delays" or "acceptance"."""
        return self._post(f"{_project(community, contest, number)}/work/{what}", facts, key)

    # --- how it is asked --------------------------------------------------------------------------------------

    def _get(self, path: str) -> dict[str, Any]:
        return cast(dict[str, Any], self._ask("GET", path).json())

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        page = self._ask("GET", path, params=dict(query)).json()
        while True:
            yield from page["items"]
            if not page["next"]:
                return
            page = self._ask("GET", page["next"]).json()

    def _post(self, path: str, body: Json, key: str) -> Written:
        headers = {"Idempotency-Key": key or uuid4().hex}
        return cast(Written, self._ask("POST", path, json=dict(body), headers=headers).json())

    def _change(
        self, method: str, path: str, body: Json | bytes, query: Mapping[str, str] | None = None
    ) -> Written:
        """Read, then change what was read: whoever was faster is not overwritten (Refusal, changed_meanwhile)."""
        headers = {"If-Match": self._ask("GET", path).headers["ETag"]}
        if isinstance(body, bytes):
            answer = self._ask(method, path, content=body, params=dict(query or {}), headers=headers)
        else:
            answer = self._ask(method, path, json=dict(body), headers=headers)
        return cast(Written, answer.json())

    def _ask(self, method: str, path: str, **facts: Any) -> httpx.Response:
        """Ask, again where the other side is busy. What may have been done is not sent twice blindly: its If-Match
        would then refuse what was done. Raises OutcomeUnknown.
        """
        is_repeatable = method == "GET" or "Idempotency-Key" in facts.get("headers", {})
        for turn in range(1, self.tries + 1):
            try:
                answer = self._http.request(method, path, **facts)
            except httpx.TransportError as error:
                if not is_repeatable and not isinstance(error, UNSENT):
                    raise OutcomeUnknown(method, path) from error
                if turn == self.tries:
                    raise
                time.sleep(min(2**turn, LONGEST_WAIT))
                continue
            if answer.status_code in UNSURE and not is_repeatable:
                raise OutcomeUnknown(method, path)
            if answer.status_code in {BUSY, *UNSURE} and turn < self.tries:
                wait = answer.headers.get("Retry-After", "")
                time.sleep(min(int(wait) if wait.isdecimal() else 2**turn, LONGEST_WAIT))
                continue
            if answer.is_success:
                return answer
            raise Refusal(answer.status_code, _document(answer))
        raise AssertionError("unreachable")


def _document(answer: httpx.Response) -> Json:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _contest(community: str, contest: str) -> str:
    return f"communities/{community}/contests/{contest}"


def _project(community: str, contest: str, number: int) -> str:
    return f"{_contest(community, contest)}/projects/{number}"
