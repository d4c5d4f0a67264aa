"""Meetings of the commission: agenda, attendance, roll-call, protocol."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models import Project
from viche.review.models.decisions import Decision

_PERSON = {"null": True, "on_delete": models.SET_NULL, "related_name": "+"}


class Meeting(models.Model):
    """One meeting. number: of the meeting and its protocol, in the body and the contest's year.

    protocol: the document frozen at closing, with its digest (SHA-256 of the canonical JSON); it keeps the names of
    who acted publicly, so that it stays whole when somebody's account goes. Approved by the chair and the secretary,
    two different people.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="meetings")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=500, blank=True)
    chair = models.ForeignKey(Person, **_PERSON)
    secretary = models.ForeignKey(Person, **_PERSON)
    quorum = models.PositiveSmallIntegerField(default=1)
    called_by = models.ForeignKey(Person, **_PERSON)
    called_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    protocol = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    chair_approved_at = models.DateTimeField(null=True)
    secretary_approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["community", "year", "number"], name="one_meeting_a_number"),
            models.CheckConstraint(
                condition=Q(chair__isnull=True) | Q(secretary__isnull=True) | ~Q(chair=F("secretary")),
                name="chair_is_not_secretary",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(digest=""), name="closed_meeting_has_protocol"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}/{self.number}"

    @property
    def state(self) -> str:
        if self.closed_at is not None:
            return "closed"
        return "open" if self.opened_at is not None else "called"

    @property
    def is_approved(self) -> bool:
        return self.chair_approved_at is not None and self.secretary_approved_at is not None


class AgendaItem(models.Model):
    """A project on an agenda, with the verdict proposed. reason, conditions: of that verdict, public.

    present, recused, quorum: as they were at its closing. notes: who
    spoke and what about. decision: the one it led to, where it was adopted.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("not considered yet")
        OPEN = "open", _("being voted on")
        ADOPTED = "adopted", _("adopted")
        NOT_ADOPTED = "not_adopted", _("no majority: not adopted")
        NO_QUORUM = "no_quorum", _("no quorum: not decided")
        MOVED = "moved", _("moved to the next meeting")

    class Verdict(models.TextChoices):
        ADMIT = "admit", _("admit to voting")
        CORRECT = "admit-with-correction", _("admit with conditions")
        RETURN = "return", _("return for changes")
        REJECT = "reject", _("do not admit")
        GRANT_APPEAL = "grant-appeal", _("grant the appeal")
        DISMISS_APPEAL = "dismiss-appeal", _("dismiss the appeal")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=24, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    present = models.PositiveSmallIntegerField(null=True)
    recused = models.PositiveSmallIntegerField(null=True)
    quorum = models.PositiveSmallIntegerField(null=True)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "project"], name="one_item_a_project"),
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="one_item_a_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(state="open"), name="one_open_item_a_meeting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.position}"


class Attendance(models.Model):
    """Whether a member takes part in the meeting; name: as the protocol writes it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, **_PERSON)
    name = models.CharField(max_length=200)
    is_present = models.BooleanField()
    recorded_by = models.ForeignKey(Person, **_PERSON)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="one_attendance_a_member"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.person_id}"


class Choice(models.TextChoices):
    """What a member's name is called with."""

    FOR = "for", _("for")
    AGAINST = "against", _("against")
    ABSTAINED = "abstained", _("abstained")
    RECUSED = "recused", _("recused")


class RollCallVote(models.Model):
    """A member's vote on an item as it stands: one a member and item. by_voice: the secretary wrote it down."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="votes")
    person = models.ForeignKey(Person, **_PERSON)
    name = models.CharField(max_length=200)
    choice = models.CharField(max_length=9, choices=Choice.choices)
    by_voice = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["item", "person"], name="one_vote_a_member_and_item"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.choice}"


class RollCallRecord(models.Model):
    """One recording of a vote, the first and each correction: never changed."""

    vote = models.ForeignKey(RollCallVote, on_delete=models.CASCADE, related_name="records")
    choice = models.CharField(max_length=9, choices=Choice.choices)
    by_voice = models.BooleanField()
    recorded_by = models.ForeignKey(Person, **_PERSON)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.vote_id} {self.choice}"
