"""Reads about programs."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.clients import tokens
from viche.connectors.clients.models import BroughtProject, Call, Client, Secret
from viche.connectors.clients.scopes import SCOPES
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.identity.queries import roles_in
from viche.projects.models import Project


@dataclass(frozen=True)
class Caller:
    """A program that has shown a live key or token. scopes: what it may do now."""

    client: Client
    secret: Secret
    scopes: frozenset[str]

    def actor(self, scope: str) -> Actor:
        """The official in whose name it acts, with the rights that the scope needs and no others.

        Refused: office_ended.
        """
        community = self.client.community
        roles = roles_in(self.client.official, community) & SCOPES[scope].roles
        if not roles:
            raise Refused(
                "office_ended",
                _("The official in whose name this program acts holds no office for this any more."),
                status=403,
            )
        return Actor("official", str(self.client.official_id), frozenset(roles), community.code)


def caller_by_secret(secret: str) -> Caller | None:
    """Whose key it is; None for an unknown, ended or revoked one, and for a program that is not connected."""
    hint = tokens.hint_of(secret)
    found = _secret(hint) if hint else None
    if found is None or bytes(found.mark) != tokens.mark_of(secret):
        return None
    return _caller(found, frozenset(found.client.scopes))


def caller_by_token(token: str, *, issuer: str) -> Caller | None:
    """Whose access token it is; None as for a key, also once the key it was got with counts no more."""
    said = tokens.claims_of(token, issuer=issuer)
    found = _secret(said.hint) if said is not None else None
    if said is None or found is None or found.client_id != said.client:
        return None
    return _caller(found, said.scopes & frozenset(found.client.scopes))


def _secret(hint: str) -> Secret | None:
    found = Secret.objects.select_related("client__community__territory", "client__official")
    return found.filter(hint=hint).first()


def _caller(secret: Secret, scopes: frozenset[str]) -> Caller | None:
    is_live = secret.is_live(clock.now()) and secret.client.is_active
    return Caller(secret.client, secret, scopes) if is_live else None


def is_from(client: Client, address: str) -> bool:
    """Whether the program may come from this address; from anywhere where no network is named."""
    if not client.networks:
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in ip_network(network) for network in client.networks)


def clients_of(community: Community, official: Person | None = None) -> QuerySet[Client]:
    """Programs of a body, those that work first; official: only those that act in this person's name."""
    found = Client.objects.filter(community=community).select_related("official", "community__territory")
    if official is not None:
        found = found.filter(official=official)
    return found.order_by("state", "title", "id")


def client_in(community: Community, reference: UUID) -> Client | None:
    """One program of the body."""
    return clients_of(community).filter(pk=reference).first()


def secrets_of(client: Client) -> list[Secret]:
    """The keys of a program, the newest first."""
    return list(client.secrets.select_related("made_by", "client__community"))


def calls_of(client: Client, number: int = 50) -> list[Call]:
    """The latest writes of a program."""
    return list(client.calls.select_related("official")[:number])


def brought_project(client: Client, contest: Contest, number: int) -> BroughtProject | None:
    """A project of the contest that this program submitted, published or not."""
    found = BroughtProject.objects.filter(client=client, project__contest=contest, project__number=number)
    return found.select_related("project__territory").first()


def brought_by_reference(client: Client, contest: Contest, reference: str) -> Project | None:
    """The same by what the body's own system calls it."""
    found = BroughtProject.objects.filter(client=client, project__contest=contest, reference=reference)
    row = found.select_related("project").first()
    return row.project if row else None
