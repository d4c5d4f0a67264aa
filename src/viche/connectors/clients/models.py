"""Tables of programs: who may use the API, by which secrets, and what they did.

No secret stands here, only keyed hashes of them (tokens.mark_of): the tables alone open nothing.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models import Project


class ClientState(models.TextChoices):
    WAITING = "waiting", _("waits for the official’s consent")
    ACTIVE = "active", _("works")
    REVOKED = "revoked", _("revoked")


class Client(models.Model):
    """A program of one body. official: in whose name it acts, while they hold the office that its scopes need.

    scopes: names of scopes.SCOPES. networks: where it may come from, [] for anywhere. quota_minute, quota_day:
    requests.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300, blank=True)
    official = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    scopes = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=ClientState.choices, default=ClientState.WAITING)
    quota_minute = models.PositiveIntegerField(default=120)
    quota_day = models.PositiveIntegerField(default=20_000)
    networks = models.JSONField(default=list, blank=True)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "title"], condition=~models.Q(state="revoked"), name="one_client_a_title"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="active") | models.Q(confirmed_at__isnull=False),
                name="active_client_was_confirmed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="revoked") | models.Q(revoked_at__isnull=False),
                name="revoked_client_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_active(self) -> bool:
        return self.state == ClientState.ACTIVE


class Secret(models.Model):
    """A secret of a program, shown once when it was made. hint: its first part, by which it is found and named.

    mark: what is kept of it. It counts until ends_at, where a newer one took its place, and no longer once revoked.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="secrets")
    hint = models.CharField(max_length=16, unique=True)
    mark = models.BinaryField(max_length=32)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "client"],
                condition=models.Q(ends_at__isnull=True, revoked_at__isnull=True),
                name="one_lasting_secret_a_client",
            ),
        ]

    def __str__(self) -> str:
        return self.hint

    def is_live(self, moment: object) -> bool:
        """Whether it counts at the moment."""
        return self.revoked_at is None and (self.ends_at is None or self.ends_at > moment)  # type: ignore[operator]


class WrittenRequest(models.Model):
    """A write of a program and what it was answered: so that a repeated request is done once.

    key_mac, body_mac: keyed hashes of the Idempotency-Key and of operation, address and body (a body may hold a tax
    number). answer: references only.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    key_mac = models.BinaryField(max_length=32)
    body_mac = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True)
    location = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "client", "key_mac"], name="one_write_a_key")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Call(models.Model):
    """A line of the log of writes: which program in whose name, which operation on what, and how it ended.

    path: the address, which names contests and projects, and nobody. outcome: "" where it was done, else the code.
    """

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="calls")
    official = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    operation = models.CharField(max_length=60)
    path = models.CharField(max_length=300)
    status = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=60, blank=True)
    milliseconds = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["client", "-at"], name="call_of_client")]

    def __str__(self) -> str:
        return f"{self.operation} {self.status}"


class Spending(models.Model):
    """How many requests somebody made in a minute or a day: subject is a program's id, or the keyed hash of an
    address that changes with the day.
    """

    subject = models.CharField(max_length=40)
    span = models.CharField(max_length=6)
    starts_at = models.DateTimeField()
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "span", "starts_at"], name="one_spending_a_span")
        ]

    def __str__(self) -> str:
        return self.subject


class BroughtProject(models.Model):
    """A project that a program submitted: which one, and what the body's own system calls it."""

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "client", "reference"], name="one_brought_project_a_reference"
            )
        ]

    def __str__(self) -> str:
        return self.reference
