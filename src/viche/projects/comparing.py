"""What changed between two versions of a project, for a person to read: words of texts, items of the estimate with
sums, place, answers, files.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from viche.projects.estimate import THOUSANDTHS
from viche.projects.models import Project, Version

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"
TEXTS = ("title", "summary", "text", "place_name")
_PIECE = re.compile(r"\n|[^\S\n]*[^\s]+|[^\S\n]+")


@dataclass(frozen=True)
class Run:
    """Words that stand together: the same in both, added, or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One field that differs. name: of the document, or an answer's question; runs: where it is a text."""

    name: str
    before: Any
    after: Any
    runs: Sequence[Run] = ()


@dataclass(frozen=True)
class Row:
    """One line of the estimate in both versions. Quantities in thousandths, prices and sums in kopiykas."""

    kind: str
    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True)
class Comparison:
    """changes: of fields; answers: by question; rows: of the estimate, where any differs. Sums in kopiykas."""

    changes: Sequence[Change]
    answers: Sequence[Change]
    rows: Sequence[Row]
    sum_before: int
    sum_after: int
    files: Sequence[Change]

    @property
    def is_empty(self) -> bool:
        return not (self.changes or self.answers or self.rows or self.files)


def shown_versions(project: Project) -> list[Version]:
    """The versions that everybody may read: what was published first, and all after it.

    What the check of form sent back was never public, and its author may have been asked to take it out.
    """
    versions = list(Version.objects.filter(project=project))
    if project.published_at is None:
        return []
    before = [each for each in versions if each.made_at <= project.published_at]
    first = before[-1].number if before else 0
    return [each for each in versions if each.number >= first]


def word_runs(before: str, after: str) -> list[Run]:
    """The two texts as runs of words; a text that stays and a long one are found line by line first."""
    lines = SequenceMatcher(
        None, before.splitlines(keepends=True), after.splitlines(keepends=True), autojunk=False
    )
    runs: list[Run] = []
    for kind, a, b, c, d in lines.get_opcodes():
        old, new = "".join(lines.a[a:b]), "".join(lines.b[c:d])
        runs += [Run(SAME, old)] if kind == "equal" else _words(old, new)
    return _joined(runs)


def _words(old: str, new: str) -> Iterator[Run]:
    # junk is decided by the matcher: a text of thousands of words would take seconds without it
    words = SequenceMatcher(None, _PIECE.findall(old), _PIECE.findall(new))
    for kind, a, b, c, d in words.get_opcodes():
        if kind == "equal":
            yield Run(SAME, "".join(words.a[a:b]))
            continue
        if a < b:
            yield Run(REMOVED, "".join(words.a[a:b]))
        if c < d:
            yield Run(ADDED, "".join(words.b[c:d]))


def _joined(runs: Sequence[Run]) -> list[Run]:
    found: list[Run] = []
    for run in runs:
        if found and found[-1].kind == run.kind:
            found[-1] = Run(run.kind, found[-1].text + run.text)
        elif run.text:
            found.append(run)
    return found


def compare_documents(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """What differs between two documents of projects.versions.content_of."""
    changes = [
        Change(name, before.get(name) or "", after.get(name) or "",
               word_runs(before.get(name) or "", after.get(name) or ""))
        for name in TEXTS
        if (before.get(name) or "") != (after.get(name) or "")
    ]  # fmt: skip
    changes += [
        Change(name, before.get(name), after.get(name))
        for name in ("category", "type", "territory", "point", "area", "cost", "least_amount")
        if (before.get(name) or "") != (after.get(name) or "")
    ]
    rows = estimate_rows(before.get("items") or [], after.get("items") or [])
    return Comparison(
        changes, _answers(before, after), rows if any(row.kind != SAME for row in rows) else [],
        sum(_line(item)["sum"] for item in before.get("items") or []),
        sum(_line(item)["sum"] for item in after.get("items") or []),
        _files(before, after),
    )  # fmt: skip


def _answers(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    old, new = before.get("answers") or {}, after.get("answers") or {}
    found = []
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        if was != now:
            are_texts = isinstance(was or "", str) and isinstance(now or "", str)
            found.append(Change(name, was, now, word_runs(was or "", now or "") if are_texts else ()))
    return found


def _files(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Pictures and public documents that came or went; of documents for officials nothing is said."""
    found = []
    for name, words in (("pictures", "alt"), ("attachments", "name")):
        old = {each["digest"]: each for each in before.get(name) or [] if each.get("is_public", True)}
        new = {each["digest"]: each for each in after.get(name) or [] if each.get("is_public", True)}
        found += [Change(name, each.get(words, ""), None) for key, each in old.items() if key not in new]
        found += [Change(name, None, each.get(words, "")) for key, each in new.items() if key not in old]
    return found


def estimate_rows(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The lines of both estimates side by side, matched by name and unit in their order."""
    old, new = [_line(item) for item in before], [_line(item) for item in after]
    keys = [[(item["name"].casefold(), item["unit"]) for item in items] for items in (old, new)]
    rows = []
    for kind, a, b, c, d in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        if kind == "equal":
            for was, now in zip(old[a:b], new[c:d], strict=True):
                rows.append(Row(SAME if was == now else CHANGED, now["name"], was, now))
            continue
        rows += [Row(REMOVED, was["name"], was, None) for was in old[a:b]]
        rows += [Row(ADDED, now["name"], None, now) for now in new[c:d]]
    return rows


def _line(item: Mapping[str, Any]) -> dict[str, Any]:
    thousandths, price = int(item.get("thousandths") or 0), int(item.get("price") or 0)
    return {
        "name": str(item.get("name") or ""), "unit": str(item.get("unit") or ""), "thousandths": thousandths,
        "price": price, "sum": (2 * thousandths * price + THOUSANDTHS) // (2 * THOUSANDTHS),
    }  # fmt: skip
