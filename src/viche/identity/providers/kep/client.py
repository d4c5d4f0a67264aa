"""A person is identified by a qualified signature over a text that this site has shown."""

from datetime import datetime

from viche.foundation import clock
from viche.identity.providers.claims import VerifiedClaims
from viche.identity.providers.errors import ProviderError
from viche.identity.providers.kep.checking import PyHankoBackend
from viche.identity.providers.kep.settings import KepSettings
from viche.identity.providers.kep.signed import NAME, fault
from viche.identity.providers.kep.trusted import authorities_in
from viche.identity.providers.ports import SignatureBackend, Signer
from viche.identity.providers.tax_number import TaxNumberError, parse_tax_number
from viche.identity.providers.words import person_name

METHOD = "dig_sign"


class KepClient:
    """See ports.SignatureProvider. more: backends for other algorithms, asked before pyHanko."""

    name = NAME
    methods = (METHOD,)

    def __init__(self, settings: KepSettings, *, more: tuple[SignatureBackend, ...] = ()) -> None:
        self.settings = settings
        self._backends: tuple[SignatureBackend, ...] = (
            *more, PyHankoBackend(authorities_in(settings.trusted), settings),
        )  # fmt: skip

    def verify(self, signature: bytes, text: bytes, *, now: datetime | None = None) -> Signer:
        """Who signed exactly the text. Raises ProviderError: the codes of ports.SignatureBackend."""
        for backend in self._backends:
            if backend.can_verify(signature):
                return backend.verify(signature, text, now=now or clock.now())
        raise fault("algorithm_unsupported", "no backend for this algorithm")

    def claims(self, signature: bytes, *, text: bytes) -> VerifiedClaims:
        return claims_of(self.verify(signature, text), provider=NAME, method=METHOD)


def claims_of(signer: Signer, *, provider: str, method: str) -> VerifiedClaims:
    """What a signature proves of the person who made it.

    Raises ProviderError: seal_not_person (a seal, or a certificate without a person's name), not_qualified,
    number_wrong. A person without a tax number has none in the claims.
    """
    if signer.is_seal:
        raise ProviderError("seal_not_person", provider=provider)
    if not signer.is_qualified:
        raise ProviderError("not_qualified", provider=provider)
    number, fault = None, ""
    try:
        number = parse_tax_number(signer.tax_number).number
    except TaxNumberError as error:
        fault = error.reason
    if fault not in {"", "absent", "passport", "organisation"}:
        # raised out of the handler: no report shall find the number in the chain of causes
        raise ProviderError("number_wrong", fault, provider=provider)
    return VerifiedClaims(
        provider=provider, method=method, tax_number=number, family_name=person_name(signer.family_name),
        given_name=person_name(signer.given_name), patronymic=person_name(signer.patronymic), address=None,
        issuer=signer.issuer,
    )  # fmt: skip
