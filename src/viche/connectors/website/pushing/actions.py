"""Sites of a body: connected, tested, removed; a result pushed anew at an official's wish."""

import secrets
from base64 import b64encode

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.website.events import PushTargetConnected, PushTargetRemoved
from viche.connectors.website.models import Push, PushState, PushTarget, TargetKind
from viche.connectors.website.pushing.queries import site_of
from viche.connectors.website.pushing.sealing import sealed
from viche.connectors.website.pushing.sites import WAYS, SiteFault
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.ids import uuid7
from viche.foundation.outgoing import Unreachable, examine
from viche.foundation.refused import Refused
from viche.foundation.sealing import SealBroken
from viche.identity.models import Role
from viche.journal import actions as journal
from viche.results.queries import publication_of

MOST_TARGETS = 10


def connect_target(
    *,
    community: Community,
    kind: str,
    title: str,
    address: str,
    user: str,
    password: str,
    site: str,
    by: Actor,
) -> tuple[PushTarget, str]:
    """Connect a site of the body; (the site, the signing secret where we made one: shown once, never again).

    Locks the community; journal: PushTargetConnected. site: our own address of the body. Refused: not_administrator,
    archived, bad_value (at its fields), bad_address, too_many.
    """
    _administrator_only(community, by)
    title, address, user = " ".join(title.split()), address.strip(), user.strip()
    _check(kind, title, address, user, password)
    _examine(address)
    made = ""
    if not WAYS[kind].has_user:
        user, password = "", f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"
        made = password
    key = uuid7()
    # an application password is shown in groups of four, which WordPress takes either way
    target = PushTarget(
        id=key, community=community, kind=kind, title=title, address=address, user=user, site=site,
        secret=sealed(password.strip(), key), connected_at=clock.now(), connected_by_id=by.person_id,
    )  # fmt: skip
    with transaction.atomic():
        Community.objects.select_for_update(no_key=True).get(pk=community.pk)
        if PushTarget.objects.filter(community=community).count() >= MOST_TARGETS:
            raise Refused("too_many", _("Remove a site first: %(n)s are connected.") % {"n": MOST_TARGETS})
        _saved(target)
        _record(PushTargetConnected, target, by)
    return target, made


def remove_target(*, target: PushTarget, by: Actor) -> None:
    """Push there no more and forget the secret; what stands on the site stays. Locks the row; journal:
    PushTargetRemoved. Twice is once. Refused: not_administrator, archived.
    """
    _administrator_only(target.community, by)
    with transaction.atomic():
        held = PushTarget.objects.select_for_update().filter(pk=target.pk).first()
        if held is None:
            return
        _record(PushTargetRemoved, target, by)
        held.delete()


def check_target(*, target: PushTarget, by: Actor) -> str:
    """Test the connection now; what was found, a word of wording.OUTCOMES, which stays on the row.

    Outside of a transaction: the site may be slow. Nothing is published by it. Refused: not_administrator, archived.
    """
    _administrator_only(target.community, by)
    try:
        WAYS[target.kind].test(site_of(target))
        found = "ok"
    except (SiteFault, Unreachable) as fault:
        found = fault.code
    except SealBroken:
        found = "seal_broken"
    PushTarget.objects.filter(pk=target.pk).update(tested=found, tested_at=clock.now())
    return found


def push_now(*, target: PushTarget, contest: Contest, by: Actor) -> Push:
    """Push the result in the next seconds, also where it stands there or was given up; locks the row. Twice is once.

    Refused: not_administrator, archived, other_body, not_published, in_flight.
    """
    _administrator_only(target.community, by)
    if contest.community_id != target.community_id:
        raise Refused("other_body", _("There is no such contest here."), status=404)
    if publication_of(contest) is None:
        raise Refused("not_published", _("The result of this contest is not published yet."))
    now = clock.now()
    with transaction.atomic():
        if not PushTarget.objects.select_for_update(no_key=True).filter(pk=target.pk).exists():
            raise Refused("removed", _("A colleague has removed this site meanwhile."), status=404)
        push, is_new = Push.objects.select_for_update().get_or_create(
            target=target, contest=contest, defaults={"queued_at": now, "next_at": now}
        )
        if not is_new:
            if push.state == PushState.SENDING and push.next_at > now:
                raise Refused("in_flight", _("It is being sent just now."))
            push.state, push.attempts, push.next_at, push.queued_at = PushState.QUEUED, 0, now, now
            push.save(update_fields=["state", "attempts", "next_at", "queued_at"])
    return push


def _check(kind: str, title: str, address: str, user: str, password: str) -> None:
    faults = {}
    if kind not in TargetKind.values:
        message = _("Choose how the site is reached.")
        raise Refused("bad_value", message, fields={"kind": message}, status=422)
    if not title or len(title) > 120:
        faults["title"] = _("Write what you call the site.")
    if not address or len(address) > 300:
        faults["address"] = _("Write the address.")
    if WAYS[kind].has_user:
        if not user or len(user) > 120 or ":" in user or not user.isprintable():
            faults["user"] = _("Write the user’s name.")
        if not password.strip() or len(password) > 300 or not password.isprintable():
            faults["password"] = _("Write the password.")
    if faults:
        raise Refused("bad_value", next(iter(faults.values())), fields=faults, status=422)


def _examine(address: str) -> None:
    """An address that leads nowhere we may send is refused at its field; a site that is merely down is not."""
    try:
        examine(address)
    except Unreachable as fault:
        if fault.code not in {"timeout", "connection"}:
            raise Refused("bad_address", str(fault), fields={"address": str(fault)}, status=422) from None


def _saved(target: PushTarget) -> None:
    try:
        with transaction.atomic():
            target.save(force_insert=True)
    except IntegrityError as error:
        name = "title" if "one_push_target_a_title" in str(error) else "address"
        message = (
            _("Another connected site is called so.")
            if name == "title"
            else _("This site is connected already.")
        )
        raise Refused("bad_value", message, fields={name: message}, status=422) from None


def _record(event: type[PushTargetConnected], target: PushTarget, by: Actor) -> None:
    journal.append(
        event(target=str(target.pk), kind=target.kind),
        community=target.community.code,
        year=clock.year(),
        by=by,
    )


def _administrator_only(community: Community, by: Actor) -> None:
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )
    if community.archived_at is not None:
        raise Refused("archived", _("The body has left the platform: nothing is connected any more."))
