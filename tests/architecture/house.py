"""What the tests of the house read: its rooms from the import contracts, its sources as syntax trees."""

import ast
import configparser
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"


def sources(*folders: str) -> list[Path]:
    """Python files under folders of src (or single files), migrations left out."""
    found: list[Path] = []
    for name in folders or ("boxkey", "rulebook", "viche"):
        place = SRC / name
        found += [place] if place.is_file() else sorted(place.rglob("*.py"))
    assert found, folders
    return [path for path in found if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return path.relative_to(SRC).as_posix()


def floors() -> dict[str, int]:
    """Each room of viche with its floor, 0 the lowest, as .importlinter orders them."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    lines = contracts["importlinter:contract:rooms"]["layers"].split("\n")
    layers = [line for line in map(str.strip, lines) if line]
    return {
        room.strip(): floor
        for floor, layer in enumerate(reversed(layers))
        for room in layer.replace(":", "|").split("|")
    }


def room_of(module: str) -> str | None:
    """The room of a module of the house; None for somebody else's."""
    parts = module.split(".")
    return parts[1] if parts[0] == "viche" and len(parts) > 1 else None


def upward(pairs: Iterable[tuple[str, str]], order: dict[str, int]) -> list[tuple[str, str]]:
    """Of (room, room it points to): those that point upwards, or sideways to a room of the same floor."""
    return [(here, there) for here, there in pairs if here != there and order[there] >= order[here]]


def inexact_places(source: str) -> Iterator[tuple[int, str]]:
    """(line, code) of every float literal, call of float and true division, but for paths put together.

    A division is a path where the leftmost operand is evidently one: ``Path(…)`` or ``Path(…).parent``.
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        is_float = isinstance(node, ast.Constant) and isinstance(node.value, float)
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
        divides = isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div)
        if is_float or is_call or (divides and not _is_path(node)):
            yield node.lineno, ast.unparse(node)


def _is_path(node: ast.AST) -> bool:
    while not isinstance(node, ast.Call):
        if isinstance(node, ast.BinOp):
            node = node.left
        elif isinstance(node, (ast.Attribute, ast.Subscript)):
            node = node.value
        else:
            return False
    return isinstance(node.func, ast.Name) and node.func.id == "Path"
