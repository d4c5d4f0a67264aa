"""What stands on the account line of a terminal: whose ballot it is, and which project. Pure."""

import re

# a keypad has digits and, at best, a dash, a star or a hash: 2987654321-12, 2987654321*12, 298765432112
ACCOUNT = re.compile(r"\s*([0-9]{10})(?:\s*[-*#/.\s]?\s*([0-9]{1,6}))?\s*")
SERVICE = re.compile(r"\s*([0-9]{1,6})\s*")
# the service that casts the basket
CAST = "0"


class BadAccount(ValueError):
    """The line is not a tax number, or no number of a project follows it."""


def read_account(account: str, service: str = "") -> tuple[str, str]:
    """(tax number, number of the project; "" where none is named). service: where it is sent apart.

    Raises BadAccount.
    """
    found = ACCOUNT.fullmatch(account)
    if found is None or not account.isascii():
        raise BadAccount(account)
    chosen = found[2] or ""
    if service:
        apart = SERVICE.fullmatch(service)
        if apart is None or not service.isascii() or (chosen and int(chosen) != int(apart[1])):
            raise BadAccount(service)
        chosen = apart[1]
    return found[1], str(int(chosen)) if chosen else ""


def write_account(number: str, service: str) -> str:
    """The account line that chooses the service."""
    return f"{number}-{service}"
