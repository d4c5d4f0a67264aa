"""Forms of polling points: facts, shifts, screens; and of the desk."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Territory
from viche.contests.models import Contest
from viche.foundation import clock
from viche.identity.models import Person
from viche.identity.numbers import ReadNumber, read_number
from viche.identity.providers import TaxNumberError
from viche.office.polling import read_serial, read_serials
from viche.points.actions import PointFacts
from viche.points.hours import WEEKDAYS, hours_typed, read_hours
from viche.points.models import Point
from viche.portal.refusable import RefusableForm


class HoursField(forms.CharField):
    """The hours of one day of the week, as minutes."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": "9:00–13:00, 14:00–18:00"})

    def clean(self, value: Any) -> list[tuple[int, int]]:
        try:
            return read_hours(super().clean(value))
        except ValueError:
            raise forms.ValidationError(
                _("Write the hours so: 9:00–13:00, 14:00–18:00. Leave it empty for a day off.")
            ) from None


class PointForm(RefusableForm):
    """What is said of a polling point."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("As people call it: Service centre, Library No. 3.")
    )
    kind = forms.ChoiceField(label=_("Kind of place"), choices=Point.Kind.choices)
    address = forms.CharField(
        label=_("Address"), max_length=200, help_text=_("Street, house, and how to find the entrance.")
    )
    territory = forms.ChoiceField(label=_("Part of the community"))
    contests = forms.MultipleChoiceField(
        label=_("Contests in which one votes here"), required=False, widget=forms.CheckboxSelectMultiple
    )
    access_note = forms.CharField(
        label=_("How somebody in a wheelchair gets in"), max_length=300, required=False,
        help_text=_("Ramp, lift, bell; say it plainly where there is none."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        areas: Sequence[Territory],
        contests: Sequence[Contest],
        point: Point | None = None,
        **kwargs: Any,
    ) -> None:
        if point is not None:
            kwargs["initial"] = _initial(point)
        super().__init__(*args, **kwargs)
        self.areas = {area.code: area for area in areas}
        self.served = {str(each.pk): each for each in contests}
        self.fields["territory"].choices = [(area.code, area.full_name) for area in areas]
        self.fields["contests"].choices = [(key, each.name) for key, each in self.served.items()]
        for day, name in enumerate(WEEKDAYS):
            self.fields[f"day{day}"] = HoursField(label=name, required=False, max_length=80)

    @property
    def places(self) -> list[Any]:
        return [field for field in self if not field.name.startswith("day")]

    @property
    def days(self) -> list[Any]:
        return [field for field in self if field.name.startswith("day")]

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        facts = PointFacts(
            name=data["name"], kind=data["kind"], address=data["address"], territory=self.areas[data["territory"]],
            hours=[data[f"day{day}"] for day in range(7)], access_note=data["access_note"],
        )  # fmt: skip
        return {"facts": facts, "contests": [self.served[key] for key in data["contests"]]}


def _initial(point: Point) -> dict[str, Any]:
    hours = {f"day{day}": hours_typed(spans) for day, spans in enumerate(point.hours)}
    return {
        "name": point.name, "kind": point.kind, "address": point.address, "territory": point.territory_id,
        "contests": [str(each.pk) for each in point.contests.all()], "access_note": point.access_note, **hours,
    }  # fmt: skip


class ShiftForm(RefusableForm):
    """A shift of a point: a day, from when to when, who."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    starts = forms.TimeField(label=_("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("Ends at"), widget=forms.TimeInput(attrs={"type": "time"}))
    operators = forms.MultipleChoiceField(label=_("Who works"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(each.pk): each for each in people}
        self.fields["operators"].choices = [(key, each.display_name) for key, each in self.people.items()]

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        day: date = data["day"]
        return {
            "starts_at": datetime.combine(day, data["starts"], clock.KYIV),
            "ends_at": datetime.combine(day, data["ends"], clock.KYIV),
            "operators": [self.people[key] for key in data["operators"]],
        }

    def refuse(self, refused: Any) -> None:
        """The moments of the action are the fields of a day here."""
        refused.fields = {{"ends_at": "ends", "starts_at": "starts"}.get(key, key): value
                          for key, value in refused.fields.items()}  # fmt: skip
        super().refuse(refused)


class ScreenForm(RefusableForm):
    name = forms.CharField(
        label=_("What the screen is called"),
        max_length=60,
        help_text=_("For example: Screen at the entrance."),
    )


class FindForm(RefusableForm):
    """A voter at the desk, by the number of the document they show."""

    number = forms.CharField(
        label=_("Number of the document"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
        help_text=_(
            "The tax number, ten digits; or a passport with the mark that its owner has none. It is turned into a "
            "keyed token and not kept."
        ),
    )  # fmt: skip

    def clean_number(self) -> ReadNumber:
        today = clock.now().astimezone(clock.KYIV).date()
        try:
            return read_number(self.cleaned_data["number"], today=today)
        except TaxNumberError:
            raise forms.ValidationError(
                _("This is neither a tax number nor the number of a passport: look at the document again.")
            ) from None


class SerialField(forms.CharField):
    """The number of a paper ballot, typed or read from its QR code by a scanner."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
            help_text=_("Type it, or scan the QR code of the sheet."),
        )  # fmt: skip

    def clean(self, value: Any) -> int:
        number = read_serial(super().clean(value))
        if number is None:
            raise forms.ValidationError(_("This is no number of a ballot."))
        return number


class SerialForm(RefusableForm):
    """The ballot that is given out."""

    serial = SerialField(_("Number of the ballot"))


class SwapForm(RefusableForm):
    """A spoiled ballot that is brought back, and the one given for it."""

    old = SerialField(_("Number of the spoiled ballot"))
    new = SerialField(_("Number of the new ballot"))


class SpoiledForm(RefusableForm):
    """Ballots that were never given out and never will be."""

    state = forms.ChoiceField(
        label=_("What became of them"),
        choices=[("spoiled", _("spoiled")), ("unused", _("left over and destroyed"))],
    )
    serials = forms.CharField(
        label=_("Numbers of the ballots"), max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("One by one, or from – to: 101, 105–112."),
    )  # fmt: skip

    def clean_serials(self) -> list[int]:
        try:
            return read_serials(self.cleaned_data["serials"])
        except ValueError:
            raise forms.ValidationError(
                _("Write the numbers so: 101, 105–112; at most 1 000 at once.")
            ) from None
