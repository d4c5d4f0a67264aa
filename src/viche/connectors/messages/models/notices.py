"""Notices, and how far the journal has been read for them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.journal.models import Entry, Log
from viche.projects.models import Project


class Cursor(models.Model):
    """How far a log has been read here: next_index is the first entry not looked at yet. One row a log, locked while
    its entries become notices.
    """

    log = models.OneToOneField(Log, on_delete=models.CASCADE, related_name="notices_cursor")
    next_index = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.log_id}: {self.next_index}"


class Why(models.TextChoices):
    """Why a person is told of something; said in every letter."""

    AUTHOR = "author", _("you write this project")
    PROJECT = "project", _("you follow this project")
    CONTEST = "contest", _("you follow this contest")
    BODY = "body", _("you follow this community")
    SEARCH = "search", _("you follow a search that it fits")
    OFFICE = "office", _("your office makes it your task")
    COMMENT = "comment", _("you commented on this project")
    NAME = "name", _("it was done in your name")
    ENTRANT = "entrant", _("you have a project in this contest")


class Notice(models.Model):
    """One thing told to one person, exactly once: the key tells what. entry: the journal's entry it is about.

    kind: the event's name, or the reminder's. words: {"text": msgid, "values": {…}} where no entry speaks; values are
    counts and dates, and the words of the person's own search. is_task: somebody waits for this person. is_urgent: told
    at once unless the person wants otherwise.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    entry = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=64)
    words = models.JSONField(default=dict)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, null=True, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, null=True, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=8, choices=Why.choices)
    page = models.CharField(max_length=120, blank=True)
    is_task = models.BooleanField(default=False)
    is_urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="one_notice_a_key"),
            models.UniqueConstraint(
                fields=["person", "entry"], condition=Q(entry__isnull=False), name="one_notice_an_entry"
            ),
        ]
        indexes = [
            models.Index(F("person"), F("at").desc(), name="notice_latest"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["at"], name="notice_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
