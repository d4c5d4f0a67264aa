"""What a project says, as one document: what its versions keep and the journal holds the hash of."""

from typing import Any

from rulebook.canonical import digest
from viche.projects.models import Project


def content_of(project: Project) -> dict[str, Any]:
    """What the project says now, without who says it and what became of it. cost in kopiykas."""
    return {
        "code": project.code, "title": project.title, "summary": project.summary, "text": project.text,
        "category": project.category, "territory": project.territory_id, "cost": project.cost,
    }  # fmt: skip


def content_digest(project: Project) -> str:
    """SHA-256 of the canonical content."""
    return digest(content_of(project))
