"""What the letters of this room say. A letter is put together at the moment of sending, never before."""

from collections.abc import Callable

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from viche.foundation import keys
from viche.identity.models import ConnectionRequest, ConnectionState, Invitation, Letter


def invitation_token(nonce: bytes) -> str:
    """The secret part of an invitation's link (64 hex digits): made by a key that is not in the database."""
    return keys.person_token("invitation", nonce.hex()).hex()


def _invitation(letter: Letter) -> tuple[str, str] | None:
    """Nothing for an invitation that was meanwhile withdrawn, accepted or sent anew."""
    found = Invitation.objects.select_related("community", "invited_by").filter(pk=letter.subject).first()
    if found is None or not found.is_open or not letter.key.endswith(f":{found.sent_number}"):
        return None
    inviter = found.invited_by.display_name if found.invited_by else _("The platform")
    day = formats.date_format(timezone.localtime(found.expires_at), "j E Y, H:i")
    language = "" if letter.language == "uk" else f"{letter.language}/"
    link = f"{letter.base}{language}invitation/{invitation_token(bytes(found.nonce))}/"
    role = str(found.get_role_display()) + (f" ({found.unit})" if found.unit else "")
    subject = _("%(body)s invites you: %(role)s") % {"body": found.community.title, "role": role}
    lines = [
        _("Good day!"),
        _("%(inviter)s invites you to be %(role)s of the participatory budget: %(body)s.")
        % {"inviter": inviter, "role": role, "body": found.community.title},
        _("Open this link and identify yourself to accept. It works once, until %(day)s:") % {"day": day},
        link,
        _("If this letter is not meant for you, open the link and say so, or simply delete the letter."),
    ]
    return subject, "\n\n".join(lines) + "\n"


def _connection(letter: Letter) -> tuple[str, str] | None:
    found = (
        ConnectionRequest.objects.select_related("territory", "community").filter(pk=letter.subject).first()
    )
    if found is None:
        return None
    language = "" if letter.language == "uk" else f"{letter.language}/"
    lines = [_("Good day!")]
    if found.state == ConnectionState.APPROVED and found.community is not None:
        lines += [
            _("%(body)s is connected to Viche, and you are its administrator.") % {"body": found.body},
            _("Begin here: name, emblem, address, staff, and the first contest."),
            f"{letter.base}{found.community.slug}/{language}office/begin/",
        ]
    elif found.state == ConnectionState.REFUSED:
        lines += [
            _("The request to connect %(body)s was refused.") % {"body": found.body},
            found.reason,
            f"{letter.base}{language}connect/",
        ]
    elif found.state == ConnectionState.QUESTION:
        lines += [
            _("Viche has a question about the request to connect %(body)s:") % {"body": found.body},
            found.question,
            _("Answer here:"),
            f"{letter.base}{language}connect/",
        ]
    else:
        return None
    return _("Connecting to Viche: %(body)s") % {"body": found.body}, "\n\n".join(lines) + "\n"


KINDS: dict[str, Callable[[Letter], tuple[str, str] | None]] = {
    "invitation": _invitation,
    "connection": _connection,
}


def words_of(letter: Letter) -> tuple[str, str] | None:
    """Subject and text, in the language set now; None where there is nothing to say any more."""
    return KINDS[letter.kind](letter)
