"""Forms of the desk at which paper is entered."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.channels.paper.actions.stacks import NUMBERS
from viche.channels.paper.wording import typed_reasons
from viche.foundation.ids import uuid7
from viche.portal.refusable import RefusableForm

_PLAIN = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
_WHOLE = {"inputmode": "numeric", "autocomplete": "off"}


def _number(label: Any, **facts: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, widget=forms.NumberInput(attrs=_WHOLE), **facts)


class StackForm(RefusableForm):
    """A new stack: of which point, and what the protocol of the point says of its ballots."""

    reference = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name of the stack"), max_length=200,
        help_text=_("As it stands on the folder: the point, the box, the day. Everybody sees it."),
    )  # fmt: skip
    point = forms.ChoiceField(label=_("Polling point"), required=False)

    def __init__(self, *args: Any, points: list[tuple[str, str]], is_counted: bool, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"reference": uuid7()})
        super().__init__(*args, **kwargs)
        self.is_counted = is_counted
        self.fields["point"].choices = [("", _("of no point")), *points]
        if is_counted:
            for key, label in number_labels():
                self.fields[key] = _number(label, required=False)
            self.fields["is_as_written"] = forms.BooleanField(
                label=_("The protocol says so, though the numbers do not add up"), required=False
            )

    def clean(self) -> dict[str, Any]:
        """All five numbers of a protocol, or none of them."""
        data: dict[str, Any] = super().clean() or {}
        told = [key for key in NUMBERS if data.get(key) is not None]
        if told and len(told) < len(NUMBERS):
            for key in NUMBERS:
                if key not in told and key not in self.errors:
                    self.add_error(key, _("Write all five numbers of the protocol, or none."))
        return data

    def said(self) -> dict[str, Any]:
        """What open_stack takes."""
        data = self.cleaned_data
        told = self.is_counted and data.get("issued") is not None
        return {
            "name": data["name"], "point": UUID(data["point"]) if data["point"] else None,
            "expected": {key: data[key] for key in NUMBERS} if told else None,
            "is_as_written": bool(data.get("is_as_written")), "stack_id": data["reference"],
        }  # fmt: skip


def number_labels() -> list[tuple[str, Any]]:
    """The numbers of a point's protocol, as it calls them."""
    return [
        ("issued", _("Ballots received by the point")), ("valid", _("Valid ballots")),
        ("invalid", _("Invalid ballots")), ("spoiled", _("Spoiled and given back")),
        ("unused", _("Left over and cancelled")),
    ]  # fmt: skip


class EntryForm(RefusableForm):
    """One sheet, by keyboard: its number, what is marked, Enter."""

    says_optional = False

    sheet = forms.CharField(label=_("Number on the ballot"), max_length=20)
    choices = forms.CharField(label=_("Marked projects"), max_length=4000, required=False)
    number = forms.CharField(
        label=_("Tax number, or passport"), max_length=20, required=False,
        help_text=_("It is checked and turned into a keyed token; the number itself is not kept."),
        widget=forms.TextInput(attrs=_PLAIN),
    )  # fmt: skip
    reason = forms.ChoiceField(label=_("Invalid, because"), required=False)
    correct = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, is_named: bool, focused: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", _("no, it is valid")), *typed_reasons()]
        self.fields["choices"].help_text = HOW_TYPED[kind]
        self.fields["choices"].widget.attrs |= _PLAIN
        self.fields["sheet"].widget.attrs |= _PLAIN | ({"autofocus": True} if focused else {})
        if is_named:
            self.fields["sheet"].label = _("Number that you wrote on the ballot")
        else:
            del self.fields["number"]

    def said(self) -> dict[str, Any]:
        """What record_entry takes."""
        data = self.cleaned_data
        return {
            "sheet": data["sheet"], "choices": data["choices"], "reason": data["reason"],
            "number": data.get("number", ""), "is_correction": bool(data["correct"]),
        }  # fmt: skip


HOW_TYPED = {
    "approval": _("Numbers of the projects with spaces between them: 3 12"),
    "choose-1": _("The number of the project: 12"),
    "points": _("Number and points of each project, with a colon: 3:5 12:2"),
    "ranking": _("Numbers of the projects with spaces between them, the best first: 12 3 7"),
    "plus-minus": _("Numbers of the projects with spaces between them, with a minus where against: 3 -12"),
}


