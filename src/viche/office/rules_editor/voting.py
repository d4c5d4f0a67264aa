"""The section about voting: the ballot, the ways to vote, identification, extensions."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rulebook.rules import BALLOT_KINDS, CHANNELS, IDENTITY_METHODS, KEY_HOLDERS, LIVE_RESULTS, PAPER_MODES
from rulebook.rules.vocabulary import BALLOTS, EXTENSIBLE, METHODS_OF, PAPER
from viche.contests.models import PHASE_NAMES
from viche.contests.places import word
from viche.foundation.fields import MoneyField
from viche.office.rules_editor.course import TableForm
from viche.office.rules_editor.documents import (
    Block,
    DocumentForm,
    SectionPage,
    Setting,
    at,
    count,
    in_languages,
    one,
    put,
    words,
    yes_no,
)


class BallotForm(DocumentForm):
    def settings(self) -> Mapping[str, Setting]:
        free = gettext_lazy("Blank: no limit.")
        return {
            "kind": Setting("ballot/kind", one(((each, word("kind", each)) for each in BALLOT_KINDS), radio=True), default="approval"),
            "max_choices": Setting("ballot/max_choices", count(), help=free),
            "min_choices": Setting("ballot/min_choices", count(), default=1, help=gettext_lazy("The same number as the most: exactly so many.")),
            "max_per_territory": Setting("ballot/max_per_territory", count(), help=free),
            "max_points": Setting("ballot/max_points", count()),
            "max_points_per_project": Setting("ballot/max_points_per_project", count(), help=free),
            "max_minus": Setting("ballot/max_minus", count(), help=free),
            "max_cost": Setting("ballot/max_cost", MoneyField(required=False), help=free),
            "own_project": Setting("ballot/own_project", yes_no(), default=True),
            "revote": Setting("ballot/revote", yes_no(), default=False),
            "cancel": Setting("ballot/cancel", yes_no(), default=False, help=gettext_lazy("Until the voting ends; the voter has not voted then. Terminals of partners ask for it where a customer presses “Cancel”.")),
        }  # fmt: skip


class PerClassForm(TableForm):
    table = "ballot/max_per_class"


class PerCategoryForm(TableForm):
    table = "ballot/max_per_category"
    of = "categories"


class MethodsForm(DocumentForm):
    def settings(self) -> Mapping[str, Setting]:
        return {
            "identity_methods": Setting("identity_methods", words((each, word("method", each)) for each in IDENTITY_METHODS), default=["isei"]),
            "fresh_minutes": Setting("fresh_minutes", count(least=1, most=1440), help=gettext_lazy("Whoever identified earlier identifies once more before the ballot is cast. Blank: as this site is set up.")),
            "live_results": Setting("live_results", one(((each, word("live", each)) for each in LIVE_RESULTS), radio=True), default="turnout"),
            "box_key": Setting("box_key", one(((each, word("box_key", each)) for each in KEY_HOLDERS), radio=True), default="platform", help=gettext_lazy("The commission makes its key without a network, in three shares of which two open the box; voting cannot begin before the key has been tried out.")),
        }  # fmt: skip


class ChannelForm(DocumentForm):
    """One way to vote. It stands at its kind, not at its place in the document's list."""

    def __init__(self, *args: Any, kind: str, **facts: Any) -> None:
        self.kind = kind
        super().__init__(*args, **facts)
        own = self._own()
        self.fields["used"] = yes_no()
        self.fields["used"].label = _("People vote this way")
        for name, field, label, help_text in (
            ("from_day", count(least=1, most=3660), _("From day of the voting"), ""),
            ("to_day", count(least=1, most=3660), _("To day of the voting"), _("Blank: to its end.")),
            ("methods", words((each, word("method", each)) for each in METHODS_OF[kind]), _("Methods accepted here"), _("No mark: all that work here.")),
        ):  # fmt: skip
            field.label, field.help_text = label, help_text
            self.fields[name] = field
        self.initial = {
            "used": bool(own), "from_day": own.get("from_day", 1), "to_day": own.get("to_day"),
            "methods": own.get("identity_methods", []),
        }  # fmt: skip

    def _own(self) -> dict[str, Any]:
        return next((each for each in at(self.document, "channels", []) if each.get("kind") == self.kind), {})

    def path_of(self, name: str) -> str:
        kinds = [each.get("kind") for each in at(self.document, "channels", [])]
        if self.kind not in kinds:
            return ""
        place = f"/channels/{kinds.index(self.kind)}"
        return {"used": f"{place}/kind", "methods": f"{place}/identity_methods"}.get(name, f"{place}/{name}")

    def apply(self, document: dict[str, Any], root: str | None = None) -> None:
        """Nothing: the section puts the ways together."""

    def channel(self) -> dict[str, Any] | None:
        data = self.cleaned_data
        if not data["used"]:
            return None
        made: dict[str, Any] = {"kind": self.kind, "from_day": data["from_day"] or 1}
        if data["to_day"] is not None:
            made["to_day"] = data["to_day"]
        if data["methods"]:
            made["identity_methods"] = data["methods"]
        return made


