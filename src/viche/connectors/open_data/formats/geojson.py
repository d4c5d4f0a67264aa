"""GeoJSON (RFC 7946): the projects that have a place, as points, or as areas where the author drew one."""

import json
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from viche.connectors.open_data.columns import Words
from viche.connectors.open_data.rows import Row
from viche.foundation.money import machine_money
from viche.projects.areas import corners_of
from viche.projects.models import Project

PROPERTIES = ("uid", "title", "description", "kind", "type", "status", "count", "url")


def geojson(located: Iterable[tuple[Project, Row]], *, title: Words, licence: str) -> bytes:
    """A FeatureCollection in the order given. Numbers are written from exact decimals, longitude first."""
    features, corners = [], []
    for project, row in located:
        if project.latitude is None or project.longitude is None:
            continue
        ring = corners_of(project.area)
        corners += ring or [(project.latitude, project.longitude)]
        text = {name: row.get(name) for name in PROPERTIES}
        told = {**text, "number": project.number, "place": project.place_name or project.territory.full_name,
                "category": project.category, "cost": machine_money(row["budgetPlan"])}  # fmt: skip
        features.append(
            f'{{"type":"Feature","id":{_said(row["uid"])},"geometry":{_geometry(project, ring)},'
            f'"properties":{_said(told)}}}'
        )
    head = f'"type":"FeatureCollection","title":{_said(dict(title))},"license":{_said(licence)}'
    return f'{{{head}{_box(corners)},"features":[{",".join(features)}]}}\n'.encode()


def _geometry(project: Project, ring: list[Any]) -> str:
    if not ring:
        return f'{{"type":"Point","coordinates":[{project.longitude:f},{project.latitude:f}]}}'
    if _area(ring) < 0:  # RFC 7946: an outer ring runs against the clock
        ring = ring[::-1]
    line = ",".join(f"[{longitude:f},{latitude:f}]" for latitude, longitude in ring)
    return f'{{"type":"Polygon","coordinates":[[{line}]]}}'


def _area(ring: list[Any]) -> Any:
    """Twice the signed area: above nought where the ring runs against the clock."""
    return sum(one[1] * two[0] - two[1] * one[0] for one, two in pairwise(ring))


def _box(corners: list[Any]) -> str:
    if not corners:
        return ""
    south, west = (min(each[side] for each in corners) for side in (0, 1))
    north, east = (max(each[side] for each in corners) for side in (0, 1))
    return f',"bbox":[{west:f},{south:f},{east:f},{north:f}]'


def _said(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
