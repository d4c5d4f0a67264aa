"""How long the results room keeps what it knows of people."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept, Rule, after
from viche.results.actions import delete_old_keys

RULES = (
    Rule(
        "contest_keys",
        _("keys of a contest, which tie marks of voting to people; circumstances of votes sealed under them"),
        after(_("%(term)s after the result is published"), lambda: timedelta(days=settings.KEYS_KEPT_DAYS)),
        _("so that appeals about a vote can be looked into"), delete_old_keys, ("ballots.VoteTrace",),
    ),
)  # fmt: skip

KEPT = (
    Kept(
        _("who counted, certified and published a result, and decided ties"), _("for good"),
        _("acts of officials are documents of the body (law on the national archives)"),
        ("results.Count", "results.TieDecision", "results.Certification", "results.Publication"),
    ),
)  # fmt: skip

IMPERSONAL = ("results.ExplanationPage",)
