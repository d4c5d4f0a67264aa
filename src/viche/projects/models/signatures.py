"""Support: the signatures under projects, and what the check of form before publication said."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models.projects import Project


class Signature(models.Model):
    """One person's support of one project; a withdrawn one stays and counts no more.

    token: the person's number keyed for this contest (foundation.keys.support_token), by which ways meet: who signed on
    paper cannot sign online too. person: who they are to their own pages; may be forgotten, the token keeps the
    signature single. ordinal: the how-manieth signature of the project it was, never given twice. method: how they
    identified ("isei:bank_id"); empty on paper. commitment: what the journal holds of it (projects.signatures), hex;
    nonce opens it. shows_name: whether they agreed that their name is published, where the rules publish names.
    """

    class Way(models.TextChoices):
        ONLINE = "online", _("online")
        PAPER = "paper", _("on paper")
        AUTHOR = "author", _("as the author")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="signatures")
    ordinal = models.PositiveIntegerField()
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="signatures")
    token = models.BinaryField(max_length=32)
    way = models.CharField(max_length=8, choices=Way.choices)
    method = models.CharField(max_length=48, blank=True)
    signed_at = models.DateTimeField()
    nonce = models.BinaryField(max_length=32)
    commitment = models.CharField(max_length=64)
    shows_name = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["project", "ordinal"]
        constraints = [
            # the guard of "once": whatever the way, and however many windows press at the same moment
            models.UniqueConstraint(
                fields=["contest", "project", "token"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_signature_a_person",
            ),
            models.UniqueConstraint(fields=["project", "ordinal"], name="one_signature_an_ordinal"),
        ]
        indexes = [
            models.Index(fields=["contest", "token"], name="signatures_of_a_person"),
            models.Index(fields=["person"], name="signature_person"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.ordinal}"


class CheckDecision(models.Model):
    """One act in the check of form of a project, for its author to read.

    faults: codes of projects.checking.FORM_CHECKS that were not in order. text: what is missing, or why it was refused.
    decided_by: the official, or the author who submitted it again; None where the term alone published it.
    """

    class Verdict(models.TextChoices):
        PUBLISHED = "published", _("published")
        UNCHECKED = "unchecked", _("published unchecked, the term being over")
        SENT_BACK = "sent_back", _("sent back to the author")
        RESUBMITTED = "resubmitted", _("submitted again")
        REFUSED = "refused", _("refused by the check")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="checks")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    faults = models.JSONField(default=list, blank=True)
    text = models.TextField(blank=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at", "id"]

    def __str__(self) -> str:
        return f"{self.project_id} {self.verdict}"
