"""Form fields bound to places of a rules document, there and back.

A blank field takes its key out of the document: absence is the default. Paths are JSON Pointers without their first slash.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.communities.latin import slug_of
from viche.contests.places import LABELS, pattern_of
from viche.foundation.fields import whole_number

MOST = 10**15


def at(document: Any, path: str, default: Any = None) -> Any:
    """The value at a path; the default where there is none."""
    for segment in filter(None, path.split("/")):
        if isinstance(document, Mapping) and segment in document:
            document = document[segment]
        elif isinstance(document, (list, tuple)) and segment.isdigit() and int(segment) < len(document):
            document = document[int(segment)]
        else:
            return default
    return default if document is None else document


def put(document: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a path, making what is missing on the way; None and "" take the key out."""
    *way, last = path.split("/")
    for segment in way:
        document = document[int(segment)] if isinstance(document, list) else document.setdefault(segment, {})
    if value is None or value == "":
        document.pop(last, None)
    else:
        document[last] = value


def label_of(path: str) -> str:
    """What the setting at a path is called."""
    return LABELS[pattern_of(path)]


@dataclass
class Row:
    """One field on the page, with what contradicts it in words."""

    field: forms.BoundField
    problems: list[str] = field(default_factory=list)


@dataclass
class Block:
    """A part of a section: fields, or records of one list. is_folded: opened on demand (is_open: it is open now)."""

    title: str
    rows: list[Row] = field(default_factory=list)
    text: str = ""
    records: "Records | None" = None
    is_folded: bool = False
    is_open: bool = False

    @property
    def stands_open(self) -> bool:
        """Whether a folded block is shown open: something in it is wrong."""
        return self.is_open or any(row.problems or row.field.errors for row in self.all_rows)

    @property
    def all_rows(self) -> list[Row]:
        return self.rows + [
            row for record in (self.records.shown if self.records else []) for row in record.rows
        ]


class Setting:
    """How one field is bound: its path (relative to the form's root) and the Django field.

    read and write turn the document's value into the field's and back, where they differ.
    """

    def __init__(
        self, path: str, field: forms.Field, *, label: str = "", help: str = "", default: Any = None,
        read: Callable[[Any], Any] = lambda value: value, write: Callable[[Any], Any] = lambda value: value,
    ) -> None:  # fmt: skip
        self.path, self.field, self.default, self.read, self.write = path, field, default, read, write
        self.label, self.help = label, help


