"""Whoever has a dump of the database has no tax number in it, and cannot tell whose it is by trying numbers out.

A tax number has ten digits: five of the day of birth, four of a serial, one that checks. All numbers of a day are tried
out in moments, so a plain hash would be no secret. Here the finder knows the very numbers, and lacks only the key.
"""

import hashlib
import hmac
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from tests import given

from viche.ballots.actions import cast_ballot
from viche.foundation import clock, keys
from viche.identity.actions import identify_person
from viche.identity.numbers import read_passport
from viche.identity.providers import VerifiedClaims
from viche.identity.providers.simulation import load_cast
from viche.identity.queries import actor_of
from viche.projects.actions import sign_project

WAYS = (("isei", "bank_id"), ("bankid", "bank_id"), ("kep", "dig_sign"), ("mobileid", "mobile_id"))
PASSPORT, UNZR, ACCOUNT = "КН123456", "19700304-12345", "https://login.example|subject-4711"


def everybody() -> Iterator[VerifiedClaims]:
    """The cast, each by every method they have, some with other numbers beside."""
    for person in load_cast():
        if person.tax_number is None:
            yield VerifiedClaims(
                "bankid", "bank_id", None, person.family_name, person.given_name, "", None, "bank",
                identifiers=(("passport", PASSPORT),), born=person.birth_date,
            )  # fmt: skip
            continue
        for provider, method in WAYS:
            yield VerifiedClaims(
                provider, method, person.tax_number, person.family_name, person.given_name, person.patronymic, None,
                "issuer", identifiers=(("unzr", UNZR), ("oidc", ACCOUNT)) if person.key == "olena" else (),
            )  # fmt: skip


@pytest.fixture
def dump(db) -> str:
    """Every row of every table as text, after people have identified, signed and voted."""
    of, (project, *_others) = given.voting_contest()
    supported = given.supported_contest(slug="signed")
    other = given.submitted_project(supported, author=given.person("Тарас"))
    with clock.at(given.day(6)):
        for claims in everybody():
            person = identify_person(claims=claims)
            if not person.memberships.filter(granted_in=of.community).exists():
                given.grant(person, of.community, basis="registered")
            if (
                claims.method == "bank_id"
                and claims.provider == "bankid"
                and person.age_on(given.day(6).date()) >= 16
            ):
                sign_project(project=other, person=person, by=actor_of(person, supported.community))
    with clock.at(given.day(45)):
        for number, claims in enumerate(each for each in everybody() if each.provider == "kep"):
            if claims.birth_date.year < 2000:
                cast_ballot(
                    contest=of, voter=identify_person(claims=claims), paper=given.paper(project), channel="online",
                    request_key=bytes([number]) * 32, method="isei:dig_sign",
                )  # fmt: skip
    return copied()


def copied() -> str:
    lines = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT line::text FROM "{table}" AS line')
            lines += [row[0] for row in cursor.fetchall()]
    return "\n".join(lines)


def numbers() -> list[str]:
    return [person.tax_number for person in load_cast() if person.tax_number]


def guesses(number: str) -> Iterator[bytes]:
    """What somebody without the key could make of a number they know."""
    public = [b"", b"viche", b"v1", b"person", b"viche/person/v1", str(settings.SECRET_KEY).encode()]
    texts = [number, f"tax|{number}", f"v1|tax|{number}", f"tax:{number}", number[::-1], str(int(number))]
    for text in (each.encode() for each in texts):
        for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s"):
            yield hashlib.new(name, text).digest()
        for key in public:
            yield hmac.digest(key, text, "sha256")
            yield hashlib.sha256(key + text).digest()
            yield hashlib.sha256(text + key).digest()


def test_the_dump_holds_what_was_done(dump):
    assert dump.count("\n") > 200
    assert "Коваленко" in dump
    token = keys.person_token("tax", numbers()[0]).hex()
    assert token in dump, "with the key a number is found: the test looks in the right place"


def test_no_number_is_in_the_dump(dump):
    hidden = [*numbers(), PASSPORT, "123456", UNZR, ACCOUNT, "subject-4711"]
    assert [number for number in hidden if number in dump] == []
    # nor in the bytes of any column
    assert [number for number in hidden if number.encode().hex() in dump] == []


def test_whoever_knows_the_numbers_but_not_the_key_matches_none(dump):
    found = [
        number
        for number in numbers()
        for guess in guesses(number)
        if guess.hex() in dump or guess[:16].hex() in dump
    ]
    assert found == []


def test_another_installations_key_matches_none(dump, settings):
    settings.PERSON_KEY = "another installation's key, of the same length as this one"
    tokens = [keys.person_token("tax", number) for number in numbers()] + [read_passport(PASSPORT).token]
    assert [token for token in tokens if token.hex() in dump] == []
