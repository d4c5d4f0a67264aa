"""What the archive of a body holds of its contests: every table of the rooms about them, row by row.

A table is found by its foreign keys, so that one added later leaves with the body too. What stays is named here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.contrib.postgres.search import SearchVectorField
from django.db.models import (
    AutoField,
    BinaryField,
    Exists,
    F,
    Field,
    ForeignKey,
    ImageField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Concat

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.identity.models import Person
from viche.journal.models import Entry
from viche.projects.models.files import SHELF as ATTACHMENTS
from viche.review.models.appeals import SHELF as APPEALS
from viche.review.models.opinions import SHELF as REVIEW

ROOMS = ("contests", "projects", "review", "talk", "ballots", "results", "reports")
"""By their words: some stand above this one."""
ELSEWHERE = frozenset({"contests.contest", "ballots.opening", "ballots.carriedfigures"})
"""Written by the archive itself: contest.json, openings.json, turnout.json."""

STAYING = frozenset(
    {
        # transcripts of paper sheets: names and birth dates; the sums and the scan's hash leave
        "projects.sheetentry", "projects.sheetchoice",
        # who voted, and sealed ballots: numbers and opened ballots leave
        "ballots.participation", "ballots.votetrace", "ballots.claim", "ballots.replacement", "ballots.annulment",
        "ballots.ballot", "ballots.paperserial", "ballots.paperballot", "ballots.boxkey", "ballots.keychange",
        # who complained of whom
        "talk.report",
        # written and counted anew
        "results.explanationpage", "reports.tally", "reports.keeping", "reports.cursor",
        # to whom reports are sent: officials identify themselves anew elsewhere
        "reports.reportschedule", "reports.reportreader",
    }
)  # fmt: skip

PRIVATE_FILES = {
    "projects.attachment": ATTACHMENTS, "review.opinionfile": REVIEW, "review.questionfile": REVIEW,
    "review.appealdocument": APPEALS, "reports.reportfile": "reports",
}  # fmt: skip
"""Rows whose bytes lie in foundation.private_files under their id, with the shelf they lie on."""

NAMED_IN_LOG = {"reports.report": "pk", "reports.reportfile": "report_id"}
"""Tables of which only rows leave that an entry under a signed checkpoint names by their digest; the lookup from a row
to the report that the entry is about.
"""

BODY = {"letterhead.jsonl": "reports.letterhead", "designed.jsonl": "reports.designedreport"}
"""Tables about the body itself."""

PATHS = {
    "projects.project": "projects.jsonl", "projects.picture": "pictures.jsonl", "review.decision": "decisions.jsonl",
}  # fmt: skip
"""The tables that stand beside the others; images of pictures in pictures/."""

APART = {"contests.rulesversion": ("document",), "results.count": ("dossier", "outcome")}
"""Columns in files of their own: rules/<number>.json, counts/<number>/."""

STAYING_COLUMNS = {
    "projects.project": ("contact", "search", "search_head"),
    "projects.teammember": ("email",),
}
"""How to reach an author is the old body's business; the search is made anew."""

BYTES = {"ballots.box": ("public_key",)}
"""Octets that leave, in hex; all others are tokens, keys and seals of this installation."""

NAMED = {"talk.comment": "person", "talk.news": "person"}
"""Whose name stands on public pages beside the row: it leaves as it is shown, in person_name."""


def tables() -> dict[str, type[Model]]:
    """The tables that leave, by label ("review.opinion"), each after those it refers to."""
    found = {
        model._meta.label_lower: model
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        if model._meta.label_lower not in ELSEWHERE | STAYING and way_to_contest(model)
    }
    ordered: dict[str, type[Model]] = {}

    def put(label: str) -> None:
        if label not in ordered and label in found:
            for field in foreign_keys(found[label]):
                if field.related_model is not found[label]:
                    put(field.related_model._meta.label_lower)
            ordered[label] = found[label]

    for label in sorted(found):
        put(label)
    return ordered


def foreign_keys(model: type[Model]) -> list[Any]:
    """The keys of the columns that leave."""
    return [field for field in columns(model) if isinstance(field, ForeignKey)]


def path_of(label: str) -> str:
    """Where a table stands in the folder of its contest."""
    return PATHS.get(label, f"life/{label}.jsonl")


def folder_of(label: str) -> str:
    """Where the images and documents of a table lie."""
    return "pictures" if label == "projects.picture" else f"life/{label}"


def way_to_contest(model: type[Model]) -> str:
    """The lookup from a row to its contest over foreign keys ("assignment__project__contest"); empty where none leads.

    The shortest one; keys to the rooms below (people, territories) are no way.
    """
    waiting: deque[tuple[type[Model], str]] = deque([(model, "")])
    seen = {model}
    while waiting:
        here, way = waiting.popleft()
        for field in here._meta.concrete_fields:
            target = field.related_model
            if not isinstance(field, ForeignKey) or not isinstance(target, type) or target in seen:
                continue
            if target is Contest:
                return f"{way}{field.name}"
            if target._meta.app_label in ROOMS:
                seen.add(target)
                waiting.append((target, f"{way}{field.name}__"))
    return ""


