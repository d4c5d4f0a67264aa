"""Figures as a document: PDF/A, set by Typst, with the pictures and tables of the page and the hash of each figure."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from viche.foundation.clock import KYIV
from viche.foundation.typesetting import FAMILY, pdf_of, quoted
from viche.reports.drawing import svg_of
from viche.reports.figure import DATE, MONEY, STATE, Figure

WIDE = 5
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
    parts += [_figure(each) for each in figures]
    if signatures:
        parts.append(_signatures(signatures))
    return pdf_of("\n\n".join(parts))


def _figure(figure: Figure) -> str:
    drawn = svg_of(figure)
    parts = [f"#heading(level: 2, text({quoted(figure.title)}))"]
    if drawn is not None:
        parts.append(
            f'#image(bytes({quoted(drawn)}), format: "svg", width: 100%, alt: {quoted(figure.title)})'
        )
    parts.append(_table(figure))
    said = " ".join((figure.about, *figure.notes))
    moment = date_format(figure.as_of.astimezone(KYIV), "j E Y, H:i")
    words = _("Counted at %(moment)s, Kyiv time.") % {"moment": moment}
    parts.append(f"#text(size: 8pt, fill: luma(90), {quoted(f'{said} {words} SHA-256 {figure.digest}')})")
    return "\n".join(parts)


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


def _signatures(names: Sequence[str]) -> str:
    lines = "".join(
        f"#grid(columns: (1fr, 60mm), gutter: 6mm, text({quoted(name)}), line(length: 60mm, stroke: 0.5pt))\n#v(6mm)\n"
        for name in names
    )
    return f"#v(10mm)\n#block(breakable: false)[\n{lines}]"
