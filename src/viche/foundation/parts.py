"""The parts pages are put together from: templates/ui/<name>.html, each opening with a comment of arguments.

The comment is the contract. It is read here, checked against every use while a template is compiled, and
shown on the /ui/ page. A line of it is ``  name [= default]   meaning``; "one of a, b, c" in the meaning
closes the set of values; a part whose comment names ``body`` takes a block.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from django.conf import settings

from viche.foundation import figures

FOLDER = Path(__file__).parent / "templates" / "ui"
PAGES = frozenset({"message_page"})

_HEADER = re.compile(
    r"\A\{% comment %\}\n(?P<purpose>.+?)\n\n(?P<arguments>.*?)\{% endcomment %\}", re.DOTALL
)
_ARGUMENT = re.compile(r"^ {2}(?P<name>[a-z_]+)(?: = (?P<default>.+?))? {2,}(?P<meaning>\S.*)$")
_ONE_OF = re.compile(r"one of ([a-z]+(?:, [a-z]+)+)")
_CONTINUED = re.compile(r"^ {6,}(\S.*)$")


class PartError(Exception):
    """A page uses a part in a way its comment does not describe."""


@dataclass
class Argument:
    """default: the Python literal as written, None where the argument must be given."""

    name: str
    meaning: str
    default: str | None
    choices: tuple[str, ...] = ()

    @cached_property
    def value(self) -> Any:
        return ast.literal_eval(self.default or "None")


@dataclass(frozen=True)
class Part:
    name: str
    purpose: str
    arguments: tuple[Argument, ...]

    @property
    def is_block(self) -> bool:
        return any(argument.name == "body" for argument in self.arguments)

    @property
    def template_name(self) -> str:
        return f"ui/{self.name}.html"


def part_names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.html") if path.stem not in PAGES)


@cache
def part(name: str) -> Part:
    """The contract of a part. Raises PartError for an unknown name or a comment that cannot be read."""
    path = FOLDER / f"{name}.html"
    if name in PAGES or not re.fullmatch(r"[a-z_]+", name) or not path.exists():
        raise PartError(f"no part is called {name!r}; there are {', '.join(part_names())}")
    return parse_part(name, path.read_text(encoding="utf-8"))


def parse_part(name: str, source: str) -> Part:
    header = _HEADER.match(source)
    if header is None:
        raise PartError(f"ui/{name}.html does not begin with a comment of its arguments")
    arguments: list[Argument] = []
    for line in header["arguments"].splitlines():
        if found := _ARGUMENT.match(line):
            arguments.append(Argument(found["name"], found["meaning"], found["default"]))
        elif (more := _CONTINUED.match(line)) and arguments:
            last = arguments.pop()
            arguments.append(Argument(last.name, f"{last.meaning} {more[1]}", last.default))
        elif line.strip():
            raise PartError(f"ui/{name}.html: this line of the comment cannot be read: {line!r}")
    closed = []
    for argument in arguments:
        choices = _ONE_OF.search(argument.meaning)
        values = tuple(choices[1].split(", ")) if choices else ()
        closed.append(Argument(argument.name, argument.meaning, argument.default, values))
    return Part(name, " ".join(header["purpose"].split()), tuple(closed))


def check_names(name: str, given: set[str]) -> None:
    """Raises PartError unless ``given`` are arguments of the part and none of the needed ones is missing."""
    contract = part(name)
    known = {argument.name for argument in contract.arguments}
    if unknown := given - known:
        raise PartError(f"the part {name} has no argument {', '.join(sorted(unknown))}")
    needed = {argument.name for argument in contract.arguments if argument.default is None}
    if missing := needed - given:
        raise PartError(f"the part {name} needs {', '.join(sorted(missing))}")


def filled(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the part's template sees: the arguments with their defaults, and what figures.py works out."""
    check_names(name, set(given))
    values: dict[str, Any] = {}
    for argument in part(name).arguments:
        if argument.name in given:
            value = given[argument.name]
        else:
            value = argument.value
        if argument.choices and value not in argument.choices and not _is_forgiving():
            allowed = ", ".join(argument.choices)
            raise PartError(f"the part {name}: {argument.name}={value!r} is not one of {allowed}")
        values[argument.name] = value
        is_icon = argument.name in {"icon", "icon_after"} or (name, argument.name) == ("icon", "name")
        if is_icon and value and value not in icon_names() and not _is_forgiving():
            raise PartError(f"the part {name}: there is no icon {value!r} (scripts/fetch_assets.sh)")
    work_out = figures.WORKED_OUT.get(name)
    return values | work_out(**values) if work_out else values


@cache
def icon_names() -> frozenset[str]:
    """The icons of static/viche/icons.svg."""
    sprite = Path(__file__).parent / "static" / "viche" / "icons.svg"
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite.read_text(encoding="utf-8")))


def _is_forgiving() -> bool:
    # a wrong colour must not take a page down where residents are reading it
    return bool(getattr(settings, "IS_PRODUCTION", False))
