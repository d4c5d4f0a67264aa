"""A person supports a project online, or takes the support back."""

from django.db import transaction
from django.utils.translation import gettext as _

from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.projects.actions.moves import held_project
from viche.projects.actions.support import close_unsupported, put_signature, write_signature
from viche.projects.events import ProjectSignatureWithdrawn
from viche.projects.models import Project, Signature
from viche.projects.signatures import (
    COLLECTING,
    signature_by,
    support_tokens_of,
    why_not_by,
    why_not_now,
    withdrawable_signature,
)


def sign_project(
    *, project: Project, person: Person, by: Actor, method: str = "", shows_name: bool = False
) -> Signature:
    """Sign a project online: one signature a person, counted from one moment, in one transaction.

    method: how the person identified ("isei:bank_id"). shows_name: they agree that their name is published; kept only
    where the rules publish names. Locks the person, then the project; the moment is taken once both are held. Who comes
    after the end is told the exact times, and the project is closed if it was not yet. Journal: ProjectSigned, and
    SupportReached at the threshold. Refused: not_yours, no_number, the codes of signatures.why_not_now and why_not_by,
    already_signed, limit_used.
    """
    if by.person_id != person.pk:
        raise Refused("not_yours", _("One signs only for oneself."), status=403)
    fault = why_not_by(project, person, method, clock.now())
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        # read once the person is held: a number that is added meanwhile would make a second signature possible
        tokens = support_tokens_of(project.contest, person)
        if not tokens:
            raise Refused(
                "no_number",
                _("Your tax number is not confirmed: without it a signature cannot be counted once."),
                status=403,
            )
        held = held_project(project)
        # the one decision about time: nobody's signature of this project comes between it and the writing
        moment = clock.now()
        fault = why_not_now(held, moment) or fault
        if fault is None:
            rules = held.contest.rules
            return put_signature(
                held, person=person, tokens=tokens, way=Signature.Way.ONLINE, moment=moment, method=method,
                shows_name=shows_name and rules.support.signatories == "names",
            )  # fmt: skip
    if fault.code == "support_over":
        close_unsupported(project=project)
    raise fault


def merge_signatures(*, kept: Person, gone: Person) -> None:
    """Two records of one person are about to be made one: of two signatures under one project the later is withdrawn.

    So is one under a project of their own. Only while support is collected; what was counted then stays. Locks the
    projects. Journal: ProjectSignatureWithdrawn. See identity.actions.merging.
    """
    for theirs in Signature.objects.filter(person=gone, withdrawn_at__isnull=True).select_related("contest"):
        held = held_project(theirs.project)
        if held.state not in COLLECTING:
            continue
        own = signature_by(held, support_tokens_of(held.contest, kept))
        if own is None and kept.pk != held.author_id:
            continue
        later = max((each for each in (own, theirs) if each is not None), key=lambda each: each.signed_at)
        _withdraw(held, later if later.way != Signature.Way.AUTHOR else theirs)


def _withdraw(held: Project, signature: Signature) -> None:
    signature.withdrawn_at = clock.now()
    signature.save(update_fields=["withdrawn_at"])
    held.supporters -= 1
    held.save(update_fields=["supporters"])
    write_signature(held, signature, ProjectSignatureWithdrawn)


def withdraw_signature(*, project: Project, person: Person, by: Actor) -> Signature:
    """Take a signature back where the rules let it be, while support is still collected; locks person and project.

    Journal: ProjectSignatureWithdrawn. Refused: not_yours, withdrawal_not_foreseen, not_signed, own_project,
    not_collecting, the codes of signatures.why_not_now.
    """
    if by.person_id != person.pk:
        raise Refused("not_yours", _("One takes back only one’s own signature."), status=403)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        held = held_project(project)
        signature = withdrawable_signature(held, person)
        _withdraw(held, signature)
    return signature
