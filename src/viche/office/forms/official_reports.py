"""Forms of official reports: what is made, in which languages; the letterhead; signed copies."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from viche.contests.models import Contest
from viche.foundation.limits import MAX_FILE_MEGABYTES
from viche.foundation.refused import Refused
from viche.portal.refusable import RefusableForm
from viche.reports.official.models import LANGUAGES, Letterhead

NAMES = {"uk": _("Ukrainian"), "en": _("English")}
MOST_LINES, LONGEST_LINE = 8, 200


class ContestForm(forms.Form):
    """Of which contest."""

    says_optional = False
    contest = forms.ChoiceField(label=_("Contest"), required=False)

    def __init__(self, *args: Any, contests: list[Contest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contest"].choices = [(each.slug, each.name) for each in contests]  # type: ignore[attr-defined]


class AskForm(RefusableForm):
    """In which languages reports are made."""

    languages = forms.MultipleChoiceField(
        label=_("Languages of the reports"), choices=list(NAMES.items()), widget=forms.CheckboxSelectMultiple,
        help_text=_("Each language is a document of its own, under its own number."), initial=["uk"],
    )  # fmt: skip


class CopyForm(RefusableForm):
    """A signed copy of the PDF."""

    copy = forms.FileField(
        label=_("Signed copy"),
        help_text=format_lazy(
            _("The PDF signed inside (PAdES), or a signature beside it: .p7s, .asics, .asice. Up to {most} MB."),
            most=MAX_FILE_MEGABYTES,
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.p7s,.asics,.asice"}),
    )  # fmt: skip


class WithdrawForm(RefusableForm):
    """Why a report is not to be relied on any more."""

    reason = forms.CharField(
        label=_("Why it is withdrawn"), max_length=300, help_text=_("Everybody reads it.")
    )


class LetterheadForm(RefusableForm):
    """What stands on reports beside their content, in each language."""

    has_emblem = forms.BooleanField(label=_("The emblem of the community above everything"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    TEXTS = {
        "lines": (_("Lines above the title"), _("One a line: the body, its department. Empty: its own name.")),
        "place": (_("Place of drawing up"), ""),
        "signatories": (
            _("Who signs"),
            _("One a line: office; name. The name may be left out: then there is a line to write it on."),
        ),
        "closing": (_("Last lines"), _("For example, in how many copies it is drawn up.")),
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:
            for name, (label, about) in self.TEXTS.items():
                widget = forms.TextInput() if name == "place" else forms.Textarea(attrs={"rows": 3})
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=label, help_text=about, required=False, widget=widget,
                    max_length=120 if name == "place" else MOST_LINES * LONGEST_LINE,
                )  # fmt: skip

    @property
    def groups(self) -> list[tuple[str, Any, list[forms.BoundField]]]:
        """(language, its name, its fields) for the page."""
        return [
            (language, NAMES[language], [self[f"{name}_{language}"] for name in self.TEXTS])
            for language in LANGUAGES
        ]

    @classmethod
    def of(cls, letterhead: Letterhead) -> dict[str, Any]:
        said: dict[str, Any] = {"has_emblem": letterhead.has_emblem, "revision": letterhead.revision}
        for language in LANGUAGES:
            texts = letterhead.texts.get(language, {})
            said[f"lines_{language}"] = "\n".join(texts.get("lines", []))
            said[f"place_{language}"] = texts.get("place", "")
            said[f"closing_{language}"] = "\n".join(texts.get("closing", []))
            said[f"signatories_{language}"] = "\n".join(
                f"{office}; {name}" if name else office for office, name in texts.get("signatories", [])
            )
        return said

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for language in LANGUAGES:
            for name in ("lines", "closing", "signatories"):
                lines = _lines(data.get(f"{name}_{language}", ""))
                if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
                    self.add_error(f"{name}_{language}", _("At most eight lines of at most 200 letters."))
        return data

    def texts(self) -> dict[str, dict[str, Any]]:
        """As actions.set_letterhead takes them."""
        return {language: self._texts(language) for language in LANGUAGES}

    def _texts(self, language: str) -> dict[str, Any]:
        data = self.cleaned_data
        people = [line.partition(";") for line in _lines(data[f"signatories_{language}"])]
        said = {
            "lines": _lines(data[f"lines_{language}"]),
            "place": " ".join(data[f"place_{language}"].split()),
            "signatories": [
                [office.strip(), name.strip()] for office, _sign, name in people if office.strip()
            ],
            "closing": _lines(data[f"closing_{language}"]),
        }
        return {name: value for name, value in said.items() if value}


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def refusal_of(form: RefusableForm, refused: Refused) -> None:
    """Show at the form what is about a field of it; anything else is told by a page of its own."""
    if not set(refused.fields) & set(form.fields):
        raise refused
    form.refuse(refused)
