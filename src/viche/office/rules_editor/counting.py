"""The section about the count: the rule, its settings, ties."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rulebook.options import EVERY, OPTIONS, SCORES_OF_KIND, TIES, UTILITIES_OF_KIND, Option, usual_options
from viche.contests.places import rule_name, word
from viche.contests.wording import CHOICES, RULES
from viche.foundation.fields import MoneyField, PercentField
from viche.office.rules_editor.course import TableForm
from viche.office.rules_editor.documents import (
    Block,
    DocumentForm,
    SectionPage,
    Setting,
    at,
    label_of,
    one,
    put,
    words,
)
from viche.office.rules_editor.money import choices_of

LISTS = {"class": "size_classes", "pot": "pots", "category": "categories"}
MOVES = 4


class RuleForm(DocumentForm):
    def settings(self) -> Mapping[str, Setting]:
        return {
            "rule": Setting(
                "counting/rule",
                one(((each, rule_name(each)) for each in OPTIONS), radio=True),
                default="greedy-v1",
            )
        }


class WordsForm(DocumentForm):
    """The options of the rule that take one word of a few."""

    def __init__(self, *args: Any, rule: str, **facts: Any) -> None:
        self.rule = rule
        super().__init__(*args, **facts)

    def settings(self) -> Mapping[str, Setting]:
        kind = at(self.document, "ballot/kind", "approval")
        found = {}
        for option in OPTIONS[self.rule]:
            path = f"counting/options/{option.name}"
            if option.values:
                readable = {"score": SCORES_OF_KIND, "utility": UTILITIES_OF_KIND}.get(option.name, {}).get(
                    kind
                )
                chosen = at(self.document, path, option.values[0])
                values = [
                    each for each in option.values if readable is None or each in readable or each == chosen
                ]
                choices = [(each, _(CHOICES[option.name][each]) or _("nothing")) for each in values]
                found[option.name] = Setting(path, one(choices, radio=True), default=option.values[0])
            elif option.least is not None:
                found[option.name] = Setting(
                    path, MoneyField(required=False), help=gettext_lazy("Blank: the least step.")
                )
        return found


def table_form(option: Option) -> type[TableForm]:
    """The form of an option that takes numbers by class, pot or category."""

    class OptionForm(TableForm):
        table = f"counting/options/{option.name}"
        of = LISTS.get(option.table, "")
        every = True

        def make_field(self) -> Any:
            return PercentField(required=False) if option.name == "threshold_share" else super().make_field()

        def every_label(self) -> str:
            return {
                "class": _("For every class"),
                "pot": _("For every pot"),
                "category": _("For every category"),
            }.get(option.table, _("For each"))

    return OptionForm


class TiesForm(DocumentForm):
    """What decides a tie: first this, then that."""

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        ways = at(self.document, "counting/ties", [])
        choices = [("", _("nothing more")), *((each, word("tie", each)) for each in TIES)]
        labels = [_("First"), _("Then"), _("Then"), _("Then")]
        self.names = [f"way_{index}" for index in range(max(len(ways), len(labels)))]
        for index, name in enumerate(self.names):
            self.fields[name] = one(choices)
            self.fields[name].label = labels[min(index, 3)]
            self.initial[name] = ways[index] if index < len(ways) else ""

    def path_of(self, name: str) -> str:
        return "/counting/ties" if name == "way_0" else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for name in self.names:
            way = data.get(name)
            if way and way in seen:
                self.add_error(name, _("This is there twice."))
            seen.add(way or "")
        return data

    def apply(self, document: dict[str, Any], root: str | None = None) -> None:
        ways = [self.cleaned_data[name] for name in self.names if self.cleaned_data[name]]
        put(document, "counting/ties", ways or ["refuse"])


class MovesForm(DocumentForm):
    """Where money left over goes: one move of one line."""

    def __init__(self, *args: Any, index: int, **facts: Any) -> None:
        self.index = index
        super().__init__(*args, **facts)
        moves = at(self.document, "counting/options/leftovers", [])
        own = moves[index] if index < len(moves) else {}
        pots = [*choices_of(self.document, "pots"), (EVERY, _("all pots together"))]
        self.fields["sources"] = words(pots)
        self.fields["sources"].label = _("What is left in")
        self.fields["target"] = one([("", _("nowhere")), *pots])
        self.fields["target"].label = _("goes to")
        self.initial = {"sources": list(own.get("from", [])), "target": own.get("to", "")}

    def path_of(self, name: str) -> str:
        return f"/counting/options/leftovers/{self.index}" if name == "sources" else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("sources")) != bool(data.get("target")):
            self.add_error("target", _("Name both: from where the money goes, and where to."))
        return data

    def apply(self, document: dict[str, Any], root: str | None = None) -> None:
        """Nothing: the section puts the moves together."""


class CountingSection(SectionPage):
    id = "counting"
    title = gettext_lazy("Counting")
    lead = gettext_lazy("How ballots become winners. Choose the rule and save: its settings appear below.")
    owns = ("counting",)

    def build(self) -> Iterator[Block]:
        self.rule = self.form(RuleForm(self.data, document=self.document, prefix="rule"))
        # the settings asked for are those of the rule in the document: another one is saved first
        rule = at(self.document, "counting/rule", "greedy-v1")
        rule = rule if rule in OPTIONS else "greedy-v1"
        self.settings_of = rule
        yield Block(_("Rule"), self.rule.rows(), text=_(RULES[rule]) if RULES[rule] else "")
        made = self.form(WordsForm(self.data, document=self.document, rule=rule, prefix="words"))
        if made.fields:
            yield Block(_("Settings of the rule “%s”") % rule_name(rule), made.rows())
        for option in OPTIONS[rule]:
            if not option.table or (
                option.table != "territory" and not at(self.document, LISTS[option.table])
            ):
                continue
            table = self.form(
                table_form(option)(self.data, document=self.document, prefix=f"table-{option.name}")
            )
            label = _(label_of(f"counting/options/{option.name}"))
            yield Block(
                label, table.rows(), is_folded=not at(self.document, f"counting/options/{option.name}")
            )
        self.moves: list[MovesForm] = []
        if any(option.moves for option in OPTIONS[rule]) and len(at(self.document, "pots", [])) > 1:
            known = len(at(self.document, "counting/options/leftovers", []))
            self.moves = [
                self.form(MovesForm(self.data, document=self.document, index=index, prefix=f"move-{index}"))
                for index in range(max(known + 1, 2))
            ]
            yield Block(
                _(label_of("counting/options/leftovers")),
                [row for form in self.moves for row in form.rows("sources", "target")],
                is_folded=not known,
            )
        ties = self.form(TiesForm(self.data, document=self.document, prefix="ties"))
        yield Block(
            _("Equal projects"),
            ties.rows(),
            text=_("What none of these decides, the commission decides by a protocol."),
        )

    def settle(self, document: dict[str, Any]) -> None:
        options = document["counting"].get("options") or {}
        if self.moves:
            moves = [
                {"from": form.cleaned_data["sources"], "to": form.cleaned_data["target"]}
                for form in self.moves if form.cleaned_data["sources"]
            ]  # fmt: skip
            put(options, "leftovers", moves or None)
        rule = self.rule.cleaned_data["rule"] or self.settings_of
        if rule != self.settings_of:
            kept = {
                option.name: options[option.name]
                for option in OPTIONS[rule]
                if option.table and option.name in options
            }
            options = {**usual_options(rule, at(document, "ballot/kind", "approval")), **kept}
        document["counting"]["options"] = options
