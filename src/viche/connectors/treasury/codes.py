"""How a project is called in budget papers, and how a contract's number is compared."""

import re

from viche.projects.models import Project

_SPACES = re.compile(r"[\s\u00a0№#]+")
# letters that look alike are typed in either alphabet
_ALIKE = str.maketrans("ABCEHIKMOPTXY", "АВСЕНІКМОРТХУ")
# greedy: a contest may be called «2026-2»
_CODE = re.compile(r"(?:ГБ|ГB)-([A-Z0-9-]+)-(\d{1,6})(?!\d|-[A-Z0-9])")
_NAMED = re.compile(
    r"(?:ДОГ(?:ОВІР|ОВОРУ|ОВОРОМ|ОВОР)?|КОНТРАКТ\w*)?\.?\s*(?:№|N)\s*([^\s,;()]+)", re.IGNORECASE
)


def plan_code(slug: str, number: int) -> str:
    """«ГБ-2026-7»: what stands in plans, and in the purpose of a payment."""
    return f"ГБ-{slug}-{number}".upper()


def code_of(project: Project) -> str:
    return plan_code(project.contest.slug, project.number)


def compared(number: str) -> str:
    """A contract's number as it is compared: without spaces and №, letters that look alike the same."""
    return _SPACES.sub("", number).upper().translate(_ALIKE).rstrip(".")


def codes_in(text: str) -> list[tuple[str, int]]:
    """(slug, number) of every plan code that a purpose names."""
    return [(slug.lower(), int(number)) for slug, number in _CODE.findall(text.upper())]


def contracts_in(text: str) -> list[str]:
    """Numbers of contracts that a purpose may name, as they are compared."""
    return list(dict.fromkeys(compared(each) for each in _NAMED.findall(text)))
