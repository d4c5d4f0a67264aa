"""Layouts of other platforms' exports: how each is recognised, and what its columns hold.

The headings are those that the exporters write: Decidim's ProjectSerializer and ProposalSerializer (nested values
flattened with slashes), CONSUL's Budget::Investment::Exporter (headings translated), the answer of the civilsbudget
platform at /api/projects and its table "project", and the tables of resolution 835 (annex 35).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

FIELDS: Mapping[str, object] = {
    "id": _("number at the source"), "title": _("title"), "summary": _("short description"), "text": _("description"),
    "category": _("category"), "cost": _("cost, hryvnias"), "place": _("place"), "latitude": _("latitude"),
    "longitude": _("longitude"), "author": _("author"), "url": _("address at the source"), "votes": _("votes"),
}  # fmt: skip
"""What a column may hold."""

LANGUAGES = ("uk", "", "en")
"""Of a translated text, which is taken first."""


@dataclass(frozen=True)
class Layout:
    """One layout. telling: groups of headings; the layout is recognised where all of a group are there.

    names: by field, patterns of the headings in the order of preference.
    """

    name: str
    title: object
    telling: Sequence[frozenset[str]]
    names: Mapping[str, Sequence[str]]


def _translated(*names: str) -> Sequence[str]:
    return [
        f"{name}/{language}" if language else name for name in names for language in LANGUAGES
    ] + [f"{name}/[a-z-]+" for name in names]  # fmt: skip


LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "decidim", "Decidim",
        (frozenset({"component/id", "participatory_space/id"}), frozenset({"budget_amount", "component/id"})),
        {
            "id": ["id"], "title": _translated("title"), "text": _translated("description", "body"),
            "category": _translated("taxonomies/name", "category/name"), "cost": ["budget_amount", "cost"],
            "place": ["address"], "latitude": ["latitude"], "longitude": ["longitude"],
            "author": ["author/name"], "url": ["url"], "votes": ["confirmed_votes"],
        },
    ),
    Layout(
        "consul", "CONSUL Democracy",
        (
            frozenset({"valuator", "feasibility"}), frozenset({"evaluador", "viabilidad"}),
            frozenset({"оцінювач", "здійсненність"}),
        ),
        {
            "id": ["id"], "title": ["title", "título", "назва"], "text": ["description", "descripción", "опис"],
            "category": ["scope of operation", "ámbito de actuación", "geozone", "scope", "сфера дії"],
            "cost": ["feasibility", "viabilidad", "здійсненність"],
            "author": ["author username", "usuario autor", "author", "автор"], "votes": ["supports", "apoyos"],
        },
    ),
    Layout(
        "civilsbudget", "civilsbudget",
        (frozenset({"likes_count", "charge"}), frozenset({"charge", "source", "title"})),
        {
            "id": ["id"], "title": ["title"], "text": ["description"], "cost": ["charge"], "author": ["owner"],
            "url": ["source"], "votes": ["likes_count"],
        },
    ),
    Layout(
        "r835", _("resolution 835: projects"), (frozenset({"uid", "title", "budgetplan"}),),
        {
            "id": ["uid"], "title": ["title"], "summary": ["description"], "text": ["text"], "cost": ["budgetplan"],
            "category": ["type"], "author": ["creator"], "url": ["url"], "votes": ["count"],
        },
    ),
)  # fmt: skip

TABLE = Layout(
    "table", _("another table"), (),
    {
        "votes": [r"голосів|голоси|кількість голосів|votes"], "id": [r"id|uid|№.*|номер.*|number|код.*|code"],
        "title": [r"назва.*|title|про[єе]кт|name"], "summary": [r"короткий опис|мета.*|summary"],
        "text": [r"опис.*|повний опис|description|text|body"], "category": [r"категорія.*|напрям.*|тип.*|category"],
        "cost": [r"вартість.*|бюджет.*|кошторис.*|сума.*|cost.*|budget.*|price.*|amount.*"],
        "place": [r"адреса.*|місце.*|локація.*|address|place|location"], "latitude": [r"широта|lat|latitude"],
        "longitude": [r"довгота|lon|lng|longitude"], "author": [r"автор.*|заявник.*|author.*"],
        "url": [r"посилання.*|url|link|сторінка"],
    },
)  # fmt: skip
"""Any table with headings in words."""


def heading(text: str) -> str:
    """A heading as it is compared."""
    return " ".join(text.lower().replace("\ufeff", "").split())


def recognised(headings: Sequence[str]) -> Layout:
    """The layout of a file by its headings; TABLE where it is none of the known ones."""
    there = {heading(each) for each in headings}
    return next((each for each in LAYOUTS if any(group <= there for group in each.telling)), TABLE)


def layout_named(name: str) -> Layout:
    """A layout by its name."""
    return next((each for each in LAYOUTS if each.name == name), TABLE)


def columns_of(layout: Layout, headings: Sequence[str]) -> dict[str, int]:
    """By field, the place of its column: the first pattern that fits a heading counts; no column is used twice."""
    there = [heading(each) for each in headings]
    found: dict[str, int] = {}
    for field, patterns in layout.names.items():
        for pattern in patterns:
            fits = [
                place
                for place, name in enumerate(there)
                if place not in found.values() and re.fullmatch(pattern, name)
            ]
            if fits:
                found[field] = fits[0]
                break
    return found
