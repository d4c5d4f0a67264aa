"""How long the ballots room keeps what it knows of people: no rule deletes what a result stands on."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept

KEPT = (
    Kept(
        _("marks of who has voted, under a key of the contest outside the database, never with what was chosen"),
        _("for good; they lead to nobody once the contest’s key is destroyed"),
        _("so that a result can be counted again"), ("ballots.Participation", "ballots.Claim", "ballots.Replacement"),
    ),
    Kept(
        _("why a ballot was annulled, and by which officials"), _("for good"),
        _("acts of officials are documents of the body (law on the national archives)"), ("ballots.Annulment",),
    ),
    Kept(
        _("which officials brought in, confirmed and changed the public key of a box"), _("for good"),
        _("acts of officials are documents of the body (law on the national archives)"),
        ("ballots.BoxKey", "ballots.KeyChange"),
    ),
    Kept(
        _("numbers of paper ballots and batches of them, and which officials brought them in; nothing of their voters"),
        _("for good"), _("so that a result can be counted again"),
        ("ballots.PaperSerial", "ballots.PaperBatch", "ballots.PaperBallot"),
    ),
    Kept(
        _("ballots without any trace of their voters"), _("for good"), _("so that a result can be counted again"),
        ("ballots.Ballot", "ballots.Opening"),
    ),
)  # fmt: skip

# groups of at least ten voters
IMPERSONAL = ("ballots.Box", "ballots.CarriedFigures", "ballots.VoterGroups")
