"""Nominatim and Photon in one server, with one street in it."""

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
            point = {"type": "Point", "coordinates": [34.551022, 49.589417]}
            feature = {"type": "Feature", "properties": facts, "geometry": point}
            self.json(200, {"type": "FeatureCollection", "features": [feature] if is_known else []})
        else:
            self.json(404, {"error": "not found"})


class GeocoderSimulator(Neighbour):
    """Knows one house."""

    answer = Reply
