"""What an operator does for people whom no provider can vouch for: by the documents they show."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community, Territory
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.actions.memberships import MAX_DOCUMENT, grant_membership, operator_only
from viche.identity.actions.merging import are_alike, different_people, merge_people
from viche.identity.actions.people import record_person
from viche.identity.models import Identifier, Membership, Office, Person
from viche.identity.numbers import ReadNumber
from viche.identity.queries import person_of_token


def grant_by_passport(
    *,
    passport: ReadNumber,
    family_name: str,
    given_name: str,
    birth_date: date,
    territory: Territory,
    basis: str,
    evidence: str,
    document_reference: str,
    community: Community,
    by: Actor,
) -> Membership:
    """Record somebody who has refused a tax number by their passport (Tax Code of Ukraine, article 63.5), with their
    membership; all or nothing. Whoever is known by the passport is the same person and keeps their name.

    Journal: MembershipGranted. Refused: not_operator, other_birth_date, the codes of grant_membership.
    """
    operator_only(by, community)
    with transaction.atomic():
        person = record_person(
            kind=passport.kind, token=passport.token, family_name=family_name, given_name=given_name,
            birth_date=birth_date,
        )  # fmt: skip
        if person.birth_date is not None and person.birth_date != birth_date:
            message = _(
                "By this passport a person with another date of birth is known: look at the number again."
            )
            raise Refused("other_birth_date", message, fields={"passport": [message]}, status=422)
        Identifier.objects.filter(person=person, kind=passport.kind, token=passport.token).update(
            is_marked=True
        )
        return grant_membership(
            person=person, territory=territory, basis=basis, evidence=evidence,
            document_reference=document_reference, community=community, by=by,
        )  # fmt: skip


def merge_by_documents(
    *, number: ReadNumber, passport: ReadNumber, document_reference: str, community: Community, by: Actor
) -> Person:
    """Make one person of the records that two documents of one person lead to: a tax number and a passport.

    Journal: PeopleMerged, by the operator. Refused: not_operator, no_document, nobody (one of them is not known),
    one_already, different_people (also by name or date of birth), holds_office.
    """
    operator_only(by, community)
    if not document_reference.strip() or len(document_reference) > MAX_DOCUMENT:
        message = _("Name the documents that you saw.")
        raise Refused("no_document", message, fields={"document_reference": [message]}, status=422)
    found = [person_of_token(each.kind, each.token) for each in (number, passport)]
    for name, person in zip(("tax_number", "passport"), found, strict=True):
        if person is None:
            message = _("Nobody is known by this number: there is nothing to make one.")
            raise Refused("nobody", message, fields={name: [message]}, status=422)
    one, other = found
    if one == other:
        raise Refused("one_already", _("Both numbers lead to one person already."))
    if not are_alike(one, other):
        raise different_people()
    # whoever holds an office is made nobody else by one operator's word
    if Office.objects.filter(person__in=(one, other), until=None).exists():
        raise Refused(
            "holds_office",
            _("One of them holds an office: end it first, and grant it anew afterwards."),
            status=409,
        )
    return merge_people(
        one=one, other=other, by=by, community=community.code, document=document_reference.strip()
    )
