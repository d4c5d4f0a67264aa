"""The forms of the steps. They read what is typed; nothing is required here, because a draft may be half-finished."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Territory, localised
from viche.foundation.fields import MoneyField, amount_typed
from viche.portal.contest_page import category_names
from viche.portal.refusable import RefusableForm
from viche.projects.areas import PlaceError, area_typed, point_text, point_typed
from viche.projects.completeness import ANSWER_PREFIX, LETTERS
from viche.projects.consents import CONSENTS
from viche.projects.estimate import quantity_typed
from viche.projects.models import Project
from viche.projects.submission import is_admitted_category


class WritingForm(RefusableForm):
    """A step. Fields marked as required are so at submission; here everything may be left empty."""

    use_required_attribute = False

    def __init__(self, data: Any, *, project: Project, **options: Any) -> None:
        super().__init__(data, initial=self.initial_of(project), **options)
        self.project = project
        self.build()

    @staticmethod
    def initial_of(project: Project) -> dict[str, Any]:
        return {}

    def build(self) -> None:
        """Fields that depend on the project's contest."""

    def full_clean(self) -> None:
        wanted = {name for name, field in self.fields.items() if field.required}
        for name in wanted:
            self.fields[name].required = False
        super().full_clean()
        for name in wanted:
            self.fields[name].required = True

    def changes(self) -> dict[str, Any]:
        """What save_project is given: what was typed and could be read."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.fields}


class IdeaForm(WritingForm):
    title = forms.CharField(
        label=_("Title"), max_length=LETTERS["title"],
        help_text=_("What and where, so that a neighbour understands at once: “A playground in Lisova street”."),
    )  # fmt: skip
    summary = forms.CharField(
        label=_("In one or two sentences"), max_length=LETTERS["summary"], widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stands under the title in the list and on the ballot."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Description"), max_length=LETTERS["text"], widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("The problem, what will be done, who will benefit, who will look after it afterwards."),
    )  # fmt: skip
    category = forms.ChoiceField(
        label=_("Category"), help_text=_("What it is about; the money may depend on it.")
    )
    type = forms.ChoiceField(label=_("Type of project"))

    @staticmethod
    def initial_of(project: Project) -> dict[str, Any]:
        return {name: getattr(project, name) for name in ("title", "summary", "text", "category", "type")}

    def build(self) -> None:
        rules = self.project.contest.rules
        names = {
            key: name
            for key, name in category_names(self.project.contest).items()
            if is_admitted_category(rules, key) or key == self.project.category
        }
        types = {each.id: localised(dict(each.name)) for each in rules.types}
        for field, found in (("category", names), ("type", types)):
            if found:
                self.fields[field].choices = [("", _("choose")), *found.items()]
            else:
                del self.fields[field]


class PlaceForm(WritingForm):
    territory = forms.ChoiceField(
        label=_("Territory"), help_text=_("The narrowest one that holds the whole project.")
    )
    place_name = forms.CharField(
        label=_("Address or landmark"), max_length=LETTERS["place_name"], required=False,
        help_text=_("A street and a number, or what stands beside it: “yard of 12 Soborna Street”."),
    )  # fmt: skip
    coordinates = forms.CharField(
        label=_("Coordinates"), max_length=60, required=False,
        help_text=_("Latitude and longitude, as any map copies them: 49.5894, 34.5510."),
    )  # fmt: skip
    area = forms.CharField(
        label=_("Area"), required=False, max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("For a park or a street: a polygon as GeoJSON, drawn on the map or pasted."),
    )  # fmt: skip

    def __init__(self, data: Any, *, areas: Sequence[Territory], **options: Any) -> None:
        self._areas = {area.code: area for area in areas}
        super().__init__(data, **options)

    @staticmethod
    def initial_of(project: Project) -> dict[str, Any]:
        return {
            "territory": project.territory_id, "place_name": project.place_name,
            "coordinates": point_text(project.latitude, project.longitude),
            "area": json.dumps(project.area) if project.area else "",
        }  # fmt: skip

    def build(self) -> None:
        self.fields["territory"].choices = [(code, area.full_name) for code, area in self._areas.items()]

    def clean_coordinates(self) -> Any:
        return _place(self.cleaned_data["coordinates"], point_typed)

    def clean_area(self) -> Any:
        return _place(self.cleaned_data["area"], area_typed)

    def changes(self) -> dict[str, Any]:
        found = super().changes()
        if "coordinates" in found:
            found["latitude"], found["longitude"] = found.pop("coordinates") or (None, None)
        if "territory" in found:
            found["territory"] = self._areas.get(found["territory"], self.project.territory)
        return found


def _place(text: str, read: Any) -> Any:
    try:
        return read(text) if text.strip() else None
    except PlaceError as error:
        raise forms.ValidationError(str(error)) from None


class CostForm(WritingForm):
    """The estimate: rows of items, each of four fields; the cost as one sum where there are no items."""

    cost = MoneyField(
        label=_("The whole cost, UAH"), required=False,
        help_text=_("Only while there are no items: with them the cost is worked out."),
    )  # fmt: skip
    least_amount = MoneyField(
        label=_("The smallest sum the project can do with, UAH"), required=False,
        help_text=_("If the money does not suffice for the whole, a part of it from this sum on is of use."),
    )  # fmt: skip

    def __init__(self, data: Any, *, rows: int, **options: Any) -> None:
        self._rows = rows
        super().__init__(data, **options)

    @staticmethod
    def initial_of(project: Project) -> dict[str, Any]:
        found: dict[str, Any] = {
            "cost": amount_typed(project.cost) if project.cost else "", "least_amount": project.least_amount,
        }  # fmt: skip
        for place, item in enumerate(project.items):
            found |= {f"item-{place}-{name}": item.get(name) for name in ("name", "unit", "price")}
            found[f"item-{place}-quantity"] = str(item.get("quantity") or "").replace(".", ",")
        return found

    def build(self) -> None:
        if not self.project.contest.rules.submission.least_amount:
            del self.fields["least_amount"]
        number = {"inputmode": "decimal", "autocomplete": "off"}
        for place in range(self._rows):
            self.fields |= {
                f"item-{place}-name": forms.CharField(label=_("What"), max_length=200),
                f"item-{place}-unit": forms.CharField(
                    label=_("Unit"), max_length=20,
                    widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
                ),
                f"item-{place}-quantity": forms.CharField(
                    label=_("Quantity"), max_length=20, widget=forms.TextInput(attrs=number)
                ),
                f"item-{place}-price": MoneyField(label=_("Price of one")),
            }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        for place in range(self._rows):
            name = f"item-{place}-quantity"
            typed = self.cleaned_data.get(name)
            if typed and quantity_typed(typed) is None:
                self.add_error(name, _("A quantity is a number with at most three places after the comma."))
        return self.cleaned_data

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields of each row, for the template."""
        return [
            {name: self[f"item-{place}-{name}"] for name in ("name", "unit", "quantity", "price")}
            for place in range(self._rows)
        ]

    def changes(self) -> dict[str, Any]:
        data = self.cleaned_data
        found = {
            name: data[name] for name in ("cost", "least_amount") if name in data and name in self.fields
        }
        if not any(name.startswith("item-") for name in self.errors):
            found["items"] = [
                {name: data.get(f"item-{place}-{name}") for name in ("name", "unit", "quantity", "price")}
                for place in range(self._rows)
            ]
        return found