def count(*, least: int = 0, most: int = 1_000_000) -> forms.IntegerField:
    """A whole number; may be left blank."""
    return forms.IntegerField(
        required=False, min_value=least, max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


def words(choices: Iterable[tuple[str, str]]) -> forms.MultipleChoiceField:
    """Any of some words, as checkboxes."""
    return forms.MultipleChoiceField(
        required=False, choices=list(choices), widget=forms.CheckboxSelectMultiple
    )


def one(choices: Iterable[tuple[str, Any]], *, radio: bool = False) -> forms.ChoiceField:
    """One of some words; the first choice may be blank."""
    widget = forms.RadioSelect if radio else forms.Select
    return forms.ChoiceField(required=False, choices=list(choices), widget=widget)


def yes_no() -> forms.BooleanField:
    return forms.BooleanField(required=False)


def text(limit: int = 500) -> forms.CharField:
    return forms.CharField(required=False, max_length=limit)


def in_languages(name: str, path: str, *, required: bool = True) -> dict[str, Setting]:
    """Two fields for a text of the document: Ukrainian, and English where somebody translates it."""
    uk, en = text(), text()
    uk.required = required
    return {
        f"{name}_uk": Setting(f"{path}/uk", uk),
        f"{name}_en": Setting(
            f"{path}/en",
            en,
            help=gettext_lazy("In English; the Ukrainian text is shown where there is none."),
        ),
    }


class DocumentForm(forms.Form):
    """A form whose fields are bound to places under ``root`` of the document."""

    says_optional = False

    def __init__(self, data: Any, *, document: Mapping[str, Any], root: str = "", prefix: str) -> None:
        self.document, self.root = document, root
        super().__init__(data, prefix=prefix)
        self.bound: dict[str, Setting] = {}
        for name, setting in self.settings().items():
            self.add(name, setting)

    def settings(self) -> Mapping[str, Setting]:
        """The fields of this form, by name."""
        return {}

    def add(self, name: str, setting: Setting) -> None:
        self.bound[name] = setting
        self.fields[name] = setting.field
        if not setting.field.label:
            setting.field.label = setting.label or _label(self.full(setting.path))
        if setting.help:
            setting.field.help_text = setting.help
        self.initial[name] = setting.read(at(self.document, self.full(setting.path), setting.default))

    def full(self, path: str) -> str:
        return "/".join(filter(None, (self.root, path)))

    def path_of(self, name: str) -> str:
        """The JSON Pointer of a field's place."""
        return "/" + self.full(self.bound[name].path) if name in self.bound else ""

    def rows(self, *names: str) -> list[Row]:
        """Rows of the named fields, or of all."""
        return [Row(self[name]) for name in names or self.fields if name in self.fields]

    def apply(self, document: dict[str, Any], root: str | None = None) -> None:
        """Write the valid values into the document."""
        base = self.root if root is None else root
        for name, setting in self.bound.items():
            put(
                document,
                "/".join(filter(None, (base, setting.path))),
                setting.write(self.cleaned_data.get(name)),
            )


def _label(path: str) -> str:
    base, _slash, language = path.rpartition("/")
    if language in {"uk", "en"}:
        marks = {"uk": gettext_lazy("%s (Ukrainian)"), "en": gettext_lazy("%s (English)")}
        return _(marks[language]) % _(label_of(base))
    return _(label_of(path))


class RecordForm(DocumentForm):
    """One record of a list. key: its id inside the document, kept when its name changes."""

    has_id = True

    def __init__(
        self, data: Any, *, document: Mapping[str, Any], root: str, prefix: str, is_new: bool,
        number: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, document=document, root=root, prefix=prefix)
        self.is_new, self.number = is_new, number
        self.fields["key"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.initial["key"] = at(document, f"{root}/id", "")
        self.fields["remove"] = forms.BooleanField(required=False, label=gettext_lazy("Take this out"))
        if is_new:
            self.empty_permitted, self.use_required_attribute = True, False
        if number is not None:
            self.fields["place"] = count(least=1, most=1_000)
            self.fields["place"].label = _("Place in the order")
            self.initial["place"] = number

    def has_changed(self) -> bool:
        # where a new record stands says nothing of it
        return bool(set(self.changed_data) - {"place"})

    @property
    def order(self) -> tuple[int, int, int]:
        """Where the record goes: before those that stood there when it is moved up, behind them when down."""
        own = self.number or 0
        wanted = self.cleaned_data.get("place") or own
        return wanted, (wanted > own) - (wanted < own), own

    @property
    def is_left_out(self) -> bool:
        """Removed, or a new one that nobody filled in."""
        return bool(self.cleaned_data.get("remove")) or (self.is_new and not self.has_changed())

    @property
    def legend(self) -> str:
        """What the record is called on the page."""
        name = self["name_uk"].value() if "name_uk" in self.fields else self["body_uk"].value()
        return str(name or _("A new one"))

    @property
    def rows_shown(self) -> list[Row]:
        last = ["place"] if "place" in self.fields else []
        return self.rows(*(name for name in self.fields if name not in {"key", "remove", "place"}), *last)

    def record(self, taken: set[str]) -> dict[str, Any]:
        """The record as the document holds it, with an id of its own."""
        made = {} if self.is_new else _copied(at(self.document, self.root, {}))
        self.apply(made, root="")
        if self.has_id:
            made["id"] = self.cleaned_data.get("key") or new_id(
                str(self.cleaned_data.get("name_uk", "")), taken
            )
            taken.add(made["id"])
        return made


def new_id(name: str, taken: set[str]) -> str:
    """An id for a record of this name that no other has."""
    stem = slug_of(name)[:40].strip("-") or "x"
    found, number = stem, 1
    while found in taken:
        number += 1
        found = f"{stem}-{number}"
    return found


@dataclass
class Shown:
    """One record on the page."""

    form: RecordForm
    rows: list[Row]

    @property
    def legend(self) -> str:
        return self.form.legend


class Records:
    """All records of one list of the document, with room for new ones; is_ordered: each may be given a place."""

    def __init__(
        self, make: Callable[..., RecordForm], data: Any, *, document: Mapping[str, Any], path: str,
        add_label: str, blank: int = 0, is_ordered: bool = False,
    ) -> None:  # fmt: skip
        self.path, self.prefix, self.add_label = path, path.replace("/", "-"), add_label
        known = len(at(document, path, []))
        total = known + blank
        is_added = False
        if data is not None:
            sent = whole_number(data.get(f"{self.prefix}-total"))
            total = known if sent is None else min(sent, known + 40)
            is_added = data.get("add") == self.prefix
            total += int(is_added)
        self.total = total
        self.forms = [
            make(
                # the one just asked for was not on the page: it begins with its defaults
                None if is_added and index == total - 1 else data,
                document=document,
                root=f"{path}/{index}",
                prefix=f"{self.prefix}-{index}",
                is_new=index >= known,
                number=index + 1 if is_ordered else None,
            )
            for index in range(total)
        ]
        self.shown = [Shown(form, form.rows_shown) for form in self.forms]

    def is_valid(self) -> bool:
        # every form is asked, so that all faults are said at once; of one that goes nothing is asked
        found = [form.is_valid() or bool(form.data.get(form.add_prefix("remove"))) for form in self.forms]
        return all(found)

    def apply(self, document: dict[str, Any]) -> dict[int, int]:
        """Write the records that stay; returns the new index of each form that stays."""
        kept = [form for form in self.forms if not form.is_left_out]
        kept.sort(key=lambda form: form.order)
        taken = {form.cleaned_data["key"] for form in kept if form.cleaned_data.get("key")}
        put(document, self.path, [form.record(taken) for form in kept])
        return {self.forms.index(form): place for place, form in enumerate(kept)}


class SectionPage:
    """One section of the editor over a document: its blocks to show, its faults, and the document it makes."""

    id = ""
    title: Any = ""
    lead: Any = ""
    owns: tuple[str, ...] = ()
    """First segments of the places that belong to this section."""

    def __init__(self, data: Any, *, document: Mapping[str, Any], facts: "Facts") -> None:
        self.data, self.document, self.facts = data, document, facts
        self.forms: list[DocumentForm] = []
        self.lists: list[Records] = []
        self.blocks = list(self.build())
        self.general: list[str] = []

    def build(self) -> Iterator[Block]:
        raise NotImplementedError

    def form(self, made: DocumentForm) -> Any:
        self.forms.append(made)
        return made

    def records(self, made: Records) -> Records:
        self.lists.append(made)
        return made

    def is_valid(self) -> bool:
        found = [form.is_valid() for form in self.forms] + [each.is_valid() for each in self.lists]
        return all(found)

    def changed(self) -> dict[str, Any]:
        """The document with this section's valid values in it."""
        document = _copied(self.document)
        for form in self.forms:
            form.apply(document)
        for each in self.lists:
            each.apply(document)
        self.settle(document)
        return document

    def settle(self, document: dict[str, Any]) -> None:
        """What else follows in the document from this section's values."""

    @property
    def every_form(self) -> list[DocumentForm]:
        return [*self.forms, *(form for each in self.lists for form in each.forms)]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(id of the field, message) of every fault that keeps the section from being saved."""
        return [
            (form[name].auto_id if name in form.fields else "", str(message))
            for form in self.every_form
            if form.is_bound and not form.data.get(form.add_prefix("remove"))
            for name, messages in form.errors.items()
            for message in messages
        ]

    def show_problems(self, problems: Iterable[tuple[str, str]], *, as_errors: bool = False) -> None:
        """Put (path, words) of the document's problems at the fields they concern; the rest above the section."""
        places = {
            form.path_of(name): row
            for block in self.blocks
            for row in block.all_rows
            for form, name in [(row.field.form, row.field.name)]
        }
        for path, said in problems:
            row = places.get(path) or next(
                (
                    places[place]
                    for place in sorted(places, key=len, reverse=True)
                    if place and path.startswith(f"{place}/")
                ),
                None,
            )
            if row is None:
                self.general.append(said)
            elif as_errors:
                row.field.form.add_error(row.field.name, said)
            else:
                row.problems.append(said)


@dataclass(frozen=True)
class Facts:
    """What a section needs to know of the contest around the document. areas: (code, name) of the community's parts."""

    areas: Sequence[tuple[str, str]] = ()


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_copied(item) for item in value]
    return value
