"""Documents of an opinion."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from viche.foundation import private_files
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.review.actions.opinions import held_assignment
from viche.review.documents import Upload, check_number, kept_documents
from viche.review.models import Assignment, OpinionFile
from viche.review.models.opinions import SHELF


def attach_to_opinion(*, assignment: Assignment, name: str, content: bytes, by: Actor) -> OpinionFile:
    """Attach a document, known by its content (foundation.documents), to the draft of an opinion.

    The same bytes again are the same document. Refused: those of save_opinion, no_draft, bad_file (field file).
    """
    with kept_documents([Upload(name, content)]) as kept, transaction.atomic():
        held = held_assignment(assignment, by)
        draft = held.opinions.filter(given_at__isnull=True).first()
        if draft is None:
            raise Refused("no_draft", _("Write the opinion first."), status=422)
        [row] = kept
        same = draft.files.filter(digest=row["digest"]).first()
        if same is not None:
            private_files.forget(row["id"], shelf=SHELF)
            return same
        check_number(draft.files.count() + 1)
        return OpinionFile.objects.create(opinion=draft, **row)


def delete_opinion_file(*, assignment: Assignment, reference: UUID, by: Actor) -> None:
    """Take a document out of the draft of an opinion; out of a signed one nothing is taken.

    Refused: those of save_opinion. Taken out twice is taken out.
    """
    with transaction.atomic():
        held = held_assignment(assignment, by)
        drafts = OpinionFile.objects.filter(opinion__assignment=held, opinion__given_at__isnull=True)
        found = drafts.filter(pk=reference).first()
        if found is not None:
            found.delete()
            transaction.on_commit(lambda: private_files.forget(reference, shelf=SHELF))
