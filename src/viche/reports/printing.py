"""Figures and the other parts of documents set by Typst, and figures alone as PDF/A: pictures, tables, hashes."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from viche.foundation.clock import KYIV
from viche.foundation.typesetting import FAMILY, pdf_of, quoted
from viche.reports.drawing import alternative, svg_of
from viche.reports.figure import DATE, MONEY, STATE, Figure

WIDE = 6
"""A table of so many columns is set in smaller letters."""


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
        f"#heading(level: 1, text({quoted(title)}))",
    ]
    if subtitle:
        parts.append(f"#text(size: 12pt, {quoted(subtitle)})")
    parts += [f"#par(text({quoted(each)}))" for each in opening]
    parts += [figure_source(each) for each in figures]
    if signatures:
        parts.append(signatures_source([("", name) for name in signatures]))
    return pdf_of("\n\n".join(parts))


def figure_source(figure: Figure, *, level: int = 2, is_drawn: bool = True) -> str:
    """A figure in Typst: heading, picture, table, how it was counted and its hash. level: of its heading."""
    drawn = svg_of(figure) if is_drawn else None
    parts = [f"#heading(level: {level}, text({quoted(figure.title)}))"]
    if drawn is not None:
        parts.append(
            f'#image(bytes({quoted(drawn)}), format: "svg", width: 100%, alt: {quoted(alternative(figure))})'
        )
    parts.append(_table(figure))
    said = " ".join((figure.about, *figure.notes))
    moment = date_format(figure.as_of.astimezone(KYIV), "j E Y, H:i")
    words = _("Counted at %(moment)s, Kyiv time.") % {"moment": moment}
    parts.append(f"#text(size: 8pt, fill: luma(90), {quoted(f'{said} {words} SHA-256 {figure.digest}')})")
    return "\n".join(parts)


def facts_source(rows: Sequence[tuple[str, str]]) -> str:
    """Short facts in Typst: names and values side by side."""
    cells = ", ".join(
        f"text(fill: luma(70), {quoted(name)}), text(weight: 700, {quoted(value)})" for name, value in rows
    )
    return (
        "#table(columns: (1fr, 1fr), align: left, stroke: (x, y) => (bottom: 0.4pt + luma(200)), "
        f"inset: (x: 0pt, y: 4pt), {cells})"
    )


def signatures_source(places: Sequence[tuple[str, str]]) -> str:
    """Places for signatures in Typst, on one page: (office, name) of each; no name leaves a line for it."""
    hint = [quoted(_("signature")), quoted(_("name"))]
    rows = []
    for office, name in places:
        named = f"align(left + bottom, text({quoted(name)}))" if name else "line(length: 100%, stroke: 0.5pt)"
        rows.append(
            "#block(above: 9mm, below: 0mm, grid(columns: (1fr, 45mm, 55mm), column-gutter: 5mm, row-gutter: 1.2mm, "
            f"align: bottom, text({quoted(office)}), line(length: 100%, stroke: 0.5pt), {named}, [], "
            f"align(center, text(size: 7pt, fill: luma(90), {hint[0]})), "
            f"{'[]' if name else f'align(center, text(size: 7pt, fill: luma(90), {hint[1]}))'}))"
        )
    return "#block(breakable: false, above: 10mm)[\n" + "\n".join(rows) + "\n]"


def _table(figure: Figure) -> str:
    """The table of the page; long ones go on over pages under the same heading."""
    is_wide = len(figure.columns) >= WIDE
    size = "6.5pt" if is_wide else "9pt"
    kinds = [
        ("1.3fr" if column.kind == MONEY else "0.8fr") if is_wide else "auto" for column in figure.columns
    ]
    widths = ", ".join(["1.8fr" if is_wide else "1fr", *kinds])
    aligned = ["left", *("left" if column.kind in (DATE, STATE) else "right" for column in figure.columns)]
    heads = [figure.heading, *(str(column.title) for column in figure.columns)]
    cells = [f"strong(text({quoted(words)}))" for words in heads]
    lines = [f"table.header({', '.join(cells)})"]
    for label, texts, _href in figure.lines():
        lines.append(", ".join(f"text({quoted(words)})" for words in (label, *texts)))
    if figure.total is not None:
        total = [_("Together"), *figure.total_texts()]
        lines.append(", ".join(f"strong(text({quoted(words)}))" for words in total))
    return (
        f"#{{set text(size: {size}); table(columns: ({widths}), align: ({', '.join(aligned)}), "
        f"stroke: (x, y) => (bottom: 0.4pt + luma(190)), inset: 4pt, {', '.join(lines)})}}"
    )
