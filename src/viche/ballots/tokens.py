"""The contest's own token of a person: links no two contests and dies with the contest's key."""

import hashlib
import hmac

from django.db import connection

from viche.contests.models import Contest
from viche.foundation import keys
from viche.identity.models import Person
from viche.identity.queries import number_tokens


def marks_key(contest: Contest) -> bytes:
    """The contest's key of marks. Raises keys.KeyMissing."""
    return keys.contest_key(str(contest.id), "marks")


def contest_token(key: bytes, person_token: bytes) -> bytes:
    """HMAC-SHA256 of the platform's token of a number under the contest's key of marks."""
    return hmac.digest(key, b"v1|" + person_token, hashlib.sha256)


def contest_tokens_of(contest: Contest, person: Person) -> list[bytes]:
    """The tokens of a known person, one for each number on record; the first is the one of the mark.

    All are looked at before a ballot is taken: who voted by a passport and proves a tax number later has voted.
    Raises keys.KeyMissing.
    """
    numbers = number_tokens(person)
    if not numbers:
        return []
    key = marks_key(contest)
    return [contest_token(key, number) for number in numbers]


def held_tokens_of(contest: Contest, person: Person) -> list[bytes]:
    """contest_tokens_of a person whose row is held until the end of the transaction: no number is added meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM identity_person WHERE id = %s FOR SHARE", [person.pk])
    return contest_tokens_of(contest, person)
