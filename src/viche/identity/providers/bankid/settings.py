"""Settings of the client of BankID NBU."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from viche.identity.providers.settings import (
    DEFAULT_TIMEOUT,
    SettingsError,
    problems_of_address,
    problems_of_timeout,
    seconds_of,
)

# the registered residence; where somebody merely lives makes nobody a member
ADDRESSES = ("juridical",)


@dataclass(frozen=True)
class BankIdSettings:
    """url: the system's address, https://id.bank.gov.ua. What opens the encrypted answers: providers.encryption.

    address: which address is asked for: "juridical", the registered residence. asks_passport: whether the
    number of a passport is asked for too, for people without a tax number. timeout: seconds for each request.
    """

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    address: str = "juridical"
    asks_passport: bool = False
    timeout: float = DEFAULT_TIMEOUT
    is_production: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", self.url.rstrip("/"))
        example = "https://id.bank.gov.ua"
        problems = problems_of_address(
            "BANKID_URL", self.url, example=example, is_production=self.is_production
        )
        for name, value in (("CLIENT_ID", self.client_id), ("CLIENT_SECRET", self.client_secret)):
            if not value:
                problems.append(f"BANKID_{name} is missing: it is given on joining the system")
        if self.address not in ADDRESSES:
            problems.append("BANKID_ADDRESS must be juridical")
        problems += problems_of_timeout("BANKID_TIMEOUT", self.timeout)
        if problems:
            raise SettingsError(problems)

    @classmethod
    def from_environment(cls, values: Mapping[str, str], *, is_production: bool = False) -> "BankIdSettings":
        """Raises SettingsError with every problem at once."""
        text = {name: values.get(f"BANKID_{name}", "").strip() for name in (
            "URL", "CLIENT_ID", "CLIENT_SECRET", "ADDRESS", "PASSPORT", "TIMEOUT",
        )}  # fmt: skip
        return cls(
            url=text["URL"], client_id=text["CLIENT_ID"], client_secret=text["CLIENT_SECRET"],
            address=text["ADDRESS"].lower() or "juridical",
            asks_passport=text["PASSPORT"].lower() in {"1", "true", "yes", "on"},
            timeout=seconds_of(text["TIMEOUT"]), is_production=is_production,
        )  # fmt: skip
