"""What others are told of a page: its picture, its one address, what it is about. Only of public pages."""

import io
import re
from html import unescape
from typing import Any

import extruct
import pytest
from django.http import HttpResponse
from PIL import Image

from tests import given
from tests.surfaces.ground import Ground, browser, prefix
from viche.connectors.website.keeping import folder, sweep
from viche.connectors.website.lettering import INSTEAD, _file_of, fitted, length_of
from viche.connectors.website.social import Card, picture_of
from viche.foundation import clock
from viche.projects.models import Project

PUBLIC = ("", "2026/", "2026/projects/", "2026/projects/1/", "2025/results/", "2026/rules/", "2026/turnout/")


def tags(answer: HttpResponse) -> dict[str, str]:
    text = answer.content.decode()
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', text)
    return {name: unescape(value) for name, value in found}


def links(answer: HttpResponse, rel: str) -> list[dict[str, str]]:
    found = re.findall(rf'<link rel="{rel}"([^>]*)>', answer.content.decode())
    return [dict(re.findall(r'(\w+)="([^"]*)"', unescape(each))) for each in found]


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize("language", ["", "en/"])
def test_a_public_page_has_one_address_in_each_language_and_a_picture(
    ground: Ground, name: str, language: str
) -> None:
    answer = browser().get(f"{prefix(ground.poltava)}{language}{name}?utm_source=x&seed=ab")
    here = f"http://testserver/poltava/{language}{name}"
    assert [each["href"] for each in links(answer, "canonical")] == [here]
    there = {each["hreflang"]: each["href"] for each in links(answer, "alternate") if "hreflang" in each}
    assert there == {
        "uk": f"http://testserver/poltava/{name}", "en": f"http://testserver/poltava/en/{name}",
    }  # fmt: skip
    said = tags(answer)
    assert said["og:url"] == here
    assert said["og:locale"] == ("en_GB" if language else "uk_UA")
    assert said["og:title"]
    assert said["og:image:alt"]
    picture = browser().get(said["og:image"].removeprefix("http://testserver"))
    with Image.open(io.BytesIO(picture.content)) as image:
        assert (image.format, image.size) == ("JPEG", (1200, 630))
    assert "public" in picture["Cache-Control"]


def test_a_project_is_shared_under_its_own_name(ground: Ground) -> None:
    project = Project.objects.get(contest=ground.voting, number=1)
    said = tags(browser().get(f"{prefix(ground.poltava)}2026/projects/1/"))
    assert said["og:title"] == project.title
    assert said["og:type"] == "article"
    assert "₴" in said["og:image:alt"]
    assert said["twitter:card"] == "summary_large_image"


@pytest.mark.parametrize("name", ["my/", "office/", "2027/", "none/"])
def test_pages_of_persons_officials_and_drafts_are_not_shared(ground: Ground, name: str) -> None:
    answer = browser(ground.visitors["administrator"]).get(prefix(ground.poltava) + name)
    assert "og:url" not in tags(answer)
    assert links(answer, "canonical") == []


def test_a_page_leads_to_its_feeds_and_to_its_widget(ground: Ground) -> None:
    answer = browser().get(f"{prefix(ground.poltava)}2026/projects/1/")
    found = {each.get("type", ""): each["href"] for each in links(answer, "alternate")}
    for kind in (
        "application/atom+xml",
        "application/feed+json",
        "application/json+oembed",
        "text/xml+oembed",
    ):
        assert browser().get(found[kind].removeprefix("http://testserver")).status_code == 200, kind
    embedded = browser().get(found["application/json+oembed"].removeprefix("http://testserver"))
    assert "widgets/project/" in embedded.json()["html"]


def said_of(address: str) -> list[dict[str, Any]]:
    answer = browser().get(address)
    found = extruct.extract(answer.content.decode(), syntaxes=["json-ld"])["json-ld"]
    assert len(found) == 1
    assert found[0]["@context"] == "https://schema.org"
    graph: list[dict[str, Any]] = found[0]["@graph"]
    return graph


def test_search_engines_learn_who_holds_the_vote_and_when(ground: Ground) -> None:
    graph = {each["@type"]: each for each in said_of(f"{prefix(ground.poltava)}2026/")}
    event = graph["Event"]
    assert event["organizer"]["@id"] == graph["GovernmentOrganization"]["@id"]
    window = ground.voting.window("voting")
    assert window is not None
    assert event["startDate"] == window.starts_at.isoformat()
    assert event["location"]["url"] == "http://testserver/poltava/2026/vote/"


def test_a_project_is_said_to_be_granted_money_only_where_it_won(ground: Ground) -> None:
    waiting = {each["@type"]: each for each in said_of(f"{prefix(ground.poltava)}2026/projects/1/")}
    assert "funding" not in waiting["CreativeWork"]
    crumbs = waiting["BreadcrumbList"]["itemListElement"]
    assert [each["position"] for each in crumbs] == [1, 2, 3, 4]
    winner = Project.objects.filter(contest=ground.published, state="funded").order_by("number").first()
    assert winner is not None
    won = {each["@type"]: each for each in said_of(f"{prefix(ground.poltava)}2025/projects/{winner.number}/")}
    assert won["CreativeWork"]["funding"]["amount"]["currency"] == "UAH"


def test_no_title_ends_the_block_of_data(ground: Ground) -> None:
    hostile = "</script><script>alert(1)</script> & <b>"
    with clock.at(given.day(5)):
        project = given.submitted_project(ground.voting, hostile)
    address = f"{prefix(ground.poltava)}2026/projects/{project.number}/"
    text = browser().get(address).content.decode()
    assert "<script>alert" not in text
    assert said_of(address)[1]["name"] == project.title


def test_ukrainian_letters_and_signs_are_all_in_the_house_letters() -> None:
    alphabet = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
    for letter in alphabet + alphabet.upper() + "’“”«»–—№₴0123456789 абвABCxyz€%.,:;!?()":
        assert _file_of(letter.translate(INSTEAD) or letter), letter


def test_a_long_title_is_wrapped_and_never_runs_out_of_the_picture() -> None:
    text = "Реконструкція внутрішньобудинкових мереж електропостачання " * 8
    for width in (400, 1072):
        size, lines = fitted(text, sizes=((64, 3), (42, 4)), weight=700, width=width)
        assert len(lines) == 4
        assert lines[-1].endswith("…")
        assert all(length_of(line, size, 700) <= width for line in lines)
    size, lines = fitted("Сквер", sizes=((64, 3), (42, 4)), weight=700, width=1072)
    assert (size, lines) == (64, ["Сквер"])
    assert fitted("Я" * 300, sizes=((42, 4),), weight=700, width=400)[1]


def test_a_picture_is_drawn_once_for_each_content(db: None) -> None:
    body = given.community(given.MACHUKHY)
    card = Card("Мачухівська громада", "Сквер", "Проєкт № 1", "300 000 ₴", "Громадський бюджет")
    first = picture_of(body, card)
    files = [*folder().glob("??/*")]
    assert picture_of(body, card) == first
    assert [*folder().glob("??/*")] == files
    body.brand_colour = "#7a1f1f"
    assert picture_of(body, card) != first
    assert sweep(seconds=10_000) == 0
    assert sweep(seconds=-10) == 2
    assert sweep(seconds=-10) == 0