class ProtocolForm(RefusableForm):
    """The totals of a point: its numbers, then the votes of every project."""

    says_optional = False

    def __init__(self, *args: Any, projects: dict[int, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = {code: f"votes-{number}" for number, (code, _title) in projects.items()}
        for key, label in number_labels():
            self.fields[key] = _number(label)
        for number, (_code, title) in projects.items():
            self.fields[f"votes-{number}"] = _number(f"№ {number}: {title}")
        self.fields["is_as_written"] = forms.BooleanField(
            label=_("The protocol says so, though the numbers do not add up"), required=False
        )

    def said(self) -> dict[str, Any]:
        """What record_protocol takes."""
        data = self.cleaned_data
        return {
            "votes": {code: data[name] for code, name in self.codes.items()},
            "numbers": {key: data[key] for key in NUMBERS}, "is_as_written": data["is_as_written"],
        }  # fmt: skip

    def refuse(self, refused: Any) -> None:
        """A refusal names projects by their codes."""
        for name, message in (refused.fields or {None: refused.message}).items():
            place = self.codes.get(name, name)
            self.add_error(place if place in self.fields else None, message)


class ConfirmForm(RefusableForm):
    """A sheet that the machine has read: every box, and first those that it was not sure of."""

    says_optional = False

    reason = forms.ChoiceField(label=_("Invalid, because"), required=False)

    def __init__(
        self, *args: Any, boxes: list[tuple[str, int, str]], sure: list[tuple[str, int]],
        unsure: list[tuple[str, int]], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.unsure = {f"box-{place}": (code, value) for place, (code, value) in enumerate(unsure)}
        names = {(code, value): text for code, value, text in boxes}
        answers = {}
        for name, box in self.unsure.items():
            answers[name] = forms.ChoiceField(
                label=names.get(box, box[0]), choices=[("yes", _("marked")), ("no", _("not marked"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("The machine was not sure: say what stands there.")},
            )  # fmt: skip
        others = [(f"{code}|{value}", text) for code, value, text in boxes if (code, value) not in unsure]
        marked = forms.MultipleChoiceField(
            label=_("Marked on the sheet"), choices=others, required=False, widget=forms.CheckboxSelectMultiple,
            initial=[f"{code}|{value}" for code, value in sure],
        )  # fmt: skip
        self.fields = {**answers, "marked": marked, "reason": self.fields["reason"]}
        self.fields["reason"].choices = [("", _("no, it is valid")), *typed_reasons()]

    def marks(self) -> list[tuple[str, int]]:
        """The boxes that are marked, as the person says."""
        data = self.cleaned_data
        pairs = (each.rsplit("|", 1) for each in data["marked"])
        said = [(code, int(value)) for code, value in pairs]
        return said + [box for name, box in self.unsure.items() if data[name] == "yes"]

    def refuse(self, refused: Any) -> None:
        """What is wrong with the choices stands at the boxes."""
        for name, message in (refused.fields or {None: refused.message}).items():
            place = "marked" if name == "choices" else name
            self.add_error(place if place in self.fields else None, message)


class ScanForm(RefusableForm):
    scan = forms.FileField(
        label=_("Scan"), help_text=_("PDF, JPEG or PNG, up to 30 MB. Only officials see it; its hash is published."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )  # fmt: skip


class ReasonForm(RefusableForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is published: name no people."),
    )  # fmt: skip


class CloseForm(RefusableForm):
    """Words for a difference are asked for once there is one."""

    difference = forms.CharField(
        label=_("Why the numbers differ"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only where they do. It is published: name no people."),
    )  # fmt: skip


class RecheckForm(RefusableForm):
    """A drawn sheet, read anew from the paper."""

    says_optional = False

    choices = forms.CharField(
        label=_("Marked projects"), max_length=4000, required=False, widget=forms.TextInput(attrs=_PLAIN)
    )
    reason = forms.ChoiceField(label=_("Invalid, because"), required=False)
    words = forms.CharField(
        label=_("What may have happened"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only where the sheet is not as it was entered. For officials only."),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", _("no, it is valid")), *typed_reasons()]
        self.fields["choices"].help_text = HOW_TYPED[kind]
