"""Tables of the polling points."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community, Territory
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person


class Point(models.Model):
    """A place where people vote in person. hours: seven lists of [from, to], minutes of a day in Kyiv, Monday first.

    territory: which part of the body it lies in. access_note: how somebody in a wheelchair gets in. A closed point
    keeps its row: ballots and batches name it.
    """

    class Kind(models.TextChoices):
        CNAP = "cnap", _("service centre")
        LIBRARY = "library", _("library")
        SCHOOL = "school", _("school")
        OTHER = "other", _("another place")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed for good")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="points")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    address = models.CharField(max_length=200)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    hours = models.JSONField(default=list)
    access_note = models.CharField(max_length=300, blank=True)
    contests = models.ManyToManyField(Contest, related_name="points")
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    added_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"], condition=Q(state="open"), name="one_open_point_a_name"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False),
                name="closed_point_has_its_moment",
            ),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class Shift(models.Model):
    """When the desk of a point works and by whom: [starts_at, ends_at), UTC. A cancelled shift keeps its row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    planned_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    planned_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_has_length"),
        ]
        indexes = [models.Index(fields=["point", "starts_at"], name="shift_of_point")]
        ordering = ["starts_at"]

    def __str__(self) -> str:
        return f"{self.point_id} {self.starts_at:%Y-%m-%d %H:%M}"


class Duty(models.Model):
    """That an operator works in a shift."""

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="duties")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="duties")

    class Meta:
        verbose_name_plural = "duties"
        constraints = [models.UniqueConstraint(fields=["shift", "person"], name="one_duty_a_shift")]

    def __str__(self) -> str:
        return f"{self.shift_id} {self.person_id}"


class Screen(models.Model):
    """A computer of a point that residents vote at. It is paired once by a short-lived code, typed at it; from then on
    it is known by the token of its cookie, kept here as a hash only.

    seen_at: when it last asked for a page, to the minute.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="screens")
    name = models.CharField(max_length=60)
    code_hash = models.BinaryField(max_length=32, null=True)
    code_ends_at = models.DateTimeField(null=True)
    token_hash = models.BinaryField(max_length=32, null=True)
    added_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()
    paired_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "code_hash"],
                condition=Q(code_hash__isnull=False),
                name="one_screen_a_code",
            ),
            models.UniqueConstraint(
                fields=["token_hash"], condition=Q(token_hash__isnull=False), name="one_screen_a_token"
            ),
            # a code leads to a screen that is not paired yet, a token to one that is, neither to a revoked one
            models.CheckConstraint(
                condition=(Q(code_hash__isnull=True) | Q(token_hash__isnull=True))
                & (Q(code_hash__isnull=True) | Q(code_ends_at__isnull=False))
                & (Q(token_hash__isnull=True) | Q(paired_at__isnull=False))
                & (Q(revoked_at__isnull=True) | Q(code_hash__isnull=True, token_hash__isnull=True)),
                name="screen_has_code_or_token",
            ),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Visit(models.Model):
    """Somebody at a screen, from the first touch to the end: then the row is deleted, so that nothing tells who was
    there and when. No choice is kept here: it lives in the screen's browser.

    screen: None while a partner's machine has identified somebody whose page is not opened yet. number: two digits
    shown at the screen and on the telephone, so that one sees that both are one. person, method, issuer: who identified
    and how, once they have. terminal: what the partner calls its machine. seen_at: the last page.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="+")
    screen = models.ForeignKey(Screen, null=True, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    method = models.CharField(max_length=40, blank=True)
    issuer = models.CharField(max_length=80, blank=True)
    terminal = models.CharField(max_length=40, blank=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    identified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["screen"], condition=Q(screen__isnull=False), name="one_visit_a_screen"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True, identified_at__isnull=True)
                | Q(person__isnull=False, identified_at__isnull=False),
                name="visitor_has_identified",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.screen_id} {self.contest_id}"
