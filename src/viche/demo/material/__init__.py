"""Invented projects of three bodies in Poltava land, composed from archetypes, places and a seed.

Money is in kopiykas. Territory codes are those of the national codifier of territories (KATOTTG). Streets
and towns are real, so that a map looks right; the needs, authors and estimates described are invented.
"""

from viche.demo.material.bodies import BODIES, CATEGORIES, Body, Category
from viche.demo.material.projects import DemoProject, Item, demo_projects, refusal_reasons

__all__ = [
    "BODIES",
    "CATEGORIES",
    "Body",
    "Category",
    "DemoProject",
    "Item",
    "demo_projects",
    "refusal_reasons",
]
