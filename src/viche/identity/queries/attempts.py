"""Attempts of identification."""

from uuid import UUID

from viche.identity.models import Attempt


def attempt_named(reference: UUID) -> Attempt | None:
    return Attempt.objects.select_related("person", "joins", "asked_in").filter(pk=reference).first()


def attempt_of(provider: str, reference: str) -> Attempt | None:
    """The attempt that the provider calls so."""
    if not reference:
        return None
    return Attempt.objects.filter(provider=provider, reference=reference).first()
