"""Legal texts by version, and consents to them."""

from django.db import models

from viche.communities.models import Community
from viche.foundation.ids import uuid7
from viche.identity.models.people import Person


class LegalText(models.Model):
    """A version of a body's text (identity.consents.wording.KINDS). text: {"uk", "en"}, Markdown with places for facts.

    digest: SHA-256 of its canonical JSON, hex. changes: what is new, in words. asks_again: whether everybody is asked
    for consent anew. Never changed: another version replaces it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="legal_texts")
    kind = models.CharField(max_length=16)
    version = models.PositiveIntegerField()
    text = models.JSONField()
    digest = models.CharField(max_length=64)
    changes = models.CharField(max_length=500, blank=True)
    asks_again = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "kind", "version"], name="one_text_a_version")
        ]
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class Consent(models.Model):
    """That a person agreed to a body's text of consent: which version and words (digest), when, by which channel."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    channel = models.CharField(max_length=12)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "community"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_standing_consent",
            )
        ]
        ordering = ["-given_at"]

    def __str__(self) -> str:
        return f"{self.community_id} {self.version}"
