"""The partners' service of Diia, asked as an acquirer: a session of some two hours, branches, offers, requests to sign.

The service calls the parts so: a partner (acquirer) has branches, a branch has offers, and each signing is a request
made dynamically for an offer. Paths and fields as in the public clients of Diia (ua-acquirers-sdk).
"""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NoReturn
from urllib.parse import quote

from viche.identity.providers.diia.settings import DiiaSettings
from viche.identity.providers.errors import ProviderError
from viche.identity.providers.wire import Answer, answered_object, send

NAME = "diia"
# a session lives two hours; it is begun anew some minutes before
SESSION_SECONDS = 110 * 60
MAX_ID_LENGTH = 512
SCOPES = {"diiaId": ["hashedFilesSigning"]}


@dataclass(frozen=True)
class Branch:
    """What the service keeps of the site's operator and may show to people, in Ukrainian.

    name: of the branch. full_name: of the organisation. full_address: in a line; the other parts are the same address.
    """

    name: str
    email: str
    full_name: str
    full_address: str
    region: str
    district: str
    location: str
    street: str
    house: str


class Partner:
    """This site as a partner of the service. Safe for threads: one begins a session, the others wait for it."""

    def __init__(self, settings: DiiaSettings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._session = ("", 0.0)

    def make_branch(self, branch: Branch) -> str:
        """Make a branch that may ask for signatures; returns its identifier. Raises ProviderError."""
        facts = asdict(branch)
        names = {"customFullName": facts.pop("full_name"), "customFullAddress": facts.pop("full_address")}
        kind = {"deliveryTypes": ["api"], "offerRequestType": "dynamic", "scopes": SCOPES}
        return self._made("/api/v2/acquirers/branch", {**facts, **names, **kind})

    def make_offer(self, branch: str, *, name: str, return_url: str) -> str:
        """Make an offer of the branch; returns its identifier. Raises ProviderError."""
        asked = {"name": name, "returnLink": return_url, "scopes": SCOPES}
        return self._made(f"/api/v1/acquirers/branch/{quote(branch, safe='')}/offer", asked)

    def request_link(self, request: Mapping[str, Any]) -> str:
        """The deep link of a request for the offer of the settings, as it came, "" for none. Raises ProviderError."""
        place = f"/api/v2/acquirers/branch/{quote(self.settings.branch, safe='')}/offer-request/dynamic"
        link = self._ask(place, {"offerId": self.settings.offer, **request}).get("deeplink")
        return link if isinstance(link, str) else ""

    def _made(self, path: str, document: Mapping[str, Any]) -> str:
        found = self._ask(path, document).get("_id")
        if not isinstance(found, str) or not 0 < len(found) <= MAX_ID_LENGTH:
            self._fail("bad_answer", "no identifier of what was made")
        return found

    def _ask(self, path: str, document: Mapping[str, Any]) -> dict[str, Any]:
        session = self._session_token()
        response = self._posted(path, document, session)
        if response.status == 401:
            # it ended before its time; nothing was done under it, so the request may be sent again, once
            response = self._posted(path, document, self._session_token(refused=session))
        if response.status in {401, 403, 404}:
            # 403: the partner has no right to signatures; 404: branch or offer is unknown
            self._fail("misconfigured", f"HTTP {response.status}")
        answer = answered_object(response, provider=NAME)
        if "error" in answer:
            self._fail("bad_answer", f"HTTP {response.status}, an error object")
        return answer

    def _posted(self, path: str, document: Mapping[str, Any], session: str) -> Answer:
        return send(
            "POST", f"{self.settings.url}{path}", provider=NAME, timeout=self.settings.timeout,
            content=json.dumps(document).encode(),
            headers={"Authorization": f"Bearer {session}", "Content-Type": "application/json"},
        )  # fmt: skip

    def _session_token(self, *, refused: str = "") -> str:
        """The token of the session; another than ``refused``. Waits for whoever is beginning one, no longer than for
        an answer: else a silent service would hold each waiting thread for the time-outs of all before it.
        """
        if not self._lock.acquire(timeout=self.settings.timeout):
            self._fail("provider_slow", "another thread waits for a session")
        try:
            token, ends = self._session
            if not token or token == refused or time.monotonic() >= ends:
                token = self._begun()
                self._session = (token, time.monotonic() + SESSION_SECONDS)
            return token
        finally:
            self._lock.release()

    def _begun(self) -> str:
        settings = self.settings
        response = send(
            "GET", f"{settings.url}/api/v1/auth/acquirer/{quote(settings.acquirer, safe='')}",
            provider=NAME, timeout=settings.timeout, headers={"Authorization": f"Basic {settings.authorization}"},
        )  # fmt: skip
        if response.status in {401, 403, 404}:
            self._fail("misconfigured", f"HTTP {response.status}: the partner is refused")
        token = answered_object(response, provider=NAME).get("token")
        if not isinstance(token, str) or not (token and token.isascii() and token.isprintable()):
            self._fail("bad_answer", "no token of a session")
        return token

    def _fail(self, code: str, detail: str) -> NoReturn:
        raise ProviderError(code, detail, provider=NAME)
