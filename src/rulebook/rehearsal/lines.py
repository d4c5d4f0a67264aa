"""A rehearsal as a table of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rulebook.explaining.wording import NO_BREAK
from rulebook.rehearsal.comparing import Comparison, Side
from rulebook.rehearsal.wording import fate_cells, figures, note_text, said, why, words_of

GAP = 2


def lines(rehearsed: Comparison | Side, language: str = "uk") -> Iterator[str]:
    """The rehearsal of one regulation, or of two side by side, line by line."""
    for line in _lines(rehearsed, language):
        yield line.replace(NO_BREAK, " ").rstrip()


def _lines(rehearsed: Comparison | Side, language: str) -> Iterator[str]:
    is_pair = isinstance(rehearsed, Comparison)
    sides = [rehearsed.now, rehearsed.new] if isinstance(rehearsed, Comparison) else [rehearsed]
    heads = [said(language, key) for key in (("now", "new") if is_pair else ("rehearsed",))]
    first = sides[0]
    words = words_of(first, language)
    number = len(first.dossier.projects) + len(first.left_out)
    key = "invented" if first.dossier.contest.startswith("simulation-") else "past"
    yield said(
        language, key, contest=first.dossier.contest, projects=words.count(number, "projects"),
        ballots=words.count(first.got.voters, "ballots"),
    )  # fmt: skip
    yield ""
    yield from _table([(said(language, "figures"), tuple(heads)), *figures(sides, language)])
    for head, side in zip(heads, sides, strict=True):
        yield from _side(head if is_pair else "", side, language)
    if isinstance(rehearsed, Comparison):
        yield from _fates(rehearsed, heads, language)
    else:
        yield from _winners(first, language)


def _table(rows: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    widths = [max(len(label) for label, _ in rows) + GAP]
    widths += [max(map(len, column)) + GAP for column in zip(*(values for _, values in rows), strict=True)]
    for label, values in rows:
        yield "".join(text.ljust(width) for text, width in zip((label, *values), widths, strict=True))


def _side(head: str, side: Side, language: str) -> Iterator[str]:
    words = words_of(side, language)
    title = f"{head}. " if head else ""
    yield ""
    yield f"{title}{said(language, 'pots')}:"
    for pot in side.pots:
        name = words.quoted(pot.name.get(language))
        yield "  " + said(
            language, "pot", name=name, spent=words.money(pot.spent), amount=words.money(pot.amount),
            winners=words.number(pot.winners), projects=words.number(pot.projects),
        )  # fmt: skip
    for key, found in (("issues", side.issues), ("notes", side.notes)):
        if found:
            yield f"{title}{said(language, key)}:"
        for note in found:
            yield "  – " + note_text(note, language, scale=words.scale, currency=words.currency)


def _fates(comparison: Comparison, heads: Sequence[str], language: str) -> Iterator[str]:
    yield ""
    if not comparison.differing:
        yield said(language, "fates.none")
        return
    words = words_of(comparison.now, language)
    yield f"{said(language, 'fates')}:"
    rows = [(words("head.project"), (words("head.votes"), words("head.cost"), *heads))]
    for fate in comparison.differing:
        cells = (words.number(fate.votes), words.money(fate.cost), *fate_cells(fate, language))
        rows.append((f"{fate.project} {fate.name}".strip(), cells))
    for line, differing in zip(_table(rows), (None, *comparison.differing), strict=True):
        yield f"  {line}"
        if differing is not None:
            for head, side in zip(heads, (comparison.now, comparison.new), strict=True):
                text = why(side, differing.project, language)
                if text:
                    yield f"      {head}: {text}"


def _winners(side: Side, language: str) -> Iterator[str]:
    words = words_of(side, language)
    names = {project.id: project.name for project in side.dossier.projects}
    yield ""
    yield f"{said(language, 'winners')}:" if side.outcome.funded else said(language, "winners.none")
    for project in side.outcome.funded:
        yield f"  {project} {names[project]}: {words.money(side.outcome.amounts[project])}"
