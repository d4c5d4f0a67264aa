"""Pages and files of open data as people and programs fetch them."""

import json
import re

import extruct
import pytest
from csvw.metadata import CSVW

from tests import given
from tests.connectors.finished import finished_contest, voted_contest
from tests.surfaces.ground import browser, prefix
from viche.contests.models import Contest
from viche.foundation import clock
from viche.journal.models import Entry


@pytest.fixture
def contest(db: None) -> Contest:
    return finished_contest(30)


def data(contest: Contest, name: str = "") -> str:
    return f"{prefix(contest.community)}{contest.slug}/data/{name}"


class TestPage:
    def test_every_file_with_its_size_hash_and_first_rows(self, contest: Contest):
        page = browser().get(data(contest)).content.decode()
        for name in (
            "projects.csv",
            "votings.csv",
            "works.csv",
            "projects.xlsx",
            "projects.geojson",
            "contest.pb",
        ):
            assert f'href="{data(contest, name)}"' in page
        assert len(re.findall(r"<code>[0-9a-f]{64}</code>", page)) == 8
        assert "2026-v1" in page
        assert "CC BY 4.0" in page

    def test_before_the_result_it_says_when_the_votes_come_and_shows_none(self, db: None):
        contest = voted_contest(5)
        page = browser().get(data(contest)).content.decode()
        assert "votings.csv" in page
        assert f'href="{data(contest, "votings.csv")}"' not in page
        for name in ("votings.csv", "contest.pb", "contest.json", "votings.csv-metadata.json"):
            assert browser().get(data(contest, name)).status_code == 404

    def test_search_engines_find_a_data_set(self, contest: Contest):
        found = extruct.extract(browser().get(data(contest)).content.decode(), syntaxes=["microdata"])[
            "microdata"
        ]
        [dataset] = [each for each in found if each["type"] == "https://schema.org/Dataset"]
        said = dataset["properties"]
        assert said["license"] == "https://creativecommons.org/licenses/by/4.0/"
        assert said["url"] == "http://localhost/poltava/2026/data/"
        assert said["spatialCoverage"]["properties"]["identifier"] == given.POLTAVA
        links = {each["properties"]["contentUrl"].rpartition("/")[2] for each in said["distribution"]}
        assert {"projects.csv", "votings.csv", "contest.pb"} <= links

    def test_contest_body_and_footer_lead_to_it(self, contest: Contest):
        base = prefix(contest.community)
        assert f'href="{data(contest)}"' in browser().get(f"{base}{contest.slug}/").content.decode()
        assert f'href="{base}data/"' in browser().get(base).content.decode()
        assert f'href="{data(contest)}"' in browser().get(f"{base}data/").content.decode()
        assert "/poltava/data/" in browser().get("/data/").content.decode()
        assert browser().get(f"{base}en/{contest.slug}/data/").status_code == 200


class TestFiles:
    def test_a_file_is_known_by_its_hash(self, contest: Contest):
        first = browser().get(data(contest, "votings.csv"))
        assert first.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert first.headers["Access-Control-Allow-Origin"] == "*"
        again = browser().get(data(contest, "votings.csv"), HTTP_IF_NONE_MATCH=first.headers["ETag"])
        assert (again.status_code, again.headers["ETag"]) == (304, first.headers["ETag"])
        since = browser().get(
            data(contest, "votings.csv"), HTTP_IF_MODIFIED_SINCE=first.headers["Last-Modified"]
        )
        assert since.status_code == 304
        assert browser().get(data(contest, "votings.csv"), HTTP_IF_NONE_MATCH='"other"').status_code == 200

    @pytest.mark.parametrize(
        "name", ["none", "..%2f.files.json", ".files.json", "projects.csv/", "files.json"]
    )
    def test_nothing_else_is_served(self, contest: Contest, name: str):
        assert browser().get(data(contest, name)).status_code in (301, 404)

    def test_a_large_result_is_not_written_while_somebody_waits(self, contest: Contest, monkeypatch):
        monkeypatch.setattr("viche.portal.open_data_page.AT_ONCE", 5)
        assert browser().get(data(contest, "votings.csv")).status_code == 503
        assert browser().get(data(contest)).status_code == 200

    def test_the_metadata_are_found_by_the_rules_of_csvw(self, contest: Contest, live_server):
        """Over HTTP, by the Link header; and by the site's own list of places."""
        found = CSVW(f"{live_server.url}{data(contest, 'projects.csv')}", validate=True)
        assert found.is_valid, [str(each.message) for each in found.warnings]
        assert not found.no_metadata
        assert browser().get("/.well-known/csvm").content.decode().splitlines()[0] == "{+url}-metadata.json"

    @pytest.mark.parametrize("name", ["ttl", "jsonld", "rdf"])
    def test_catalogues_of_the_body_and_of_the_platform(self, contest: Contest, name: str):
        for base in (prefix(contest.community), "/"):
            answer = browser().get(f"{base}data/catalog.{name}")
            assert b"projects.csv" in answer.content
        assert browser().get("/data/catalog.none").status_code == 404

    def test_the_dictionary_speaks_both_languages(self, db: None):
        document = json.loads(browser().get("/data/dictionary.json").content)
        for table in document["tables"]:
            for column in table["columns"]:
                assert re.search("[а-яіїєґ]", column["description"]["uk"])
                assert re.search("[a-z]", column["description"]["en"])


class TestTerms:
    def test_an_administrator_chooses_and_the_journal_says_so(self, contest: Contest):
        given.official("Віктор", "administrator", contest.community)
        client, address = browser(given.person("Віктор")), f"{prefix(contest.community)}office/data/"
        with clock.at(given.day(45)):
            assert client.get(address).status_code == 200
            wrong = client.post(address, {"licence": "cc0-1.0", "edrpou": "12", "mailbox": ""})
            assert wrong.status_code == 422
            done = client.post(address, {"licence": "cc0-1.0", "edrpou": "24388285", "mailbox": ""})
        assert done.status_code == 302
        assert Entry.objects.filter(kind="DataTermsSet").count() == 1
        assert "CC0" in browser().get(data(contest)).content.decode()
