"""Words for what keeps a log from being signed, and for what a witness answered."""

from django.utils.translation import gettext_lazy as _

from viche.journal import publishing, witnesses

FAULTS = {
    publishing.SHORTER: _(
        "The database holds fewer entries than were published: entries are lost. Nothing is signed until that is"
        " cleared up."
    ),
    publishing.DIFFERS: _(
        "The entries of the database are not those that were published. Nothing is signed until that is cleared up."
    ),
    publishing.NO_KEY: _("The key that signs the journal is not in reach."),
    publishing.OTHER_KEY: _("Another key has signed the journal before."),
    publishing.DAMAGED: _("The published checkpoint cannot be read."),
}
WITNESS_FAULTS = {
    witnesses.UNREACHABLE: _("does not answer now"),
    witnesses.NOT_ACCEPTED: _("does not accept this journal"),
    witnesses.BAD_ANSWER: _("its last answer does not hold"),
    witnesses.AHEAD: _("says it has seen more entries than there are here"),
}
