"""Officials and bodies: a waiting request, an editor, an auditor, an open invitation, the platform's administrator."""

from collections.abc import Mapping, Sequence
from datetime import date

from viche.communities.models import Community
from viche.foundation.actor import SYSTEM
from viche.identity.actions import (
    grant_office,
    identify_person,
    invite_official,
    person_by_number,
    request_connection,
)
from viche.identity.models import Person, Role
from viche.identity.providers import Address, VerifiedClaims, make_tax_number
from viche.identity.providers.isei.simulator import load_cast
from viche.identity.queries import actor_of, administrators_of

TERESHKY = "UA53080430000085474"


def stage(bodies: Mapping[str, Community], officials: Mapping[str, Sequence[Person]]) -> None:
    """Set the scene. bodies by their address; officials: members of the commissions, by body.

    The people of the cast are identified already; Zoriana's body is left to be connected by whoever plays her.
    """
    cast = {member.key: member for member in load_cast()}
    nazar = person_by_number(tax_number=cast["nazar"].tax_number or "")
    if nazar is not None:
        grant_office(person=nazar, community=None, role=Role.PLATFORM, by=SYSTEM)
    city = bodies["poltava"]
    administrators = administrators_of(city)
    by = actor_of(administrators[0].person, city) if administrators else SYSTEM
    for given_name, family_name, serial, role, unit in (
        ("Юлія", "Кравченко", 61, Role.EDITOR, "Управління економіки"),
        ("Павло", "Савчук", 63, Role.REVIEWER, "Управління житлово-комунального господарства"),
    ):
        person = _somebody(given_name, family_name, serial, "м. Полтава")
        grant_office(person=person, community=city, role=role, unit=unit, by=by)
    grant_office(
        person=identify_person(claims=_claims(cast["alina"].given_name, cast["alina"].family_name,
                                              cast["alina"].tax_number or "", cast["alina"].locality)),
        community=city, role=Role.AUDITOR, unit="Контрольно-ревізійний відділ", by=by,
    )  # fmt: skip
    invite_official(
        community=city, email="sport@poltava.example", role=Role.REVIEWER, unit="Управління спорту", language="uk",
        base="http://localhost:8000/poltava/", by=by,
    )  # fmt: skip
    request_connection(
        code=TERESHKY, body="Терешківська сільська рада", position="керуюча справами виконавчого комітету",
        email="rada@tereshky.example", phone="0 532 000 004", proof="лист № 03-21/118, підписав сільський голова",
        has_consented=True, method="isei:dig_sign", language="uk",
        person=_somebody("Наталія", "Ярмак", 64, "с. Терешки"),
    )  # fmt: skip


def _somebody(given_name: str, family_name: str, serial: int, locality: str) -> Person:
    """An invented official who has identified once."""
    number = make_tax_number(date(1983, 6, 1 + serial % 28), "female", serial).number
    return identify_person(claims=_claims(given_name, family_name, number, locality))


def _claims(given_name: str, family_name: str, number: str, locality: str) -> VerifiedClaims:
    return VerifiedClaims(
        provider="isei", method="bank_id", tax_number=number, family_name=family_name, given_name=given_name,
        patronymic="", address=Address(region="Полтавська", locality=locality, text=""), issuer="demo",
    )  # fmt: skip
