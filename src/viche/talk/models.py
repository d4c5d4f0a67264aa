"""Tables of talk."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models import Project


class Comment(models.Model):
    """What somebody said about a project. parent: the comment it answers; answers are not answered.

    is_by_author: said by an author of the project, as they were then. state_reason: why a moderator hid it; decided_by:
    who. A comment taken back by its writer keeps its place, not its text.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", _("comment")
        QUESTION = "question", _("question to the community")

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a moderator")
        PUBLISHED = "published", _("published")
        HIDDEN = "hidden", _("hidden by a moderator")
        TAKEN_BACK = "taken_back", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.COMMENT)
    text = models.TextField(blank=True)
    is_by_author = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices)
    state_reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["project", "at"], name="comment_project"),
            models.Index(fields=["person", "-at"], name="comment_person"),
            models.Index(fields=["at"], name="comment_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.state}"


class Report(models.Model):
    """Somebody says that a comment breaks the rules; one of a person about a comment."""

    class Reason(models.TextChoices):
        INSULT = "insult", _("insult or hatred")
        PERSONAL = "personal", _("somebody’s personal data")
        SPAM = "spam", _("advertising or spam")
        FALSE = "false", _("a false claim about somebody")
        OTHER = "other", _("something else")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=8, choices=Reason.choices)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "person"], name="one_report_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.reason}"


class News(models.Model):
    """A message about a project by its author or by the body. hidden_reason: why a moderator hid it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="news")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    is_by_body = models.BooleanField(default=False)
    title = models.CharField(max_length=160)
    text = models.TextField()
    at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "news"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.title
