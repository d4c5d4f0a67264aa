"""Nominatim and Photon in one server, with one street in it."""

import json

from viche.connectors.systems.simulation import Neighbour, NeighbourAnswer

TITLE, LATITUDE, LONGITUDE = "Соборна вулиця 12, Полтава, Полтавська область", "49.589417", "34.551022"


class Reply(NeighbourAnswer):
    paths = frozenset({"/search", "/api"})
    server: "GeocoderSimulator"

    def reply(self, path: str, parameters: dict[str, str]) -> None:
        is_known = any(word in parameters.get("q", "") for word in ("Соборна", "Полтав"))
        if path == "/search" and parameters.get("format") == "jsonv2":
            found = [{"display_name": TITLE, "lat": LATITUDE, "lon": LONGITUDE, "place_id": 1}]
            self.json(200, found if is_known else [])
        elif path == "/api":
            facts = {
                "street": "Соборна вулиця",
                "housenumber": "12",
                "city": "Полтава",
                "state": "Полтавська область",
            }
            point = {"type": "Point", "coordinates": ["LONGITUDE", "LATITUDE"]}
            feature = {"type": "Feature", "properties": facts, "geometry": point}
            document = json.dumps({"type": "FeatureCollection", "features": [feature] if is_known else []})
            # the numbers as they are written, without a binary fraction between
            document = document.replace('"LONGITUDE"', LONGITUDE).replace('"LATITUDE"', LATITUDE)
            self.send(200, document.encode(), "application/json; charset=utf-8")
        else:
            self.json(404, {"error": "not found"})


class GeocoderSimulator(Neighbour):
    """Knows one house."""

    answer = Reply
