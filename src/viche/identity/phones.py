"""Ukrainian phone numbers, as people write them."""

import re


def ukrainian_phone(text: str) -> str:
    """The number as 380 and nine digits: «+380 67 123-45-67», «067 1234567», «8 067 …» alike.

    Raises ValueError, which does not repeat the text.
    """
    digits = re.sub(r"[\s\u00a0().+-]", "", text)
    if not digits.isascii() or not digits.isdigit():
        raise ValueError("not a phone number")
    for prefix, kept in (("380", 3), ("80", 2), ("0", 1)):
        if digits.startswith(prefix) and len(digits) == kept + 9:
            return "380" + digits[kept:]
    raise ValueError("not a Ukrainian phone number")
