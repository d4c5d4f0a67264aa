"""Departments' work on a project under review: assignments, opinions, questions, corrections, offers to merge."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.foundation.ids import uuid7
from viche.identity.models import Office, Person
from viche.projects.models import Project

# where documents of the review lie in foundation.private_files
SHELF = "review"


class Assignment(models.Model):
    """A department asked for an opinion. unit: its name at that moment; office: of the reviewer who answers for it.

    The work stays with the assignment when the reviewer changes. due_on: the last day, Kyiv.
    """

    class State(models.TextChoices):
        OPEN = "open", _("in work")
        GIVEN = "given", _("opinion given")
        ENDED = "ended", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="assignments")
    stage = models.CharField(max_length=64, blank=True)
    unit = models.CharField(max_length=200)
    office = models.ForeignKey(Office, null=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=5, choices=State.choices, default=State.OPEN)
    assigned_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    assigned_at = models.DateTimeField()

    class Meta:
        ordering = ["assigned_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "stage", "unit"], condition=~Q(state="ended"), name="one_assignment_a_unit"
            )
        ]
        indexes = [models.Index(fields=["due_on"], name="assignment_due", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.unit} {self.project_id}"

    @property
    def has_reviewer(self) -> bool:
        """Whether the reviewer still holds the office."""
        return self.office is not None and self.office.until is None


class Opinion(models.Model):
    """One version of a department's opinion; a given one never changes, a new version follows it.

    checks: {code of rulebook.rules CHECKS: {"answer": one of ANSWERS, "note": text}}. corrected_cost in kopiykas.
    revision grows with every saving of a draft.
    """

    class Conclusion(models.TextChoices):
        POSITIVE = "positive", _("can be admitted")
        WITH_CHANGES = "with_changes", _("can be admitted with changes")
        NEGATIVE = "negative", _("cannot be admitted")

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        REMARKS = "remarks", _("with remarks")
        NO = "no", _("no")
        NOT_APPLICABLE = "n/a", _("does not apply")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="opinions")
    number = models.PositiveSmallIntegerField(default=1)
    checks = models.JSONField(default=dict)
    conclusion = models.CharField(max_length=12, choices=Conclusion.choices, blank=True)
    reasons = models.TextField(blank=True)
    corrected_cost = models.PositiveBigIntegerField(null=True)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    saved_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "number"], name="one_opinion_a_number"),
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(given_at__isnull=True), name="one_draft_of_an_opinion"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} v{self.number}"


class OpinionFile(models.Model):
    """A document attached to an opinion; its bytes lie in foundation.private_files (SHELF) under its id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    opinion = models.ForeignKey(Opinion, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """What a reviewer asked the author, and the answer. Both are public with the project."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="questions")
    unit = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class QuestionFile(models.Model):
    """A document attached to a question or, is_answer, to its answer; its bytes lie on SHELF under its id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="files")
    is_answer = models.BooleanField()
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Correction(models.Model):
    """The expert's version: what a reviewer proposes to say otherwise. changes: fields of a project with new values.
    unit: the reviewer's department.

    The author applies it with one press, or declines it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("waits for the author")
        APPLIED = "applied", _("applied")
        DECLINED = "declined", _("declined")
        REPLACED = "replaced", _("replaced by later ones")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="corrections")
    unit = models.CharField(max_length=200, blank=True)
    changes = models.JSONField()
    note = models.TextField(blank=True)
    proposed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["proposed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "proposed_by"],
                condition=Q(state="open"),
                name="one_open_correction_a_reviewer",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.state}"


class MergeOffer(models.Model):
    """An author offers to merge a project into another's: that author accepts or declines."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for the other author")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="merge_offers")
    into = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="offered_merges")
    note = models.TextField(blank=True)
    offered_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    offered_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["offered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="open"), name="one_open_merge_a_project"
            ),
            models.CheckConstraint(condition=~Q(project=models.F("into")), name="merged_into_another"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} → {self.into_id}"
