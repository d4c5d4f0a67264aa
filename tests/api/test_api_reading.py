"""What everybody reads of a contest through the API, without a key."""

import hashlib
import json

import pytest
from django.test import Client
from django.utils.translation import override
from tests import given
from tests.programs import anonymous
from tests.reports.country import seed_country
from tests.surfaces.ground import publish

from viche.communities.models import Community, Territory
from viche.connectors.clients import tokens
from viche.foundation import clock
from viche.journal.actions import sequence_all
from viche.reports.across import bodies_of
from viche.reports.actions import count_tallies
from viche.reports.official.actions import ask_report, hide_report, make_report
from viche.reports.official.models import Report
from viche.reports.queries import figures_of

POLTAVA = "communities/poltava"
CONTEST = f"{POLTAVA}/contests/2026"


@pytest.fixture
def voting(db):
    """A contest with four projects that votes now."""
    made, projects = given.voting_contest()
    with clock.at(given.day(45)):
        yield made, projects


def test_a_body_is_found_by_its_address_and_by_its_code(voting):
    by_address, by_code = anonymous(POLTAVA), anonymous(f"communities/{given.POLTAVA}")
    assert by_address.status_code == by_code.status_code == 200
    assert by_address.json() == by_code.json()
    assert by_address.json()["community"] in {
        each["community"] for each in anonymous("communities").json()["items"]
    }


def test_a_contest_with_its_rules_and_stages(voting):
    found = anonymous(CONTEST).json()
    assert (found["phases"], found["number"], found["is_published"]) == (["voting"], 4, False)
    rules = anonymous(f"{CONTEST}/rules").json()
    assert rules["document"]["voter"]["min_age"] == 16
    stages = anonymous(f"{CONTEST}/stages").json()["items"]
    assert [each["phase"] for each in stages if each["is_open"]] == ["voting"]
    assert stages[0]["name"] == {"uk": "Подання", "en": "Submission"}


def test_projects_come_page_by_page_each_once(voting):
    numbers, address = [], f"{CONTEST}/projects?limit=3"
    while address:
        answer = anonymous(address.removeprefix("http://testserver/api/v1/"))
        page = answer.json()
        numbers += [each["number"] for each in page["items"]]
        address = page["next"]
        assert ('rel="next"' in answer.headers.get("Link", "")) is bool(address)
    assert numbers == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("size=large", [4]), ("state=admitted", [1, 2, 3, 4]), ("state=won", []), ("category=sport", []),
        (f"territory={given.DISTRICT}", [1, 2, 3, 4]), ("text=Проєкт", [1, 2, 3, 4]), ("text=трамвай", []),
        ("updated_since=2026-03-26T00:00:00Z", [1, 2, 3, 4]), ("updated_since=2026-06-01T00:00:00Z", []),
    ],
)  # fmt: skip
def test_projects_are_narrowed(voting, query, numbers):
    assert [each["number"] for each in anonymous(f"{CONTEST}/projects?{query}").json()["items"]] == numbers


@pytest.mark.parametrize(
    "query",
    [
        "after=none",
        "limit=101",
        "limit=0",
        "state=won-it",
        "updated_since=2026-06-01T00:00:00",
        "after=WzFd1",
    ],
)
def test_a_question_that_means_nothing_is_refused_in_words(voting, query):
    answer = anonymous(f"{CONTEST}/projects?{query}")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"]


def test_a_project_says_what_its_page_says_and_no_more(voting):
    _made, projects = voting
    said = anonymous(f"{CONTEST}/projects/1").json()
    assert (said["title"], said["cost"], said["state"]) == ("Проєкт 1", projects[0].cost, "admitted")
    assert not {"contact", "answers", "agreed", "author_id"} & set(said)
    assert anonymous(f"{CONTEST}/projects/1/signatures").json() == {
        "number": 0, "needed": None, "until": None, "days": []
    }  # fmt: skip


