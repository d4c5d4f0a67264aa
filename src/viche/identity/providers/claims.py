"""What an identification proved about a person."""

from dataclasses import dataclass, field
from datetime import date

from rulebook.rules.vocabulary import CITIZENSHIPS
from viche.identity.providers.tax_number import Sex, parse_tax_number

# What each method proves by itself. A qualified certificate may carry an address, but nobody checked that its
# holder lives there; only a bank's record of its client counts as an address.
METHODS: dict[str, frozenset[str]] = {
    "bank_id": frozenset({"person", "number", "address"}),
    "dig_sign": frozenset({"person", "number"}),
    "mobile_id": frozenset({"person", "number"}),
    "diia_id": frozenset({"person", "number"}),
    # another country's identity, or an organisation's own accounts: what its issuer says in claims the site names
    "oidc": frozenset({"person", "number"}),
}

# numbers of a person beside the tax number, each kept as a keyed token: a passport (also of who refused a tax number),
# the number in the demographic register, the issuer and subject of OpenID Connect
IDENTIFIERS = ("passport", "unzr", "oidc")

# BankID NBU: a passport of a citizen (booklet, card) or one for travelling abroad; "ident" tells nothing
CITIZENS_DOCUMENTS = frozenset({"passport", "idpassport", "zpassport"})

_CYRILLIC = range(0x0400, 0x0530)


@dataclass(frozen=True, repr=False)
class Address:
    """A proven address as the provider wrote it.

    region: oblast. locality: settlement, with its kind where given ("м. Полтава"). text: the rest, in a
    line. raw: the provider's own fields and values, for matching against the codifier.
    """

    region: str
    locality: str
    text: str
    raw: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return "Address(…)"


@dataclass(frozen=True, repr=False)
class VerifiedClaims:
    """One successful identification. Lives in memory only; its repr shows no personal data.

    provider: "isei", "bankid" … method: a key of METHODS. tax_number: ten checked digits, or None where the person has
    none (refused for religious reasons) or the provider did not tell it: then the operator's desk decides.
    birth_date and sex come from the tax number; without it sex is None. address: None where the method proves
    none. issuer: the bank or the certification authority. citizenship: a word of rulebook.rules.CITIZENSHIPS where the
    provider tells it (see citizenship_of_document), else None. Telephone and e-mail are not asked for. identifiers:
    other numbers that were proved, as (kind of IDENTIFIERS, value). born: a date of birth the provider told; it counts
    where no tax number tells one.
    """

    provider: str
    method: str
    tax_number: str | None
    family_name: str
    given_name: str
    patronymic: str
    address: Address | None
    issuer: str
    citizenship: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    born: date | None = None
    birth_date: date | None = field(init=False)
    sex: Sex | None = field(init=False)

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError("unknown method of identification")
        if self.citizenship not in (None, *CITIZENSHIPS):
            raise ValueError("unknown citizenship")
        number = parse_tax_number(self.tax_number) if self.tax_number is not None else None
        object.__setattr__(self, "tax_number", number.number if number else None)
        if unknown := {kind for kind, _value in self.identifiers} - set(IDENTIFIERS):
            raise ValueError(f"unknown kinds of identifiers: {sorted(unknown)}")
        object.__setattr__(self, "birth_date", number.birth_date if number else self.born)
        object.__setattr__(self, "sex", number.sex if number else None)

    def __repr__(self) -> str:
        return f"VerifiedClaims(provider={self.provider!r}, method={self.method!r}, …)"

    @property
    def full_name(self) -> str:
        """Family name, given name, patronymic, in the order of Ukrainian documents."""
        return " ".join(part for part in (self.family_name, self.given_name, self.patronymic) if part)

    @property
    def has_foreign_letters(self) -> bool:
        """Whether the name holds letters outside Cyrillic: a foreigner's name, or a bank's transliteration.

        Such a name is shown as it came; it is no proof that two records are of different people.
        """
        return any(letter.isalpha() and ord(letter) not in _CYRILLIC for letter in self.full_name)

    @property
    def proves(self) -> frozenset[str]:
        """What this identification proved: some of person, number, address."""
        found = {"person"}
        if self.tax_number:
            found.add("number")
        if self.address:
            found.add("address")
        return METHODS[self.method] & found


def citizenship_of_document(kind: str) -> str | None:
    """What the type of a document of BankID NBU says of its holder's citizenship; None where it says nothing."""
    return "citizen" if kind in CITIZENS_DOCUMENTS else None
