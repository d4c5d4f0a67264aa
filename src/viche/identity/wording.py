"""Words for what regulations name by codes: evidence, channels, citizenship, faults of a register."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from viche.identity.models import CITIZENSHIP, Basis, Citizenships

EVIDENCE_NAMES = {
    "identity-provider": gettext_lazy("an address confirmed by the identification"),
    "residence-register": gettext_lazy("the community’s register of residents"),
    "residence-certificate": gettext_lazy("a certificate of the place of residence"),
    "passport": gettext_lazy("a passport"),
    "displaced-certificate": gettext_lazy("a certificate of an internally displaced person"),
    "employment-certificate": gettext_lazy("a certificate from the employer"),
    "study-certificate": gettext_lazy("a certificate from the place of study"),
    "service-certificate": gettext_lazy("a certificate of service"),
    "property-extract": gettext_lazy("an extract from the register of property rights"),
    "birth-certificate": gettext_lazy("a birth certificate"),
    "residence-permit": gettext_lazy("a residence permit"),
}

# what nobody can hold in their hands
NOT_SHOWN = frozenset({"identity-provider", "residence-register"})
SHOWN_EVIDENCE = tuple(word for word in EVIDENCE_NAMES if word not in NOT_SHOWN)

# what usually proves each basis: the first choices of a form
USUAL_EVIDENCE = {
    Basis.REGISTERED.value: ("residence-certificate", "passport", "residence-permit"),
    Basis.DECLARED.value: ("residence-certificate",),
    Basis.DISPLACED.value: ("displaced-certificate",),
    Basis.WORK.value: ("employment-certificate",),
    Basis.STUDY.value: ("study-certificate",),
    Basis.SERVICE.value: ("service-certificate",),
    Basis.PROPERTY.value: ("property-extract",),
    Basis.BIRTH.value: ("birth-certificate", "passport"),
    CITIZENSHIP: ("passport", "residence-permit"),
}

CHANNEL_NAMES = {
    "online": pgettext_lazy("how to take part", "online"),
    "desk": pgettext_lazy("how to take part", "at a service centre, through an operator"),
    "paper": pgettext_lazy("how to take part", "on paper"),
    "terminal": pgettext_lazy("how to take part", "at a bank’s terminal"),
    "kiosk": pgettext_lazy("how to take part", "at a public screen of the community"),
}

CITIZENSHIPS_ADMITTED = {
    "citizen": gettext_lazy("citizens of Ukraine"),
    "foreigner": gettext_lazy("foreigners"),
    "stateless": gettext_lazy("stateless persons"),
}


def basis_names(bases: Iterable[str]) -> str:
    """«registered residence, works here»."""
    return ", ".join(str(Basis(basis).label) for basis in bases)


def basis_name(code: str) -> str:
    """The name of a basis, or of citizenship in its place."""
    return _("citizenship") if code == CITIZENSHIP else str(Basis(code).label)


def factor_name(kind: str) -> str:
    """The name of a kind of second factor."""
    return _("one-time codes") if kind == "codes" else _("a passkey")


def channel_names(channels: Iterable[str]) -> str:
    """«at a service centre, through an operator; on paper»."""
    return "; ".join(str(CHANNEL_NAMES.get(channel, channel)) for channel in channels)


def evidence_names(words: Iterable[str]) -> str:
    """«a passport; a residence permit»."""
    return "; ".join(str(EVIDENCE_NAMES.get(word, word)) for word in words)


def citizenship_name(status: str) -> str:
    return str(Citizenships(status).label)


ROW_FAULTS = {
    "no_number": gettext_lazy("there is no tax number"),
    "bad_number": gettext_lazy("this is not a valid tax number: check the digits"),
    "bad_token": gettext_lazy("this is not a token of 64 hexadecimal digits"),
    "no_settlement": gettext_lazy("there is no settlement"),
    "unknown_settlement": gettext_lazy("no settlement of the community is called so"),
    "several_settlements": gettext_lazy("several settlements of the community are called so: give the code"),
    "outside": gettext_lazy("this place is outside the community"),
    "unknown_basis": gettext_lazy("there is no such basis of membership"),
    "duplicate": gettext_lazy("this person already stands in the register with the same basis"),
}
