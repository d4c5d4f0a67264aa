"""Registers of members beside the identity provider: who belongs where, asked by number at an identification.

Two kinds: the register a body imported (rows in the database), and a service of the body over HTTP. A register that
fails keeps nobody out: what it said before stays, and it is asked again at the next identification.
"""

import logging
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.module_loading import import_string

from rulebook.register import token
from viche.communities.models import Community
from viche.foundation import keys
from viche.identity.models import Basis, RegisterRow, RegisterState
from viche.identity.models.memberships import REGISTER, REGISTER_SERVICE
from viche.identity.providers.settings import is_loopback
from viche.identity.providers.wire import json_object, quiet_wire

log = logging.getLogger("viche.identity")

MAX_ANSWER_BYTES = 64 * 1024
MAX_RESIDENCES = 50
DEFAULT_TIMEOUT = 4


@dataclass(frozen=True)
class Residence:
    """One line of a register about a person. community, territory: КАТОТТГ codes. mark: of an imported row."""

    community: str
    territory: str
    basis: str
    mark: bytes | None = field(default=None, repr=False)


class RegisterError(Exception):
    """A register could not answer. The message holds our own words only: no number, no address."""


class ResidenceRegister(Protocol):
    """What a register answers that is asked over a network. community: the code of the body it speaks for."""

    source: str

    community: str

    def memberships_of(self, number: str, birth_date: date | None, *, seconds: float) -> list[Residence]:
        """Every residence or other basis of the person with this tax number, within so many seconds.

        Raises RegisterError.
        """


class ImportedRegisters:
    """The registers that bodies imported, all of them in one look."""

    source = REGISTER

    def memberships_of(self, number: str, birth_date: date | None) -> list[Residence]:
        """Rows of every register in force that hold the number's mark."""
        codes = Community.objects.filter(registers__state=RegisterState.CURRENT)
        marks = {code: mark_of(code, number) for code in codes.values_list("territory_id", flat=True)}
        if not marks:
            return []
        rows = RegisterRow.objects.filter(
            mark__in=list(marks.values()), register__state=RegisterState.CURRENT
        ).values_list("register__community__territory_id", "territory_id", "basis", "mark")
        return [
            Residence(community, territory, basis, bytes(mark)) for community, territory, basis, mark in rows
        ]


def mark_of(community: str, number: str) -> bytes:
    """The mark under which a community's register keeps this number."""
    return keys.register_mark(community, bytes.fromhex(token(keys.register_key(community), number)))


