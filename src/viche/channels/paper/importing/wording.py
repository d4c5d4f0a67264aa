"""Imports in words: what columns hold, what was found in a row."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.channels.paper.importing.models import PaperFinding
from viche.channels.paper.wording import REASONS, reason_text
from viche.foundation.tables import letter_of, odd_text

FIELDS = {
    "serial": gettext_lazy("Ballot number"),
    "number": gettext_lazy("Voter’s tax number"),
    "passport": gettext_lazy("Voter’s passport"),
    "choices": gettext_lazy("Project numbers in one cell"),
    "reason": gettext_lazy("Why invalid"),
    "point": gettext_lazy("Polling point"),
    "project": gettext_lazy("Project number"),
    "votes": gettext_lazy("Votes received"),
    "issued": gettext_lazy("Ballots received"),
    "valid": gettext_lazy("Valid"),
    "invalid": gettext_lazy("Invalid"),
    "spoiled": gettext_lazy("Spoiled"),
    "unused": gettext_lazy("Unused"),
}
FINDINGS = {
    "unknown_project": gettext_lazy("No project No. %(word)s stands on the ballot."),
    "bad_choice": gettext_lazy(
        "The choices cannot be read: write project numbers with commas or spaces between."
    ),
    "bad_mark": gettext_lazy("The mark cannot be read: x for a chosen project, nothing for any other."),
    "bad_value": gettext_lazy("A whole number of points, a rank, + or − is needed, as the ballot is made."),
    "project_twice": gettext_lazy("Project No. %(word)s is named twice."),
    "bad_reason": gettext_lazy("This is no reason of the list: take one from the template."),
    "no_number": gettext_lazy("The voter’s number is missing."),
    "bad_number": gettext_lazy("This is neither a valid tax number nor a passport’s: check the digits."),
    "zero_lost": gettext_lazy(
        "Nine digits: the program has eaten the zero in front of a tax number, and with a zero the check digit does "
        "not fit either. Check the digits."
    ),
    "zero_restored": gettext_lazy(
        "The program had eaten the zero in front of the tax number; it was given back, the check digit fits."
    ),
    "unknown_point": gettext_lazy("There is no open polling point of this name in the contest."),
    "no_point": gettext_lazy("The polling point is missing."),
    "numbers_differ": gettext_lazy("Another row of this point says another number here."),
    "votes_twice": gettext_lazy("The votes of project No. %(word)s at this point stand here a second time."),
    "too_many_votes": gettext_lazy("More votes than the valid ballots of this point can hold."),
}


def field_text(name: str) -> str:
    """What a column holds, in words; "" for one that is not used."""
    if name.startswith("project:"):
        return _("Project No. %(number)s") % {"number": name.removeprefix("project:")}
    return str(FIELDS[name]) if name else ""


def finding_text(finding: PaperFinding) -> str:
    """What was found, as a sentence."""
    if finding.code in REASONS:
        return _("Invalid ballot: %s.") % reason_text(finding.code)
    if finding.code in FINDINGS:
        return str(FINDINGS[finding.code]) % {"word": finding.word}
    return odd_text(finding.code)


def place_text(finding: PaperFinding) -> str:
    """The letters of the column; "" where it is the whole row."""
    return "" if finding.place is None else letter_of(finding.place)
