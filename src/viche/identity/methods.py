"""Methods of identification in the words of a regulation: their names, and whether one is among those accepted."""

from django.utils.translation import gettext_lazy

METHODS = {
    "isei": gettext_lazy("id.gov.ua (BankID, MobileID, electronic signature)"),
    "bankid": gettext_lazy("BankID"),
    "mobileid": gettext_lazy("MobileID"),
    "kep": gettext_lazy("electronic signature"),
    "desk": gettext_lazy("a document shown to an official"),
    "terminal": gettext_lazy("a bank’s terminal"),
    "card": gettext_lazy("the number of a card"),
    "phone": gettext_lazy("a phone number"),
}
# what a visitor may have chosen at id.gov.ua, in the words of a regulation
OF_ISEI = {"bank_id": "bankid", "mobile_id": "mobileid", "dig_sign": "kep", "diia_id": "kep"}


def accepts(methods: tuple[str, ...], method: str) -> bool:
    """Whether one of the regulation's methods is the one used ("isei:bank_id" is both isei and bankid)."""
    provider, _colon, way = method.partition(":")
    return provider in methods or (provider == "isei" and OF_ISEI.get(way) in methods)


def methods_text(methods: tuple[str, ...]) -> str:
    """The methods as a list in words."""
    return ", ".join(str(METHODS[method]) for method in methods)
