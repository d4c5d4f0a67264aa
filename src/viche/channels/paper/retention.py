"""How long what was entered from paper is kept."""

from django.utils.translation import gettext_lazy as _

from viche.channels.paper.actions.stacks import SCANS_KEPT, delete_old_scans
from viche.foundation.retention import Kept, Rule, after

RULES = (
    Rule(
        "paper_scans", _("scans of paper ballots and of protocols of polling points"),
        after(_("%(term)s after the ballots were in the box"), lambda: SCANS_KEPT),
        _("so that what was entered can be compared with the paper"), delete_old_scans,
    ),
)  # fmt: skip

KEPT = (
    Kept(
        _("what officials read on a paper ballot, sealed under a key of the contest"),
        _("until the ballot is in the box; of ballots drawn for a second look until they are looked at"),
        _("so that two readings of one ballot can be compared"), ("paper.Entry",),
    ),
    Kept(
        _("stacks of paper ballots with hashes of scans, why a ballot is invalid, which officials entered it"),
        _("for good"), _("acts of officials are documents of the body (law on the national archives)"),
        ("paper.Stack", "paper.Scan", "paper.Sheet", "paper.Recheck"),
    ),
)  # fmt: skip
