"""Offices that people hold in communities, and on the platform itself."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.foundation.ids import uuid7
from viche.identity.models.people import Person

# the journal's code of the platform itself: acts that concern no single community
PLATFORM = "platform"


class Role(models.TextChoices):
    """Offices a person may hold in a community; the last one is held on the platform."""

    ADMINISTRATOR = "administrator", _("administrator")
    EDITOR = "editor", _("editor of the regulation")
    REVIEWER = "reviewer", _("reviewer of a department")
    COMMISSION = "commission", _("commission member")
    OPERATOR = "operator", _("operator of a service centre")
    PARTNER = "partner", _("partner with terminals")
    AUDITOR = "auditor", _("auditor")
    PLATFORM = "platform", _("platform administrator")


COMMUNITY_ROLES = tuple(role for role in Role if role is not Role.PLATFORM)

# Held in a body above, these are rights below too. A commission is elected by its own body, and a partner's
# terminals stand where the contract says.
INHERITED_ROLES = (Role.ADMINISTRATOR, Role.EDITOR, Role.REVIEWER, Role.OPERATOR, Role.AUDITOR)


class Office(models.Model):
    """A role held in a community, from a grant to its end. community: None for the platform's own administrators.

    unit: the department or the service point, in words.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, null=True, on_delete=models.PROTECT, related_name="offices")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="offices")
    role = models.CharField(max_length=16, choices=Role.choices)
    unit = models.CharField(max_length=200, blank=True)
    granted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "person", "role"],
                nulls_distinct=False,
                condition=Q(until__isnull=True),
                name="one_live_office",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.PLATFORM, community__isnull=True)
                | (~Q(role=Role.PLATFORM) & Q(community__isnull=False)),
                name="only_the_platform_has_no_community",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.community_id}"

    @property
    def body_code(self) -> str:
        """The code whose journal writes of this office: the community's, or the platform's."""
        return self.community.code if self.community is not None else PLATFORM
