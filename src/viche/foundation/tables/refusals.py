"""How a table is refused: at the field of the file."""

from viche.foundation.refused import Refused


def bad_table(code: str, message: str) -> Refused:
    """The refusal, at the field."""
    return Refused(code, message, fields={"file": message}, status=422)
