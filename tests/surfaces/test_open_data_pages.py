"""Pages and files of open data as people and programs fetch them."""

import pytest
from tests import given
from tests.connectors.finished import finished_contest
from tests.surfaces.ground import browser, prefix


def test_x(db):
    contest = finished_contest(70)
    client = browser(None)
    base = prefix(contest.community)
    for each in ("data/", "data/catalog.ttl", "data/catalog.rdf", "data/catalog.jsonld", "data/dictionary.json", f"{contest.slug}/data/", "en/data/"):
        got = client.get(base + each)
        print(each, got.status_code)
        if "catalog.ttl" in each:
            print(b"".join(got.streaming_content).decode())
    print(client.get("/data/").status_code, b"".join(client.get("/data/catalog.ttl").streaming_content).decode()[:600])
    print(client.get("/.well-known/csvm").content)
    got = client.get(f"{base}{contest.slug}/data/votings.csv")
    print(got.status_code, got.headers)
    raise AssertionError
