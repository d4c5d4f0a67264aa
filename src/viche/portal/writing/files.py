"""What the step of pictures and documents does with what was sent."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest

from viche.foundation.refused import Refused
from viche.projects.actions import (
    attach_document,
    attach_picture,
    delete_document,
    delete_picture,
    describe_pictures,
)
from viche.projects.models import Project

ALT = "alt-"


def files_changed(request: HttpRequest, project: Project) -> Mapping[str, list[str]]:
    """Do what the pressed button says: descriptions are saved with every button. Faults by the field they concern."""
    act, _mark, rest = request.POST.get("act", "save").partition(":")
    faults: dict[str, list[str]] = {"pictures": [], "document": []}
    by = request.visitor.actor()  # type: ignore[attr-defined]
    try:
        _describe(request, project, moved=_uuid(rest) if act == "up" else None)
        if (reference := _uuid(rest)) is not None and act == "remove-picture":
            delete_picture(project=project, reference=reference, by=by)
        elif reference is not None and act == "remove-document":
            delete_document(project=project, reference=reference, by=by)
    except Refused as refused:
        faults["pictures"].append(_sentence(refused))
    for upload in request.FILES.getlist("pictures"):
        try:
            attach_picture(project=project, content=upload.read(), alt=request.POST.get("new-alt", ""), by=by)
        except Refused as refused:
            faults["pictures"].append(f"{upload.name}: {_sentence(refused)}")
    for upload in request.FILES.getlist("document"):
        try:
            attach_document(
                project=project, name=upload.name or "", content=upload.read(), by=by,
                kind=request.POST.get("kind", ""), is_public=request.POST.get("is_public") == "yes",
            )  # fmt: skip
        except Refused as refused:
            faults["document"].append(f"{upload.name}: {_sentence(refused)}")
    return {name: lines for name, lines in faults.items() if lines}


def _describe(request: HttpRequest, project: Project, *, moved: UUID | None) -> None:
    """The descriptions as typed; moved: the picture that goes one place forward."""
    order = [each.pk for each in project.pictures.all()]
    if moved in order and order.index(moved) > 0:
        place = order.index(moved)
        order[place - 1], order[place] = order[place], order[place - 1]
    alts = {each: request.POST[f"{ALT}{each}"] for each in order if f"{ALT}{each}" in request.POST}
    if alts or moved:
        by = request.visitor.actor()  # type: ignore[attr-defined]
        describe_pictures(project=project, alts=alts, order=order, by=by)


def _sentence(refused: Refused) -> str:
    return " ".join(dict.fromkeys([*(str(each) for each in refused.fields.values())])) or str(refused.message)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
