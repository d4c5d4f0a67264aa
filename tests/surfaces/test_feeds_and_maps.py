"""What programs read: feeds, maps of the site, oEmbed. Only what everybody sees, with ids that stay."""

from typing import Any
from urllib.parse import quote

import feedparser
import pytest
from django.test import Client
from lxml import etree

from tests import given
from tests.surfaces.ground import Ground, browser, prefix, publish
from viche.contests.models import Contest
from viche.foundation import clock
from viche.identity.queries import actor_of
from viche.journal.actions import sequence_all
from viche.projects.models import Project
from viche.talk.actions import publish_news

MAPS = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def read(client: Client, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, address
    if address.partition("?")[0].endswith(".json"):
        return answer.json()
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


@pytest.mark.parametrize("kind", ["rss", "atom"])
@pytest.mark.parametrize("where", ["feeds/", "feeds/2026/"])
def test_projects_stand_in_the_feed_of_their_contest_and_of_the_body(
    ground: Ground, kind: str, where: str
) -> None:
    found = read(browser(), f"{prefix(ground.poltava)}{where}projects.{kind}")
    titles = {each.title for each in found.entries}
    project = Project.objects.get(contest=ground.voting, number=1)
    assert project.title in titles
    assert not any("Львівський" in title for title in titles)
    own = next(each for each in found.entries if each.id == f"urn:uuid:{project.pk}")
    assert own.link == "http://testserver/poltava/2026/projects/1/"
    assert found.feed.language == "uk" if kind == "rss" else found.feed.title


def test_the_json_feed_says_the_same(ground: Ground) -> None:
    found = read(browser(), f"{prefix(ground.poltava)}feeds/2026/projects.json")
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    atom = read(browser(), f"{prefix(ground.poltava)}feeds/2026/projects.atom")
    assert [each["id"] for each in found["items"]] == [each.id for each in atom.entries]
    assert found["feed_url"].endswith("/poltava/feeds/2026/projects.json")


def test_news_and_decisions_stand_in_one_feed(ground: Ground) -> None:
    project = Project.objects.get(contest=ground.voting, number=1)
    author = project.author
    assert author is not None
    publish_news(
        project=project,
        title="Ескіз готовий",
        text="Дивіться на сторінці.",
        by=actor_of(author, ground.poltava),
    )
    sequence_all()
    found = read(browser(), f"{prefix(ground.poltava)}feeds/2026/news.atom")
    ids = [each.id for each in found.entries]
    assert len(ids) == len(set(ids))
    assert any(each.title == "Ескіз готовий" for each in found.entries)
    decisions = [each for each in found.entries if each.id.startswith("urn:viche:journal:")]
    assert decisions
    assert all(each.id.startswith(f"urn:viche:journal:{ground.poltava.code}/20") for each in decisions)
    assert any("допущено" in each.title or "admitted" in each.title for each in decisions)
    again = read(browser(), f"{prefix(ground.poltava)}feeds/2026/news.rss")
    assert {each.id for each in again.entries} == set(ids)


def test_results_appear_with_their_winners_once_they_are_published(ground: Ground) -> None:
    found = read(browser(), f"{prefix(ground.poltava)}feeds/results.atom")
    assert [each.link for each in found.entries] == ["http://testserver/poltava/2025/results/"]
    assert "₴" in found.entries[0].summary
    assert read(browser(), f"{prefix(ground.poltava)}feeds/2026/results.json")["items"] == []


def test_a_reader_that_has_the_feed_is_told_so(ground: Ground) -> None:
    address = f"{prefix(ground.poltava)}feeds/projects.rss"
    first = browser().get(address)
    again = browser().get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert not first.cookies
    english = browser().get(f"{address}?lang=en")
    assert english["Content-Language"] == "en"
    assert b"/poltava/en/2026/projects/1/" in english.content


@pytest.mark.parametrize("name", ["feeds/none.rss", "feeds/2027/projects.rss", "feeds/lviv/projects.rss"])
def test_no_feed_of_what_is_not_public(ground: Ground, name: str) -> None:
    assert browser(ground.visitors["administrator"]).get(prefix(ground.poltava) + name).status_code == 404


def locations(client: Client, address: str, kind: str = "url") -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return etree.fromstring(answer.content).xpath(f"//m:{kind}/m:loc/text()", namespaces=MAPS)


def test_the_map_of_the_platform_leads_to_every_public_page(ground: Ground) -> None:
    client = browser()
    maps = locations(client, "/sitemap.xml", "sitemap")
    assert "http://testserver/poltava/sitemap-pages.xml" in maps
    assert "http://testserver/poltava/sitemap-2026.xml" in maps
    assert not any("2027" in each for each in maps)
    pages = [page for each in maps for page in locations(client, each.removeprefix("http://testserver"))]
    assert len(pages) == len(set(pages))
    assert "http://testserver/poltava/2026/projects/1/" in pages
    assert "http://testserver/poltava/en/2025/results/" in pages
    for page in pages:
        assert client.get(page.removeprefix("http://testserver")).status_code == 200, page
        assert not any(each in page for each in ("/office/", "/my/", "/login/", "/vote/"))


def test_a_page_of_the_map_names_its_other_language_and_its_last_change(ground: Ground) -> None:
    root = etree.fromstring(browser().get(f"{prefix(ground.poltava)}sitemap-2026.xml").content)
    first = root[0]
    there = dict(
        zip(*[first.xpath(f"x:link/@{name}", namespaces=MAPS) for name in ("hreflang", "href")], strict=True)
    )
    assert there == {
        "uk": "http://testserver/poltava/2026/projects/1/", "en": "http://testserver/poltava/en/2026/projects/1/",
    }  # fmt: skip
    assert first.findtext("m:lastmod", namespaces=MAPS)


def test_search_engines_leave_pages_of_persons_alone(ground: Ground) -> None:
    text = browser().get("/robots.txt").content.decode()
    assert "Disallow: /*/my/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def asked(url: str, **more: object) -> str:
    extra = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/oembed?url={quote(url, safe='')}{extra}"


@pytest.mark.parametrize(
    ("page", "kind"),
    [("2026/", "status"), ("2026/projects/1/", "project"), ("2025/results/", "results"),
     ("2026/projects/", "projects"), ("2026/projects/map/", "map"), ("", "status")],
)  # fmt: skip
def test_an_address_pasted_elsewhere_becomes_its_widget(ground: Ground, page: str, kind: str) -> None:
    answer = browser().get(asked(f"http://testserver/poltava/{page}", maxwidth=320))
    said = answer.json()
    assert (said["version"], said["type"], said["width"]) == ("1.0", "rich", 320)
    assert f"http://testserver/poltava/widgets/{kind}/" in said["html"]
    source = said["html"].partition('src="')[2].partition('"')[0].replace("&amp;", "&")
    assert browser().get(source.removeprefix("http://testserver")).status_code == 200
    if "thumbnail_url" in said:
        picture = browser().get(said["thumbnail_url"].removeprefix("http://testserver"))
        assert picture["Content-Type"] == "image/jpeg"
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_the_same_as_xml_and_in_english(ground: Ground) -> None:
    answer = browser().get(asked("http://testserver/poltava/en/2026/projects/1/", format="xml"))
    root = etree.fromstring(answer.content)
    assert root.tag == "oembed"
    assert "lang=en" in root.findtext("html")
    assert root.findtext("type") == "rich"


@pytest.mark.parametrize(
    ("url", "status"),
    [("http://testserver/poltava/2027/", 404), ("http://testserver/poltava/office/", 404),
     ("http://testserver/poltava/2026/projects/99/", 404), ("https://example.org/poltava/2026/", 404),
     ("http://testserver/lviv/2026/", 404), ("javascript:alert(1)", 404), ("http://[", 404),
     ("http://testserver/poltava/my/", 404)],
)  # fmt: skip
def test_what_is_not_ours_or_not_public_is_not_embedded(ground: Ground, url: str, status: int) -> None:
    assert browser(ground.visitors["administrator"]).get(asked(url)).status_code == status


def test_what_oembed_is_asked_wrongly(ground: Ground) -> None:
    assert browser().get("/oembed").status_code == 400
    assert browser().get(asked("http://testserver/poltava/2026/", format="yaml")).status_code == 501
    said = browser().get(asked("http://testserver/poltava/2026/", maxwidth="wide")).json()
    assert said["width"] == 800


def test_a_body_at_its_own_address_has_its_own_map_and_embeds(db: None, settings: Any) -> None:
    settings.OWN_DOMAINS_AT_ONCE = True
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "budget.machukhy.example"]
    body = given.community(given.MACHUKHY)
    type(body).objects.filter(pk=body.pk).update(host="budget.machukhy.example")
    body.refresh_from_db()
    with clock.at(given.day(5)):
        given.contest(body, slug="2026")
    client = Client(headers={"host": "budget.machukhy.example"})
    there = "http://budget.machukhy.example"
    assert f"{there}/sitemap-2026.xml" in locations(client, "/sitemap.xml", "sitemap")
    said = client.get(asked(f"{there}/2026/")).json()
    assert f"{there}/widgets/status/?contest=2026" in said["html"]
    assert f"Sitemap: {there}/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_publishing_is_what_puts_results_into_a_feed(ground: Ground) -> None:
    contest = Contest.objects.get(pk=ground.voting.pk)
    projects = list(Project.objects.filter(contest=contest, state="admitted").order_by("number"))
    publish(contest, {"Марта": projects[:1], "Юрій": projects[:1]})
    found = read(browser(), f"{prefix(ground.poltava)}feeds/2026/results.json")
    assert len(found["items"]) == 1