def test_what_was_not_changed_is_not_sent_again(voting):
    first = anonymous(f"{CONTEST}/projects")
    assert first["Cache-Control"] == "public, max-age=60"
    again = anonymous(f"{CONTEST}/projects", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    given.admitted_project(voting[0], "Ще один")
    assert anonymous(f"{CONTEST}/projects", **{"If-None-Match": first["ETag"]}).status_code == 200


def test_any_site_may_read_and_no_cookie_goes_along(voting):
    answer = anonymous(CONTEST, Origin="https://example.org")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert not answer.cookies


def test_results_are_there_once_they_are_published(db):
    made, projects = given.voting_contest()
    with clock.at(given.day(50)):
        assert anonymous(f"{CONTEST}/results").status_code == 404
    publish(made, {"Марта": projects[:2], "Юрій": [projects[0]]})
    with clock.at(given.day(75)):
        said = anonymous(f"{CONTEST}/results").json()
        assert (said["voters"], said["items"][0]["is_funded"], said["items"][0]["votes"]) == (2, True, 2)
        assert said["items"][2]["votes"] == 0
        assert len(said["dossier_digest"]) == 64
        works = anonymous(f"{CONTEST}/works").json()["items"]
        assert {each["state"] for each in works} == {"funded"}
        # what is linked opens
        from django.test import Client

        for address in (
            said["dossier"],
            said["outcome"],
            said["items"][0]["href"],
            works[0]["href"],
            works[0]["page"],
        ):
            assert Client().get(address.removeprefix("http://testserver")).status_code == 200


def test_before_publication_nothing_counts_votes(voting):
    from viche.ballots.actions import cast_ballot

    before = {
        path: anonymous(path).content for path in (CONTEST, f"{CONTEST}/projects", f"{CONTEST}/projects/1")
    }
    for name in ("Марта", "Юрій", "Ганна"):
        cast_ballot(
            contest=voting[0], voter=given.person(name), paper=given.paper(voting[1][0]), channel="online",
            request_key=name.encode().ljust(32, b"."),
        )  # fmt: skip
    assert {path: anonymous(path).content for path in before} == before
    for path in ("results", "works"):
        assert b"votes" not in anonymous(f"{CONTEST}/{path}").content


def test_the_log_is_followed_to_its_root(voting):
    from rulebook.merkle import Tree, leaf_hash

    sequence_all()
    log = anonymous(f"{POLTAVA}/log").json()["items"][0]
    leaves, address = [], log["entries"] + "?limit=7"
    while address:
        page = anonymous(address.removeprefix("http://testserver/api/v1/")).json()
        leaves += [each["leaf"] for each in page["items"]]
        address = page["next"]
    assert len(leaves) == log["size"]
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf_hash(leaf.encode()))
    assert tree.root().hex() == log["root"]


