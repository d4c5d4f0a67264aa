"""Figures and the other parts of documents set by Typst, and figures alone as PDF/A: pictures, tables, hashes."""

from collections.abc import Collection, Sequence

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from viche.foundation.clock import KYIV
from viche.foundation.typesetting import FAMILY, pdf_of, quoted, running
from viche.reports.drawing import alternative, svg_of
from viche.reports.figure import TEXT, WORD, Figure

LISTED = 7
"""One row of so many columns is set as a list."""

SIZES = (("9pt", 86), ("8pt", 97), ("7pt", 110), ("6pt", 128))
"""Sizes of letters, and about how many of them a line of a page takes."""

SHORT = 10
"""A table of so many rows stands on one page with the words below it."""

LONGEST = 36
"""Longer names of rows go on in a second line."""

UNBROKEN = 24
"""No word asks for more room: a longer one is broken."""

SECOND_LINE = 20
"""Longer texts of other columns do."""


def pdf_of_figures(
    figures: Sequence[Figure], *, title: str, subtitle: str = "", opening: Sequence[str] = (),
    signatures: Sequence[str] = (),
) -> bytes:  # fmt: skip
    """One document. opening: paragraphs before the figures. signatures: under whose names a line stands at the end."""
    language = (get_language() or "uk")[:2]
    parts = [
        f"#set document(title: {quoted(title)})",
        f'#set text(font: "{FAMILY}", size: 10pt, lang: "{language}")',
        '#set page(paper: "a4", margin: (x: 20mm, y: 18mm), numbering: "1 / 1")',
        "#set par(justify: false)",
        "#show heading.where(level: 1): set text(size: 18pt)",
        "#show heading.where(level: 2): set text(size: 13pt)",
        f"#heading(level: 1, text({running(title)}))",
    ]
    if subtitle:
        parts.append(f"#text(size: 12pt, {running(subtitle)})")
    parts += [f"#par(text({running(each)}))" for each in opening]
    parts += [figure_source(each) for each in figures]
    if signatures:
        parts.append(signatures_source([("", name) for name in signatures]))
    return pdf_of("\n\n".join(parts))


def figure_source(figure: Figure, *, level: int = 2, is_drawn: bool = True) -> str:
    """A figure in Typst: heading, picture, table, how it was counted and its hash. level: of its heading."""
    drawn = svg_of(figure) if is_drawn else None
    parts = [f"#heading(level: {level}, text({running(figure.title)}))"]
    if drawn is not None:
        parts.append(
            f'#image(bytes({quoted(drawn)}), format: "svg", width: 100%, alt: {quoted(alternative(figure))})'
        )
    is_short = len(figure.rows) <= SHORT
    parts.append("#block(breakable: false)[" if is_short else "")
    parts.append(_table(figure))
    said = " ".join((figure.about, *figure.notes))
    moment = date_format(figure.as_of.astimezone(KYIV), "j E Y, H:i")
    words = _("Counted at %(moment)s, Kyiv time.") % {"moment": moment}
    parts.append(f"#text(size: 8pt, fill: luma(90), {quoted(f'{said} {words} SHA-256 {figure.digest}')})")
    parts.append("]" if is_short else "")
    return "\n".join(parts)


def facts_source(rows: Sequence[tuple[str, str]]) -> str:
    """Short facts in Typst: names and values side by side."""
    cells = ", ".join(
        f"text(fill: luma(70), {running(name)}), text(weight: 700, {running(value)})" for name, value in rows
    )
    return (
        "#table(columns: (1fr, 1fr), align: left, stroke: (x, y) => (bottom: 0.4pt + luma(200)), "
        f"inset: (x: 0pt, y: 4pt), {cells})"
    )


def signatures_source(places: Sequence[tuple[str, str]]) -> str:
    """Places for signatures in Typst, on one page: (office, name) of each; no name leaves a line for it."""
    hint = [
        quoted(pgettext("under a line to write on", "signature")),
        quoted(pgettext("under a line to write on", "name")),
    ]
    rows = []
    for office, name in places:
        named = (
            f"align(left + bottom, text({running(name)}))" if name else "line(length: 100%, stroke: 0.5pt)"
        )
        rows.append(
            "#block(above: 9mm, below: 0mm, grid(columns: (1fr, 45mm, 55mm), column-gutter: 5mm, row-gutter: 1.2mm, "
            f"align: bottom, text({running(office)}), line(length: 100%, stroke: 0.5pt), {named}, [], "
            f"align(center, text(size: 7pt, fill: luma(90), {hint[0]})), "
            f"{'[]' if name else f'align(center, text(size: 7pt, fill: luma(90), {hint[1]}))'}))"
        )
    return "#block(breakable: false, above: 10mm)[\n" + "\n".join(rows) + "\n]"


def _table(figure: Figure) -> str:
    """The table of the page; long ones go on over pages under the same heading. One row of many columns is set as a
    list of them.
    """
    if len(figure.rows) == 1 and len(figure.columns) >= LISTED:
        ((_label, texts, _href),) = figure.lines()
        names = [str(column.title) for column in figure.columns]
        return _set(
            [[_("Indicator"), _("Value")], *map(list, zip(names, texts, strict=True))], ["left", "right"]
        )
    heads = [figure.heading, *(str(column.title) for column in figure.columns)]
    aligned = ["left", *("left" if column.is_text else "right" for column in figure.columns)]
    lines = [heads, *([label, *texts] for label, texts, _href in figure.lines())]
    total = [_("Together"), *figure.total_texts()] if figure.total is not None else []
    broken = {place for place, column in enumerate(figure.columns, start=1) if column.kind in (TEXT, WORD)}
    return _set(lines, aligned, total, broken)


def _set(
    lines: Sequence[Sequence[str]],
    aligned: Sequence[str],
    total: Sequence[str] = (),
    broken: Collection[int] = (),
) -> str:
    """A table in Typst, the heads first. Columns are as wide as what stands in them, the first takes what is left.

    broken: places of columns whose longer values go on in a second line.
    """
    every = [*lines, total] if total else list(lines)
    wide = [_letters([line[place] for line in every]) for place in range(len(aligned))]
    wide = [min(each, SECOND_LINE) if place in broken else each for place, each in enumerate(wide)]
    others = sum(wide[1:])
    size, room = next((each for each in SIZES if min(wide[0], LONGEST) + others <= each[1]), SIZES[-1])
    wide[0] = max(min(wide[0], LONGEST), room - others)
    heads, *rows = lines
    cells = [f"table.header({', '.join(f'strong(text({running(words)}))' for words in heads)})"]
    cells += [", ".join(f"text({running(words)})" for words in row) for row in rows]
    if total:
        cells.append(", ".join(f"strong(text({running(words)}))" for words in total))
    widths = ", ".join(f"{each}fr" for each in wide)
    return (
        f"#{{set text(size: {size}); set par(leading: 0.5em); table(columns: ({widths}), "
        f"align: ({', '.join(aligned)}), stroke: (x, y) => (bottom: 0.4pt + luma(190)), "
        f"inset: (x: 3pt, y: 4pt), {', '.join(cells)})}}"
    )


def _letters(texts: Sequence[str]) -> int:
    """How many letters wide a column is: its values in one line, its head in lines of whole words."""
    head, *values = texts
    words = max((min(len(word), UNBROKEN) + 2 for word in head.split(" ")), default=1)
    return max([words, len(head) // 3, *(len(value) + 1 for value in values)]) + 1
