"""How long files of paper results are kept."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from viche.channels.paper.importing.models import SHELF, PaperImport
from viche.channels.paper.importing.shelf import forget_file
from viche.foundation import clock, private_files
from viche.foundation.retention import Kept, Rule, after

WAITING = timedelta(days=14)
State = PaperImport.State


def delete_waiting_files() -> int:
    """Put files aside that nobody ran for two weeks, and delete files that no import needs any more, or whose box is
    opened; how many.
    """
    now = clock.now()
    old = PaperImport.objects.filter(
        state__in=[State.MAPPING, State.CHECKING, State.CHECKED], uploaded_at__lt=now - WAITING
    )
    for each in old:
        each.findings.all().delete()
    old.update(state=State.DISCARDED, ended_at=now)
    needed = set(
        PaperImport.objects.filter(contest__box__opened_at=None)
        .exclude(state__in=[State.CLOSED, State.UNDONE, State.DISCARDED])
        .values_list("pk", flat=True)
    )  # fmt: skip
    gone = 0
    for reference, written_at in private_files.kept_files(shelf=SHELF):
        if reference not in needed and written_at < now - timedelta(hours=1):
            forget_file(reference)
            gone += 1
    return gone


RULES = (
    Rule(
        "paper_import_files",
        _("files of paper results, sealed under a key of the contest, and what was found in them"),
        after(_("until confirmed or taken back; %(term)s after it came where nobody ran it"), lambda: WAITING),
        _("they say who voted how, or which number did; what counts is in the box then"), delete_waiting_files,
        ("paper.PaperFinding",),
    ),
)  # fmt: skip

KEPT = (
    Kept(
        _("which files of paper results came in, with their hashes, and which officials brought and confirmed them"),
        _("for good"), _("acts of officials are documents of the body (law on the national archives)"),
        ("paper.PaperImport",),
    ),
)  # fmt: skip
