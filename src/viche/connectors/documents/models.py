"""Tables of outgoing documents."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models import Project

SHELF = "outgoing"
"""Where the files lie in foundation.private_files, each under the id of its document."""
MOST_IN_PACKAGE = 500


class Kind(models.TextChoices):
    """What a document is. The value stands in metadata and in addresses: it never changes."""

    ANSWER = "answer", _("answer to the author")
    REQUEST = "request", _("request for an opinion")
    OPINION = "opinion", _("opinion of a department")
    PROTOCOL = "protocol", _("protocol of a meeting")
    RESULT = "result", _("protocol of the result")
    ORDER = "order", _("letter to the implementer")


class Registry(models.Model):
    """How a body makes its documents.

    organisation: the body's ЄДРПОУ; executor: who stands as the executor in the metadata. makes: the kinds that are
    made by themselves, of what happened from since on. token_digest: SHA-256 of the token with which the document
    system tells us a register number. year, last_number: of the last document; numbers are given with this row locked.
    """

    community = models.OneToOneField(
        Community, on_delete=models.PROTECT, primary_key=True, related_name="document_registry"
    )
    organisation = models.CharField(max_length=10, blank=True)
    executor = models.CharField(max_length=200, blank=True)
    makes = ArrayField(models.CharField(max_length=10, choices=Kind.choices), default=list)
    since = models.DateTimeField()
    token_digest = models.CharField(max_length=64, blank=True)
    year = models.PositiveSmallIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "registries"

    def __str__(self) -> str:
        return str(self.community_id)


class Dispatch(models.Model):
    """One outgoing document. The PDF lies on SHELF under its id.

    source: what it was made of ("decision:<id>"); of one source a document of a kind is made once. year, number: our
    outgoing number. text: what the PDF says, paragraph by paragraph. digest, size, pages: of the PDF. key: what
    the document system knows us by, the same however often it is sent. foreign_id: its own name of the document.
    next_at: when it is sent or asked about next. fault: a code why it did not go, see wording.FAULTS. way: how it
    left us.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("to be handed over")
        HANDED = "handed", _("handed over, no number yet")
        REGISTERED = "registered", _("registered")
        FAILED = "failed", _("could not be handed over")

    class Way(models.TextChoices):
        SYSTEM = "system", _("to the document system")
        PACKAGE = "package", _("as a package")
        HAND = "hand", _("by hand")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, related_name="dispatches")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    source = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    addressee = models.CharField(max_length=300)
    text = models.TextField()
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    way = models.CharField(max_length=7, choices=Way.choices, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=40, blank=True)
    handed_at = models.DateTimeField(null=True)
    foreign_id = models.CharField(max_length=200, blank=True)
    register_number = models.CharField(max_length=100, blank=True)
    register_date = models.DateField(null=True)
    registered_at = models.DateTimeField(null=True)
    registered_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name_plural = "dispatches"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["community", "kind", "source"], name="one_document_of_a_source"),
            models.UniqueConstraint(fields=["community", "year", "number"], name="one_document_a_number"),
            models.CheckConstraint(
                condition=~Q(state="registered") | (~Q(register_number="") & Q(register_date__isnull=False)),
                name="registered_has_number",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], name="document_due", condition=Q(state__in=["waiting", "handed"])
            ),
            models.Index(fields=["project", "kind"], name="document_of_project"),
        ]

    def __str__(self) -> str:
        return f"{self.year}/{self.number} {self.kind}"

    @property
    def our_number(self) -> str:
        """«12/2026»."""
        return f"{self.number}/{self.year}"

    @property
    def file_name(self) -> str:
        return f"{self.year}-{self.number:05d}-{self.kind}.pdf"
