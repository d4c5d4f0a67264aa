"""Looks at personal data: a crawl of every page of the officials finds no citizen on a page that declares to show none,
and a row for every page that shows one; what auditors read of it names no citizen.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests import given
from tests.surfaces.ground import VOTING_DAY, Ground, browser, holder, page, platform_administrator, prefix
from tests.surfaces.test_guards import NOBODYS, routes
from viche.connectors.contact.models import ContactMessage
from viche.connectors.export.actions import approve_export, make_export, request_export
from viche.connectors.export.queries import latest_export
from viche.foundation import clock, private_files
from viche.foundation.actor import SYSTEM
from viche.identity.actions import Proof, grant_office, invite_official, request_connection, submit_request
from viche.identity.models import (
    NOTHING,
    Access,
    ConnectionRequest,
    DataKind,
    Objection,
    Person,
    ProofRequest,
)
from viche.identity.providers import make_tax_number
from viche.identity.queries import accesses_about, actor_of
from viche.projects.models import Attachment, Project, SheetEntry, SupportSheet
from viche.projects.models.files import SHELF as PROJECT_FILES
from viche.projects.models.sheets import SCANS
from viche.review.models import Appeal, AppealDocument, Assignment
from viche.review.models.appeals import SHELF as APPEAL_FILES
from viche.talk.models import Comment

PDF = b"%PDF-1.7\n" + b"0" * 64 + b"\n%%EOF\n"
EMAIL, PHONE, DOCUMENT = "sentinel@example.org", "+380509990011", "СТОРОЖ-777"
# whatever of these stands in an answer is a citizen on the page
SENTINELS = ("Олена Коваленко", "Олена К.", "Коваленко Олена", EMAIL, PHONE, DOCUMENT)


@dataclass
class Watched:
    """A ground where Olena is everywhere that an official could meet her. references: by name of the address."""

    ground: Ground
    olena: Person
    official: Person
    nazar: Person
    references: dict[str, list[str]]

    def at(self, path: str) -> str:
        return f"{prefix(self.ground.poltava)}office/{path}"


@pytest.fixture
def watched(ground: Ground) -> Watched:
    body, olena = ground.poltava, ground.visitors["author"]
    assert olena is not None
    official = holder("Уляна", "administrator", body)
    for role in ("editor", "reviewer", "commission", "operator"):
        grant_office(person=official, community=body, role=role, by=SYSTEM)
    proof = Proof(
        basis="work", evidence="employment-certificate", document_number=DOCUMENT, key=uuid.uuid4(),
        territory=body.territory, files=[("довідка.pdf", PDF)],
    )  # fmt: skip
    request = submit_request(person=olena, community=body, proof=proof, by=actor_of(olena, body))
    membership = given.grant(olena, body, basis="study", document_reference=DOCUMENT)
    said = {"subject": "question", "text": PHONE, "name": "Олена Коваленко", "email": EMAIL, "language": "uk"}
    said |= {"base": "https://x/", "received_at": VOTING_DAY}
    message, to_platform = (
        ContactMessage.objects.create(community=there, form=uuid.uuid4(), **said) for there in (body, None)
    )
    invite_official(
        community=body, email=EMAIL, role="partner", unit="", language="uk", base="https://x/", by=SYSTEM
    )
    asked = request_connection(
        code="UA53080470000053547", body="Щербанівська сільська рада", position="секретарка", email=EMAIL, phone=PHONE,
        proof="лист № 1", has_consented=True, method="isei:bank_id", language="uk", person=olena,
    )  # fmt: skip
    Project.objects.filter(author=olena).update(contact=PHONE)
    project = Project.objects.get(contest=ground.voting, number=1)
    Comment.objects.create(project=project, person=olena, text="!", state="waiting", at=VOTING_DAY)
    appeal = Appeal.objects.create(
        project=project,
        reason=f"Дзвоніть: {PHONE}",
        refused_at=VOTING_DAY,
        filed_by=olena,
        filed_at=VOTING_DAY,
    )
    document = AppealDocument.objects.create(
        appeal=appeal, name="витяг.pdf", media_type="application/pdf", size=len(PDF), digest=""
    )
    private_files.keep(document.pk, PHONE.encode(), shelf=APPEAL_FILES)
    sheet = SupportSheet.objects.create(
        contest=ground.voting, project=project, number=1, lines=2, scan_type="application/pdf", scan_size=1,
        scan_digest="x", received_at=VOTING_DAY, first_by=official,
    )  # fmt: skip
    private_files.keep(sheet.pk, PHONE.encode(), shelf=SCANS)
    SheetEntry.objects.create(
        sheet=sheet, turn=1, line=1, family_name="Коваленко", given_name="Олена", entered_by=official,
        entered_at=VOTING_DAY, number_kind="tax", birth_date=VOTING_DAY.date(), territory=body.territory,
    )  # fmt: skip
    office = official.offices.get(role="reviewer")
    assignment = Assignment.objects.create(
        project=project, unit="ЖКГ", stage="", office=office, assigned_at=VOTING_DAY
    )
    denied = {"person": olena, "text": PHONE, "act": "!", "reference": "x", "filed_at": VOTING_DAY}
    here, above = (
        Objection.objects.create(community=there, kind=kind, **denied)
        for there, kind in ((body, "project"), (None, "identification"))
    )
    references = {
        "office-objection": [here.pk], "platform-objection": [above.pk],
        "office-member-end": [membership.pk], "office-request": [request.pk],
        "office-request-file": [request.pk, request.files.get().pk], "office-message": [message.pk],
        "platform-message": [to_platform.pk], "platform-request": [asked.pk], "office-sheet": [sheet.pk],
        "office-sheet-scan": [sheet.pk], "office-appeal-document": [document.pk], "office-opinion": [assignment.pk],
    }  # fmt: skip
    return Watched(
        ground, olena, official, platform_administrator(),
        {name: [str(each) for each in found] for name, found in references.items()},
    )  # fmt: skip


def crawled(watched: Watched) -> list[tuple[str, Any, tuple[str, ...]]]:
    """(name of the address, answer, what it declares) of every page of officials and of the platform."""
    shows = _declared()
    clients = {True: browser(watched.official), False: browser(watched.nazar)}
    found = []
    for route in routes():
        if not (route.guard == "platform" or route.guard.startswith("official:")):
            continue
        slugs = ["2026", "2025", "2027"] if "contest" in route.kinds else [""]
        for slug in slugs:
            path = route.path(contest=slug, number=1) if slug else route.path()
            for reference in watched.references.get(route.name or "", []):
                path = path.replace(NOBODYS, reference, 1).replace("requests/none", f"requests/{reference}")
            base = prefix(watched.ground.poltava) if route.inside else "/"
            answer = clients[route.inside].get(base + path)
            found.append((str(route.name), answer, shows[str(route.name)]))
    return found


def _declared() -> dict[str, tuple[str, ...]]:
    from importlib import import_module

    from django.urls import URLResolver

    def every(patterns: list[Any]) -> dict[str, tuple[str, ...]]:
        named = {}
        for each in patterns:
            if isinstance(each, URLResolver):
                named |= every(each.url_patterns)
            else:
                named[str(each.name)] = getattr(each.callback, "shows", ())
        return named

    tables = ("viche.config.urls", "viche.config.community_urls")
    return {
        name: shows for table in tables for name, shows in every(import_module(table).urlpatterns).items()
    }


def text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


def test_no_citizen_stands_on_a_page_that_declares_to_show_none(watched: Watched) -> None:
    faults, showing = [], set()
    for name, answer, shows in crawled(watched):
        if answer.status_code != 200:
            continue
        seen = [word for word in SENTINELS if word in text_of(answer)]
        if seen and shows == (NOTHING,):
            faults.append(f"{answer.wsgi_request.path}: {seen}")
        if seen:
            showing.add(name)
    assert faults == []
    # the ground shows Olena on these, or the crawl would prove nothing
    assert showing >= {
        "office-members", "office-member-end", "office-requests", "office-request", "office-messages", "office-message",
        "office-staff", "office-review", "office-check-project", "office-talk", "office-appeals",
        "office-appeal-document", "office-sheet-scan", "office-sheet", "platform", "platform-request",
        "platform-messages", "platform-message",
    }  # fmt: skip


def test_every_page_that_shows_her_leaves_a_row(watched: Watched) -> None:
    silent = []
    for name, answer, _shows in crawled(watched):
        is_seen = answer.status_code == 200 and any(word in text_of(answer) for word in SENTINELS)
        if is_seen and not Access.objects.filter(page=name).exists():
            silent.append(answer.wsgi_request.path)
    assert silent == []
    assert Access.objects.filter(page="office-request-file", kind=DataKind.PROOFS).exists()


def test_of_what_names_her_in_the_database_each_row_says_so(watched: Watched) -> None:
    crawled(watched)
    about_her = set(Access.objects.filter(people__contains=[watched.olena.pk]).values_list("page", flat=True))
    assert about_her == {
        "office-members", "office-member-end", "office-requests", "office-request", "office-request-file",
        "office-review", "office-check-project", "office-talk", "office-appeals", "office-appeal-document",
        "office-objections", "office-objection", "platform-objections", "platform-objection",
        "platform", "platform-request",
    }  # fmt: skip
    kinds = {(each.role, each.kind) for each in accesses_about(person=watched.olena)}
    assert ("operator", "requests") not in kinds, (
        "who holds several offices acts by the first that opens the page"
    )
    assert {("administrator", "requests"), ("administrator", "proofs"), ("platform", "connections")} <= kinds


def test_a_row_holds_no_name_number_or_address(watched: Watched) -> None:
    crawled(watched)
    for row in Access.objects.all():
        assert not any(word in str(vars(row)) for word in SENTINELS)


def test_a_page_that_is_refused_or_not_there_leaves_no_row(watched: Watched) -> None:
    stranger = browser(watched.ground.visitors["outsider"])
    assert stranger.get(watched.at("members/requests/")).status_code == 403
    client = browser(watched.official)
    assert client.get(watched.at(f"members/requests/{NOBODYS}/")).status_code == 404
    assert client.head(watched.at("members/requests/")).status_code == 200
    assert not Access.objects.exists()


def test_an_empty_list_is_no_look(ground: Ground) -> None:
    client = browser(ground.visitors["operator"])
    assert client.get(f"{prefix(ground.poltava)}office/members/requests/").status_code == 200
    assert client.get(f"{prefix(ground.poltava)}office/members/merge/").status_code == 200
    assert not Access.objects.exists()


def test_what_cannot_be_written_down_is_not_shown(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("viche.portal.showing.record_access", broken)
    client = browser(watched.official, raise_request_exception=False)
    answer = client.get(watched.at("members/requests/"))
    assert answer.status_code == 500
    assert "Олена" not in answer.content.decode()


class TestSearchByDocument:
    """An operator who types a number has looked somebody up, whatever comes of it."""

    def number(self, serial: int) -> str:
        return make_tax_number(given.date(1985, 5, 5), "female", serial * 2).number

    def search(self, watched: Watched, number: str) -> Client:
        client = browser(watched.ground.visitors["operator"])
        client.post(
            watched.at("members/"),
            {
                "tax_number": number, "basis": "work", "territory": given.POLTAVA, "evidence": "employment-certificate",
                "document_reference": "довідка",
            },
        )  # fmt: skip
        return client

    def test_of_somebody_known(self, watched: Watched) -> None:
        self.search(watched, self.number(given.serial_of("Олена")))
        row = Access.objects.get(kind=DataKind.SEARCHES)
        assert (row.page, row.people, row.number, row.role) == (
            "office-members",
            [watched.olena.pk],
            1,
            "operator",
        )

    def test_of_nobody(self, watched: Watched) -> None:
        self.search(watched, self.number(4321))
        row = Access.objects.get(kind=DataKind.SEARCHES)
        assert (row.people, row.number) == ([], 0)

    def test_of_two_records_to_be_made_one_also_where_it_is_refused(self, watched: Watched) -> None:
        client = browser(watched.ground.visitors["operator"])
        sent = {
            "tax_number": self.number(given.serial_of("Олена")), "passport": "КН123456", "document_reference": "обидва",
        }  # fmt: skip
        assert client.post(watched.at("members/merge/"), sent).status_code == 422
        row = Access.objects.get(kind=DataKind.MERGING)
        assert (row.people, row.number) == ([watched.olena.pk], 1)


def test_a_document_that_is_not_public_is_a_look_of_an_official_and_none_of_its_author(
    watched: Watched,
) -> None:
    project = Project.objects.get(contest=watched.ground.voting, number=1)
    row = Attachment.objects.create(
        project=project, name="згода.pdf", media_type="application/pdf", size=1, digest="", is_public=False,
        added_at=VOTING_DAY,
    )  # fmt: skip
    private_files.keep(row.pk, PDF, shelf=PROJECT_FILES)
    address = f"{prefix(watched.ground.poltava)}2026/files/{row.pk}/"
    assert browser(watched.olena).get(address).status_code == 200
    assert not Access.objects.exists()
    assert browser(watched.official).get(address).status_code == 200
    look = Access.objects.get()
    assert (look.kind, look.page, look.people) == ("files", "project-file", [watched.olena.pk])


def test_the_archive_of_a_body_is_a_look_at_all(watched: Watched) -> None:
    body = watched.ground.poltava
    request_export(community=body, by=actor_of(watched.official, body))
    export = latest_export(body)
    assert export is not None
    make_export(export=export)
    approve_export(export=export, by=actor_of(holder("Друга", "administrator", body), body))
    assert browser(watched.official).get(watched.at("leaving/archive.zip")).status_code == 200
    look = Access.objects.get(kind=DataKind.ARCHIVE)
    assert (look.number, look.record) == (None, body.code)


class TestPages:
    def test_an_auditor_reads_who_looked_at_what_and_no_citizen(self, watched: Watched) -> None:
        crawled(watched)
        seen = browser(watched.ground.visitors["auditor"]).get(watched.at("access/"))
        text = seen.content.decode()
        assert not [word for word in SENTINELS if word in text]
        shown = page(seen).text
        assert "Уляна Коваленко" in shown
        assert "Заяви про підтвердження членства" in shown
        assert "Файл заяви" in shown
        assert str(watched.olena.pk)[-8:] in shown

    def test_it_is_narrowed_and_paged(self, watched: Watched) -> None:
        client = browser(watched.ground.visitors["auditor"])
        official = browser(watched.official)
        for minutes in range(0, 60 * 11, 11):
            with clock.at(VOTING_DAY + timedelta(minutes=minutes)):
                browser(watched.official, at=clock.now()).get(watched.at("members/requests/"))
        official.get(watched.at("staff/"))
        assert (
            page(client.get(watched.at("access/"))).text.count("Уляна Коваленко") == 50 + 1
        )  # and in the filter
        assert page(client.get(watched.at("access/?page=2"))).text.count("Уляна Коваленко") == 11 + 1
        by_kind = page(client.get(watched.at("access/?kind=staff")))
        assert by_kind.text.count("Уляна Коваленко") == 1 + 1
        by_day = page(client.get(watched.at("access/?day=2025-01-01")))
        assert "Переглядів немає" in by_day.text
        assert client.get(watched.at("access/?day=колись&official=x")).status_code == 422

    def test_another_bodys_looks_are_not_shown(self, watched: Watched) -> None:
        browser(watched.official).get(watched.at("staff/"))
        zoriana = browser(watched.ground.visitors["foreign administrator"])
        there = page(zoriana.get(f"{prefix(watched.ground.lviv)}office/access/"))
        assert "Переглядів немає" in there.text

    def test_the_platforms_looks_stand_at_its_own_desk(self, watched: Watched) -> None:
        client = browser(watched.nazar)
        client.get("/platform/")
        assert "Заяви про підключення органу" in page(client.get("/platform/access/")).text
        assert "Назар" not in page(browser(watched.official).get(watched.at("access/"))).text

    @pytest.mark.parametrize("address", ["office/retention/", "pages/retention/"])
    def test_terms_stand_in_words(self, watched: Watched, address: str) -> None:
        client = browser(watched.ground.visitors["auditor"])
        shown = page(client.get(prefix(watched.ground.poltava) + address)).text
        assert "30 днів після рішення" in shown
        assert "2 години після останньої сторінки" in shown

    def test_the_privacy_page_says_the_same_and_leads_to_the_table(self, watched: Watched) -> None:
        base = prefix(watched.ground.poltava)
        shown = page(browser().get(f"{base}pages/privacy/"))
        assert f"{base}pages/retention/" in shown.own_links
        assert "30 днів після рішення" in shown.text

    def test_runs_stand_on_the_platforms_page(self, watched: Watched) -> None:
        from viche.identity.models import RetentionRun

        RetentionRun.objects.create(rule="proofs", at=VOTING_DAY, number=1234, took=5)
        RetentionRun.objects.create(rule="letters", at=VOTING_DAY, took=5, error="OSError")
        shown = page(browser(watched.nazar).get("/platform/retention/")).text
        assert "1 234" in shown.replace("\xa0", " ").replace("\u202f", " ")
        assert "OSError" in shown
        assert "1 правило не спрацювало" in shown


def test_a_request_granted_by_a_pressed_button_shows_nobody(watched: Watched) -> None:
    proof = ProofRequest.objects.get()
    client = browser(watched.ground.visitors["operator"])
    assert client.post(watched.at(f"members/requests/{proof.pk}/"), {"act": "grant"}).status_code == 302
    assert not Access.objects.exists()
    assert ConnectionRequest.objects.count() == 1
