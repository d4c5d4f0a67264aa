"""Settings of the OpenID Connect client."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from viche.identity.providers.settings import (
    DEFAULT_TIMEOUT,
    SettingsError,
    problems_of_address,
    problems_of_timeout,
    seconds_of,
)

CLAIMS = {
    "family": "family_name",
    "given": "given_name",
    "patronymic": "middle_name",
    "birthdate": "birthdate",
}


@dataclass(frozen=True)
class OidcSettings:
    """issuer: as it names itself. authorization_url: where browsers are sent, as the issuer's discovery document says,
    named here too for the site's content policy. label: what the way is called on the page, "" for a general name.

    claims: which claim tells what (family, given, patronymic, birthdate, number); ``number`` only where the issuer is
    trusted to have checked the tax number. scopes: asked for. timeout: seconds for each request.
    """

    issuer: str
    authorization_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: str = "openid profile"
    label: str = ""
    claims: Mapping[str, str] = field(default_factory=lambda: dict(CLAIMS))
    timeout: float = DEFAULT_TIMEOUT
    is_production: bool = False

    def __post_init__(self) -> None:
        problems = []
        for name, value in (("OIDC_ISSUER", self.issuer), ("OIDC_AUTHORIZATION_URL", self.authorization_url)):
            example = "https://login.example.org"
            problems += problems_of_address(name, value, example=example, is_production=self.is_production)
        if not self.client_id:
            problems.append("OIDC_CLIENT_ID is missing")
        if not self.client_secret:
            problems.append("OIDC_CLIENT_SECRET is missing")
        if "openid" not in self.scopes.split():
            problems.append("OIDC_SCOPES must hold openid")
        problems += problems_of_timeout("OIDC_TIMEOUT", self.timeout)
        if problems:
            raise SettingsError(problems)

    @classmethod
    def from_environment(cls, values: Mapping[str, str], *, is_production: bool = False) -> "OidcSettings":
        """Raises SettingsError with every problem at once."""

        def text(name: str) -> str:
            return values.get(f"OIDC_{name}", "").strip()

        claims = {key: text(f"CLAIM_{key.upper()}") or claim for key, claim in CLAIMS.items()}
        if text("CLAIM_NUMBER"):
            claims["number"] = text("CLAIM_NUMBER")
        return cls(
            issuer=text("ISSUER"), authorization_url=text("AUTHORIZATION_URL"), client_id=text("CLIENT_ID"),
            client_secret=text("CLIENT_SECRET"), scopes=text("SCOPES") or "openid profile", label=text("LABEL"),
            claims=claims, timeout=seconds_of(text("TIMEOUT")), is_production=is_production,
        )  # fmt: skip
