"""Somebody says of an act in their name: this was not me."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.foundation.ids import uuid7
from viche.identity.models.people import Person


class Objection(models.Model):
    """That a person denies an act recorded as theirs, and what the body found.

    community: whose officials look into it, None for the platform's. kind and reference: the act (a vote by its
    contest, all others by their own id). act: the act in words, as the person saw it. text: what they say. answer: what
    was found, read by the person; decided_by: another person than the one who objects.
    """

    class Kind(models.TextChoices):
        VOTE = "vote", _("a vote")
        SIGNATURE = "signature", _("a signature under a project")
        PROJECT = "project", _("a project")
        MEMBERSHIP = "membership", _("a membership")
        IDENTIFICATION = "identification", _("an identification")

    class State(models.TextChoices):
        OPEN = "open", _("being looked into")
        UPHELD = "upheld", _("confirmed: it was not this person")
        DISMISSED = "dismissed", _("not confirmed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="objections")
    community = models.ForeignKey(Community, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    reference = models.CharField(max_length=40)
    act = models.CharField(max_length=300)
    text = models.TextField(max_length=2000)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    filed_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-filed_at"]
        indexes = [models.Index(fields=["community", "state", "filed_at"], name="objection_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "reference"],
                condition=models.Q(state="open"),
                name="one_open_objection_an_act",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at=None)
                | ~models.Q(state="open") & models.Q(decided_at__isnull=False) & ~models.Q(answer=""),
                name="decided_objection_has_its_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
