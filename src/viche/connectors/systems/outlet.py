"""Requests to a neighbour with what its settings say: certificates from the sealed secrets, faults in its own words."""

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.connectors.systems.calls import NeighbourFault
from viche.connectors.systems.kinds.kind import Field
from viche.connectors.systems.models import System
from viche.connectors.systems.queries import secrets_of
from viche.connectors.systems.wording import fault_of_status, outcome_text
from viche.foundation.outgoing import Answer, ask

MOST_BYTES = 256 * 1024
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_KEY = re.compile(
    r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----.+?-----END (?:[A-Z]+ )?PRIVATE KEY-----", re.DOTALL
)
CERTIFICATES = (
    Field(
        "certificate", gettext_lazy("Our certificate and its key"), "long_secret", is_required=False,
        help=gettext_lazy("PEM: the certificate, then the private key. Only where the server asks for one."),
    ),
    Field(
        "authority", gettext_lazy("Certificate of the authority it is signed by"), "long", is_required=False,
        help=gettext_lazy("PEM. Empty where the server’s certificate is one that browsers trust."),
    ),
)  # fmt: skip


def certificate_problems(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, Any]:
    """What is wrong with the pasted certificates, by field."""
    faults: dict[str, Any] = {}
    pasted, authority = secrets.get("certificate", ""), settings.get("authority") or ""
    if pasted and not (_holds_certificate(pasted) and _holds_key(pasted)):
        faults["certificate"] = _("Paste both: BEGIN CERTIFICATE and BEGIN PRIVATE KEY.")
    if authority and not _holds_certificate(authority):
        faults["authority"] = _("This is no certificate: it begins with -----BEGIN CERTIFICATE-----.")
    return faults


def _holds_certificate(text: str) -> bool:
    try:
        return bool(x509.load_pem_x509_certificates("\n".join(_CERTIFICATE.findall(text)).encode()))
    except ValueError:
        return False


def _holds_key(text: str) -> bool:
    """One key, and not under a password: nobody is there to type it."""
    found = _KEY.findall(text)
    try:
        return len(found) == 1 and bool(load_pem_private_key(found[0].encode(), password=None))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False


def request(
    system: System, method: str, url: str, *, headers: Mapping[str, str] | None = None,
    content: bytes | None = None, seconds: int | float = 10, most_bytes: int = MOST_BYTES,
) -> Answer:  # fmt: skip
    """Ask with the system's certificates. seconds: for everything together. Raises Unreachable, SealBroken."""
    with _files(system) as (certificate, authority):
        return ask(
            method, url, headers=headers, content=content, timeout=seconds,  # type: ignore[arg-type]
            most_bytes=most_bytes, certificate=certificate, authority=authority,
        )  # fmt: skip


def succeeded(answer: Answer, reference: str = "") -> Answer:
    """The answer, if its status is a success. Raises NeighbourFault in the words of the status."""
    if 200 <= answer.status < 300:
        return answer
    code = fault_of_status(answer.status)
    raise NeighbourFault(code, outcome_text(code), reference=reference)


def garbage(reference: str = "") -> NeighbourFault:
    """What to raise where an answer is not what was agreed."""
    return NeighbourFault("garbage", outcome_text("garbage"), reference=reference)


@contextlib.contextmanager
def _files(system: System) -> Iterator[tuple[tuple[Path, Path] | None, Path | None]]:
    """The certificates as files, readable by this process only, for as long as one request takes."""
    own, authority = secrets_of(system).get("certificate", ""), system.settings.get("authority", "")
    if not own and not authority:
        yield None, None
        return
    with tempfile.TemporaryDirectory(prefix="viche-") as folder:
        yield (
            (_written(folder, "own.pem", own),) * 2 if own else None,
            _written(folder, "authority.pem", authority) if authority else None,
        )


def _written(folder: str, title: str, text: str) -> Path:
    path = Path(folder) / title
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text + "\n")
    return path
