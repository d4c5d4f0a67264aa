"""Write the outlines of Ukraine's regions that the page of connected bodies draws, from the npm package's drawing.

scripts/fetch_assets.sh runs it: make_map.py ukraine.svg outlines.json. The drawing is taken at half its size (500 by
335), points are rounded to whole units and those that fall together or on a line are left out: a quarter of the bytes.
"""

import json
import re
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

# the drawing names the regions in Latin letters; the codifier by codes (first two digits: order 290 of 26.11.2020)
CODES = {
    "crimea": "UA01000000000013043", "vinnytsia": "UA05000000000010236", "volyn": "UA07000000000024379",
    "dnipropetrovsk": "UA12000000000090473", "donetsk": "UA14000000000091971", "zhytomyr": "UA18000000000041385",
    "zakarpattia": "UA21000000000011690", "zaporizhia": "UA23000000000064947", "ivano-frankivsk": "UA26000000000069363",
    "kyiv": "UA32000000000030281", "kirovohrad": "UA35000000000016081", "luhansk": "UA44000000000018893",
    "lviv": "UA46000000000026241", "mykolaiv": "UA48000000000039575", "odessa": "UA51000000000030770",
    "poltava": "UA53000000000028050", "rivne": "UA56000000000066151", "sumy": "UA59000000000057109",
    "ternopil": "UA61000000000060328", "kharkiv": "UA63000000000041885", "kherson": "UA65000000000030969",
    "khmelnytskyi": "UA68000000000099709", "cherkasy": "UA71000000000010357", "chernivtsi": "UA73000000000044923",
    "chernihiv": "UA74000000000025378", "kyiv-city": "UA80000000000093317",
}  # fmt: skip
TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)")


def _is_straight(last: list[tuple[int, int]], point: tuple[int, int]) -> bool:
    if len(last) < 2:
        return False
    (ax, ay), (bx, by), (cx, cy) = *last, point
    return (bx - ax) * (cy - by) == (by - ay) * (cx - bx) and (bx - ax) * (cx - bx) + (by - ay) * (
        cy - by
    ) > 0


def _written(points: list[tuple[int, int]]) -> str:
    steps = [(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(points)]
    line = "".join(
        f"{'' if dx < 0 or not n else ' '}{dx}{'' if dy < 0 else ' '}{dy}" for n, (dx, dy) in enumerate(steps)
    )
    return f"M{points[0][0]} {points[0][1]}l{line}z"


def rounded(path: str) -> str:
    """The path in whole units of half the size; M, L, Z and their relative forms, H and V are read."""
    parts: list[str] = []
    points: list[tuple[int, int]] = []
    x = y = start_x = start_y = 0.0
    tokens = TOKEN.findall(path)
    place, command = 0, ""

    def close() -> None:
        if len(points) > 2:
            parts.append(_written(points))
        points.clear()

    while place < len(tokens):
        if tokens[place].isalpha():
            command = tokens[place]
            place += 1
            if command in "Zz":
                close()
                x, y = start_x, start_y
                continue
        base_x, base_y = (x, y) if command.islower() else (0.0, 0.0)
        if command in "Hh":
            x, place = base_x + float(tokens[place]), place + 1
        elif command in "Vv":
            y, place = base_y + float(tokens[place]), place + 1
        elif command in "MmLl":
            x, y, place = base_x + float(tokens[place]), base_y + float(tokens[place + 1]), place + 2
        else:
            raise ValueError(f"a path of lines is wanted, not {command!r}")
        if command in "Mm":
            close()
            start_x, start_y = x, y
            command = "L" if command == "M" else "l"
        point = round(x / 2), round(y / 2)
        if points[-2:] and _is_straight(points[-2:], point):
            points.pop()
        if not points or points[-1] != point:
            points.append(point)
    close()
    return "".join(parts)


def main(source: Path, target: Path) -> None:
    tree = ElementTree.parse(source).getroot()
    outlines = {
        CODES[path.attrib["id"]]: rounded(path.attrib["d"])
        for path in tree.iter("{http://www.w3.org/2000/svg}path")
    }
    assert set(outlines) == set(CODES.values()), "the drawing holds other regions than before"
    target.write_text(json.dumps(outlines, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{len(outlines)} regions, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
