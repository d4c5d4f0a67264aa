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

ECDSA, DSTU = ALGORITHMS = ("ECDSA", "DSTU")


@dataclass(frozen=True)
class DiiaSettings:
    """url: of the partners' service. acquirer, authorization: the partner's token and its Basic credentials.

    branch, offer: the identifiers made once by ``viche diia``. algorithm: what the application signs by. timeout:
    seconds for each request. is_registering: branch and offer are not there yet.
    """

    url: str
    acquirer: str = field(repr=False)
    authorization: str = field(repr=False)
    branch: str
    offer: str
    algorithm: str = ECDSA
    timeout: float = DEFAULT_TIMEOUT
    is_production: bool = False
    is_registering: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", self.url.rstrip("/"))
        example = "https://api2s.diia.gov.ua"
        problems = problems_of_address(
            "DIIA_URL", self.url, example=example, is_production=self.is_production
        )
        secrets = {"ACQUIRER_TOKEN": self.acquirer, "AUTHORIZATION": self.authorization}
        made = {} if self.is_registering else {"BRANCH_ID": self.branch, "OFFER_ID": self.offer}
        problems += [f"DIIA_{name} is missing" for name, value in (secrets | made).items() if not value]
        problems += [
            f"DIIA_{name} must be one word: only what the service gave, without “Basic”"
            for name, value in secrets.items()
            if not (value.isascii() and value.isprintable()) or " " in value
        ]
        problems += self._problems_of_algorithm()
        problems += problems_of_timeout("DIIA_TIMEOUT", self.timeout)
        if problems:
            raise SettingsError(problems)

    def _problems_of_algorithm(self) -> list[str]:
        if self.algorithm not in ALGORITHMS:
            return ["DIIA_SIGN_ALGORITHM must be ECDSA"]
        if self.algorithm == DSTU:
            # a signature over a SHA-256 called by the name of another hash would fit no text
            return [
                "DIIA_SIGN_ALGORITHM cannot be DSTU: its hash is GOST 34.311, which this site does not compute"
            ]
        return []

    @classmethod
    def from_environment(
        cls, values: Mapping[str, str], *, is_production: bool = False, is_registering: bool = False
    ) -> "DiiaSettings":
        """Raises SettingsError with every problem at once."""

        def text(name: str) -> str:
            return values.get(f"DIIA_{name}", "").strip()

        return cls(
            url=text("URL"), acquirer=text("ACQUIRER_TOKEN"), authorization=text("AUTHORIZATION"),
            branch=text("BRANCH_ID"), offer=text("OFFER_ID"), algorithm=text("SIGN_ALGORITHM").upper() or ECDSA,
            timeout=seconds_of(text("TIMEOUT")), is_production=is_production, is_registering=is_registering,
        )  # fmt: skip
