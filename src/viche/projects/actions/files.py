"""Pictures and documents of a project."""

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from viche.foundation import clock, private_files
from viche.foundation.actor import Actor
from viche.foundation.documents import safe_document, shown_name
from viche.foundation.ids import uuid7
from viche.foundation.pictures import safe_picture
from viche.foundation.plain_text import plain_line
from viche.foundation.refused import Refused
from viche.projects.actions.saving import begun_editing, end_editing
from viche.projects.models import Attachment, Picture, Project
from viche.projects.models.files import SHELF

MAX_PICTURES, MAX_DOCUMENTS = 10, 10
ALT_LETTERS = 200


def attach_picture(*, project: Project, content: bytes, alt: str, by: Actor) -> Picture:
    """Add a picture, made safe, as the last one; locks the project's row; as save_project for a submitted project.

    Refused: the lifecycle's codes, picture faults, too_many_pictures, bad_project (no consent for pictures).
    """
    # before anything is locked: a decoder may take its time
    safe = safe_picture(content)
    with transaction.atomic():
        editing = begun_editing(project, by)
        mine = Picture.objects.filter(project=editing.project)
        if mine.count() >= MAX_PICTURES:
            raise Refused(
                "too_many_pictures", _("No more than %d pictures, please.") % MAX_PICTURES, status=422
            )
        last = mine.aggregate(last=Max("order"))["last"]
        picture = keep_picture(editing.project, safe, alt, 0 if last is None else last + 1)
        end_editing(editing, {"pictures", "agreed-pictures"}, is_text=False)
    return picture


def keep_picture(project: Project, safe: bytes, alt: str, order: int) -> Picture:
    """Write a picture that was made safe before; in the caller's transaction."""
    digest = hashlib.sha256(safe).hexdigest()
    picture = Picture(project=project, alt=plain_line(alt)[:ALT_LETTERS], order=order, digest=digest)
    picture.image.save(f"{picture.id}.webp", ContentFile(safe), save=True)
    return picture


def describe_pictures(
    *, project: Project, alts: Mapping[UUID, str], order: Sequence[UUID], by: Actor
) -> None:
    """Write what the pictures show and the order they stand in; those not named keep their place behind.

    Locks the project's row. Refused: the lifecycle's codes.
    """
    with transaction.atomic():
        editing = begun_editing(project, by)
        mine = {each.pk: each for each in Picture.objects.filter(project=editing.project)}
        wanted = [reference for reference in dict.fromkeys(order) if reference in mine]
        wanted += [reference for reference in mine if reference not in wanted]
        changed = False
        for place, reference in enumerate(wanted):
            picture = mine[reference]
            alt = plain_line(alts.get(reference, picture.alt))[:ALT_LETTERS]
            if (picture.alt, picture.order) != (alt, place):
                picture.alt, picture.order, changed = alt, place, True
                picture.save(update_fields=["alt", "order"])
        if changed:
            end_editing(editing, {"pictures"}, is_text=False)


def delete_picture(*, project: Project, reference: UUID, by: Actor) -> None:
    """Take a picture out and delete its file; locks the project's row. Taken out twice is taken out.

    Refused: the lifecycle's codes.
    """
    with transaction.atomic():
        editing = begun_editing(project, by)
        picture = Picture.objects.filter(project=editing.project, pk=reference).first()
        if picture is None:
            return
        storage, name = picture.image.storage, picture.image.name
        picture.delete()
        end_editing(editing, {"pictures"}, is_text=False)
        transaction.on_commit(lambda: storage.delete(name))


def attach_document(
    *, project: Project, name: str, content: bytes, kind: str, is_public: bool, by: Actor
) -> Attachment:
    """Add a document, known by its content (foundation.documents); locks the project's row.

    The same bytes again are the same document. Refused: the lifecycle's codes, unknown_kind, document faults,
    too_many_documents.
    """
    if kind not in Attachment.Kind.values:
        raise Refused("unknown_kind", _("Choose what the document is."), status=422)
    document = safe_document(content)
    digest = hashlib.sha256(document.content).hexdigest()
    reference = uuid7()
    private_files.keep(reference, document.content, shelf=SHELF)
    try:
        with transaction.atomic():
            editing = begun_editing(project, by)
            mine = Attachment.objects.filter(project=editing.project)
            same = mine.filter(digest=digest).first()
            if same is None and mine.count() >= MAX_DOCUMENTS:
                raise Refused(
                    "too_many_documents", _("No more than %d documents, please.") % MAX_DOCUMENTS, status=422
                )
            if same is None:
                made = mine.create(
                    id=reference, project=editing.project, kind=kind, name=shown_name(name, document.ending),
                    media_type=document.media_type, size=len(document.content), digest=digest, is_public=is_public,
                    added_by_id=by.person_id, added_at=clock.now(),
                )  # fmt: skip
                end_editing(editing, {"attachments"}, is_text=False)
                return made
    except BaseException:
        private_files.forget(reference, shelf=SHELF)
        raise
    private_files.forget(reference, shelf=SHELF)
    return same


def delete_document(*, project: Project, reference: UUID, by: Actor) -> None:
    """Take a document out and delete its file; locks the project's row. Taken out twice is taken out.

    Refused: the lifecycle's codes.
    """
    with transaction.atomic():
        editing = begun_editing(project, by)
        deleted, _rows = Attachment.objects.filter(project=editing.project, pk=reference).delete()
        if deleted:
            end_editing(editing, {"attachments"}, is_text=False)
            transaction.on_commit(lambda: private_files.forget(reference, shelf=SHELF))
