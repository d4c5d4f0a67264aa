"""The desk at which sheets of signatures are entered, from the scan to the count."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import given
from tests.projects.test_support_sheets import PDF, number_of
from tests.surfaces.ground import browser, holder, page, prefix
from viche.foundation import clock
from viche.projects.models import Project, SheetEntry, SupportSheet

pytestmark = pytest.mark.django_db


class Desk:
    def __init__(self) -> None:
        self.contest = given.supported_contest()
        self.project = given.submitted_project(self.contest)
        body = self.contest.community
        self.base = f"{prefix(body)}office/2026/support/"
        self.people = {name: holder(name, "operator", body) for name in ("Галина", "Ігор", "Ольга")}

    def get(self, address: str, who: str = "Галина"):
        with clock.at(given.day(7)):
            return browser(self.people[who], at=given.day(7)).get(address)

    def post(self, address: str, who: str = "Галина", **fields):
        with clock.at(given.day(7)):
            return browser(self.people[who], at=given.day(7)).post(address, fields)

    def received(self) -> str:
        """The address of a sheet with one line that was just received."""
        scan = SimpleUploadedFile("аркуш.pdf", PDF, "application/pdf")
        return self.post(f"{self.base}sheets/new/", project="1", lines="1", scan=scan).headers["Location"]

    def line(self, address: str, who: str, serial: int = 1, **fields):
        data = {
            "act": "line", "line": "1", "family_name": "Мельниченко", "given_name": "Мешканка",
            "number": number_of(serial), "territory": given.POLTAVA,
        }  # fmt: skip
        return self.post(address, who, **{**data, **fields})


def test_received_entered_twice_settled_and_counted() -> None:
    desk = Desk()
    there = desk.received()
    desk.line(there, "Галина")
    assert "Перше введення" in page(desk.get(there)).text
    desk.post(there, "Галина", act="end")
    second = desk.get(there, "Ігор")
    assert "Мельниченко" not in page(second).text, "the second entry is blind"
    desk.line(there, "Ігор", 2)
    desk.post(there, "Ігор", act="end")
    assert "відрізняється" in page(desk.get(there, "Ольга")).text
    desk.post(there, "Ольга", act="choose", line="1", turn="1")
    desk.post(there, "Ольга", act="close")
    assert Project.objects.get(pk=desk.project.pk).supporters == 1
    assert "враховано" in page(desk.get(there, "Ольга")).text
    overview = page(desk.get(desk.base, "Ольга"))
    assert "1 з 3" in overview.text
    assert "Галина" in overview.text


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost() -> None:
    desk = Desk()
    there = desk.received()
    answer = desk.line(there, "Галина", number="123")
    assert answer.status_code == 422
    assert page(answer).wrong == ["number"]
    assert "Мельниченко" in answer.content.decode()
    assert not SheetEntry.objects.exists()


def test_a_scan_is_saved_not_shown_and_only_by_the_bodys_operators() -> None:
    desk = Desk()
    there = desk.received()
    scan = desk.get(f"{there}scan/")
    assert scan.content == PDF
    assert scan["Content-Disposition"].startswith("attachment")
    other = given.community(given.LVIV)
    desk.people["Зоряна"] = holder("Зоряна", "operator", other, region="Львівська", locality="м. Львів")
    assert desk.get(f"{there}scan/", "Зоряна").status_code == 403


def test_a_renamed_file_is_refused_in_words() -> None:
    desk = Desk()
    scan = SimpleUploadedFile("аркуш.pdf", b"MZ\x90", "application/pdf")
    answer = desk.post(f"{desk.base}sheets/new/", project="1", lines="1", scan=scan)
    assert answer.status_code == 422
    assert page(answer).wrong == ["scan"]


def test_put_aside() -> None:
    desk = Desk()
    there = desk.received()
    desk.post(there, act="discard", **{"discard-reason": "Не той проєкт"})
    assert SupportSheet.objects.get().discarded == "Не той проєкт"
    assert "Не той проєкт" in page(desk.get(there)).text
