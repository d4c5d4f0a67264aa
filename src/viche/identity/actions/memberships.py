"""Memberships: granted by an operator."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community, Territory
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.events import MembershipGranted
from viche.identity.models import Basis, Membership, Person, Role
from viche.journal import actions as journal


def grant_membership(
    *,
    person: Person,
    territory: Territory,
    basis: str,
    document_reference: str,
    community: Community,
    by: Actor,
) -> Membership:
    """An operator confirms by a document that the person belongs here; journal: MembershipGranted.

    It counts in the contests of this community and of those above it.

    Refused: not_operator, outside (territory not of the operator's community), unknown_basis, no_document,
    bad_document (too long), already_member.
    """
    if not {Role.OPERATOR, Role.ADMINISTRATOR} & by.roles_in(community.code):
        raise Refused("not_operator", _("Only an operator may confirm a membership."), status=403)
    if not territory.is_inside(community.territory):
        raise Refused("outside", _("%s is outside your community.") % territory.full_name)
    if not document_reference.strip():
        message = _("Name the document: its kind, number and date.")
        raise Refused("no_document", message, fields={"document_reference": message}, status=422)
    if len(document_reference.strip()) > 200:
        message = _("No more than %(limit)d letters, please.") % {"limit": 200}
        raise Refused("bad_document", message, fields={"document_reference": message}, status=422)
    if basis not in Basis.values:
        message = _("Choose a basis of membership from the list.")
        raise Refused("unknown_basis", message, fields={"basis": message}, status=422)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                person=person, territory=territory, basis=Basis(basis).value, source="operator",
                document_reference=document_reference.strip(), granted_by_id=by.person_id,
                granted_in=community, since=clock.now(),
            )  # fmt: skip
            journal.append(
                MembershipGranted(membership=str(membership.id), territory=territory.code, basis=basis),
                community=community.code, year=clock.year(), by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Refused("already_member", _("This membership is already confirmed.")) from None
    return membership