@pytest.mark.parametrize(
    "path",
    ["communities/nowhere", f"{POLTAVA}/contests/none", f"{CONTEST}/projects/99", "nothing",
     f"{POLTAVA}/log/1999/entries", f"{CONTEST}/projects/99999999999999999999", f"{POLTAVA}/contests/api",
     "communities/%00", f"{CONTEST}/projects/1/work"],
)  # fmt: skip
def test_what_is_not_there_is_a_problem(voting, path):
    answer = anonymous(path)
    assert answer.status_code in {400, 404}
    assert answer["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "code"} <= set(answer.json())


def test_words_of_refusals_come_in_the_language_asked_for(voting):
    assert (
        anonymous("nothing", **{"Accept-Language": "en"}).json()["title"]
        == "There is nothing at this address."
    )
    assert anonymous("nothing", **{"Accept-Language": "uk"}).headers["Content-Language"] == "uk"


def test_who_asks_too_often_is_told_when_to_come_back(voting, settings):
    settings.API_READS_MINUTE = 2
    first = anonymous(CONTEST)
    assert first["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert first["RateLimit"].startswith('"minute";r=1;t=')
    anonymous(CONTEST)
    third = anonymous(CONTEST)
    assert (third.status_code, third.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(third["Retry-After"]) <= 60


def test_the_description_is_openapi_with_every_scope(voting):
    said = anonymous("openapi.json").json()
    assert said["openapi"].startswith("3.1")
    scopes = set(said["components"]["securitySchemes"]["oauth"]["flows"]["clientCredentials"]["scopes"])
    assert scopes == {"projects:write", "reviews:write", "members:write", "works:write", "reports:read"}
    assert "examples" in json.dumps(said)


def test_head_is_answered_as_get_without_its_body(voting):
    from django.test import Client

    answer = Client().head(f"/api/v1/{CONTEST}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"] == anonymous(CONTEST)["ETag"]


def test_no_address_depends_on_the_language_asked_for(voting):
    said = [anonymous(f"{CONTEST}/projects/1", **{"Accept-Language": each}) for each in ("uk", "en")]
    assert said[0].json() == said[1].json()
    assert said[0]["ETag"] == said[1]["ETag"]


def test_an_address_of_the_network_is_counted_by_subscriber():
    def mark(address: str) -> str:
        return tokens.address_mark(address)

    assert mark("2001:db8:1:2::1") == mark("2001:db8:1:2:ffff::9") != mark("2001:db8:1:3::1")
    assert mark("203.0.113.7") == mark("::ffff:203.0.113.7") != mark("203.0.113.8")
    assert mark("") != mark("unknown")


def test_issued_reports_are_listed_with_the_hash_of_every_file(db):
    made, projects = given.voting_contest()
    publish(made, {"Марта": projects[:2], "Юрій": [projects[0]]})
    with clock.at(given.day(75)):
        count_tallies(contest=made)
        by = given.official("Олег", "commission", made.community)
        for kind in ("results-statement", "participation"):
            (asked,) = ask_report(contest=made, kind=kind, languages=["uk"], by=by)
            make_report(report=asked)
        assert len(anonymous(f"{CONTEST}/official-reports").json()["items"]) == 2
        hide_report(report=Report.objects.get(kind="participation"), by=by)
        shown = Report.objects.get(kind="results-statement")
        (told,) = anonymous(f"{CONTEST}/official-reports").json()["items"]
    assert (told["kind"], told["sha256"], told["withdrawn_at"]) == (shown.kind, shown.digest, None)
    assert told["files"]
    for file in told["files"]:
        content = Client().get(file["href"].removeprefix("http://testserver")).content
        assert hashlib.sha256(content).hexdigest() == file["sha256"]


def test_figures_are_those_of_the_page_in_both_languages(db):
    made, projects = given.voting_contest()
    with clock.at(given.day(50)):
        assert anonymous(f"{CONTEST}/figures").json()["items"] == []
        assert anonymous(f"{CONTEST}/figures/winners").status_code == 404
        assert anonymous(f"{POLTAVA}/years").status_code == 404
    publish(made, {"Марта": projects[:2], "Юрій": [projects[0]]})
    with clock.at(given.day(75)):
        count_tallies(contest=made)
        shown = {figure.key: figure for figure in figures_of(made)}
        listed = {each["key"]: each for each in anonymous(f"{CONTEST}/figures").json()["items"]}
        assert {key: each["sha256"] for key, each in listed.items()} == {
            key: figure.digest for key, figure in shown.items()
        }
        for key, each in listed.items():
            said = anonymous(each["href"].removeprefix("http://testserver/api/v1/")).json()
            assert [[row["key"], *row["values"]] for row in said["rows"]] == [
                row.document() for row in shown[key].rows
            ], key
            assert set(said["title"]) == {"uk", "en"}
        assert anonymous(f"{CONTEST}/figures/winners").json()["title"]["en"] == "What won"
        first = anonymous(f"{CONTEST}/figures/winners")
        again = anonymous(f"{CONTEST}/figures/winners", **{"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        years = anonymous(f"{POLTAVA}/years").json()
        assert [row["key"] for row in years["rows"]] == ["2026"]
        region = anonymous(f"regions/{given.POLTAVA[:4]}000000000028050").json()
        assert [row["key"] for row in region["rows"]] == ["poltava"]
        assert anonymous("regions/none").status_code == 404


def test_the_names_of_bodies_stand_on_their_own_rows_in_both_languages(db):
    """By Ukrainian letters Вінниця comes before Гадяч; by Latin ones Hadiach before Vinnytsia."""
    names = {
        "hromada-1": ("Вінниця", "Vinnytsia"),
        "hromada-2": ("Гадяч", "Hadiach"),
        "hromada-3": ("Єланець", "Yelanets"),
    }
    region = Territory.objects.get(code=f"{given.POLTAVA[:4]}000000000028050")
    seed_country(most=3, inside=region.path)
    for slug, (uk, en) in names.items():
        Community.objects.filter(slug=slug).update(name={"uk": uk, "en": en})
    rows = {row["key"]: row["label"] for row in anonymous(f"regions/{region.code}").json()["rows"]}
    assert rows == {slug: {"uk": uk, "en": en} for slug, (uk, en) in names.items()}
    digests = set()
    for language in ("uk", "en"):
        with override(language):
            digests.add(bodies_of(region).digest)
    assert len(digests) == 1
