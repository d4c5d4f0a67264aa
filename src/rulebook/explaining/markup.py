"""HTML put together so that text cannot become markup, and the bars of the charts as inline SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_VOID = {"meta", "br"}


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()

    def __html__(self) -> Markup:
        """What templates of any kind ask whether a text is HTML already."""
        return self


Child = object
"""A child of an element: Markup as it is, None not at all, a list one by one, anything else as escaped text."""


def joined(children: Iterable[Child]) -> Markup:
    """The children one after the other."""
    parts: list[str] = []
    for child in children:
        if child is None:
            continue
        if isinstance(child, Markup):
            parts.append(child)
        elif isinstance(child, (list, tuple)):
            parts.append(joined(child))
        else:
            parts.append(escape(str(child), quote=False))
    return Markup("".join(parts))


def tag(name: str, /, *children: Child, **attributes: str | int | None) -> Markup:
    """An element. ``class_`` stands for "class", other underscores for hyphens; None leaves one out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{joined(children)}</{name}>")


def table(
    caption: Child, heads: Sequence[tuple[str, str]], rows: Iterable[Markup], class_: str, *, is_seen: bool = True
) -> Markup:  # fmt: skip
    """A table of ``row``s. ``heads`` are (class, text). The roles are named because a narrow screen lays the
    rows out as a grid, which would otherwise take the meaning of a table away."""
    head = tag(
        "tr", [tag("th", text, scope="col", class_=kind, role="columnheader") for kind, text in heads], role="row"
    )  # fmt: skip
    return tag(
        "table",
        tag("caption", caption, class_=None if is_seen else "unseen"),
        tag("thead", head, role="rowgroup"),
        tag("tbody", list(rows), role="rowgroup"),
        class_=class_,
        role="table",
    )


def row(
    cells: Sequence[tuple[str, Child]], *, heading: int = 0, label: Sequence[str] = (), **kept: str
) -> Markup:
    """A row of (class, content); the cell at ``heading`` names the row."""
    return tag(
        "tr",
        [
            tag(
                "th" if place == heading else "td",
                content,
                scope="row" if place == heading else None,
                role="rowheader" if place == heading else "cell",
                class_=kind,
                data_label=label[place] if label and label[place] else None,
            )
            for place, (kind, content) in enumerate(cells)
        ],
        role="row",
        **kept,
    )


def bar(part: int, whole: int, kind: str, mark: int | None = None) -> Markup:
    """A bar of ``part`` out of ``whole``, for the eye only: the number stands beside it.

    ``mark`` is a place on the same scale at which a line is drawn.
    """
    width = 0 if whole <= 0 else max(min(1000 * part // whole, 1000), 0)
    line = None
    if mark is not None and 0 < mark <= whole:
        line = tag("rect", x=1000 * mark // whole - 2, y=0, width=4, height=10, class_="mark")
    return tag(
        "svg",
        tag("rect", width=1000, height=10, class_="ground"),
        tag("rect", width=max(width, 3) if part > 0 else 0, height=10, class_=kind),
        line,
        viewBox="0 0 1000 10",
        preserveAspectRatio="none",
        class_="bar",
        aria_hidden="true",
        focusable="false",
    )


def stacked(parts: Sequence[tuple[str, int, str]], whole: int, label: str) -> Markup:
    """One line cut into (title, size, kind); what is missing to the whole stays ground."""
    pieces: list[Markup] = []
    before = 0
    for title, size, kind in parts:
        start, end = 10_000 * before // whole, 10_000 * (before + size) // whole
        before += size
        if end > start:
            # a hair of ground between neighbours, unless that would hide a thin one
            width = end - start - (12 if end - start > 40 else 0)
            pieces.append(tag("rect", tag_title(title), x=start, width=width, height=10, class_=kind))
    return tag(
        "svg",
        tag("rect", width=10_000, height=10, class_="ground"),
        pieces,
        viewBox="0 0 10000 10",
        preserveAspectRatio="none",
        class_="stack",
        role="img",
        aria_label=label,
    )


def tag_title(text: str) -> Markup:
    """What a pointing device shows over a part of a chart."""
    return tag("title", text)