@dataclass(frozen=True)
class HttpRegister:
    """A register service of one body. It is asked by POST, over TLS, with a certificate of ours where it wants one.

    Question: {"tax_number": "…", "birth_date": "1985-05-05"}; answer 200: {"residences": [{"territory": "UA…",
    "basis": "registered"}]}, an empty list for somebody unknown. timeout: seconds for the whole.
    """

    community: str
    url: str
    authorization: str = field(default="", repr=False)
    certificate: str = ""
    key: str = ""
    authority: str = ""
    timeout: int = DEFAULT_TIMEOUT
    source = REGISTER_SERVICE

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"VICHE_REGISTER_{self.community}_URL must be an address such as https://…")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ValueError(f"VICHE_REGISTER_{self.community}_URL must begin with https")

    def memberships_of(
        self, number: str, birth_date: date | None, *, seconds: float | None = None
    ) -> list[Residence]:
        """What the service says of the person, within its own time and these seconds.

        Raises RegisterError: slow, down, refused, nonsense.
        """
        question = {"tax_number": number, "birth_date": birth_date.isoformat() if birth_date else None}
        failure = ""
        try:
            status, answer = self._ask(question, min(self.timeout, seconds or self.timeout))
        except httpx.TimeoutException:
            failure = "slow"
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            failure = f"down: {type(error).__name__}"
        if failure:
            # raised out of the handler: the error of httpx would carry the question along
            raise RegisterError(failure)
        if status != 200:
            raise RegisterError(f"HTTP {status}")
        return self._read(answer)

    def _ask(self, question: Mapping[str, Any], seconds: float) -> tuple[int, bytes]:
        deadline = time.monotonic() + seconds
        headers = {"Accept": "application/json", "User-Agent": "Viche"}
        if self.authorization:
            headers["Authorization"] = f"Bearer {self.authorization}"
        answer = bytearray()
        with (
            quiet_wire(),
            httpx.Client(
                verify=self._trust(), timeout=seconds, trust_env=False, follow_redirects=False
            ) as client,
            client.stream("POST", self.url, json=question, headers=headers) as response,
        ):
            for piece in response.iter_bytes():
                answer += piece
                if len(answer) > MAX_ANSWER_BYTES:
                    raise httpx.DecodingError("the answer is too long")
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("the answer trickles")
            return response.status_code, bytes(answer)

    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.authority or None)
        if self.certificate:
            context.load_cert_chain(self.certificate, self.key or None)
        return context

    def _read(self, answer: bytes) -> list[Residence]:
        document = json_object(answer)
        lines = document.get("residences") if document is not None else None
        if not isinstance(lines, list) or len(lines) > MAX_RESIDENCES:
            raise RegisterError("nonsense: no list of residences")
        found = []
        for line in lines:
            territory, basis = (
                (line.get(name) for name in ("territory", "basis")) if isinstance(line, dict) else ("", "")
            )
            if not isinstance(territory, str) or basis not in Basis.values:
                raise RegisterError("nonsense: a line without territory or basis")
            found.append(Residence(self.community, territory, basis))
        return found


@lru_cache(maxsize=1)
def register_services() -> dict[str, HttpRegister]:
    """The services this installation is set up with, by the code of the body. Raises ValueError for bad settings."""
    return {
        code: HttpRegister(
            code, given["URL"], authorization=given["TOKEN"], certificate=given["CERTIFICATE"], key=given["KEY"],
            authority=given["AUTHORITY"],
            timeout=int(given["TIMEOUT"]) if given["TIMEOUT"].isdigit() else DEFAULT_TIMEOUT,
        )
        for code, given in settings.REGISTER_SERVICES.items()
    }  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What one register said. community: the code of the body it speaks for (None: all), where it may end things."""

    source: str
    community: str | None
    residences: list[Residence] = field(repr=False)


def registers_over_networks(communities: list[str]) -> list[ResidenceRegister]:
    """The registers of these bodies that are asked over a network: set up by the operator, or connected by the body.

    Rooms above that know more of them are named in settings.REGISTER_PORTS: each takes codes and gives registers.
    What the operator set up goes first.
    """
    found: dict[str, ResidenceRegister] = {}
    try:
        found.update({code: each for code, each in register_services().items() if code in communities})
    except ValueError as error:
        log.error("the register services are set up wrongly: %s", error)
    for path in settings.REGISTER_PORTS:
        for each in import_string(path)(communities):
            found.setdefault(each.community, each)
    return [found[code] for code in communities if code in found]


def answers_of_services(communities: list[str], number: str, birth_date: date | None) -> list[Answer]:
    """What the registers of these bodies say; one that fails is left out and logged, without the person.

    A person is waiting: all of them together have settings.REGISTER_SECONDS, and one whose turn would come later is
    left out as well.
    """
    found = []
    until = time.monotonic() + settings.REGISTER_SECONDS
    for each in registers_over_networks(communities):
        left = until - time.monotonic()
        try:
            if left <= 0:
                raise RegisterError("no time left for it")
            said = each.memberships_of(number, birth_date, seconds=left)
        except (RegisterError, OSError) as error:
            log.warning("the register service of %s failed: %s", each.community, error)
            continue
        found.append(Answer(each.source, each.community, said))
    return found


def answer_of_imported(number: str, birth_date: date | None) -> Answer:
    """What the imported registers say; they speak for every body, also for one that has none any more."""
    registers = ImportedRegisters()
    return Answer(registers.source, None, registers.memberships_of(number, birth_date))
