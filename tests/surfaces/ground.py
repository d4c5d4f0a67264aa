"""What the tests of pages stand on: browsers of different visitors, and two communities with contests.

Poltava has a contest that is voting ("2026"), one that is over and published ("2025") and a draft ("2027");
Lviv has a contest of its own ("lviv"), so that a page of one community can be asked for in the other.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.test.client import ClientHandler

from tests import given
from viche.ballots.actions import cast_ballot, open_box
from viche.communities.models import Community
from viche.contests.actions import create_contest
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.identity.actions import grant_office
from viche.identity.models import Person
from viche.identity.queries import actor_of
from viche.identity.sessions import AT, METHOD, PERSON
from viche.projects.actions import submit_project
from viche.projects.models import Project
from viche.results.actions import certify_result, publish_result, run_count
from viche.review.actions import decide_review

VOTING_DAY = given.day(45)


@cache
def _handler(enforces_csrf: bool) -> ClientHandler:
    """One for all browsers: each of its own would read the folder of static files anew."""
    return ClientHandler(enforces_csrf)


def browser(person: Person | None = None, *, at: datetime = VOTING_DAY, **options: Any) -> Client:
    """A browser of its own; with a person, of somebody who identified by BankID at that moment."""
    client = Client(**options)
    client.handler = _handler(client.handler.enforce_csrf_checks)
    if person is not None:
        session = client.session
        session[PERSON], session[AT], session[METHOD] = str(person.id), at.isoformat(), "isei:bank_id"
        session.save()
    return client


def resident(name: str = "Петро", **facts: Any) -> Person:
    return given.person(name, family_name="Шевчук", **facts)


def outsider() -> Person:
    return given.person("Тарас", serial=909, region="Львівська", locality="м. Львів")


def holder(name: str, role: str, body: Community, **facts: Any) -> Person:
    """Somebody who holds an office there."""
    someone = given.person(name, **facts)
    grant_office(person=someone, community=body, role=role, by=SYSTEM)
    return someone


def platform_administrator() -> Person:
    someone = given.person("Назар", serial=910, region="м. Київ", locality="м. Київ")
    grant_office(person=someone, community=None, role="platform", by=SYSTEM)
    return someone


def prefix(body: Community) -> str:
    return f"/{body.slug}/"


def publish(contest: Contest, ballots: dict[str, list[Project]]) -> None:
    """Cast these ballots by invented residents, open, count, certify by two and publish."""
    with clock.at(given.day(45)):
        for name, chosen in ballots.items():
            cast_ballot(
                contest=contest, voter=resident(name), paper=given.paper(*chosen), channel="online",
                request_key=name.encode().ljust(32, b"."),
            )  # fmt: skip
    body = contest.community
    members = [holder(name, "commission", body) for name in ("Ірина", "Сергій")]
    contest = Contest.objects.get(pk=contest.pk)
    with clock.at(given.day(62)):
        open_box(contest=contest, by=actor_of(members[0], body))
        count = run_count(contest=contest, by=actor_of(members[0], body))
        for member in members:
            certify_result(count=count, by=actor_of(member, body))
        publish_result(count=count, by=actor_of(members[0], body))


@dataclass
class Ground:
    """The two communities, and everybody who may knock at the door."""

    poltava: Community
    lviv: Community
    voting: Contest
    published: Contest
    draft: Contest
    foreign: Contest
    visitors: dict[str, Person | None]


def lay_ground() -> Ground:
    poltava, lviv = given.community(), given.community(given.LVIV)
    olena = given.person("Олена")
    voting, _projects = given.voting_contest(poltava)
    published, projects = given.voting_contest(poltava, slug="2025", projects=4)
    publish(published, {"Марта": projects[:2], "Юрій": [projects[0], projects[3]], "Ганна": projects[:1]})
    with clock.at(given.day(-10)):
        draft = create_contest(
            community=poltava, slug="2027", year=2027, title={"uk": "Громадський бюджет 2027"},
            rules=given.RULES, schedule=given.schedule(), by=SYSTEM,
        )  # fmt: skip
    foreign = foreign_contest(lviv)
    visitors = {
        "anonymous": None,
        "outsider": outsider(),
        "resident": resident(),
        "author": olena,
        "operator": holder("Галина", "operator", poltava),
        "commission": holder("Ірина", "commission", poltava),
        "administrator": holder("Віктор", "administrator", poltava),
        "editor": holder("Юлія", "editor", poltava),
        "auditor": holder("Аліна", "auditor", poltava),
        "platform": platform_administrator(),
        "foreign administrator": holder(
            "Зоряна", "administrator", lviv, region="Львівська", locality="м. Львів"
        ),
    }
    return Ground(poltava, lviv, voting, published, draft, foreign, visitors)


def foreign_contest(body: Community) -> Contest:
    """A voting contest in another community with one project, No. 7: no contest of Poltava has that number."""
    contest = given.contest(body, slug="lviv")
    author = given.person("Соломія", region="Львівська", locality="м. Львів")
    with clock.at(given.day(5)):
        for number in range(1, 8):
            project = submit_project(
                contest=contest, author=author, by=actor_of(author, body),
                draft=given.draft(f"Львівський проєкт {number}", territory=body.territory),
            )  # fmt: skip
    member = holder("Орися", "commission", body, region="Львівська", locality="м. Львів")
    with clock.at(given.day(25)):
        decide_review(project=project, verdict="admit", by=actor_of(member, body))
    return contest


class Page(HTMLParser):
    """What tests ask of a page: its language, title, headings, links, forms' hidden fields and visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.lang = self.title = ""
        self.headings: list[str] = []
        self.links: list[str] = []
        self.resources: list[str] = []
        self.hidden: dict[str, list[str]] = {}
        self.wrong: list[str] = []
        self.checked: list[str] = []
        self.inline: list[str] = []
        self._inside: list[str] = []
        self._words: list[str] = []
        self.feed(text)
        self.text = " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        self.inline += [name for name in facts if name.startswith("on") or name == "style"]
        if tag == "style" or (
            tag == "script" and "src" not in facts and facts.get("type") != "application/ld+json"
        ):
            self.inline.append(tag)
        if tag == "html":
            self.lang = facts.get("lang", "")
        if tag == "a" and "href" in facts:
            self.links.append(facts["href"])
        if tag in {"link", "script", "img"}:
            self.resources.append(facts.get("href") or facts.get("src", ""))
        if tag == "input" and facts.get("type") == "hidden":
            self.hidden.setdefault(facts["name"], []).append(facts.get("value", ""))
        if facts.get("aria-invalid") == "true":
            self.wrong.append(facts.get("name", ""))
        if tag == "input" and "checked" in facts:
            self.checked.append(facts.get("value", ""))
        if tag in {"title", "h1", "script", "style"}:
            self._inside.append(tag)
            if tag == "h1":
                self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        inside = self._inside[-1] if self._inside else ""
        if inside == "title":
            self.title += data
        elif inside == "h1":
            self.headings[-1] += data
        if inside not in {"script", "style", "title"}:
            self._words.append(data)

    @property
    def own_links(self) -> list[str]:
        """Addresses on this site, without fragments."""
        found = [href.partition("#")[0] for href in self.links]
        return [href for href in dict.fromkeys(found) if href and not re.match(r"[a-z]+:|//", href)]


def page(response: Any) -> Page:
    return Page(response.content.decode())
