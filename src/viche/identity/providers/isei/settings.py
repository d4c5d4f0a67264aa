"""Settings of the id.gov.ua client."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from viche.identity.providers.settings import (
    DEFAULT_TIMEOUT,
    SettingsError,
    problems_of_address,
    problems_of_timeout,
    seconds_of,
)

# every name read from the environment; the caller may resolve NAME_FILE secrets before handing them over
NAMES = (
    "ISEI_URL",
    "ISEI_CLIENT_ID",
    "ISEI_CLIENT_SECRET",
    "ISEI_METHODS",
    "ISEI_TIMEOUT",
    "ISEI_HTTP_METHOD",
)
# all that the system has known; the production front page may retire one
METHODS = ("bank_id", "dig_sign", "mobile_id", "diia_id")


@dataclass(frozen=True)
class IseiSettings:
    """url: the system's front page, scheme and host, perhaps a path. methods: what residents are offered.

    timeout: seconds for each request to the system. http_method: how the server-to-server requests are sent;
    POST keeps secrets out of URLs, GET is for an installation that reads only the query. is_production:
    refuse a provider on this machine, which could only be the simulator.
    """

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    methods: tuple[str, ...] = METHODS
    timeout: float = DEFAULT_TIMEOUT
    http_method: str = "POST"
    is_production: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", self.url.rstrip("/"))
        problems = problems_of_address(
            "ISEI_URL", self.url, example="https://id.gov.ua", is_production=self.is_production
        )
        problems += self._problems_of_the_rest()
        if problems:
            raise SettingsError(problems)

    def _problems_of_the_rest(self) -> list[str]:
        problems = []
        if not self.client_id:
            problems.append("ISEI_CLIENT_ID is missing: it is given on registration in id.gov.ua")
        if not self.client_secret:
            problems.append("ISEI_CLIENT_SECRET is missing: it is given on registration in id.gov.ua")
        if not self.methods:
            problems.append("ISEI_METHODS is empty: name at least one of " + ", ".join(METHODS))
        unknown = [method for method in self.methods if method not in METHODS]
        if unknown:
            problems.append(f"ISEI_METHODS: unknown {', '.join(unknown)}; known are {', '.join(METHODS)}")
        problems += problems_of_timeout("ISEI_TIMEOUT", self.timeout)
        if self.http_method not in {"GET", "POST"}:
            problems.append("ISEI_HTTP_METHOD must be GET or POST")
        return problems

    @classmethod
    def from_environment(cls, values: Mapping[str, str], *, is_production: bool = False) -> "IseiSettings":
        """Read NAMES from an environment mapping. Raises SettingsError with every problem at once."""
        text = {name: values.get(name, "").strip() for name in NAMES}
        methods = tuple(word.strip() for word in text["ISEI_METHODS"].split(",") if word.strip())
        return cls(
            url=text["ISEI_URL"],
            client_id=text["ISEI_CLIENT_ID"],
            client_secret=text["ISEI_CLIENT_SECRET"],
            methods=methods if text["ISEI_METHODS"] else METHODS,
            timeout=seconds_of(text["ISEI_TIMEOUT"]),
            http_method=text["ISEI_HTTP_METHOD"].upper() or "POST",
            is_production=is_production,
        )
