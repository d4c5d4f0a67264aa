"""Forms about the steps of a procedure: check of form, edits and talk, the community's own questions, appeals."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rulebook.rules import COMMENTS, EDITS, QUESTION_KINDS
from rulebook.rules.vocabulary import DAY_KINDS
from viche.contests import places
from viche.contests.places import word
from viche.office.rules_editor.documents import (
    DocumentForm,
    RecordForm,
    Setting,
    at,
    count,
    in_languages,
    new_id,
    one,
    put,
    yes_no,
)

MOST_OPTIONS, LONGEST_OPTION = 40, 500


def kind_of_days() -> forms.ChoiceField:
    return one((each, _(places.DAY_KINDS[each])) for each in DAY_KINDS)


class StepForm(DocumentForm):
    """A step that a procedure has or has not; ``part`` of the document is there only where it is wanted."""

    part = ""
    needed: Mapping[str, Any] = {}
    """What a wanted step cannot do without, by field, and what is said where it is missing."""

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["wanted"] = yes_no()
        self.fields["wanted"].label = self.question()
        self.initial["wanted"] = at(self.document, self.part) is not None

    def question(self) -> str:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, said in self.needed.items() if data.get("wanted") else ():
            if data.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, said)
        return data

    def settle(self, document: dict[str, Any]) -> None:
        """Take the step out of the document where it is not wanted."""
        if not self.cleaned_data["wanted"]:
            *way, last = self.part.split("/")
            (at(document, "/".join(way)) or document).pop(last, None)


class CheckForm(StepForm):
    part = "submission/check"
    needed = {"body_uk": gettext_lazy("Name the body that checks.")}

    def question(self) -> str:
        return _("A project is checked in form before it is published")

    def settings(self) -> Mapping[str, Setting]:
        return {
            **in_languages("body", "submission/check/body", required=False),
            "days": Setting("submission/check/days", count(most=3660), help=gettext_lazy("Blank: not stated.")),
            "day_kind": Setting("submission/check/day_kind", kind_of_days(), default="calendar"),
            "publish_silent": Setting("submission/check/publish_silent", yes_no(), default=False),
        }  # fmt: skip


class AfterForm(DocumentForm):
    """What may happen to a submitted project beside the check."""

    def settings(self) -> Mapping[str, Setting]:
        return {
            "edits": Setting(
                "submission/edits", one(((each, word("edits", each)) for each in EDITS), radio=True), default="never",
                help=gettext_lazy("Every change is kept as a version that everybody can compare."),
            ),
            "comments": Setting("comments", one(((each, word("comments", each)) for each in COMMENTS), radio=True), default="after"),
        }  # fmt: skip


class AppealForm(StepForm):
    part = "appeal"
    needed = {
        "body_uk": gettext_lazy("Name the body that decides on appeals."),
        "days": gettext_lazy("Say within how many days an author may appeal."),
    }

    def question(self) -> str:
        return _("An author may appeal against a refusal")

    def settings(self) -> Mapping[str, Setting]:
        return {
            **in_languages("body", "appeal/body", required=False),
            "days": Setting("appeal/days", count(most=3660), help=gettext_lazy("From the day after the refusal.")),
            "decision_days": Setting("appeal/decision_days", count(most=3660), help=gettext_lazy("Blank: not stated.")),
            "day_kind": Setting("appeal/day_kind", kind_of_days(), default="calendar"),
        }  # fmt: skip


def lines_of(typed: str) -> list[str]:
    """The lines of a text, without blank ones."""
    return [line.strip() for line in typed.splitlines() if line.strip()]


class QuestionForm(RecordForm):
    """A question of the community's own; what a choice offers stands one to a line, in two languages."""

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.known: Sequence[Mapping[str, Any]] = at(self.document, self.full("options"), [])
        for language, label in (("uk", _("Options of a choice")), ("en", _("Options of a choice (English)"))):
            name = f"options_{language}"
            self.fields[name] = forms.CharField(
                required=False,
                label=label,
                widget=forms.Textarea(attrs={"rows": 4}),
                max_length=MOST_OPTIONS * LONGEST_OPTION,
            )
            offered = [at(option, f"name/{language}", "") for option in self.known]
            self.initial[name] = "\n".join(offered).rstrip("\n")
        self.fields["options_uk"].help_text = _("One to a line.")
        self.fields["options_en"].help_text = _("In the same order; the Ukrainian text is shown without it.")

    def settings(self) -> Mapping[str, Setting]:
        return {
            **in_languages("name", "name"),
            "kind": Setting("kind", one((each, word("question", each)) for each in QUESTION_KINDS), default="line"),
            **in_languages("help", "help", required=False),
            "required": Setting("required", yes_no(), default=False),
            "is_public": Setting(
                "is_public", yes_no(), default=True,
                help=gettext_lazy("Take the mark away where an answer may hold personal data."),
            ),
        }  # fmt: skip

    def path_of(self, name: str) -> str:
        if name == "options_uk":
            return "/" + self.full("options")
        return "/" + self.full("options/0/name/en") if name == "options_en" else super().path_of(name)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        options = lines_of(data.get("options_uk", ""))
        translated = data.get("options_en", "").splitlines()
        if data.get("help_en") and not data.get("help_uk"):
            self.add_error("help_uk", _("Write the help in Ukrainian."))
        if options and data.get("kind", "line") != "choice":
            self.add_error(
                "options_uk",
                _("Only a choice has options: take them away, or let a choice answer the question."),
            )
        if len(options) > MOST_OPTIONS:
            said = ngettext("At most %d option.", "At most %d options.", MOST_OPTIONS) % MOST_OPTIONS
            self.add_error("options_uk", said)
        elif len(set(options)) < len(options):
            self.add_error("options_uk", _("The same option is there twice."))
        for name, lines in (("options_uk", options), ("options_en", translated)):
            if any(len(line) > LONGEST_OPTION for line in lines):
                self.add_error(name, _("An option has at most %d letters.") % LONGEST_OPTION)
        if len(translated) > len(options) and "options_uk" not in self.errors:
            self.add_error("options_en", _("There are more lines in English than in Ukrainian."))
        return data

    def apply(self, document: dict[str, Any], root: str | None = None) -> None:
        super().apply(document, root)
        base = self.root if root is None else root
        options = self.options()
        put(document, "/".join(filter(None, (base, "options"))), options or None)
        record = at(document, base) if base else document
        if record.get("help") == {}:
            del record["help"]

    def options(self) -> list[dict[str, Any]]:
        """The options as the document holds them; one that is moved or renamed in its place keeps its id."""
        lines = lines_of(self.cleaned_data.get("options_uk", ""))
        translated = [line.strip() for line in self.cleaned_data.get("options_en", "").splitlines()]
        ids = {at(option, "name/uk", ""): str(option["id"]) for option in self.known}
        for number, line in enumerate(lines):
            if line in ids or number >= len(self.known):
                continue
            before = at(self.known[number], "name/uk", "")
            if before not in lines:
                ids[line] = ids.pop(before, str(self.known[number]["id"]))
        taken = {ids[line] for line in lines if line in ids}
        made = []
        for number, line in enumerate(lines):
            if line not in ids:
                ids[line] = new_id(line, taken)
                taken.add(ids[line])
            name = {"uk": line}
            if number < len(translated) and translated[number]:
                name["en"] = translated[number]
            made.append({"id": ids[line], "name": name})
        return made
