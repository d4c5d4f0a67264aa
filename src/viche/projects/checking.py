"""The check of form before publication: what an official looks at, in the words that the author reads."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

FORM_CHECKS = {
    "content": _("The title, the summary and the description say what is proposed, for whom and where"),
    "place": _("The place is given and lies in the community"),
    "estimate": _("The estimate has its items and they are the cost"),
    "language": _("No insults, calls to violence, advertising or campaigning"),
    "privacy": _("No personal data of other people in texts, pictures and documents"),
    "files": _("Pictures and documents open and belong to the project"),
    "rights": _("Pictures and documents may be published: they are the author’s own or free"),
}
"""What is looked at, by code; the words say what is in order."""


def faults_text(faults: Iterable[str]) -> list[str]:
    """The lines of the list that were not in order, in its order; codes nobody knows are left out."""
    named = set(faults)
    return [str(text) for code, text in FORM_CHECKS.items() if code in named]
