"""Settings of the client of Diia.Signature."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from viche.identity.providers.settings import (
    DEFAULT_TIMEOUT,
    SettingsError,
    problems_of_address,
    problems_of_timeout,
    seconds_of,
)

ALGORITHMS = ("ECDSA", "DSTU")


@dataclass(frozen=True)
class DiiaSettings:
    """url: of the partners' service. acquirer, authorization: the partner's token and its Basic credentials.

    branch, offer: the identifiers made once by ``diia.client.register``. algorithm: what the application signs by,
    "ECDSA", or "DSTU" where UAPKI can check it. timeout: seconds for each request.
    """

    url: str
    acquirer: str = field(repr=False)
    authorization: str = field(repr=False)
    branch: str
    offer: str
    algorithm: str = "ECDSA"
    timeout: float = DEFAULT_TIMEOUT
    is_production: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", self.url.rstrip("/"))
        example = "https://api2s.diia.gov.ua"
        problems = problems_of_address(
            "DIIA_URL", self.url, example=example, is_production=self.is_production
        )
        given = {
            "ACQUIRER_TOKEN": self.acquirer, "AUTHORIZATION": self.authorization, "BRANCH_ID": self.branch,
            "OFFER_ID": self.offer,
        }  # fmt: skip
        problems += [f"DIIA_{name} is missing" for name, value in given.items() if not value]
        if self.algorithm not in ALGORITHMS:
            problems.append("DIIA_SIGN_ALGORITHM must be ECDSA or DSTU")
        problems += problems_of_timeout("DIIA_TIMEOUT", self.timeout)
        if problems:
            raise SettingsError(problems)

    @classmethod
    def from_environment(cls, values: Mapping[str, str], *, is_production: bool = False) -> "DiiaSettings":
        """Raises SettingsError with every problem at once."""

        def text(name: str) -> str:
            return values.get(f"DIIA_{name}", "").strip()

        return cls(
            url=text("URL"), acquirer=text("ACQUIRER_TOKEN"), authorization=text("AUTHORIZATION"),
            branch=text("BRANCH_ID"), offer=text("OFFER_ID"), algorithm=text("SIGN_ALGORITHM").upper() or "ECDSA",
            timeout=seconds_of(text("TIMEOUT")), is_production=is_production,
        )  # fmt: skip
