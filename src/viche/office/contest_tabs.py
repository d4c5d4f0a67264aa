"""The pages of one contest in the office, as neighbouring tabs."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rulebook.rules.vocabulary import PAPER
from viche.ballots.key_ceremony import is_held_by_commission
from viche.contests.models import Contest


def contest_tabs(contest: Contest, current: str) -> list[tuple[str, str, bool]]:
    """(text, href, is_current) in the order in which a contest is prepared."""
    pages = [
        ("contest", _("Overview"), "office-contest"),
        ("rules", _("Rules"), "office-rules"),
        ("schedule", _("Dates"), "office-schedule"),
        ("rehearsal", _("Rehearsal"), "office-rehearsal"),
        ("freeze", _("Decisions"), "office-freeze"),
        *([("key", _("Key of the box"), "office-key")] if is_held_by_commission(contest) else []),
        *([("papers", _("Paper ballots"), "office-papers")] if _is_on_paper(contest) else []),
        ("commission", _("Commission"), "office-commission"),
        ("review", pgettext("of projects", "Review"), "office-review-board"),
        ("points", _("Voting in person"), "office-desk-points"),
        ("integrity", _("Integrity"), "office-integrity"),
        ("works", _("Implementation"), "office-works"),
        ("talk", _("Talk"), "office-talk"),
        ("check", _("Check of form"), "office-check"),
        ("annulments", _("Annulments"), "office-annulments"),
        ("support", pgettext("of a project", "Support"), "office-support"),
    ]
    return [(text, reverse(name, args=[contest.slug]), key == current) for key, text, name in pages]


def _is_on_paper(contest: Contest) -> bool:
    return contest.is_frozen and any(each.kind == PAPER for each in contest.rules.channels)
    return contest.is_frozen and any(each.kind == PAPER for each in contest.rules.channels)
