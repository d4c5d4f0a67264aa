"""What a project says, as one document: what its versions keep and the journal holds the hash of."""

from typing import Any

from rulebook.canonical import digest
from viche.projects.areas import area_words
from viche.projects.estimate import thousandths_of
from viche.projects.models import Attachment, Project


def content_of(project: Project) -> dict[str, Any]:
    """What the project says now, without who says it and what became of it. cost, least_amount and prices in kopiykas.

    The journal publishes the hash of it, so nothing is in it that could be guessed and is not public: private answers
    and the contact are left out, of a private document there is only its hash.
    """
    point = (
        f"{project.latitude:f} {project.longitude:f}"
        if project.latitude is not None and project.longitude is not None
        else ""
    )
    return {
        "code": project.code, "title": project.title, "summary": project.summary, "text": project.text,
        "category": project.category, "type": project.type, "territory": project.territory_id,
        "place_name": project.place_name, "point": point, "area": area_words(project.area),
        "cost": project.cost, "least_amount": project.least_amount,
        "items": [_item(item) for item in project.items],
        "answers": public_answers(project),
        "pictures": _pictures(project), "attachments": _attachments(project),
    }  # fmt: skip


def public_answers(project: Project) -> dict[str, Any]:
    """The answers to the community's own questions that are published with the project, by the question's id."""
    questions = project.contest.rules.submission.questions
    return {
        each.id: project.answers[each.id]
        for each in questions
        if each.is_public and each.id in project.answers
    }


def content_digest(project: Project) -> str:
    """SHA-256 of the canonical content."""
    return digest(content_of(project))


def _item(item: Any) -> dict[str, Any]:
    return {
        "name": item.get("name", ""), "unit": item.get("unit", ""), "thousandths": thousandths_of(item),
        "price": item.get("price"),
    }  # fmt: skip


def _pictures(project: Project) -> list[dict[str, str]]:
    # a project that is not in the database yet has none
    if project._state.adding:
        return []
    return [{"digest": each.digest, "alt": each.alt} for each in project.pictures.all()]


def _attachments(project: Project) -> list[dict[str, Any]]:
    if project._state.adding:
        return []
    # not by the reverse name: a document that was added a moment ago counts
    found = Attachment.objects.filter(project=project)
    return [
        {
            "digest": each.digest,
            "kind": each.kind,
            "name": each.name if each.is_public else "",
            "is_public": each.is_public,
        }
        for each in found
    ]
