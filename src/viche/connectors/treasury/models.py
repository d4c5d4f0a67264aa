"""Tables of budget and treasury. Amounts in kopiykas; a payment that is taken back is negative."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.foundation.ids import uuid7
from viche.identity.models import Person
from viche.projects.models import Contract, Project

_PERSON = {"null": True, "on_delete": models.SET_NULL, "related_name": "+"}


class Fund(models.TextChoices):
    GENERAL = "general", _("general fund")
    SPECIAL = "special", _("special fund")


class BudgetLine(models.Model):
    """By which codes winners are planned: of one project, of a category, or of the whole contest (neither).

    programme: КПКВК, seven digits. economic: КЕКВ, four digits. executor_code: ЄДРПОУ of the spending unit.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="budget_lines")
    category = models.CharField(max_length=200, blank=True)
    project = models.ForeignKey(Project, null=True, on_delete=models.CASCADE, related_name="budget_lines")
    programme = models.CharField(max_length=7, validators=[RegexValidator(r"^\d{7}$")])
    economic = models.CharField(max_length=4, validators=[RegexValidator(r"^\d{4}$")])
    fund = models.CharField(max_length=7, choices=Fund.choices)
    executor_code = models.CharField(max_length=8, validators=[RegexValidator(r"^\d{8}$")])
    executor_title = models.CharField(max_length=200)

    class Meta:
        ordering = ["project", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "contest", "category", "project"], nulls_distinct=False,
                name="one_line_a_project_or_category",
            ),
            models.CheckConstraint(
                condition=Q(project__isnull=True) | Q(category=""), name="line_of_project_or_category"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.programme} {self.economic}"


class PlanHandover(models.Model):
    """The winners of a contest on their way to the budget system, as they stood then.

    content: formats.plan_document. digest: SHA-256 of its canonical JSON: the plan that was handed over last is not
    sent again. One plan of a contest is on its way at a time.
    next_at, attempts, fault: as documents.Dispatch.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("on its way")
        HANDED = "handed", _("taken over by the budget system")
        FAILED = "failed", _("refused by the budget system")
        OUTDATED = "old", _("a newer plan took its place")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="plan_handovers")
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=60, blank=True)
    foreign_id = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(Person, **_PERSON)
    made_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "contest"], condition=Q(state="waiting"), name="one_plan_on_its_way"
            ),
        ]
        indexes = [models.Index(fields=["next_at"], name="plan_due", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.state}"


class Statement(models.Model):
    """Payments that came together: a file, or an answer of the treasury's system.

    columns: which column of the file holds what (reading.FIELDS), by place. total, known, bad: rows in all, those
    that are recorded already, those with a fault. faults: [[row, field, code], …]. The file itself is not kept: its
    rows are, as payments.
    """

    class Source(models.TextChoices):
        FILE = "file", _("file")
        SYSTEM = "system", _("from the treasury")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be confirmed")
        RECORDED = "recorded", _("recorded")
        DISCARDED = "discarded", _("thrown away")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=6, choices=Source.choices)
    title = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PROPOSED)
    total = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    brought_by = models.ForeignKey(Person, **_PERSON)
    brought_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, **_PERSON)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-brought_at"]

    def __str__(self) -> str:
        return self.title


class Payment(models.Model):
    """One payment of the body. reference: its name in the treasury: of one name there is one payment.

    payer_code, recipient_code: ЄДРПОУ; the personal number of an entrepreneur is not kept. how: by what it was matched
    to the project (matching). Of those that are recorded the project's paid sum is made.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be confirmed")
        RECORDED = "recorded", _("recorded")
        ASIDE = "aside", _("belongs to no project")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="payments")
    row = models.PositiveIntegerField()
    reference = models.CharField(max_length=100)
    paid_on = models.DateField()
    amount = models.BigIntegerField()
    payer_code = models.CharField(max_length=8, blank=True)
    recipient = models.CharField(max_length=300, blank=True)
    recipient_code = models.CharField(max_length=8, blank=True)
    purpose = models.CharField(max_length=1000, blank=True)
    contract_number = models.CharField(max_length=100, blank=True)
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, related_name="payments")
    how = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    decided_by = models.ForeignKey(Person, **_PERSON)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["paid_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["community", "reference"], name="one_payment_a_reference"),
            models.CheckConstraint(condition=~Q(amount=0), name="payment_is_not_nothing"),
            models.CheckConstraint(
                condition=~Q(state="recorded") | Q(project__isnull=False), name="recorded_payment_has_project"
            ),
        ]
        indexes = [
            models.Index(fields=["project", "paid_on"], name="payments_of_project"),
            models.Index(fields=["statement", "row"], name="payments_of_statement"),
        ]

    def __str__(self) -> str:
        return self.reference


class Procurement(models.Model):
    """Where a contract was procured. tender: the number people know (UA-2026-…); reference: of the contract in the
    procurement system; ocid: of the whole process. What was last read there: status, supplier, amount.
    """

    contract = models.OneToOneField(
        Contract, on_delete=models.CASCADE, primary_key=True, related_name="procurement"
    )
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")
    tender = models.CharField(max_length=40, blank=True)
    reference = models.CharField(max_length=64)
    ocid = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=20, blank=True)
    supplier = models.CharField(max_length=300, blank=True)
    supplier_code = models.CharField(max_length=8, blank=True)
    amount = models.PositiveBigIntegerField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "reference"], name="one_contract_a_procurement")
        ]

    def __str__(self) -> str:
        return self.tender or self.reference