def is_numbered(model: type[Model]) -> bool:
    """Whether its rows have running ids, which are another installation's: they leave as places in the file."""
    return isinstance(model._meta.pk, AutoField)


def columns(model: type[Model]) -> list[Field[Any, Any]]:
    """The columns that leave: no person, no office, no body, no key and no token."""
    label = model._meta.label_lower
    out = (*STAYING_COLUMNS.get(label, ()), *APART.get(label, ()))
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in out
        and not isinstance(field, (AutoField, SearchVectorField))
        and (not isinstance(field, BinaryField) or field.name in BYTES.get(label, ()))
        and not (
            isinstance(field, ForeignKey)
            and (
                field.related_model._meta.app_label == "identity"
                or field.related_model._meta.label_lower == "communities.community"
                or field.related_model._meta.label_lower in STAYING
            )
        )
    ]


def rows_of(
    model: type[Model], contest: Contest, signed: Mapping[int, int] | None = None
) -> QuerySet[Any, dict[str, Any]]:
    """The rows of a contest, every column that leaves, in the order of their keys. signed: of each log by its id, how
    many entries stand under its checkpoint.
    """
    names = [field.attname for field in columns(model)]
    found = model._default_manager.filter(**{way_to_contest(model): contest})
    if way := NAMED_IN_LOG.get(model._meta.label_lower):
        named = _entries_about(way, signed or {})
        issued = named.filter(kind="ReportIssued")
        found = found.filter(Exists(issued), Exists(named.filter(leaf__contains=OuterRef("digest"))))
    rows: QuerySet[Any, dict[str, Any]] = found.order_by("pk").values(*names)
    return rows


def _entries_about(way: str, signed: Mapping[int, int]) -> QuerySet[Entry]:
    """The signed entries about the report of a row. way: the lookup from the row to it."""
    under = Q(pk__in=())
    for log, size in signed.items():
        under |= Q(log=log, index__lt=size)
    return Entry.objects.filter(
        under, subject=Concat(Value("report:"), Cast(OuterRef(way), TextField()), output_field=TextField())
    )


def body_rows(model: type[Model], community: Community) -> QuerySet[Any, dict[str, Any]]:
    """The rows of a table about the body, every column that leaves."""
    names = [field.attname for field in columns(model)]
    rows: QuerySet[Any, dict[str, Any]] = (
        model._default_manager.filter(community=community).order_by("pk").values(*names)
    )
    return rows


def written_rows(
    model: type[Model], rows: QuerySet[Any, dict[str, Any]], places: dict[str, dict[Any, int]]
) -> Iterator[dict[str, Any]]:
    """The rows of rows_of as they stand in the archive. places: of each numbered table, the place of every id in its
    file.
    """
    label = model._meta.label_lower
    numbered = [
        (field.attname, field.related_model._meta.label_lower)
        for field in foreign_keys(model)
        if is_numbered(field.related_model)
    ]
    images = {field.name: field.storage for field in columns(model) if isinstance(field, ImageField)}
    octets = BYTES.get(label, ())
    if label in NAMED:
        rows = rows.annotate(
            given=F("person__given_name"), family=F("person__family_name"), form=F("person__name_form"),
            shown_to=F("state") if label == "talk.comment" else F("title"),
        )  # fmt: skip
    if is_numbered(model) or images:
        rows = rows.annotate(own_key=F("pk"))
    for place, row in enumerate(rows.iterator(chunk_size=500)):
        key = row.pop("own_key", None)
        if is_numbered(model):
            places.setdefault(label, {})[key] = place
        for name, other in numbered:
            row[name] = None if row[name] is None else places[other][row[name]]
        for name, storage in images.items():
            # what is lost from the disk is named as lost
            is_here = row[name] and storage.exists(row[name])
            row[name] = f"{key}.{row[name].rpartition('.')[2]}" if is_here else ""
        for name in octets:
            row[name] = None if row[name] is None else bytes(row[name]).hex()
        if label in NAMED:
            row = _with_name(label, row)
        yield row


def _with_name(label: str, row: dict[str, Any]) -> dict[str, Any]:
    given, family, form, state = (row.pop(name) for name in ("given", "family", "form", "shown_to"))
    is_shown = given is not None and (label != "talk.comment" or state == "published")
    shown = Person(given_name=given, family_name=family, name_form=form).public_name if is_shown else ""
    return {**row, "person_name": shown}


def images_of(model: type[Model], contest: Contest) -> Iterator[tuple[str, Any]]:
    """(name in the archive, image) of the rows that hold one."""
    images = [field for field in model._meta.concrete_fields if isinstance(field, ImageField)]
    if images:
        found = model._default_manager.filter(**{way_to_contest(model): contest}).order_by("pk")
        for row in found.iterator(chunk_size=500):
            for field in images:
                image = getattr(row, field.name)
                if image:
                    yield f"{row.pk}.{image.name.rpartition('.')[2]}", image
