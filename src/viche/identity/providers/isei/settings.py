"""Settings of the id.gov.ua client."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

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
DEFAULT_TIMEOUT = 8
MAX_TIMEOUT = 60


class SettingsError(ValueError):
    """The settings cannot be used; ``problems`` lists every reason in words, without any secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def is_loopback(host: str) -> bool:
    """Whether this host name or address can only be this machine (RFC 6761, section 6.3)."""
    host = host.strip("[]").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


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
        problems = [*self._problems_of_url(), *self._problems_of_the_rest()]
        if problems:
            raise SettingsError(problems)

    def _problems_of_url(self) -> list[str]:
        try:
            parts = urlsplit(self.url)
            host, _port = parts.hostname or "", parts.port
        except ValueError:
            return ["ISEI_URL is not an address"]
        if parts.scheme not in {"http", "https"} or not host:
            return ["ISEI_URL must be an address such as https://id.gov.ua"]
        problems = []
        if parts.username or parts.password or parts.query or parts.fragment:
            problems.append("ISEI_URL must hold only scheme, host, port and path")
        if parts.scheme == "http" and not is_loopback(host):
            problems.append("ISEI_URL must begin with https: secrets and personal data travel over it")
        if self.is_production and is_loopback(host):
            problems.append("ISEI_URL points to this machine: the simulator cannot serve production")
        return problems

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
        if not 0 < self.timeout <= MAX_TIMEOUT:
            problems.append(f"ISEI_TIMEOUT must be more than 0 and at most {MAX_TIMEOUT} seconds")
        if self.http_method not in {"GET", "POST"}:
            problems.append("ISEI_HTTP_METHOD must be GET or POST")
        return problems

    @classmethod
    def from_environment(cls, values: Mapping[str, str], *, is_production: bool = False) -> "IseiSettings":
        """Read NAMES from an environment mapping. Raises SettingsError with every problem at once."""
        text = {name: values.get(name, "").strip() for name in NAMES}
        methods = tuple(word.strip() for word in text["ISEI_METHODS"].split(",") if word.strip())
        seconds = text["ISEI_TIMEOUT"] or str(DEFAULT_TIMEOUT)
        return cls(
            url=text["ISEI_URL"],
            client_id=text["ISEI_CLIENT_ID"],
            client_secret=text["ISEI_CLIENT_SECRET"],
            methods=methods if text["ISEI_METHODS"] else METHODS,
            # what is no whole number becomes 0 and is reported with the rest
            timeout=int(seconds) if seconds.isascii() and seconds.isdigit() else 0,
            http_method=text["ISEI_HTTP_METHOD"].upper() or "POST",
            is_production=is_production,
        )
