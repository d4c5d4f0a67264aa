"""Decisions about projects under review, and what their authors answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models import Project


class Decision(models.Model):
    """One decision of a stage of the review (rulebook.rules REVIEW_OUTCOMES), or that the review begins anew.

    stage: the id of the rules' stage, empty where they have none. conditions: what the author must agree to.
    due_on: the last day (Kyiv) for the author to correct or to answer. protocol: of the meeting that decided.
    """

    class Verdict(models.TextChoices):
        ADMIT = "admit", _("admitted")
        ADMIT_WITH_CORRECTION = "admit-with-correction", _("admitted with corrections")
        RETURN = "return", _("returned for changes")
        REJECT = "reject", _("not admitted")
        REOPENED = "reopened", _("reviewed anew")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="decisions")
    stage = models.CharField(max_length=64, blank=True)
    verdict = models.CharField(max_length=24, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    due_on = models.DateField(null=True)
    protocol = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at", "id"]

    def __str__(self) -> str:
        return f"{self.verdict} {self.project_id}"


class Reply(models.Model):
    """What an author answered to a return or to conditions. text: why they do not agree."""

    class Kind(models.TextChoices):
        CORRECTED = "corrected", _("corrected and submitted again")
        DECLINED = "declined", _("does not agree with the changes")
        ACCEPTED = "accepted", _("agrees to the conditions")
        REFUSED = "refused", _("does not agree to the conditions")
        SILENT = "silent", _("did not answer in time")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="replies")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    text = models.TextField(blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "replies"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.project_id}"
