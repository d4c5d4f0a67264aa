"""Settings of the client of MobileID."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from viche.identity.providers.settings import (
    SettingsError,
    problems_of_address,
    problems_of_file,
    problems_of_timeout,
    seconds_of,
)

ASYNCH, SYNCH = MODES = ("asynchClientServer", "synch")
CMS_FORMAT = "http://uri.etsi.org/TS102204/v1.1.2#CMS-Signature"


@dataclass(frozen=True)
class MobileIdSettings:
    """url: the operator's service (MSSP). ap_id, ap_password: of this site as an application provider.

    mode: "asynchClientServer" asks again and again for the answer, "synch" holds the request until the person has
    answered. profile: the URI of the signature profile that the operator names. certificate, key: of this site for
    mutual TLS, files, or ""; authority: a file of the authority of the service's own certificate, or "". timeout:
    seconds for each request; in the mode "synch" the person has as long to answer.
    """

    url: str
    ap_id: str
    ap_password: str = field(repr=False)
    profile: str
    mode: str = ASYNCH
    format: str = CMS_FORMAT
    certificate: str = ""
    key: str = ""
    authority: str = ""
    timeout: float = 8
    is_production: bool = False

    def __post_init__(self) -> None:
        example = "https://mssp.operator.ua/MSS_Signature"
        problems = problems_of_address(
            "MOBILEID_URL", self.url, example=example, is_production=self.is_production
        )
        for name, value in (
            ("AP_ID", self.ap_id),
            ("AP_PASSWORD", self.ap_password),
            ("PROFILE", self.profile),
        ):
            if not value:
                problems.append(f"MOBILEID_{name} is missing: the operator gives it")
        if self.mode not in MODES:
            problems.append("MOBILEID_MODE must be asynchClientServer or synch")
        for name, value in (
            ("CERTIFICATE", self.certificate),
            ("KEY", self.key),
            ("AUTHORITY", self.authority),
        ):
            problems += problems_of_file(f"MOBILEID_{name}", value) if value else []
        if bool(self.certificate) != bool(self.key):
            problems.append("MOBILEID_CERTIFICATE and MOBILEID_KEY go together")
        problems += problems_of_timeout("MOBILEID_TIMEOUT", self.timeout)
        if problems:
            raise SettingsError(problems)

    @classmethod
    def from_environment(
        cls, values: Mapping[str, str], *, is_production: bool = False
    ) -> "MobileIdSettings":
        """Raises SettingsError with every problem at once."""

        def text(name: str) -> str:
            return values.get(f"MOBILEID_{name}", "").strip()

        return cls(
            url=text("URL"), ap_id=text("AP_ID"), ap_password=text("AP_PASSWORD"), profile=text("PROFILE"),
            mode=text("MODE") or ASYNCH, format=text("FORMAT") or CMS_FORMAT, certificate=text("CERTIFICATE"),
            key=text("KEY"), authority=text("AUTHORITY"),
            timeout=seconds_of(text("TIMEOUT") or ("60" if text("MODE") == SYNCH else "")),
            is_production=is_production,
        )  # fmt: skip
