"""What a person asks an operator to confirm by a document, and the files they showed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community, Territory
from viche.foundation.ids import uuid7
from viche.identity.models.memberships import Basis, Membership
from viche.identity.models.people import Citizenship, Citizenships, Person

CITIZENSHIP = "citizenship"
# where the files of requests lie in foundation.private_files
PROOFS = "proofs"
"""What stands in place of a basis where citizenship is to be confirmed."""


class RequestState(models.TextChoices):
    WAITING = "waiting", _("waiting for a decision")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ProofRequest(models.Model):
    """A request to confirm a basis of membership, or citizenship, in a community.

    basis: one of Basis, or CITIZENSHIP; then citizenship is the status asked for and territory is None. evidence: a
    word of rulebook.rules.EVIDENCE. key: made by the form, so that one form sent twice is one request. reason: of the
    refusal, for the person. ends_on: the last day the grant counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.UUIDField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="requests")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="proof_requests")
    basis = models.CharField(max_length=16, choices=[*Basis.choices, (CITIZENSHIP, _("citizenship"))])
    territory = models.ForeignKey(Territory, null=True, on_delete=models.PROTECT, related_name="+")
    citizenship = models.CharField(max_length=12, blank=True, choices=Citizenships.choices)
    evidence = models.CharField(max_length=32)
    document_number = models.CharField(max_length=80)
    document_date = models.DateField(null=True)
    note = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=12, choices=RequestState.choices, default=RequestState.WAITING)
    sent_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=1000, blank=True)
    ends_on = models.DateField(null=True)
    membership = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    citizenship_record = models.ForeignKey(
        Citizenship, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "community", "basis"],
                condition=Q(state="waiting"),
                name="one_waiting_request",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="decided_request_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="refused_request_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "state", "sent_at"], name="request_queue"),
            models.Index(fields=["person", "-sent_at"], name="request_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.basis} {self.state}"

    @property
    def is_waiting(self) -> bool:
        return self.state == RequestState.WAITING


class RequestFile(models.Model):
    """A file of a request; its bytes are in foundation.private_files under its id. deleted_at: when they went."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(ProofRequest, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.content_type
