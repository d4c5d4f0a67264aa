"""Documents that go with a project."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models.projects import Project

# where documents of projects lie in foundation.private_files
SHELF = "projects"


class Attachment(models.Model):
    """A document of a project; its bytes lie in foundation.private_files (SHELF) under its id.

    name: as the author called it, for the download. size in bytes; digest: SHA-256 of the bytes. is_public: whether
    everybody may fetch it once the project is published; other documents are for officials.
    """

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("document")
        ESTIMATE = "estimate", _("estimate")
        PRESENTATION = "presentation", _("presentation")
        CONSENT = "consent", _("consent")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.DOCUMENT)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    is_public = models.BooleanField(default=True)
    added_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return self.name
