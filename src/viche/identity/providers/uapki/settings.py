"""Settings of the UAPKI port. Without KEP_UAPKI_LIBRARY there is none."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from viche.identity.providers.settings import SettingsError, problems_of_timeout, seconds_of

# every name read from the environment; the caller may resolve NAME_FILE secrets before handing them over
NAMES = (
    "KEP_UAPKI_LIBRARY",
    "KEP_UAPKI_AUTHORITIES",
    "KEP_UAPKI_CRLS",
    "KEP_UAPKI_PROXY",
    "KEP_UAPKI_TIMEOUT",
    "KEP_UAPKI_KEYS",
    "KEP_UAPKI_KEYS_PASSWORD",
    "KEP_UAPKI_CERTIFICATE",
)
DEFAULT_TIMEOUT = 15
CERTIFICATE_ENDINGS = frozenset({".cer", ".crt", ".der", ".pem"})

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True)
class UapkiSettings:
    """library: libuapki.so, its sister libraries beside it. authorities: folder with the certificates that are trusted,
    roots and issuing authorities, DER or PEM. crls: folder where the library keeps revocation lists, or None.

    proxy: address through which it asks authorities about revocation, or "". timeout: seconds for one request.
    keys, password, certificate: the site's own key for opening encrypted answers (a PKCS#12 or Key-6.dat file), its
    password, and the encryption certificate over it; None and "" where nothing is encrypted to this site.
    """

    library: Path
    authorities: Path | None
    crls: Path | None = None
    proxy: str = field(default="", repr=False)
    timeout: float = DEFAULT_TIMEOUT
    keys: Path | None = None
    password: str = field(default="", repr=False)
    certificate: Path | None = None

    def __post_init__(self) -> None:
        problems = []
        if not self.library.is_file():
            problems.append("KEP_UAPKI_LIBRARY names no file")
        if self.authorities is None or not self.authorities.is_dir():
            problems.append("KEP_UAPKI_AUTHORITIES must name a folder with certificates of authorities")
        elif not self.authority_certificates():
            problems.append("KEP_UAPKI_AUTHORITIES holds no certificate (.cer, .crt, .der, .pem)")
        if self.crls is not None and not self.crls.is_dir():
            problems.append("KEP_UAPKI_CRLS names no folder")
        problems += problems_of_timeout("KEP_UAPKI_TIMEOUT", self.timeout)
        if (self.keys is None) != (self.certificate is None):
            problems.append("KEP_UAPKI_KEYS and KEP_UAPKI_CERTIFICATE go together")
        if self.keys is not None and not self.keys.is_file():
            problems.append("KEP_UAPKI_KEYS names no file")
        if self.certificate is not None and not self.certificate.is_file():
            problems.append("KEP_UAPKI_CERTIFICATE names no file")
        elif self.certificate is not None and not certificates_of(self.certificate):
            problems.append("KEP_UAPKI_CERTIFICATE holds no certificate")
        if problems:
            raise SettingsError(problems)

    @classmethod
    def from_environment(cls, values: Mapping[str, str]) -> "UapkiSettings | None":
        """None where no library is named. Raises SettingsError with every problem at once."""
        if not values.get("KEP_UAPKI_LIBRARY"):
            return None

        def path(name: str) -> Path | None:
            return Path(values[name]) if values.get(name) else None

        return cls(
            library=Path(values["KEP_UAPKI_LIBRARY"]),
            authorities=path("KEP_UAPKI_AUTHORITIES"),
            crls=path("KEP_UAPKI_CRLS"),
            proxy=values.get("KEP_UAPKI_PROXY", ""),
            timeout=seconds_of(values.get("KEP_UAPKI_TIMEOUT") or str(DEFAULT_TIMEOUT)),
            keys=path("KEP_UAPKI_KEYS"),
            password=values.get("KEP_UAPKI_KEYS_PASSWORD", ""),
            certificate=path("KEP_UAPKI_CERTIFICATE"),
        )

    def authority_certificates(self) -> list[bytes]:
        """DER of every certificate in the folder of authorities, in the order of file names."""
        folder = self.authorities or Path()
        files = sorted(file for file in folder.iterdir() if file.suffix.lower() in CERTIFICATE_ENDINGS)
        return [certificate for file in files for certificate in certificates_of(file)]

    def first_line(self, *, memory: int, seconds: float) -> dict[str, Any]:
        """What the worker is told when it starts, over the pipe: the password is on no command line."""
        facts: dict[str, Any] = {
            "library": str(self.library.resolve()),
            "memory": memory,
            "seconds": seconds,
            "init": {
                "certCache": {
                    "trustedCerts": [_base64(certificate) for certificate in self.authority_certificates()]
                },
                "crlCache": {"path": f"{self.crls.resolve()}/"} if self.crls else {},
                "offline": False,
            },
        }
        if self.proxy:
            facts["init"]["proxy"] = {"url": self.proxy}
        if self.keys and self.certificate:
            # the library puts folder and name together without a stroke between them
            folder = f"{self.library.resolve().parent}/"
            facts["init"]["cmProviders"] = {"dir": folder, "allowedProviders": [{"lib": "cm-pkcs12"}]}
            facts["open"] = {
                "provider": "PKCS12",
                "storage": str(self.keys.resolve()),
                "mode": "RO",
                "password": self.password,
            }
            facts["certificate"] = _base64(certificates_of(self.certificate)[0])
        return facts


def certificates_of(file: Path) -> list[bytes]:
    """DER of the certificates in a file, of either form. What is none is left out."""
    content = file.read_bytes()
    if content[:1] == b"\x30":
        return [content]
    try:
        return [base64.b64decode(b"".join(body.split()), validate=True) for body in _PEM.findall(content)]
    except binascii.Error:
        return []


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
