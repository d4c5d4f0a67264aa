"""Widgets: pages made for other people's sites. What each shows, how it looks, and what it must never do there."""

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from tests import given
from tests.surfaces.ground import Ground, browser, page, prefix
from tests.surfaces.test_every_page import directives
from viche.communities.actions import archive_community
from viche.communities.models import Community
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.colours import LIGHT_GROUNDS, TEXT, contrast, parsed
from viche.portal.widgets import KINDS


@pytest.fixture(autouse=True)
def _drawn_anew() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def address(body: Community, kind: str, **asked: object) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{prefix(body)}widgets/{kind}/?{query}"


def every(ground: Ground) -> list[str]:
    """Each widget of each contest, and with what means nothing."""
    found = []
    for kind in KINDS:
        for contest in ("", "2026", "2025", "2027", "lviv", "none"):
            found.append(address(ground.poltava, kind, contest=contest, project=1))
        found.append(
            address(ground.poltava, kind, contest="2026", project="x", n=-1, theme="pink", lang="xx")
        )
    return found


def test_every_widget_answers_kindly_whatever_it_is_asked(ground: Ground) -> None:
    """A page of somebody else's never shows an error of ours: no contest, a draft, a foreign one, nonsense."""
    faults = []
    for each in [*every(ground), address(ground.poltava, "none")]:
        answer = browser().get(each)
        seen = page(answer)
        if answer.status_code != 200 or len(seen.headings) != 1 or not seen.headings[0].strip():
            faults.append(f"{each}: {answer.status_code} {seen.headings}")
    assert faults == []


def test_a_draft_and_a_foreign_contest_stay_unseen_also_by_officials(ground: Ground) -> None:
    administrator = browser(ground.visitors["administrator"])
    for slug in ("2027", "lviv"):
        for kind in KINDS:
            text = administrator.get(address(ground.poltava, kind, contest=slug)).content.decode()
            assert "Громадський бюджет 2027" not in text
            assert "Львівський" not in text
            assert "widget-nothing" in text


def test_widgets_may_be_framed_and_no_other_page(ground: Ground) -> None:
    for each in every(ground):
        answer = browser().get(each)
        assert "X-Frame-Options" not in answer.headers
        assert directives(answer)["frame-ancestors"] == ["*"]
        assert directives(answer)["script-src"] == ["'self'"]
        assert answer["X-Robots-Tag"] == "noindex"
    for name in ("", "2026/", "2026/projects/1/", "2026/vote/"):
        answer = browser().get(prefix(ground.poltava) + name)
        assert answer["X-Frame-Options"] == "DENY"
        assert directives(answer)["frame-ancestors"] == ["'none'"]


@pytest.mark.parametrize("visitor", ["anonymous", "resident", "administrator"])
def test_no_cookie_is_set_and_none_is_read(ground: Ground, visitor: str) -> None:
    """Also where the community's site lies on the same domain, so that the browser sends our cookies along."""
    client = browser(ground.visitors[visitor])
    before = dict(client.cookies)
    for each in every(ground):
        answer = client.get(each)
        assert "Set-Cookie" not in str(answer.headers)
        assert not answer.cookies
        assert "cookie" not in answer.get("Vary", "").lower()
    assert dict(client.cookies) == before
    # the session that was left aside is still there on the pages themselves
    status = client.get(f"{prefix(ground.poltava)}my/").status_code
    assert status == (302 if visitor == "anonymous" else 200)


def test_everything_in_a_widget_opens_in_a_new_tab_and_needs_no_script(ground: Ground) -> None:
    for kind in KINDS:
        answer = browser().get(address(ground.poltava, kind, contest="2025", project=1))
        text = answer.content.decode()
        links = re.findall(r"<a [^>]*>", text)
        assert links, kind
        assert all('target="_blank" rel="noopener"' in each for each in links), kind
        assert page(answer).inline == []
        assert text.count("<script") == 1
        assert "<form" not in text


def test_a_widget_is_kept_for_a_minute_and_not_sent_twice(ground: Ground) -> None:
    first = browser().get(address(ground.poltava, "status", contest="2026"))
    assert first["Cache-Control"] == "public, max-age=60"
    again = browser().get(
        address(ground.poltava, "status", contest="2026"), headers={"If-None-Match": first["ETag"]}
    )
    assert again.status_code == 304
    assert not again.content
    other = browser().get(
        address(ground.poltava, "status", contest="2025"), headers={"If-None-Match": first["ETag"]}
    )
    assert other.status_code == 200


