"""Sections about projects and money: size classes, categories, pots."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rulebook.rules import SCOPES
from viche.contests.places import word
from viche.foundation.fields import MoneyField, PercentField
from viche.office.rules_editor.documents import (
    Block,
    DocumentForm,
    RecordForm,
    Records,
    SectionPage,
    Setting,
    at,
    in_languages,
    one,
    text,
)

NOTHING = ("", gettext_lazy("any"))


class GeneralForm(DocumentForm):
    def settings(self) -> Mapping[str, Setting]:
        return {
            **in_languages("title", "title"),
            "source": Setting("source", text(2000), help=gettext_lazy("Kind, number and date, for example: decision of the council No. 5 of 12.03.2026.")),
        }  # fmt: skip


class SizeClassForm(RecordForm):
    def settings(self) -> Mapping[str, Setting]:
        least = MoneyField(required=True)
        return {
            **in_languages("name", "name"),
            "min_cost": Setting("min_cost", least),
            "max_cost": Setting("max_cost", MoneyField(required=False), help=gettext_lazy("Blank: no bound.")),
            "scope": Setting("scope", one([("", _("no level is named")), *((each, word("scope", each)) for each in SCOPES)])),
        }  # fmt: skip


class NamedForm(RecordForm):
    """A category or a type."""

    def settings(self) -> Mapping[str, Setting]:
        return in_languages("name", "name")


class ProjectsSection(SectionPage):
    id = "projects"
    title = gettext_lazy("Projects: sizes and themes")
    lead = gettext_lazy(
        "Which projects the regulation tells apart. Money, limits and quotas refer to these classes."
    )
    owns = ("title", "source", "size_classes", "categories", "types", "schema")

    def build(self) -> Iterator[Block]:
        general = self.form(GeneralForm(self.data, document=self.document, prefix="general"))
        yield Block(_("The regulation"), general.rows())
        yield Block(
            _("Size classes"),
            text=_("By cost. A project of exactly the bound belongs to the class. Without classes all projects are alike."),
            records=self.records(Records(SizeClassForm, self.data, document=self.document, path="size_classes", add_label=_("Another class"))),
        )  # fmt: skip
        yield Block(
            _("Categories"), text=_("Themes an author chooses from; pots and limits may refer to them."), is_folded=not at(self.document, "categories"),
            records=self.records(Records(NamedForm, self.data, document=self.document, path="categories", add_label=_("Another category"))),
        )  # fmt: skip
        yield Block(
            _("Types"), text=_("Another way to tell projects apart, for example local and city-wide."), is_folded=not at(self.document, "types"),
            records=self.records(Records(NamedForm, self.data, document=self.document, path="types", add_label=_("Another type"))),
        )  # fmt: skip

    def settle(self, document: dict[str, Any]) -> None:
        """What was set for a class or category that is gone goes with it; money and quotas are looked at by people."""
        ids = {
            "class": {each["id"] for each in at(document, "size_classes", [])},
            "category": {each["id"] for each in at(document, "categories", [])},
        }
        for path, dimension in TABLES.items():
            table = at(document, path)
            if isinstance(table, dict):
                for key in [key for key in table if key != "*" and key not in ids[dimension]]:
                    del table[key]
        admitted = at(document, "submission/categories")
        if isinstance(admitted, list):
            admitted[:] = [each for each in admitted if each in ids["category"]]


TABLES = {
    "ballot/max_per_class": "class", "ballot/max_per_category": "category", "submission/max_per_class": "class",
    "support/threshold": "class", "counting/options/threshold": "class", "counting/options/threshold_share": "class",
    "counting/options/winners_per_class": "class", "counting/options/winners_per_category": "category",
}  # fmt: skip


def choices_of(document: Mapping[str, Any], path: str) -> list[tuple[str, str]]:
    """(id, name) of a list's records; none for a dimension that is no list (territories)."""
    if not path:
        return []
    return [
        (each["id"], each["name"].get("uk", each["id"])) for each in at(document, path, []) if "id" in each
    ]


class TotalForm(DocumentForm):
    def settings(self) -> Mapping[str, Setting]:
        return {
            "total": Setting("total", MoneyField(required=False), help=gettext_lazy("Needed where pots are shares of it; otherwise it may be left to the sum of the pots."))
        }  # fmt: skip


class PotForm(RecordForm):
    def __init__(self, *args: Any, areas: list[tuple[str, str]], **facts: Any) -> None:
        self.areas = areas
        super().__init__(*args, **facts)

    def settings(self) -> Mapping[str, Setting]:

        def choices(name: str, known: list[tuple[str, str]]) -> list[tuple[str, Any]]:
            # what stands there and is no longer known stays until somebody chooses another
            own = at(self.document, self.full(name))
            return [NOTHING, *known, *([(own, own)] if own and own not in dict(known) else [])]

        found = {
            **in_languages("name", "name"),
            "amount": Setting("amount", MoneyField(required=False)),
            "share": Setting(
                "share", PercentField(required=False), help=gettext_lazy("Instead of an amount.")
            ),
            "size_class": Setting(
                "size_class", one(choices("size_class", choices_of(self.document, "size_classes")))
            ),
            "category": Setting(
                "category", one(choices("category", choices_of(self.document, "categories")))
            ),
            "territory": Setting("territory", one(choices("territory", self.areas))),
        }
        return {
            name: setting for name, setting in found.items()
            if not (isinstance(setting.field, forms.ChoiceField) and len(setting.field.choices) < 2)
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        amount, share = data.get("amount"), data.get("share")
        if self.is_new and not self.has_changed():
            return data
        if amount is None and share is None and not {"amount", "share"} & set(self.errors):
            self.add_error("amount", _("Write the amount, or the share of all the money."))
        elif amount is not None and share is not None:
            self.add_error("share", _("Write either the amount or the share, not both."))
        return data


class MoneySection(SectionPage):
    id = "money"
    title = gettext_lazy("Money")
    lead = gettext_lazy(
        "How much there is and what it is divided into. Each project is paid from exactly one pot."
    )
    owns = ("total", "pots")

    def build(self) -> Iterator[Block]:
        total = self.form(TotalForm(self.data, document=self.document, prefix="total"))
        yield Block(_("All the money"), total.rows())
        areas = [(code, name) for code, name in self.facts.areas]

        def make(data: Any, **facts: Any) -> PotForm:
            return PotForm(data, areas=areas, **facts)

        yield Block(
            _("Pots"),
            text=_("A pot is money set apart: for a class, a category or a part of the community, or for all."),
            records=self.records(Records(make, self.data, document=self.document, path="pots", add_label=_("Another pot"))),
        )  # fmt: skip