class PaperForm(DocumentForm):
    def settings(self) -> Mapping[str, Setting]:
        return {
            "mode": Setting("paper/mode", one(((each, word("paper", each)) for each in PAPER_MODES), radio=True), default=BALLOTS, help=gettext_lazy("Totals are enough only where votes or points alone decide, under the rule that goes from the best project down.")),
            "is_named": Setting("paper/is_named", yes_no(), default=False, help=gettext_lazy("No mark: sheets are numbered, and the voter is looked up when one is given out. With a mark: the voter is looked up when the sheet is entered.")),
            "recheck_percent": Setting("paper/recheck_percent", count(most=100), default=5, help=gettext_lazy("Drawn in public once a batch is in the box; 0: none.")),
        }  # fmt: skip


class ExtensionForm(DocumentForm):
    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["said"] = yes_no()
        self.fields["said"].label = _("The regulation limits extensions")
        self.initial["said"] = at(self.document, "extension") is not None

    def settings(self) -> Mapping[str, Setting]:
        return {
            **in_languages("body", "extension/body", required=False),
            "phases": Setting("extension/phases", words((each, PHASE_NAMES[each]) for each in EXTENSIBLE), default=[], help=gettext_lazy("No mark: all of them.")),
            "times": Setting("extension/times", count(), help=gettext_lazy("Blank: no limit; 0: never.")),
            "days": Setting("extension/days", count(most=3660), help=gettext_lazy("Blank: no limit.")),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("said") and not data.get("body_uk"):
            self.add_error("body_uk", _("Name the body that decides on an extension."))
        return data


class VotingSection(SectionPage):
    id = "voting"
    title = gettext_lazy("Voting")
    lead = gettext_lazy("What a ballot holds, where and when people vote, how they are identified.")
    owns = (
        "ballot",
        "channels",
        "paper",
        "identity_methods",
        "fresh_minutes",
        "live_results",
        "box_key",
        "extension",
    )

    def build(self) -> Iterator[Block]:
        ballot = self.form(BallotForm(self.data, document=self.document, prefix="ballot"))
        kind = ballot["kind"].value() or "approval"
        hidden = {
            *(() if kind == "points" else ("max_points", "max_points_per_project")),
            *(() if kind == "plus-minus" else ("max_minus",)),
            *(("max_choices",) if kind == "choose-1" else ()),
        }
        # a limit that this kind of ballot has not is shown only where something stands in it
        shown = [
            name for name in ballot.fields if name not in hidden or ballot[name].value() not in (None, "")
        ]
        yield Block(_("Ballot"), ballot.rows(*shown))
        for made, title in (
            (self._table(PerClassForm, "classes", "size_classes"), _("Most projects of a class")),
            (self._table(PerCategoryForm, "themes", "categories"), _("Most projects of a category")),
        ):
            if made is not None:
                yield Block(title, made.rows(), text=_("Blank: no limit."))
        methods = self.form(MethodsForm(self.data, document=self.document, prefix="methods"))
        yield Block(_("Identification and openness"), methods.rows())
        self.channels = [
            self.form(ChannelForm(self.data, document=self.document, kind=kind, prefix=f"channel-{kind}"))
            for kind in CHANNELS
        ]
        yield Block(
            _("Ways to vote"), text=_("No mark: every way that is connected, during the whole voting.")
        )
        for form in self.channels:
            name = word("channel", form.kind).capitalize()
            is_used = bool(form["used"].value())
            title = _("%s: used") % name if is_used else name
            yield Block(
                title, form.rows("used", "from_day", "to_day", "methods"), is_folded=True, is_open=is_used
            )
        paper = self.form(PaperForm(self.data, document=self.document, prefix="paper"))
        yield Block(
            _("Paper ballots"), paper.rows(), is_folded=True,
            is_open=any(form.kind == PAPER and form["used"].value() for form in self.channels),
        )  # fmt: skip
        self.extension = self.form(ExtensionForm(self.data, document=self.document, prefix="extension"))
        yield Block(
            _("Extension of phases"),
            self.extension.rows("said", "body_uk", "body_en", "phases", "times", "days"),
            is_folded=at(self.document, "extension") is None,
        )

    def _table(self, make: type[TableForm], prefix: str, of: str) -> Any:
        return (
            self.form(make(self.data, document=self.document, prefix=prefix))
            if at(self.document, of)
            else None
        )

    def settle(self, document: dict[str, Any]) -> None:
        made = [found for form in self.channels if (found := form.channel()) is not None]
        put(document, "channels", made or None)
        if not self.extension.cleaned_data["said"]:
            document.pop("extension", None)
