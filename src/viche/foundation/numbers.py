"""Whole numbers, shares and lengths of time as a person reads them."""

from datetime import datetime

from babel.units import format_unit
from django.utils.translation import get_language

NO_BREAK = "\u00a0"


def grouped(number: int) -> str:
    """``number`` with its thousands apart: «38 903» (a no-break space), "38,903" in English."""
    gap = "," if (get_language() or "uk").startswith("en") else "\u00a0"
    return f"{number:,}".replace(",", gap).replace("-", "\u2212")


def percent_text(hundredths: int) -> str:
    """Hundredths of a percent as a person reads them: 1250 is «12,5 %», "12.5%" in English."""
    is_english = (get_language() or "uk").startswith("en")
    whole, rest = divmod(hundredths, 100)
    fraction = f"{'.' if is_english else ','}{rest:02d}".rstrip("0") if rest else ""
    return f"{grouped(whole)}{fraction}{'' if is_english else NO_BREAK}%"


def share_of(part: int, whole: int, scale: int) -> int:
    """The length of ``part`` where ``whole`` is ``scale`` equal steps: rounded half up, kept within it.

    Something above nothing is never drawn as nothing: a positive part gets at least one step.
    """
    if whole <= 0 or part <= 0:
        return 0
    return max(1, min(scale, (2 * part * scale + whole) // (2 * whole)))


def time_left(until: datetime, now: datetime) -> str:
    """What is left until ``until`` in its two largest units: «3 дні 4 години»; "" when it has come."""
    seconds = int((until - now).total_seconds())
    if seconds <= 0:
        return ""
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes = rest // 60
    pairs = [("duration-day", days), ("duration-hour", hours), ("duration-minute", minutes)]
    first = next((place for place, (_, count) in enumerate(pairs) if count), None)
    if first is None:
        return format_unit(1, "duration-minute", length="long", locale=_locale())
    shown = [pair for pair in pairs[first : first + 2] if pair[1]]
    return " ".join(format_unit(count, unit, length="long", locale=_locale()) for unit, count in shown)


def _locale() -> str:
    return (get_language() or "uk").replace("-", "_")
