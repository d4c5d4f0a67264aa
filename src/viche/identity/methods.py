"""Methods of identification in the words of a regulation: their names, and whether one is among those accepted."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.foundation.refused import Refused

METHODS = {
    "isei": gettext_lazy("id.gov.ua (BankID, MobileID, electronic signature)"),
    "bankid": gettext_lazy("BankID"),
    "mobileid": gettext_lazy("MobileID"),
    "kep": gettext_lazy("electronic signature"),
    "diia": gettext_lazy("Diia.Signature"),
    "oidc": gettext_lazy("a trusted log-in service"),
    "desk": gettext_lazy("a document shown to an official"),
    "terminal": gettext_lazy("a bank’s terminal"),
    "card": gettext_lazy("the number of a card"),
    "phone": gettext_lazy("a phone number"),
}
# what a person used (providers.claims.METHODS) in the words of a regulation; Diia's is a qualified signature too
WORDS_OF = {
    "bank_id": frozenset({"bankid"}),
    "mobile_id": frozenset({"mobileid"}),
    "dig_sign": frozenset({"kep"}),
    "diia_id": frozenset({"diia", "kep"}),
    "oidc": frozenset({"oidc"}),
}


def words_of(provider: str, way: str) -> frozenset[str]:
    """What a regulation may call this identification: BankID through id.gov.ua is both "isei" and "bankid"."""
    return WORDS_OF.get(way, frozenset()) | ({"isei"} if provider == "isei" else frozenset())


def accepts(methods: tuple[str, ...], method: str) -> bool:
    """Whether one of the regulation's methods is the one used ("isei:bank_id" is both isei and bankid)."""
    provider, _colon, way = method.partition(":")
    return not words_of(provider, way).isdisjoint(methods) or provider in methods


def why_not_accepted(methods: tuple[str, ...], method: str) -> Refused | None:
    """Why this identification does not admit to an act for which the rules name these methods; None where it does.

    method: "" where nobody identified, so that another check decides. Refused: method_not_accepted.
    """
    if not method or accepts(methods, method):
        return None
    return Refused(
        "method_not_accepted",
        _("The rules of this contest accept other methods of identification: %s.") % methods_text(methods),
        status=403,
    )


def methods_text(methods: tuple[str, ...]) -> str:
    """The methods as a list in words."""
    return ", ".join(str(METHODS[method]) for method in methods)
