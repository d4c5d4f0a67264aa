"""A community's register of its members, as it was imported: keyed marks, never numbers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community, Territory
from viche.foundation.ids import uuid7
from viche.identity.models.memberships import Basis
from viche.identity.models.people import Person


class RegisterState(models.TextChoices):
    DRAFT = "draft", _("waits for confirmation")
    CURRENT = "current", _("in force")
    REPLACED = "replaced", _("replaced")


class Register(models.Model):
    """One version of a community's register. Only the draft and the current one have rows.

    digest: SHA-256 over its sorted rows (actions.registers). new, gone: rows compared with the version before.
    based_on: that version, as the preview compared it; with another one in force the draft is not applied.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="registers")
    number = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=12, choices=RegisterState.choices)
    rows = models.PositiveIntegerField()
    new = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)
    is_hashed = models.BooleanField()
    based_on = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField()
    imported_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    imported_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="one_register_a_number"),
            models.UniqueConstraint(
                fields=["community", "state"],
                condition=Q(state__in=["draft", "current"]),
                name="one_register_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community_id} {self.number}"

    @property
    def unchanged(self) -> int:
        """Rows that the version before has too."""
        return self.rows - self.new


class RegisterRow(models.Model):
    """One member of the register. mark: foundation.keys.register_mark of their token."""

    register = models.ForeignKey(Register, on_delete=models.CASCADE, related_name="members", db_index=False)
    mark = models.BinaryField(max_length=32)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", db_index=False)
    basis = models.CharField(max_length=16, choices=Basis.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "mark", "basis"], name="one_row_a_member_and_basis")
        ]

    def __str__(self) -> str:
        return self.basis
