"""What happens at a screen: somebody begins, identifies on their telephone or by a partner's machine, and ends.

Two words lead to a visit: the cookie of the screen, and a signed name of the visit in an address (in the QR code that
a telephone reads, or in the page that a partner's machine opens). The choices never come here.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.points.models import Point, Screen, Visit
from viche.points.queries import visit_at, visit_named

# without a page for so long nobody stands there any more; nobody needs longer for a ballot
IDLE, LONGEST = timedelta(minutes=5), timedelta(minutes=30)
# how long a partner's machine may take to open the page it was given
HANDOVER = timedelta(minutes=2)
SALT = "viche.points.visit"


def begin_visit(*, screen: Screen, contest: Contest) -> Visit:
    """Somebody begins at the screen; whoever stood there before is forgotten. Locks the screen; no journal entry.

    Refused: screen_revoked, not_served (the point takes no part in this contest).
    """
    with transaction.atomic():
        held = Screen.objects.select_for_update(of=("self",)).select_related("point").get(pk=screen.pk)
        if held.token_hash is None or held.point.state != Point.State.OPEN:
            raise Refused("screen_revoked", _("This screen is not in use any more."), status=403)
        _served(held.point, contest)
        Visit.objects.filter(screen=held).delete()
        now = clock.now()
        return Visit.objects.create(
            community_id=held.community_id, contest=contest, screen=held, number=_two_digits(), begun_at=now,
            seen_at=now,
        )  # fmt: skip


def live_visit(screen: Screen) -> Visit | None:
    """Whoever stands at the screen now; None after five minutes without a page."""
    now = clock.now()
    found = visit_at(screen, since=now - IDLE)
    return found if found is not None and found.begun_at >= now - LONGEST else None


def mark_visit_seen(*, visit: Visit) -> None:
    """Whoever stands there has asked for a page. No lock, no journal entry."""
    Visit.objects.filter(pk=visit.pk).update(seen_at=clock.now())


def end_visit(*, screen: Screen) -> None:
    """Forget whoever stood at the screen. Twice is once; no journal entry."""
    Visit.objects.filter(screen=screen).delete()


def name_of(visit: Visit) -> str:
    """The visit's signed name, for an address."""
    return signing.Signer(salt=SALT).sign(visit.pk.hex)


def named_visit(community: Community, name: str) -> Visit | None:
    """The visit of a signed name while it lasts."""
    try:
        reference = UUID(signing.Signer(salt=SALT).unsign(name))
    except (signing.BadSignature, ValueError):
        return None
    return visit_named(community, reference, since=clock.now() - LONGEST)


def confirm_visit(*, visit: Visit, person: Person, method: str, issuer: str = "") -> Visit:
    """Somebody identified on their telephone and says that they stand at the screen. Locks the visit; no journal entry.

    The same person twice is once. Refused: visit_over, screen_taken (another person has identified for it).
    """
    with transaction.atomic():
        held = Visit.objects.select_for_update().filter(pk=visit.pk, screen__isnull=False).first()
        if held is None:
            raise Refused(
                "visit_over", _("At the screen somebody has ended or begun anew: scan its code again.")
            )
        if held.person_id is not None and held.person_id != person.pk:
            raise Refused(
                "screen_taken", _("Somebody else has identified for this screen: press “Begin anew” there.")
            )
        held.person, held.method, held.issuer = person, method, issuer[:80]
        held.identified_at = held.seen_at = clock.now()
        held.save(update_fields=["person", "method", "issuer", "identified_at", "seen_at"])
    return held


def hand_over_visit(
    *, contest: Contest, person: Person, method: str, issuer: str = "", terminal: str = ""
) -> tuple[Visit, str]:
    """A partner's machine has identified somebody by a card or a PIN; returns the visit and its name in the address.

    The caller answers for the partner and for what its identification proves. The name opens one screen, once, within
    two minutes. No lock, no journal entry: it is no act of voting.
    """
    now = clock.now()
    visit = Visit.objects.create(
        community_id=contest.community_id, contest=contest, number=_two_digits(), person=person, method=method,
        issuer=issuer[:80], terminal=terminal[:40], begun_at=now, seen_at=now, identified_at=now,
    )  # fmt: skip
    return visit, name_of(visit)


def open_handover(*, screen: Screen, name: str) -> Visit:
    """Open at the screen what a partner's machine handed over. Locks the screen and the visit; no journal entry.

    Refused: bad_handover (unknown, used already, older than two minutes), screen_revoked, not_served.
    """
    found = named_visit(screen.community, name)
    with transaction.atomic():
        screen = Screen.objects.select_for_update(of=("self",)).select_related("point").get(pk=screen.pk)
        if screen.token_hash is None:
            raise Refused("screen_revoked", _("This screen is not in use any more."), status=403)
        held = found and (
            Visit.objects.select_for_update(of=("self",))
            .select_related("contest")
            .filter(pk=found.pk, screen=None, begun_at__gte=clock.now() - HANDOVER)
            .first()
        )
        if not held:
            raise Refused(
                "bad_handover", _("This way in was used already or is too old: begin at the machine once more."),
                status=403,
            )  # fmt: skip
        _served(screen.point, held.contest)
        Visit.objects.filter(screen=screen).delete()
        held.screen, held.seen_at = screen, clock.now()
        held.save(update_fields=["screen", "seen_at"])
    return held


def delete_old_visits() -> int:
    """Let go visits that nobody ended. Returns how many went."""
    return Visit.objects.filter(begun_at__lt=clock.now() - LONGEST).delete()[0]


def _served(point: Point, contest: Contest) -> None:
    if not point.contests.filter(pk=contest.pk).exists():
        raise Refused("not_served", _("One does not vote in this contest here."), status=404)


def _two_digits() -> int:
    return 10 + secrets.randbelow(90)
