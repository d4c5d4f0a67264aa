"""Documents that come with the review: checked by their content, kept while the rows that name them are written."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from viche.foundation import private_files
from viche.foundation.documents import safe_document, shown_name
from viche.foundation.ids import uuid7
from viche.foundation.refused import Refused
from viche.review.models.opinions import SHELF

FILES = 5


@dataclass(frozen=True)
class Upload:
    """A document as it was sent, with the name that its sender gave it."""

    name: str
    content: bytes


@contextmanager
def kept_documents(uploads: Sequence[Upload]) -> Iterator[list[dict[str, Any]]]:
    """Keep the documents on SHELF; the columns of each. Deleted again where what follows fails.

    Refused: bad_file (field file): what is wrong with a document (foundation.documents), too many.
    """
    check_number(len(uploads))
    kept: list[dict[str, Any]] = []
    try:
        for upload in uploads:
            try:
                document = safe_document(upload.content)
            except Refused as refused:
                raise _bad_file(refused.message) from refused
            reference = uuid7()
            kept.append(
                {
                    "id": reference, "name": shown_name(upload.name, document.ending),
                    "media_type": document.media_type, "size": len(document.content),
                    "digest": sha256(document.content).hexdigest(),
                }
            )  # fmt: skip
            private_files.keep(reference, document.content, shelf=SHELF)
        yield kept
    except BaseException:
        for row in kept:
            private_files.forget(row["id"], shelf=SHELF)
        raise


def check_number(number: int) -> None:
    """Refused: bad_file, where there are more documents than FILES."""
    if number > FILES:
        raise _bad_file(_("At most %d documents, please.") % FILES)


def _bad_file(message: str) -> Refused:
    return Refused("bad_file", message, fields={"file": message}, status=422)
