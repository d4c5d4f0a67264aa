"""Write the map of the house into docs/architecture.md: layers from .importlinter, sentences from docstrings.

.venv/bin/python scripts/describe_rooms.py [--check]
"""

import ast
import configparser
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/architecture.md"
BEGIN, END = "<!-- map: scripts/describe_rooms.py -->", "<!-- end of the map -->"


def sentence(package: Path) -> str:
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def house() -> str:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    layers = contracts["importlinter:contract:rooms"]["layers"].split("\n")
    rows = ["| Layer | Room | What it is for |", "|---|---|---|"]
    for depth, layer in enumerate(filter(None, (line.strip() for line in layers)), start=1):
        for room in (part.strip() for part in layer.replace(":", "|").split("|")):
            rows.append(f"| {depth} | `viche.{room}` | {sentence(ROOT / 'src/viche' / room)} |")
    for package in ("rulebook", "boxkey"):
        rows.append(f"| – | `{package}` | {sentence(ROOT / 'src' / package)} |")
    diagram = ["```mermaid", "flowchart TD"]
    names = [line.strip().replace(":", "|") for line in layers if line.strip()]
    for upper, lower in zip([*names], [*names[1:], "rulebook"], strict=True):
        diagram.append(f'    {_id(upper)}["{upper}"] --> {_id(lower)}["{lower}"]')
    return "\n".join([*diagram, "```", "", *rows])


def _id(layer: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in layer)


def main() -> int:
    page = PAGE.read_text(encoding="utf-8")
    before, _begin, rest = page.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    fresh = f"{before}{BEGIN}\n{house()}\n{END}{after}"
    if "--check" in sys.argv:
        if fresh != page:
            print("docs/architecture.md: the map is out of date, run scripts/describe_rooms.py")
        return int(fresh != page)
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
