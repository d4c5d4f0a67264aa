"""The section about what follows the count: approval, implementation, publication."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rulebook.rules import PUBLISHED
from rulebook.rules.vocabulary import DAY_KINDS
from viche.contests import places
from viche.contests.places import word
from viche.office.rules_editor.documents import (
    Block,
    DocumentForm,
    RecordForm,
    Records,
    SectionPage,
    Setting,
    at,
    count,
    in_languages,
    one,
    words,
    yes_no,
)


class StepForm(RecordForm):
    has_id = False

    def settings(self) -> Mapping[str, Setting]:
        return {
            **in_languages("body", "body"),
            "days": Setting("days", count(most=3660), help=gettext_lazy("Blank: not stated.")),
            "day_kind": Setting("day_kind", one((each, _(places.DAY_KINDS[each])) for each in DAY_KINDS), default="calendar"),
        }  # fmt: skip


class StatedForm(DocumentForm):
    """A part of the regulation that may be left unsaid."""

    part = ""

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["said"] = yes_no()
        self.fields["said"].label = _("The regulation says so")
        self.initial["said"] = at(self.document, self.part) is not None


class ImplementationForm(StatedForm):
    part = "implementation"

    def settings(self) -> Mapping[str, Setting]:
        return {
            "year_offset": Setting("implementation/year_offset", count(most=20), default=1, help=gettext_lazy("0: in the year of the voting.")),
            **in_languages("responsible", "implementation/responsible", required=False),
            "reports_per_year": Setting("implementation/reports_per_year", count(most=366), default=0),
            "stall_days": Setting("implementation/stall_days", count(most=3660), help=gettext_lazy("Blank: nobody is reminded.")),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("said") and data.get("responsible_en") and not data.get("responsible_uk"):
            self.add_error("responsible_uk", _("Write the name in Ukrainian."))
        return data


class PublicationForm(StatedForm):
    part = "publication"

    def settings(self) -> Mapping[str, Setting]:
        return {
            "what": Setting(
                "publication/what", words((each, word("published", each)) for each in PUBLISHED), default=[]
            ),
            "years": Setting("publication/years", count(), help=gettext_lazy("Blank: without end.")),
        }


class ResultsSection(SectionPage):
    id = "results"
    title = gettext_lazy("Results")
    lead = gettext_lazy(
        "Who approves the results, when winners are built, what everybody may read and for how long."
    )
    owns = ("approval", "implementation", "publication")

    def build(self) -> Iterator[Block]:
        yield Block(
            _("Approval, step by step"),
            records=self.records(Records(StepForm, self.data, document=self.document, path="approval", add_label=_("Another step"))),
        )  # fmt: skip
        self.built = self.form(ImplementationForm(self.data, document=self.document, prefix="built"))
        yield Block(
            _("Implementation"),
            self.built.rows(
                "said", "year_offset", "responsible_uk", "responsible_en", "reports_per_year", "stall_days"
            ),
        )
        self.published = self.form(PublicationForm(self.data, document=self.document, prefix="published"))
        yield Block(_("Publication"), self.published.rows("said", "what", "years"))

    def settle(self, document: dict[str, Any]) -> None:
        for form in (self.built, self.published):
            if not form.cleaned_data["said"]:
                document.pop(form.part, None)
        responsible = at(document, "implementation/responsible")
        if responsible is not None and not responsible.get("uk"):
            del document["implementation"]["responsible"]
