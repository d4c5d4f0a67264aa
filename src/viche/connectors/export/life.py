"""What the archive of a body holds of the life of its projects: every table of the rooms about them, row by row.

A table is found by its foreign keys, so that one added later leaves with the body too. What stays is named here.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.postgres.search import SearchVectorField
from django.db.models import BinaryField, ForeignKey, ImageField, Model, QuerySet

from viche.contests.models import Contest
from viche.projects.models.files import SHELF as ATTACHMENTS
from viche.review.models.appeals import SHELF as APPEALS

ROOMS = ("projects", "review", "talk")
ELSEWHERE = frozenset({"projects.project", "projects.picture", "review.decision"})
"""Written by the archive itself, with their pictures."""

STAYING = frozenset({"projects.sheetentry", "projects.sheetchoice"})
"""Transcripts of paper sheets: names and birth dates of people who signed; the sums and the scan's hash leave."""

PRIVATE_FILES = {
    "projects.attachment": ATTACHMENTS, "review.opinionfile": "", "review.appealdocument": APPEALS,
}  # fmt: skip
"""Rows whose bytes lie in foundation.private_files under their id, with the shelf they lie on."""


def tables() -> dict[str, type[Model]]:
    """The tables that leave, by label ("review.opinion"), in a steady order."""
    found = {
        model._meta.label_lower: model for room in ROOMS for model in apps.get_app_config(room).get_models()
    }
    return {
        label: model
        for label, model in sorted(found.items())
        if label not in ELSEWHERE | STAYING and way_to_contest(model)
    }


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


def rows_of(model: type[Model], contest: Contest) -> QuerySet[Any, dict[str, Any]]:
    """The rows of a contest without keys, tokens and search words."""
    names = [
        field.attname
        for field in model._meta.concrete_fields
        if not isinstance(field, (BinaryField, SearchVectorField))
    ]
    found = model._default_manager.filter(**{way_to_contest(model): contest})
    rows: QuerySet[Any, dict[str, Any]] = found.order_by("pk").values(*names)
    return rows


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