def seen(client: Client, body: Community, kind: str, **asked: object) -> str:
    return page(client.get(address(body, kind, **asked))).text


def test_what_each_widget_shows(ground: Ground) -> None:
    client, body = browser(), ground.poltava
    status = seen(client, body, "status", contest="2026")
    assert "Голосування" in status
    assert "залишилося" in status
    assert "Проголосувати" in seen(client, body, "vote", contest="2026")
    listed = seen(client, body, "projects", contest="2026", n=1)
    assert listed.count("№") == 1
    assert "№ 1" in seen(client, body, "project", contest="2026", project=1)
    winners = seen(client, body, "results", contest="2025")
    assert "₴" in winners
    assert "проголосувал" in seen(client, body, "turnout", contest="2025")


def test_without_a_contest_it_is_the_one_people_ask_about_now(ground: Ground) -> None:
    client = browser()
    assert "/poltava/2026/vote/" in client.get(address(ground.poltava, "vote")).content.decode()
    assert "/poltava/2025/results/" in client.get(address(ground.poltava, "results")).content.decode()


def test_language_theme_and_accent_come_from_the_address(ground: Ground) -> None:
    client = browser()
    text = client.get(
        address(ground.poltava, "status", contest="2026", lang="en", theme="dark")
    ).content.decode()
    assert '<html lang="en" data-theme="dark">' in text
    assert "Vote now" in text
    assert "/poltava/en/2026/vote/" in text
    plain = client.get(address(ground.poltava, "status", contest="2026")).content.decode()
    assert "data-theme" not in plain
    assert 'lang="uk"' in plain
    for accent in ("ffff00", "%23FFFF00"):
        text = client.get(address(ground.poltava, "status", accent=accent)).content.decode()
        assert "/poltava/widgets/accent-ffff00.css" in text
    for wrong in ("red", "12345", "../../x", "%22%3E%3Cscript%3E"):
        text = client.get(address(ground.poltava, "status", accent=wrong)).content.decode()
        assert "accent-red" not in text
        assert "<script>" not in text


@pytest.mark.parametrize("accent", ["ffff00", "ffffff", "000000", "ff6600", "7fd4ff"])
def test_an_accent_is_moved_until_text_in_it_can_be_read(ground: Ground, accent: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1 on every ground, whatever colour the site has."""
    sheet = browser().get(f"{prefix(ground.poltava)}widgets/accent-{accent}.css")
    assert sheet["Content-Type"].startswith("text/css")
    colour = re.search(r"--community-brand: (#[0-9a-f]{6})", sheet.content.decode())
    assert colour is not None
    for background in LIGHT_GROUNDS:
        assert contrast(parsed(colour[1]), parsed(background)) >= TEXT


def test_a_body_that_has_left_shows_an_empty_widget(ground: Ground) -> None:
    archive_community(community=ground.poltava, decision="№ 1", by=SYSTEM)
    for kind in KINDS:
        answer = browser().get(address(ground.poltava, kind, contest="2026"))
        assert answer.status_code == 200
        assert b"widget-nothing" in answer.content


def test_a_body_without_a_contest_says_so(db: None) -> None:
    body = given.community(given.MACHUKHY)
    assert "widget-nothing" in browser().get(address(body, "status")).content.decode()


def test_no_choice_of_anybody_is_told_before_the_results(ground: Ground) -> None:
    """During the voting a widget knows how many have voted and not for what."""
    for kind in KINDS:
        text = seen(browser(), ground.poltava, kind, contest="2026", project=1)
        assert " голос" not in text.replace("голосуванн", ""), kind


def test_a_widget_costs_nothing_the_second_time(ground: Ground, django_assert_num_queries: object) -> None:
    browser().get(address(ground.poltava, "projects", contest="2026"))
    with django_assert_num_queries(1):  # type: ignore[operator]  # whose body it is
        browser().get(address(ground.poltava, "projects", contest="2026"))


def test_what_is_drawn_once_is_drawn_anew_after_half_a_minute(ground: Ground) -> None:
    first = seen(browser(), ground.poltava, "status", contest="2026")
    with clock.at(given.day(46)):
        assert seen(browser(), ground.poltava, "status", contest="2026") != first
