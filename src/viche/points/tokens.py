"""What the database keeps of a screen's code and of the secret in its cookie."""

import hashlib


def hash_of(secret: str) -> bytes:
    return hashlib.sha256(f"viche/screen/v1|{secret}".encode()).digest()
