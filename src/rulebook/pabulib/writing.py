"""An election back to the text of a ``.pb`` file."""

from __future__ import annotations

from collections.abc import Iterable

from rulebook.pabulib.election import Election


def write(election: Election) -> str:
    """The ``.pb`` text: LF, fields quoted only where they must be; ``read`` gives the election back."""
    lines = ["META", "key;value"]
    lines += [_line((key, value)) for key, value in election.meta.items()]
    lines.append("PROJECTS")
    if election.projects:
        lines.append(_line(election.projects[0].values))
        lines += [_line(project.values.values()) for project in election.projects]
    else:
        lines.append("project_id;cost")
    lines += ["VOTES", _line(election.columns)]
    lines += [_line(row) for row in zip(*election.columns.values(), strict=True)]
    return "\n".join(lines) + "\n"


def _line(fields: Iterable[str]) -> str:
    return ";".join(_field(text) for text in fields)


def _field(text: str) -> str:
    if ";" in text or text.startswith('"') or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
