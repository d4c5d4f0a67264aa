"""Settings of the check of qualified signatures."""

from collections.abc import Mapping
from dataclasses import dataclass

from viche.identity.providers.settings import (
    DEFAULT_TIMEOUT,
    SettingsError,
    problems_of_file,
    problems_of_timeout,
    seconds_of,
)

REVOCATION = ("require", "prefer")


@dataclass(frozen=True)
class KepSettings:
    """trusted: a file or a folder of authorities' certificates (PEM, DER), or a trusted list (ETSI TS 119 612, XML).

    revocation: "require" refuses a signature whose certificate cannot be looked up as not revoked; "prefer" accepts it,
    and refuses only one that is known to be revoked. hosts: the only ones where revocation may be asked for; none is
    any public host. timeout: seconds for each request.
    """

    trusted: str
    revocation: str = "require"
    hosts: tuple[str, ...] = ()
    timeout: float = DEFAULT_TIMEOUT
    is_production: bool = False

    def __post_init__(self) -> None:
        problems = [
            *problems_of_file("KEP_TRUSTED", self.trusted),
            *problems_of_timeout("KEP_TIMEOUT", self.timeout),
        ]
        if self.revocation not in REVOCATION:
            problems.append("KEP_REVOCATION must be require or prefer")
        if problems:
            raise SettingsError(problems)

    @classmethod
    def from_environment(cls, values: Mapping[str, str], *, is_production: bool = False) -> "KepSettings":
        """Raises SettingsError with every problem at once."""
        return cls(
            trusted=values.get("KEP_TRUSTED", ""),
            revocation=values.get("KEP_REVOCATION", "require").lower(),
            hosts=tuple(
                word.strip().lower() for word in values.get("KEP_HOSTS", "").split(",") if word.strip()
            ),
            timeout=seconds_of(values.get("KEP_TIMEOUT", "")),
            is_production=is_production,
        )
