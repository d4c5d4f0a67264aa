"""An official report on paper: the body's letterhead, number and day, the parts in order, places for signatures.

PDF/A-2b. What stands in it is a Document; how a figure is set is printing's, the same as in every other document.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import Image

from viche.foundation.typesetting import ARCHIVE, FAMILY, pdf_of, quoted, running
from viche.reports.document import Document, Facts, Heading, Paragraph, Shown, Signatures
from viche.reports.printing import facts_source, figure_source, signatures_source

EMBLEM = 400
"""The longer side of the emblem on paper, pixels: 16 mm at more than 600 dpi."""


@dataclass(frozen=True)
class Head:
    """What stands around the content. lines: the body, its department. emblem: a picture, b"" for none. alt: the
    emblem in words. place: where it is drawn up, "". closing: the last lines.
    """

    lines: tuple[str, ...]
    emblem: bytes = b""
    alt: str = ""
    place: str = ""
    closing: tuple[str, ...] = ()


def pdf_of_document(
    document: Document, *, head: Head, number: str, day: date, digest: str, address: str = "", office: str = "",
    standard: str = ARCHIVE, is_outlined: bool = True,
) -> bytes:  # fmt: skip
    """The PDF in the language of the moment.

    number: «3/2026». digest: of the facts. address: where anybody can check the file, "" for nowhere. office: the
    author, in words. standard, is_outlined: for checks of the same source by other standards.
    """
    language = (get_language() or "uk")[:2]
    named = _("No. %s") % number
    parts = [
        f"#set document(title: {quoted(document.title)}, author: {quoted(head.lines[0] if head.lines else '')}, "
        f"date: datetime(year: {day.year}, month: {day.month}, day: {day.day}))",
        f'#set text(font: "{FAMILY}", size: 10.5pt, lang: "{language}", hyphenate: false)',
        f'#set page(paper: "a4", margin: (left: 25mm, right: 15mm, top: 18mm, bottom: 20mm), footer: context '
        f"text(size: 8pt, fill: luma(90), grid(columns: (1fr, auto), "
        f"text({running(f'{document.title} · {named}')}), "
        f'counter(page).display("1 / 1", both: true))))',
        "#set par(justify: false, leading: 0.65em, spacing: 0.9em)",
        "#set heading(outlined: false, bookmarked: false)" if not is_outlined else "",
        "#show heading.where(level: 1): set text(size: 14pt)",
        "#show heading.where(level: 2): set text(size: 12pt)",
        "#show heading.where(level: 3): set text(size: 10.5pt)",
        "#show heading.where(level: 2): set block(above: 8mm, below: 4mm)",
        "#show heading.where(level: 3): set block(above: 6mm, below: 3mm)",
        _head(head, document, number=named, day=day),
    ]
    parts += [_part(each) for each in document.parts]
    parts.append(_foot(head, digest=digest, address=address, office=office))
    return pdf_of("\n\n".join(part for part in parts if part), standard=standard)


def _part(part: object) -> str:
    if isinstance(part, Heading):
        return f"#heading(level: 2, text({running(part.text)}))"
    if isinstance(part, Paragraph):
        return f"#par(text({running(part.text)}))"
    if isinstance(part, Facts):
        return facts_source(part.rows)
    if isinstance(part, Shown):
        return figure_source(part.figure, level=3, is_drawn=part.is_drawn)
    if isinstance(part, Signatures):
        return signatures_source(part.places)
    raise TypeError(f"no part of a document: {part!r}")


def _head(head: Head, document: Document, *, number: str, day: date) -> str:
    """Emblem, body, title; then day, place and number on one line, as documents of bodies have them (ДСТУ 4163)."""
    lines = []
    if head.emblem:
        drawn = _drawn(head.emblem)
        alt = quoted(head.alt)
        lines.append(
            f'#align(center, image(bytes({quoted(drawn)}), format: "svg", height: 17mm, alt: {alt}))'
        )
    for place, line in enumerate(head.lines):
        style = "weight: 700, size: 11.5pt" if place == 0 else "size: 10.5pt"
        lines.append(f"#align(center, block(above: 2mm, below: 2mm, text({style}, {running(line)})))")
    lines.append("#block(above: 4mm, below: 7mm, line(length: 100%, stroke: 0.8pt))")
    lines.append(f"#align(center, heading(level: 1, text({running(document.title)})))")
    if document.subtitle:
        lines.append(f"#align(center, block(above: 3mm, text(size: 11pt, {running(document.subtitle)})))")
    told = (date_format(day, "j E Y"), head.place, number)
    aligned = ("left", "center", "right")
    cells = ", ".join(
        f"align({way}, text({running(words)}))" for way, words in zip(aligned, told, strict=True)
    )
    lines.append(f"#block(above: 6mm, below: 8mm, grid(columns: (1fr, 1fr, 1fr), {cells}))")
    return "\n".join(lines)


def _foot(head: Head, *, digest: str, address: str, office: str) -> str:
    lines = ["#v(6mm)", *(f"#par(text({running(line)}))" for line in head.closing)] if head.closing else []
    told = []
    if office:
        told.append(_("Drawn up by: %s.") % office)
    told.append(_("SHA-256 of the facts of this report: %s.") % digest)
    if address:
        told.append(_("Whether a file is the one that was issued can be checked at %s") % address)
    small = " #linebreak() ".join(f"#text({quoted(each)})" for each in told)
    lines.append(
        f"#block(above: 8mm, breakable: false, width: 100%, stroke: (top: 0.4pt + luma(150)), inset: (top: 2mm), "
        f"text(size: 7.5pt, fill: luma(90))[{small}])"
    )
    return "\n".join(lines)


def _drawn(content: bytes) -> str:
    """The emblem as a drawing that holds a picture without anything transparent: right in every PDF/A, and on paper."""
    with Image.open(BytesIO(content)) as image:
        upright = image.convert("RGBA")
    upright.thumbnail((EMBLEM, EMBLEM))
    ground = Image.new("RGBA", upright.size, "white")
    ground.alpha_composite(upright)
    out = BytesIO()
    ground.convert("RGB").save(out, "PNG", optimize=True)
    width, height = upright.size
    data = base64.b64encode(out.getvalue()).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{data}"/></svg>'
    )


def with_signatories(
    document: Document, signatories: Sequence[tuple[str, str]], *, is_signed: bool
) -> Document:
    """The document with names in its places for signatures: those that the letterhead knows of an office.

    is_signed: places for all of the letterhead's signatories are added where the document has none of its own.
    """
    known = {office.casefold(): name for office, name in signatories}
    parts = tuple(
        Signatures(tuple((office, name or known.get(office.casefold(), "")) for office, name in part.places))
        if isinstance(part, Signatures)
        else part
        for part in document.parts
    )
    if is_signed and signatories and not any(isinstance(part, Signatures) for part in parts):
        parts = (*parts, Signatures(tuple(signatories)))
    return Document(document.title, document.subtitle, parts)
