"""The commission's key at the opening: read from the file that two holders gave, compared with the box's, used once.

It lives in the memory of one request and is written nowhere: not to the database, the session, a job or a log.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext, pgettext_lazy
from django.views.decorators.debug import sensitive_variables

from boxkey import files, pairs
from boxkey.faults import KeyFault
from rulebook.rules import Rules
from rulebook.rules.vocabulary import COMMISSION
from viche.ballots.events import BoxKeyGiven
from viche.ballots.models import Box
from viche.contests.models import Contest
from viche.foundation import keys
from viche.foundation.refused import Refused

KIND_NAMES = {
    files.CONTEST: pgettext_lazy("file of the key", "the contest’s file"),
    files.PUBLIC: pgettext_lazy("file of the key", "the public key"),
    files.SHARE: pgettext_lazy("file of the key", "a holder’s share"),
    files.PRIVATE: pgettext_lazy("file of the key", "the private key"),
    files.CHALLENGE: pgettext_lazy("file of the key", "the task of the rehearsal"),
    files.ANSWER: pgettext_lazy("file of the key", "the answer to the task"),
}
# what boxkey.files finds wrong with an uploaded file
FAULTS = {
    "not_ours": gettext_noop("This is not a file of a key ceremony."),
    "cut_short": gettext_noop("The file arrived cut short. Nothing was changed: upload it again."),
    "damaged": gettext_noop("The file is damaged: it is not as the tool wrote it. Take a copy of it."),
    "other_kind": gettext_noop("Another file is needed here: %(wanted)s, and this is: %(found)s."),
    "other_contest": gettext_noop("This is a file of another contest."),
}
SHARE_SENT = gettext_noop(
    "This is a holder’s share. It belongs on no site: keep it, and upload here only what the page asks for."
)


@dataclass(frozen=True)
class GivenKey:
    """The private key as two holders gave it. Its repr holds nothing of it."""

    public: bytes
    holders: tuple[int, ...]
    private: bytes = field(repr=False)


def facts_of(contest: Contest, text: bytes, kind: str) -> dict[str, object]:
    """What an uploaded file of the ceremony says. Refused: key_file, with what is wrong with it."""
    try:
        return files.read(text, kind, contest=str(contest.id))
    except KeyFault as fault:
        named = {name: str(KIND_NAMES.get(str(value), value)) for name, value in fault.params.items()}
        is_share = fault.code == "other_kind" and fault.params["found"] == files.SHARE
        message = _(SHARE_SENT) if is_share else _(FAULTS[fault.code]) % named
        raise Refused("key_file", message, fields={"file": message}, status=422) from None


@sensitive_variables()
def given_key(contest: Contest, text: bytes) -> GivenKey:
    """The private key out of the file that the tool put together from two shares. Refused: key_file."""
    facts = facts_of(contest, text, files.PRIVATE)
    private = bytes.fromhex(str(facts["private_key"]))
    holders = facts.get("holders")
    numbers = tuple(each for each in holders if each in (1, 2, 3)) if isinstance(holders, list) else ()
    return GivenKey(pairs.public_of(private), numbers, private)


@sensitive_variables()
def opening_key(box: Box, given: GivenKey | None) -> bytes:
    """The private key that opens this box. Refused: key_awaited, wrong_key. Raises keys.KeyMissing."""
    if box.holder != COMMISSION:
        return keys.contest_key(str(box.contest_id), "box")
    if given is None:
        raise Refused("key_awaited", _("The box waits for the commission’s key: two of its holders give it."))
    if box.public_key is None or given.public != bytes(box.public_key):
        contest = str(box.contest_id)
        message = _("This key is not the box’s: its fingerprint is %(given)s, the box’s is %(box)s.") % {
            "given": pairs.fingerprint(contest, given.public),
            "box": pairs.fingerprint(contest, bytes(box.public_key)) if box.public_key else "–",
        }
        raise Refused("wrong_key", message, fields={"file": message}, status=422)
    return given.private


def given_events(contest: Contest, given: GivenKey | None) -> Sequence[BoxKeyGiven]:
    """What the journal says of a key that was given."""
    return [BoxKeyGiven(contest=str(contest.id), holders=list(given.holders))] if given is not None else []


def holder_issues(contest: Contest, rules: Rules) -> list[str]:
    """Whether rules name another holder of the key than the one the box was made for, in words."""
    box = Box.objects.filter(contest=contest).first()
    if box is None or box.holder == rules.box_key:
        return []
    named = (
        pgettext("key of the box", "the commission")
        if box.holder == COMMISSION
        else pgettext("key of the box", "the platform")
    )
    return [_("Who holds the key of the ballot box was settled when the box was made: %s.") % named]