class QuestionsForm(WritingForm):
    """The community's own questions, a field of each kind."""

    @staticmethod
    def initial_of(project: Project) -> dict[str, Any]:
        return {
            f"{ANSWER_PREFIX}{key}": {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
            for key, value in project.answers.items()
        }

    def build(self) -> None:
        for question in self.project.contest.rules.submission.questions:
            field = _question_field(question)
            notes = [localised(dict(question.help))] if question.help else []
            if not question.is_public:
                notes.append(str(_("Only officials read the answer.")))
            field.label, field.help_text = localised(dict(question.name)), " ".join(notes)
            field.required = question.required
            self.fields[f"{ANSWER_PREFIX}{question.id}"] = field

    def changes(self) -> dict[str, Any]:
        kinds = {each.id: each.kind for each in self.project.contest.rules.submission.questions}
        answers = {}
        for name, value in super().changes().items():
            key = name.removeprefix(ANSWER_PREFIX)
            answers[key] = {"yes": True, "no": False}.get(value) if kinds[key] == "yes-no" else value
        return {"answers": answers}


def _question_field(question: Any) -> forms.Field:
    if question.kind == "text":
        return forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    if question.kind == "number":
        return forms.IntegerField(widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    if question.kind == "choice":
        names = [(each.id, localised(dict(each.name))) for each in question.options]
        return forms.ChoiceField(choices=[("", _("choose")), *names])
    if question.kind == "yes-no":
        return forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect)
    return forms.CharField(max_length=LETTERS["title"])


class PeopleForm(WritingForm):
    author_name = forms.CharField(
        label=_("The project is signed"), max_length=LETTERS["author_name"], required=False,
        help_text=_("Published as the author. Leave your name, or write that of your team or organisation."),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("How officials reach you"), max_length=LETTERS["contact"],
        help_text=_("A telephone or an e-mail. It is not published."),
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip

    @staticmethod
    def initial_of(project: Project) -> dict[str, Any]:
        return {
            "author_name": project.author_name, "contact": project.contact,
            **{f"agreed-{code}": bool(project.agreed.get(code)) for code in CONSENTS},
        }  # fmt: skip

    def build(self) -> None:
        for code, text in CONSENTS.items():
            self.fields[f"agreed-{code}"] = forms.BooleanField(label=text, required=True)

    def changes(self) -> dict[str, Any]:
        found = super().changes()
        agreed = {code: bool(found.pop(f"agreed-{code}", False)) for code in CONSENTS}
        return {**found, "agreed": agreed}


def form_faults(form: WritingForm, faults: Mapping[str, str]) -> None:
    """Say the faults of an action at the fields of the form, or above it."""
    for name, message in faults.items():
        form.add_error(name if name in form.fields else None, message)
