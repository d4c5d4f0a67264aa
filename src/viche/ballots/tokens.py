"""The contest's own token of a person: links no two contests and dies with the contest's key."""

import hashlib
import hmac

from viche.contests.models import Contest
from viche.foundation import keys
from viche.identity.models import Identifier, Person


def marks_key(contest: Contest) -> bytes:
    """The contest's key of marks. Raises keys.KeyMissing."""
    return keys.contest_key(str(contest.id), "marks")


def contest_token(key: bytes, person_token: bytes) -> bytes:
    """HMAC-SHA256 of the platform's token of a number under the contest's key of marks."""
    return hmac.digest(key, b"v1|" + person_token, hashlib.sha256)


def contest_token_of(contest: Contest, person: Person) -> bytes | None:
    """The token of a known person; None where they have no number on record."""
    number = person_token_of(person)
    return contest_token(marks_key(contest), number) if number else None


def person_token_of(person: Person) -> bytes | None:
    """The platform's token of the person's tax number; None where they have none on record."""
    identifier = Identifier.objects.filter(person=person, kind="tax").first()
    return bytes(identifier.token) if identifier else None
