"""How a project that won is built: the plan and what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models.projects import Project


class Delivery(models.Model):
    """The implementation of one project that won.

    plan_cost and actual_cost in kopiykas. due_on: the term that holds now; former ones stand in the delays. moved_at:
    when something last moved (a milestone, a contract, a photograph, a delay with its reason). revision grows with
    every saving.
    """

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, primary_key=True, related_name="delivery"
    )
    responsible_unit = models.CharField(max_length=200)
    responsible_contact = models.CharField(max_length=200, blank=True)
    plan_cost = models.PositiveBigIntegerField()
    actual_cost = models.PositiveBigIntegerField(null=True)
    starts_on = models.DateField()
    due_on = models.DateField()
    accepted_on = models.DateField(null=True)
    acceptance = models.CharField(max_length=200, blank=True)
    closing_note = models.CharField(max_length=1000, blank=True)
    moved_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=models.F("starts_on")), name="due_after_start"),
        ]
        indexes = [models.Index(fields=["moved_at"], name="delivery_moved")]

    def __str__(self) -> str:
        return str(self.project_id)


class Contract(models.Model):
    """A contract about the work. amount in kopiykas; url: its page in the procurement system or register."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="contracts")
    number = models.CharField(max_length=100)
    signed_on = models.DateField()
    contractor = models.CharField(max_length=200)
    amount = models.PositiveBigIntegerField()
    url = models.URLField(blank=True)

    class Meta:
        ordering = ["signed_on", "id"]
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="one_contract_a_number")]

    def __str__(self) -> str:
        return self.number


class Milestone(models.Model):
    """A step of the work: planned for a day, done on a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(max_length=200)
    due_on = models.DateField()
    done_on = models.DateField(null=True)

    class Meta:
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.title


class Photograph(models.Model):
    """A photograph of the place, re-encoded by us: before the work, during it, or after it."""

    class Moment(models.TextChoices):
        BEFORE = "before", _("before")
        DURING = "during", _("during the work")
        AFTER = "after", _("after")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="photographs")
    moment = models.CharField(max_length=6, choices=Moment.choices)
    image = models.ImageField(upload_to="delivery/%Y/%m/")
    alt = models.CharField(max_length=200)
    taken_on = models.DateField()

    class Meta:
        ordering = ["taken_on", "id"]

    def __str__(self) -> str:
        return self.image.name


class Delay(models.Model):
    """One time the term was moved, with the reason that everybody reads."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="delays")
    former_due = models.DateField()
    new_due = models.DateField()
    reason = models.CharField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.former_due} → {self.new_due}"


class Rating(models.Model):
    """What a resident thinks of a project that was built. stars: 1 to 5; one of a person, changed by rating anew."""

    class Promise(models.TextChoices):
        KEPT = "kept", _("built as promised")
        PARTLY = "partly", _("partly as promised")
        BROKEN = "broken", _("not as promised")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="ratings")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    stars = models.PositiveSmallIntegerField()
    promise = models.CharField(max_length=6, choices=Promise.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "person"], name="one_rating_a_person"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="one_to_five_stars"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.stars}"
