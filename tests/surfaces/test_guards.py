"""Every URL of the house declares who may open it, and opens for them only: a crawl of all URLs by everybody.

Another community's contest or project is not found, whoever asks; nothing breaks on our side.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import quote

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls.resolvers import LocalePrefixPattern, URLPattern, URLResolver

from tests import given
from tests.surfaces.ground import Ground, browser, holder, prefix
from viche.communities.actions import archive_community
from viche.foundation.actor import SYSTEM
from viche.identity.actions import grant_office
from viche.identity.consents.wording import KINDS
from viche.office.rules_editor.sections import SECTIONS

VISITORS = (
    "anonymous", "outsider", "resident", "author", "operator", "commission", "administrator", "foreign administrator",
    "editor", "auditor", "platform",
)  # fmt: skip
ROLES = {"operator": {"operator"}, "commission": {"commission"}, "administrator": {"administrator"},
         "editor": {"editor"}, "auditor": {"auditor"}}  # fmt: skip
NAMES = {
    "theme": ["dark"],
    "page": ["about", *KINDS],
    "consent": ["poltava"],
    "office-paper-sheet": ["1"],
    "office-text": list(KINDS),
    "office-system-new": ["register-trembita"],
    "office-key-file": ["contest", "tool"],
    "office-papers-file": ["ballots", "specimen", "protocol", "sign-in"],
    "result-file": ["dossier", "outcome"],
    "office-rules-section": list(SECTIONS),
    "office-district": ["UA53080370010073240-1"],
    "bodies-region": ["UA53000000000028050"],
    "region-figures": ["UA53000000000028050", "UA"],
    **{
        f"region-{of}-{kind}": ["UA53000000000028050"]
        for of in ("parts", "bodies")
        for kind in ("csv", "json", "xlsx")
    },
    "region-parts-svg": ["UA"],
    "invitation": ["none"],
    "write-step": ["idea", "check"],
    "team-invitation": ["none"],
    "notices-confirm": ["none"],
    "notices-unsubscribe": ["none"],
    "platform-request": ["none"],
    "platform-body": ["poltava"],
    "platform-export": ["poltava"],
    "log-file": ["UA53080370010073240/2026/checkpoint"],
    "journal-entry": ["2026/0"],
    "journal-entry-leaf": ["2026/0"],
    "journal-entry-proof": ["2026/0"],
    "record-file": ["manifest.txt"],
    "office-desk-voter": ["none"],
    "office-desk-vote": ["none"],
    "office-desk-values": ["none"],
    "office-desk-review": ["none"],
    "office-desk-receipt": ["none"],
    "kiosk-phone": ["none"],
    "kiosk-handover": ["none"],
    "data-catalog": ["ttl", "jsonld", "rdf"],
    "platform-data-catalog": ["ttl", "jsonld", "rdf"],
    "contest-data-file": ["projects.csv", "votings.csv", "none"],
    "webhook-event-schema": ["ContestCreated"],
    "widget": ["status", "vote", "projects", "project", "map", "turnout", "results"],
    "widget-accent": ["0d4f6b"],
    "figure": ["course", "none"],
    "figure-csv": ["course", "none"],
    "figure-json": ["course", "none"],
    "figure-svg": ["course", "none"],
    "figure-xlsx": ["course", "none"],
    "figure-pdf": ["course", "none"],
    "designed-letters-end": ["none"],
    **{f"designed-{what}": ["none"] for what in ("figure", "csv", "json", "svg", "xlsx")},
    "widget-element": ["1"],
    **{
        f"{of}feed-{kind}": ["projects", "news", "results"]
        for of in ("", "contest-")
        for kind in ("rss", "atom", "json")
    },
}
# a reference that leads nowhere: pages of single requests and memberships have tests of their own
NOBODYS = "01890000-0000-7000-8000-000000000000"
# a public page may also answer so: no such state yet, nothing to show, or a look at what is not there
ALSO = {
    "callback": {400},
    None: {404},
    "vote": {409},
    "values": {409},
    "review": {409},
    "result-file": {404},
    "explanation": {404},
    "comparison": {404},
    "office-district": {404},
    # nothing was counted yet
    **{f"region-{of}-{kind}": {404} for of in ("parts", "bodies") for kind in ("csv", "json", "xlsx", "svg")},
    **{f"{of}-{kind}": {404} for of in ("years", "compared") for kind in ("csv", "json", "xlsx", "svg")},
    # which file
    "office-arrival": {404},
    "office-paper-import": {404},
    "office-paper-findings": {404},
    "office-paper-report": {404},
    # a draft is nobody's; a log that is not there; whoever is no program is no one
    **{
        f"api-{name}": {404}
        for name in ("contest", "rules", "stages", "projects", "project", "signatures", "opinions")
    },
    **{f"api-{name}": {404} for name in ("work", "works", "results", "entries", "checkpoint", "unknown")},
    # a figure that is not counted yet
    **{f"api-{name}": {404} for name in ("figures", "figure", "official_reports", "years", "region")},
    "api-token": {400},
    "office-program": {404},
    # which bank
    "office-terminal": {404},
    # which site of the body; which host
    "office-push": {404},
    "health-domain": {404},
    "office-networks": {404},
    "office-network": {404},
    # a secret address that is none
    "terminal-network": {404},
    "request-withdraw": {404},
    "office-member-end": {404},
    "notice": {404},
    "notices-confirm": {404},
    "notices-unsubscribe": {404},
    # whose opinion, whose project
    "office-message": {404},
    # which document, which statement; nobody tells numbers by GET
    "office-document": {404},
    "office-document-file": {404},
    "office-statement": {404},
    "documents-registered": {405},
    # which receiver
    **{name: {404} for name in ("office-webhook", "office-webhook-settings", "office-webhook-remove")},
    # a figure that is not counted yet
    **{f"figure-{kind}": {404} for kind in ("csv", "json", "svg", "xlsx", "pdf")},
    **{name: {404} for name in ("figure", "figures-xlsx", "figures-pdf")},
    **{name: {404} for name in ("figure", "figure-csv", "figure-json", "figure-svg")},
    # which report, which file of one
    **{name: {404} for name in ("office-report", "office-report-file", "report-file")},
    # which designed report; whose letters
    **{name: {404} for name in ("office-design", "office-design-schedule", "office-design-delete")},
    **{f"designed-{what}": {404} for what in ("figure", "csv", "json", "svg", "xlsx", "letters-end")},
    # which connected system
    "office-system": {404},
    "office-system-settings": {404},
    "platform-message": {404},
    "office-objection": {404},
    "platform-objection": {404},
    "office-opinion": {404},
    "opinion-file": {404},
    "project-review": {403},
    "office-request": {404},
    "meeting": {404},
    "protocol": {404},
    "office-meeting": {404},
    "office-appeal-document": {404},
    # somebody else's project
    "appeal": {403},
    "office-request-file": {404},
    # which signal; no turnout before the voting
    "office-integrity-signal": {404},
    "office-integrity-names": {404},
    "turnout-json": {404},
    "turnout-csv": {404},
    # which draft, which document
    "write-draft": {404},
    "write-discard": {404},
    "write-step": {404},
    "project-file": {404},
    # whose secret link it is; which office; which request; no archive was made
    "invitation": {404},
    "team-invitation": {404},
    # which comment is reported
    "talk-report": {404},
    # whoever may not write the news
    "news": {403},
    # what is not built yet is not rated
    "rate": {403, 409},
    "write-team": {404},
    "write-like": {404},
    "write-prices": {404},
    "office-staff-end": {404},
    "office-staff-reset": {404},
    "office-export": {404},
    "platform-request": {404},
    "platform-export": {404},
    # who has signed, and what; whose project it is; a project that needs no support has no sheet
    "sign": {409},
    "signature": {404},
    "signature-file": {404},
    "signature-withdraw": {404, 409},
    "signatories": {404},
    "sheet": {409},
    "mine": {404},
    # a project that has not won is not built
    "office-work": {404},
    "office-sheet": {404},
    "office-sheet-scan": {404},
    # which stack of paper ballots, which sheet of it; a contest without paper
    "office-paper": {404},
    "office-paper-recheck": {404},
    "office-paper-scan": {404},
    "office-paper-sheet": {404},
    "paper": {404},
    "paper-batch": {404},
    # whose attempt to identify; nobody delivers anything by GET
    "attempt": {400},
    "attempt-text": {400},
    "delivery": {404},
    "journal-stamp": {404},
    "journal-stamp-of": {404},
    # logs and records are files that the worker writes; the entry of another journal
    "log-file": {404},
    "journal-entry": {404},
    "journal-entry-leaf": {404},
    "journal-entry-proof": {404},
    "record": {404},
    "record-zip": {404},
    "record-file": {404},
    # which point, which voter, which visit
    "office-point": {404},
    "office-desk-point": {404},
    "office-desk-voter": {404},
    "office-desk-vote": {404},
    "office-desk-values": {404},
    "office-desk-review": {404},
    "office-desk-receipt": {404},
    "kiosk-phone": {404},
    # votes wait for the result; which file
    "contest-data-file": {404},
    # which picture; a draft has no feed, no picture and no map, for officials neither; an address of nothing
    "thumbnail": {404},
    **{f"contest-feed-{kind}": {404} for kind in ("rss", "atom", "json")},
    "picture-contest": {404},
    "picture-results": {404},
    "sitemap-contest": {404},
    "oembed": {400},
    # of what nobody has asked to print, of a draft; an auditor gets no ballots
    "office-papers-file": {403, 404, 409},
}


@dataclass(frozen=True)
class Route:
    """One URL: where it leads and who may open it."""

    name: str | None
    template: str
    guard: str
    inside: bool
    kinds: frozenset[str]

    def path(self, **values: Any) -> str:
        return self.template.format(**values)


def _routes(patterns: list[Any], inside: bool) -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            assert isinstance(pattern.pattern, LocalePrefixPattern), "a tree of URLs the crawl does not know"
            yield from _routes(pattern.url_patterns, inside)
            continue
        assert isinstance(pattern, URLPattern)
        kinds = dict(pattern.pattern.converters)
        route = str(pattern.pattern)
        if not kinds and "(?P<path>" in route:
            route, kinds = "media/projects/none.webp", {}
        for name in list(kinds):
            for written in (
                f"<contest:{name}>",
                f"<int:{name}>",
                f"<slug:{name}>",
                f"<str:{name}>",
                f"<path:{name}>",
            ):
                route = route.replace(written, f"{{{name}}}")
        guard = getattr(pattern.callback, "guard", None)
        assert guard is not None, f"{route} declares no guard"
        for value in NAMES.get(pattern.name or "", [None]):
            template = route.replace("{name}", str(value)) if value else route
            template = re.sub(r"<uuid:\w+>", NOBODYS, template)
            yield Route(pattern.name, _filled(template), guard, inside, frozenset(kinds))


def _filled(template: str) -> str:
    for name, value in {
        "provider": "isei",
        "dialect": "osmp",
        "path": "none",
        "kind": "csv",
        "community": "poltava",
        "log": "2026",
        "key": "course",
        "code": "UA53000000000028050",
    }.items():
        template = template.replace(f"{{{name}}}", value)
    return template


def routes() -> list[Route]:
    outside = _routes(import_module("viche.config.urls").urlpatterns, inside=False)
    inside = _routes(import_module("viche.config.community_urls").urlpatterns, inside=True)
    return [*outside, *inside]


def addresses(ground: Ground) -> Iterator[tuple[Route, str]]:
    for route in routes():
        base = prefix(ground.poltava) if route.inside else "/"
        if "contest" not in route.kinds:
            yield route, base + route.path()
            continue
        for contest in (ground.voting, ground.published, ground.draft):
            if "number" in route.kinds and contest == ground.draft:
                continue
            yield route, base + route.path(contest=contest.slug, number=1)


def may_open(route: Route, visitor: str) -> bool:
    if route.guard in ("public", "signed", "client"):
        return True
    if route.guard == "identified":
        return visitor != "anonymous"
    if route.guard == "platform":
        return visitor == "platform"
    wanted = set(route.guard.removeprefix("official:").split(",")) - {""}
    held = ROLES.get(visitor, set())
    # an auditor reads every page of the officials
    return bool(held & wanted if wanted else held) or "auditor" in held


def test_every_url_declares_a_known_guard() -> None:
    known = {"public", "identified", "platform", "signed", "client"}
    assert {route.guard for route in routes() if not route.guard.startswith("official:")} == known
    assert len(routes()) > 40


@pytest.mark.parametrize("visitor", VISITORS)
def test_each_page_opens_for_whom_its_guard_names(ground: Ground, visitor: str) -> None:
    client = browser(ground.visitors[visitor])
    faults = []
    for route, address in addresses(ground):
        response = client.get(address)
        is_draft = f"/{ground.draft.slug}/" in address and not route.guard.startswith("official:")
        if (
            is_draft
            and route.guard not in ("signed", "client")
            and visitor not in ROLES
            and may_open(route, visitor)
        ):
            fine = {404}  # a contest whose rules are not frozen is there for officials of the body only
        elif may_open(route, visitor):
            fine = {200, 302} | ALSO.get(route.name, set())
            if route.guard in ("signed", "client"):
                fine = {401}  # whoever it is: a program with a key, and no visitor
            if route.guard == "client":
                fine = {401, 405}  # where programs only write
            if route.name == "office-export" and visitor == "auditor":
                fine = {403}  # an auditor reads pages and takes nothing home
            if route.name == "withdraw" and visitor != "author":
                fine = {403}
            elif route.name == "withdraw":
                fine = {409}
        elif visitor == "anonymous":
            fine = {302}
            expected = f"next={quote(address, safe='')}"
            if response.status_code == 302 and expected not in response["Location"]:
                faults.append(f"{address}: does not come back here after login: {response['Location']}")
        else:
            fine = {403}
        if response.status_code not in fine:
            faults.append(f"{address} ({route.guard}): {response.status_code}, expected {sorted(fine)}")
    assert faults == []


@pytest.mark.parametrize("visitor", VISITORS)
def test_another_communitys_contest_and_project_are_not_found(ground: Ground, visitor: str) -> None:
    client = browser(ground.visitors[visitor])
    faults = []
    for route in routes():
        if "contest" not in route.kinds:
            continue
        asked = [route.path(contest=ground.foreign.slug, number=7)]
        if "number" in route.kinds:
            asked.append(route.path(contest=ground.voting.slug, number=7))
        for path in asked:
            for answer in (
                client.get(prefix(ground.poltava) + path),
                client.post(prefix(ground.poltava) + path),
            ):
                reads = answer.wsgi_request.method == "POST" and visitor == "auditor"
                is_open = may_open(route, visitor) and not (reads and route.guard.startswith("official"))
                fine = {404} if is_open else {302, 401} if visitor == "anonymous" else {403}
                fine = {401} if route.guard == "signed" else fine
                if answer.status_code not in fine:
                    faults.append(f"{path} ({route.guard}): {answer.status_code}, expected {sorted(fine)}")
    assert faults == []


@pytest.mark.parametrize("visitor", ["anonymous", "author", "administrator"])
def test_an_empty_form_breaks_nothing(ground: Ground, visitor: str) -> None:
    """A form sent empty to any URL is answered in words, never by a fault of ours."""
    faults = []
    client: Client = browser(ground.visitors[visitor])
    for route, address in addresses(ground):
        answer = client.post(address)
        if answer.status_code >= 500:
            faults.append(f"{address}: {answer.status_code}")
        if route.name == "logout":
            client = browser(ground.visitors[visitor])
    assert faults == []


def test_an_auditor_changes_nothing_and_is_shown_no_form(ground: Ground) -> None:
    """Every page of the officials opens for an auditor, without a form; every other method is refused."""
    client = browser(ground.visitors["auditor"])
    faults, seen = [], 0
    for route, address in addresses(ground):
        if not route.guard.startswith("official:"):
            continue
        for act in (client.post, client.put, client.patch, client.delete):
            answer = act(address)
            if answer.status_code != 403 or b"auditor_reads" not in answer.content:
                faults.append(f"{act.__name__} {address}: {answer.status_code}")
        answer = client.get(address)
        if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            seen += 1
            main = answer.content.partition(b"<main")[2].partition(b"</main>")[0]
            # narrowing a list changes nothing
            main = re.sub(rb'<form method="get".*?</form>', b"", main, flags=re.S)
            if b"<form" in main or b"<button" in main:
                faults.append(f"{address}: shows a form")
    assert faults == []
    assert seen > 8


def test_somebody_with_another_office_besides_acts_by_that_one(ground: Ground) -> None:
    both = holder("Подвійна", "auditor", ground.poltava)
    grant_office(person=both, community=ground.poltava, role="operator", by=SYSTEM)
    client = browser(both)
    assert client.post(f"{prefix(ground.poltava)}office/members/", {"basis": "work"}).status_code == 422
    assert client.post(f"{prefix(ground.poltava)}office/staff/", {"act": "close"}).status_code == 403


def test_nothing_is_done_in_a_body_that_has_left_and_everything_is_read(ground: Ground) -> None:
    """A crawl of all addresses by everybody: forms are refused in words, pages open as before."""
    archive_community(community=ground.poltava, decision="№ 1", by=SYSTEM)
    faults = []
    for visitor in ("anonymous", "author", "commission", "administrator"):
        client = browser(ground.visitors[visitor])
        for route, address in addresses(ground):
            if not route.inside or route.name in {"logout", "login"}:
                continue
            answer = client.post(address)
            if answer.status_code != 409 or b"archived" not in answer.content:
                faults.append(f"POST {address} as {visitor}: {answer.status_code}")
            if may_open(route, visitor) and client.get(address).status_code >= 500:
                faults.append(f"GET {address} as {visitor}")
    assert faults == []
    with pytest.raises(DatabaseError, match="nothing is done here"), transaction.atomic():
        given.submitted_project(ground.voting)
    home = browser().get(prefix(ground.poltava))
    assert home.status_code == 200
    assert b"notice" in home.content


HOSTILE = (
    *("\x00", "'; DROP TABLE projects_project; --", "<script>alert(1)</script>", ":* & | !((", "\\", "%"),
    *("-1", "99999999999999999999999", "é" * 500, "\u202e", "5" * 400),
)
FIELDS = (
    "q",
    "page",
    "seed",
    "min",
    "max",
    "sort",
    "size",
    "type",
    "area",
    "state",
    "code",
    "year",
    "next",
    "error",
    "by",
)


def test_hostile_text_in_an_address_finds_nothing_and_breaks_nothing(ground: Ground) -> None:
    client = browser(ground.visitors["resident"], raise_request_exception=False)
    base = prefix(ground.poltava)
    pages = [
        *(
            "/",
            "/login/",
            "/theme/dark/",
            "/identity/callback/isei/",
            f"{base}journal/",
            f"{base}2025/results/",
            "/regions/",
            f"{base}years/",
            f"{base}compared/",
        ),
        *(f"{base}2026/{page}/" for page in ("projects", "vote", "vote/review", "check")),
    ]
    places = [
        *(
            "/pages/{}/",
            "/regions/{}/",
            "/theme/{}/",
            "/media/{}",
            f"{base}{{}}/",
            f"{base}2025/results/{{}}.json",
        ),
        *(f"{base}2026/projects/{{}}/", "/identity/callback/{}/"),
    ]
    faults = []
    for word in HOSTILE:
        answers = [client.get(address, dict.fromkeys(FIELDS, word)) for address in pages]
        answers += [client.get(place.format(quote(word, safe=""))) for place in places]
        sent = {"q": word, "choice": [word], "shown": [word], "search": "1"}
        answers += [client.post(f"{base}2026/vote/", sent), client.get(f"{base}2026/vote/")]
        answers += [
            client.get(f"{base}2026/vote/review/"),
            client.post("/login/", {"method": word, "next": word}),
        ]
        answers += [client.post(f"{base}2026/vote/review/", {"choice": word, "request_key": word})]
        for answer in answers:
            if answer.status_code >= 500 or b"<script>alert" in answer.content:
                faults.append(
                    f"{ascii(word)[:40]} {answer.wsgi_request.get_full_path()[:60]}: {answer.status_code}"
                )
    assert faults == []
