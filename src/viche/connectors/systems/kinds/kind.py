"""What a kind of neighbour says of itself: its name, the fields of its settings, how it is tried."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viche.connectors.systems.models import System

SHAPES = frozenset({"text", "address", "number", "choice", "flag", "long", "secret", "long_secret", "email"})


@dataclass(frozen=True)
class Field:
    """One field of a kind's settings.

    shape: one of SHAPES; a secret and a long_secret are sealed and never shown again. choices: (value, words) of a
    choice. first: the value of a new system. least, most: of a number. longest: signs of a text.
    """

    name: str
    label: Any
    shape: str = "text"
    help: Any = ""
    is_required: bool = True
    choices: tuple[tuple[str, Any], ...] = ()
    first: Any = ""
    least: int = 0
    most: int = 10_000
    longest: int = 300

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            raise ValueError(f"no such shape of a field: {self.shape}")

    @property
    def is_secret(self) -> bool:
        return self.shape in {"secret", "long_secret"}

    @property
    def is_destination(self) -> bool:
        """Whether it says where the system's secrets are sent."""
        return self.shape == "address" or self.name == "host"


@dataclass(frozen=True)
class Finding:
    """What a trial of the connection found: a sentence for the official, and what was seen, in words and values."""

    is_good: bool
    sentence: Any
    facts: Sequence[tuple[Any, Any]] = ()


@dataclass(frozen=True)
class Thresholds:
    """When the breaker opens and for how long.

    failures: in a row, until it opens. pause: seconds before one call may try again; doubled after each trial in vain,
    up to longest. trial: seconds after which a trial that said nothing counts as gone.
    """

    failures: int = 3
    pause: int = 30
    longest: int = 1800
    trial: int = 60


def _nothing_wrong(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Kind:
    """One kind of neighbour.

    name: in the database and in addresses (a slug). use: the one line that says what it is for. test: tries the
    connection by calls.call and says what it found; it lets no error of the neighbour through. simulator: its name for
    "viche simulator", "" where there is none. problems: what is wrong across fields, by the field's name. is_single:
    a body has at most one that is switched on.
    """

    name: str
    title: Any
    use: Any
    fields: tuple[Field, ...]
    test: Callable[["System"], Finding]
    icon: str = "route"
    simulator: str = ""
    thresholds: Thresholds = field(default_factory=Thresholds)
    problems: Callable[[Mapping[str, Any], Mapping[str, str]], dict[str, Any]] = _nothing_wrong
    is_single: bool = False
