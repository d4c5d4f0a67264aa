"""Recovery codes: shown once, each opens once, for who has lost the phone."""

import hashlib
import hmac
import secrets

from viche.foundation import keys

NUMBER, LENGTH = 10, 10
# without letters and digits that look alike
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_codes() -> list[str]:
    """Ten codes, as they are shown: «k7m2p-9xq4t»; about 49 bits each."""
    made = ["".join(secrets.choice(ALPHABET) for _place in range(LENGTH)) for _number in range(NUMBER)]
    return [f"{code[:5]}-{code[5:]}" for code in made]


def digest_of(code: str) -> bytes:
    """What is stored of a code: an HMAC under a key that is not in the database. Spaces, hyphens, capitals aside."""
    plain = "".join(letter for letter in code.lower() if letter in ALPHABET)
    return hmac.digest(keys.factor_key(), b"recovery|" + plain.encode(), hashlib.sha256)
