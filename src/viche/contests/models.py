"""Tables of the contests room."""

from collections.abc import Sequence
from functools import cached_property, lru_cache

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rulebook import calendar
from rulebook.canonical import canonical
from rulebook.rules import Rules, parse
from viche.communities.models import Community, localised
from viche.foundation import clock
from viche.foundation.ids import uuid7
from viche.identity.models import Person

PHASE_NAMES = {
    "submission": _("Submission"),
    "support": _("Support"),
    "review": _("Review and refinement"),
    "voting": _("Voting"),
    "counting": _("Counting"),
    "results": _("Results"),
    "implementation": _("Implementation"),
}


@lru_cache(maxsize=128)
def _parsed(document: bytes) -> Rules:
    import json

    return parse(json.loads(document))


class Contest(models.Model):
    """One contest. title: {"uk", "en"}. currency: ISO 4217; amounts are in its hundredth parts (kopiykas).

    origin: empty for a contest run here; "pabulib:<sha256>" for an imported election.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="contests")
    slug = models.CharField(max_length=60, validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$")])
    year = models.PositiveSmallIntegerField()
    title = models.JSONField()
    summary = models.JSONField(default=dict, blank=True)
    currency = models.CharField(max_length=3, default="UAH")
    origin = models.CharField(max_length=80, blank=True)
    source_note = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "slug"], name="one_contest_an_address"),
            models.UniqueConstraint(
                fields=["community", "origin"], condition=~Q(origin=""), name="one_contest_an_imported_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community_id}/{self.slug}"

    @property
    def name(self) -> str:
        return localised(self.title)

    @cached_property
    def rules_version(self) -> "RulesVersion":
        """The version in force: the one frozen last, or the newest draft."""
        return self.rules_versions.order_by(models.F("frozen_at").desc(nulls_last=True), "-number").first()

    @cached_property
    def rules(self) -> Rules:
        return _parsed(canonical(self.rules_version.document))

    @property
    def is_frozen(self) -> bool:
        return self.rules_version is not None and self.rules_version.frozen_at is not None

    @cached_property
    def schedule(self) -> Sequence[calendar.Window]:
        return [
            calendar.Window(phase=window.phase, starts_at=window.starts_at, ends_at=window.ends_at)
            for window in sorted(self.windows.all(), key=lambda window: window.starts_at)
        ]

    @property
    def moment(self) -> calendar.Moment:
        return calendar.phase_at(self.schedule, clock.now())

    @property
    def phases(self) -> frozenset[str]:
        """Names of the phases that run now."""
        return frozenset(window.phase for window in self.moment.current)

    def window(self, phase: str) -> calendar.Window | None:
        return next((window for window in self.schedule if window.phase == phase), None)

    @property
    def has_begun(self) -> bool:
        """Whether its first phase has begun under frozen rules: from then on only recorded acts change it."""
        return self.is_frozen and bool(self.schedule) and self.schedule[0].starts_at <= clock.now()

    def forget_cached(self) -> None:
        """Read rules and schedule anew: an act has just changed them."""
        for name in ("rules_version", "rules", "schedule"):
            self.__dict__.pop(name, None)

    def has_ended(self, phase: str) -> bool:
        window = self.window(phase)
        return window is not None and window.ends_at is not None and window.ends_at <= clock.now()


class PhaseWindow(models.Model):
    """When a phase runs: [starts_at, ends_at), UTC."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="windows")
    phase = models.CharField(max_length=16, choices=PHASE_NAMES.items())
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contest", "phase"], name="one_window_a_phase"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("starts_at")),
                name="window_has_length",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} {self.phase}"


class RulesVersion(models.Model):
    """One version of a contest's rules: every saved draft, and what was frozen.

    number grows by one with each saving: who saves on top of an older number than the newest is told so. Once
    frozen a version cites the council's decision and never changes (trigger); in force is the one frozen last.
    A frozen version after the first is a correction by decision. note: what this saving was about, in a code
    ("preset:kyiv-2019", "contest:2026", "money") that the pages put into words.
    """

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="rules_versions")
    number = models.PositiveSmallIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decision = models.CharField(max_length=200, blank=True)
    decision_date = models.DateField(null=True, blank=True)
    decision_url = models.URLField(blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="one_rules_version_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} v{self.number}"

    @property
    def rules(self) -> Rules:
        return _parsed(canonical(self.document))


class Proposal(models.Model):
    """An act that needs two officials: one proposes it with the council's decision, another confirms it.

    facts: what exactly is confirmed: {"version", "digest"} of the rules to freeze or to correct; {"phase",
    "ends_at"} (ISO, UTC) of an extension. Never more than one open proposal of an act in a contest.
    """

    class Act(models.TextChoices):
        FREEZE = "freeze", _("freeze the rules")
        CORRECT = "correct", _("correct the frozen rules")
        EXTEND = "extend", _("extend a phase")

    class State(models.TextChoices):
        OPEN = "open", _("waits for a second official")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="proposals")
    act = models.CharField(max_length=8, choices=Act.choices)
    facts = models.JSONField()
    decision = models.CharField(max_length=200)
    decision_date = models.DateField(null=True, blank=True)
    decision_url = models.URLField(blank=True)
    proposed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "act"], condition=Q(state="open"), name="one_open_proposal_an_act"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.contest_id}"


class Extension(models.Model):
    """One extension of a phase by a recorded decision: the regulation may bound how often and by how much."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="extensions")
    phase = models.CharField(max_length=16, choices=PHASE_NAMES.items())
    former_end = models.DateTimeField()
    new_end = models.DateTimeField()
    decision = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.contest_id} {self.phase}"
