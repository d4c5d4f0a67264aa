"""The section about people: who may author, support and vote."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rulebook.rules import BASES, CHANNELS, CITIZENSHIPS, EVIDENCE
from viche.contests.places import word
from viche.office.rules_editor.documents import (
    Block,
    DocumentForm,
    SectionPage,
    Setting,
    at,
    count,
    one,
    put,
    words,
    yes_no,
)


class EligibilityForm(DocumentForm):
    """Who may take part in one role; the limits of single bases stand apart (folded on the page)."""

    def settings(self) -> Mapping[str, Setting]:
        found: dict[str, Setting] = {
            "bases": Setting("bases", words((each, word("basis", each)) for each in BASES), default=["registered"]),
            "min_age": Setting("min_age", count(most=150)),
            "max_age": Setting("max_age", count(most=150)),
            "citizenship": Setting("citizenship", words((each, word("citizenship", each)) for each in CITIZENSHIPS), default=list(CITIZENSHIPS)),
            "personal_number": Setting("personal_number", yes_no(), default=False),
            "operator_grant": Setting("operator_grant", yes_no(), default=True),
        }  # fmt: skip
        return found

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        age_on = at(self.document, self.full("age_on"), "act")
        self.fields["age_kind"] = one(
            [("act", _("on the day of the act")), ("date", _("on a fixed date"))], radio=True
        )
        self.fields["age_kind"].label = _("The age is looked at")
        self.fields["age_date"] = forms.DateField(
            required=False,
            label=_("The fixed date"),
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        self.initial["age_kind"] = "act" if age_on == "act" else "date"
        self.initial["age_date"] = None if age_on == "act" else age_on
        self.per_basis: list[tuple[str, str, str]] = []
        for group, vocabulary, kind in (
            ("channels", CHANNELS, "channel"),
            ("evidence", EVIDENCE, "evidence"),
        ):
            for basis in BASES:
                name = f"{group}_{basis}"
                self.fields[name] = words((each, word(kind, each)) for each in vocabulary)
                self.fields[name].label = word("basis", basis).capitalize()
                self.initial[name] = at(self.document, self.full(f"{group}/{basis}"), list(vocabulary))
                # no mark at all is an answer too: whether it was asked for, a hidden field says
                self.fields[f"{name}_asked"] = forms.CharField(required=False, widget=forms.HiddenInput)
                self.initial[f"{name}_asked"] = "1"
                self.per_basis.append((name, group, basis))

    def path_of(self, name: str) -> str:
        for field, group, basis in self.per_basis:
            if field == name:
                return f"/{self.full(group)}/{basis}"
        if name in {"age_kind", "age_date"}:
            return f"/{self.full('age_on')}" if name == "age_date" else ""
        return super().path_of(name)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("age_kind") == "date" and not data.get("age_date") and "age_date" not in self.errors:
            self.add_error("age_date", _("Name the date on which the age is looked at."))
        return data

    def apply(self, document: dict[str, Any], root: str | None = None) -> None:
        super().apply(document, root)
        day: date | None = self.cleaned_data.get("age_date")
        is_date = self.cleaned_data.get("age_kind") == "date" and day is not None
        put(document, f"{self.root}/age_on", day.isoformat() if is_date and day else "act")
        for group, vocabulary in (("channels", CHANNELS), ("evidence", EVIDENCE)):
            table = {}
            for basis in self.cleaned_data["bases"]:
                name = f"{group}_{basis}"
                if self.cleaned_data[f"{name}_asked"]:
                    chosen = self.cleaned_data[name]
                else:
                    chosen = at(self.document, self.full(f"{group}/{basis}"), list(vocabulary))
                if set(chosen) != set(vocabulary):
                    table[basis] = chosen
            put(document, f"{self.root}/{group}", table or None)

    def main_rows(self) -> list[Any]:
        return self.rows(
            "bases",
            "min_age",
            "max_age",
            "age_kind",
            "age_date",
            "citizenship",
            "personal_number",
            "operator_grant",
        )

    def limit_rows(self, group: str) -> list[Any]:
        """Rows of the bases that are chosen; of others nothing is asked."""
        chosen = self["bases"].value() or []
        names = [name for name, of, basis in self.per_basis if of == group and basis in chosen]
        return self.rows(*(each for name in names for each in (f"{name}_asked", name)))


class SupporterForm(DocumentForm):
    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["own"] = yes_no()
        self.fields["own"].label = _("Supporters are others than the voters")
        self.initial["own"] = at(self.document, "supporter") is not None


class PeopleSection(SectionPage):
    id = "people"
    title = gettext_lazy("Who takes part")
    lead = gettext_lazy("Who may propose a project, support it and vote. One basis of membership is enough.")
    owns = ("author", "supporter", "voter")

    def build(self) -> Iterator[Block]:
        self.people = {
            who: self.form(EligibilityForm(self.data, document=self.document, root=who, prefix=who))
            for who in ("author", "voter", "supporter")
        }
        for who, title in (("author", _("Authors")), ("voter", _("Voters"))):
            yield from self._blocks(who, title)
        self.supporters = self.form(SupporterForm(self.data, document=self.document, prefix="supporters"))
        yield Block(
            _("Supporters"),
            self.supporters.rows("own"),
            text=_("Whoever may vote may also support, unless something else is set here."),
        )
        if self.supporters["own"].value():
            yield from self._blocks("supporter", _("Supporters: who they are"))

    def _blocks(self, who: str, title: str) -> Iterator[Block]:
        form = self.people[who]
        yield Block(title, form.main_rows())
        if who == "voter":
            yield Block(
                _("Voters: ways of single bases"),
                form.limit_rows("channels"),
                text=_("Take a mark away where people of that basis may not vote in that way."),
                is_folded=True,
            )
        yield Block(
            _("%s: proofs of single bases") % title,
            form.limit_rows("evidence"),
            text=_("Take a mark away where a document does not prove that basis."),
            is_folded=True,
        )

    def settle(self, document: dict[str, Any]) -> None:
        if not self.supporters.cleaned_data["own"]:
            document.pop("supporter", None)
        elif not any(name.startswith("supporter-") for name in self.data):
            # nothing was asked of supporters yet: they begin as the voters are
            document["supporter"] = dict(document["voter"])
