"""A sample of a body's letterhead: an invented report of one page, to look at before anything is issued."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.reports.document import Document, Facts, Heading, Paragraph, Signatures
from viche.reports.official.models import Letterhead
from viche.reports.official.queries import check_address, head_of, signatories_of
from viche.reports.official.setting import pdf_of_document


def sample_of(letterhead: Letterhead, *, language: str) -> bytes:
    """The PDF in this language."""
    with override(language):
        document = Document(
            _("Sample of a report"), _("Not a document: it shows how the letterhead looks."),
            (
                Heading(_("What stands here")),
                Paragraph(
                    _("Tables, pictures and paragraphs of the report. Each table carries its hash, and the same hash "
                      "stands on the page of figures.")
                ),
                Facts(((_("Projects"), "96"), (_("Voters"), "6\u00a0000"))),
                Signatures(tuple(signatories_of(letterhead))),
            ),
        )  # fmt: skip
        return pdf_of_document(
            document, head=head_of(letterhead), number=f"0/{clock.year()}", day=clock.now().astimezone(KYIV).date(),
            digest="0" * 64, address=check_address(letterhead.community),
        )  # fmt: skip
