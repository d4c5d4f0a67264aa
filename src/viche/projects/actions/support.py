"""What signatures make of a project: the one door by which those of every way enter, the threshold, the deadline."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.identity.models import Person
from viche.journal import actions as journal
from viche.projects.actions.moves import decide_move, held_project, set_state, write_entry
from viche.projects.course import support_window
from viche.projects.events import ProjectNotSupported, ProjectSigned, SupportReached
from viche.projects.models import Project, Signature, State, SupportSheet
from viche.projects.signatures import (
    already_signed,
    commitment_of,
    limit_used,
    needed_by,
    signature_by,
    support_tokens_of,
    used_signatures,
)

ONCE = "one_signature_a_person"


def put_signature(
    held: Project,
    *,
    person: Person,
    tokens: Sequence[bytes],
    way: str,
    moment: datetime,
    method: str = "",
    shows_name: bool = False,
) -> Signature:
    """Put one signature under a project whose row the caller holds, and make the threshold's move if it is reached.

    tokens: support_tokens_of the person, at least one.

    The person's row is held too (before the project's), so that the limit over several projects is counted by one at a
    time; that a person signs a project once is decided by the database. Journal: ProjectSigned, SupportReached.
    Refused: already_signed, limit_used.
    """
    most = held.contest.rules.support.max_per_person
    if most is not None and way != Signature.Way.AUTHOR and used_signatures(held.contest, tokens) >= most:
        signed = signature_by(held, tokens)
        raise limit_used(held.contest) if signed is None else already_signed(signed)
    # by another number of theirs: the person is held, so nothing comes between this look and the writing
    if len(tokens) > 1 and (signed := signature_by(held, tokens)) is not None:
        raise already_signed(signed)
    highest = Signature.objects.filter(project=held).aggregate(highest=Max("ordinal"))["highest"] or 0
    signature = Signature(
        contest=held.contest, project=held, ordinal=highest + 1, person=person, token=tokens[0], way=way, method=method,
        signed_at=moment, nonce=secrets.token_bytes(32), shows_name=shows_name,
    )  # fmt: skip
    signature.commitment = commitment_of(signature)
    try:
        with transaction.atomic():
            signature.save(force_insert=True)
    except IntegrityError as error:
        signed = signature_by(held, tokens)
        if signed is None or ONCE not in str(error):
            raise
        raise already_signed(signed) from None
    held.supporters += 1
    held.save(update_fields=["supporters"])
    write_signature(held, signature, ProjectSigned)
    settle_support(held)
    return signature


def write_signature(held: Project, signature: Signature, event: type[ProjectSigned]) -> None:
    """Seal what happened to a signature in the log of the body; without an actor, whose reference is a person's."""
    journal.append(
        event(
            project=str(held.id), number=held.number, ordinal=signature.ordinal, commitment=signature.commitment
        ),
        community=held.contest.community.code, year=clock.year(), by=None,
    )  # fmt: skip


def begin_support(held: Project) -> None:
    """What happens once a project has come to collect support, in the transaction in which it came there.

    Where the rules count the author, theirs is the first signature; a class that needs nobody does not wait.
    Nothing for a project in another state.
    """
    support = held.contest.rules.support
    if held.state != State.SIGNING or support is None:
        return
    author = held.author
    if support.author_counts and author is not None and needed_by(held):
        tokens = support_tokens_of(held.contest, author)
        if tokens and signature_by(held, tokens) is None:
            put_signature(
                held,
                person=author,
                tokens=tokens,
                way=Signature.Way.AUTHOR,
                moment=held.published_at or clock.now(),
            )
    settle_support(held)


def settle_support(held: Project) -> bool:
    """Move a project that has the support its class needs on to the review; returns whether it moved.

    The row is held by the caller, so the move is made once. Asked after every signature, and whenever an edit may have
    changed the class. Journal: SupportReached.
    """
    needed = needed_by(held)
    if held.state != State.SIGNING or held.supporters < needed:
        return False
    row = decide_move(held, "reach_support", roles=SYSTEM.roles)
    set_state(held, row.target)
    if needed:
        write_entry(held, SYSTEM, SupportReached, supporters=held.supporters, needed=needed)
    return True


def is_unsupported(project: Project, moment: datetime) -> bool:
    """Whether the project's collection is over without enough support."""
    _start, end = support_window(project)
    if project.state != State.SIGNING or end is None or moment < end:
        return False
    # a sheet that was brought in time is counted first
    return not SupportSheet.objects.filter(project=project, closed_at__isnull=True).exists()


def close_unsupported(*, project: Project) -> bool:
    """Close a project whose window has ended without enough support; returns whether it was closed now.

    Locks the project; asked again under the lock, so that the job and a late signatory close it once. A project that
    has enough after all (its class changed) goes on. Journal: ProjectNotSupported, or SupportReached.
    """
    with transaction.atomic():
        held = held_project(project)
        if not is_unsupported(held, clock.now()) or settle_support(held):
            return False
        row = decide_move(held, "close_unsupported", roles=SYSTEM.roles)
        set_state(held, row.target)
        _start, end = support_window(held)
        write_entry(
            held, SYSTEM, ProjectNotSupported, supporters=held.supporters, needed=needed_by(held),
            until=(end or clock.now()).astimezone(UTC).isoformat(),
        )  # fmt: skip
    project.state = held.state
    return True
