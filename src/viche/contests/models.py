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
        """The version in force: the frozen one, or the newest draft."""
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
    """One version of a contest's rules. Once frozen it cites the decision and never changes (trigger)."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="rules_versions")
    number = models.PositiveSmallIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    decision = models.CharField(max_length=200, blank=True)
    decision_url = models.URLField(blank=True)
    frozen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="one_rules_version_a_number"),
            models.UniqueConstraint(
                fields=["contest"], condition=Q(frozen_at__isnull=False), name="one_frozen_version_a_contest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest_id} v{self.number}"
