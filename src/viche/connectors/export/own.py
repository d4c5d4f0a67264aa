"""Everything that is kept about one person, for that person: machine-readable (GDPR, articles 15 and 20; law 2297-VI,
article 8).

A table is found by its foreign keys to people, so that one added later is in it too. Keys, tokens and secrets stay
here: they are of no use elsewhere.
"""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BinaryField, ForeignKey, Model

from viche.ballots.queries import marks_of
from viche.foundation import clock
from viche.identity.actions.erasing import OWN
from viche.identity.actions.merging import person_relations
from viche.identity.models import Person
from viche.identity.queries import numbers_on_record

FORMAT = "viche/own-data/v1"
SECRET = frozenset({"secret", "code", "address"})
"""Columns beside keys and tokens that open something: an attempt's address at a provider is one."""


def own_document(person: Person) -> dict[str, Any]:
    """What is kept about the person, by table ("projects.signature") and column; times are UTC.

    Votes: that and when, never how. Numbers: which kinds, for the numbers themselves are kept nowhere.
    """
    return {
        "format": FORMAT,
        "made_at": clock.now(),
        "person": {
            name: getattr(person, name)
            for name in (
                "id",
                "family_name",
                "given_name",
                "patronymic",
                "birth_date",
                "sex",
                "created_at",
                "name_form",
            )
        },
        "numbers": [{"kind": each.name, "since": each.added_at} for each in numbers_on_record(person)],
        "votes": [
            {
                "community": mark.contest.community.slug, "contest": mark.contest.slug, "at": mark.at,
                "channel": mark.channel,
            }
            for mark in marks_of(person)
        ],
        "tables": {label: rows for label, rows in sorted(_tables(person).items()) if rows},
    }  # fmt: skip


def _tables(person: Person) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for relation in person_relations():
        model: Any = relation.related_model
        label, name = model._meta.label_lower, relation.field.name
        if name not in OWN | {"applicant"}:
            continue
        rows = model._base_manager.filter(**{name: person}).order_by("pk").values(*_columns(model))
        found.setdefault(label, []).extend(rows)
    return found


def _columns(model: type[Model]) -> list[str]:
    """What may leave: no keys of this installation, no other people (a colleague who decided, an inviter)."""
    return [
        field.attname
        for field in model._meta.concrete_fields
        if not isinstance(field, (BinaryField, SearchVectorField))
        and field.name not in SECRET
        and not (isinstance(field, ForeignKey) and field.related_model is Person)
    ]
