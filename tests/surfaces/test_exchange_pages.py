"""Pages of documents and money: what officials do there, what everybody sees, what a document system tells us."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import given
from tests.connectors.won import DAY, begin, winner
from tests.surfaces.ground import browser, prefix
from viche.connectors.documents.actions import make_token
from viche.connectors.documents.models import Dispatch
from viche.connectors.treasury.models import BudgetLine, Payment, Statement
from viche.foundation import clock
from viche.identity.models import Access, Person
from viche.review.actions import decide_review

FILE = "\r\n".join(
    [
        "Номер платежу;Дата;Сума;Отримувач;Призначення", "1;10.05.2026;1 000,10;ТОВ;ГБ-2026-1", "2;x;1;;",
        "3;11.05.2026;5;;інше",
    ]
)  # fmt: skip


@pytest.fixture(autouse=True)
def _files(settings, tmp_path) -> None:
    settings.PRIVATE_ROOT = tmp_path / "private"


class Desk:
    """The browser of an official, at one moment."""

    def __init__(self, by, at):
        self._browser, self._at = browser(Person.objects.get(pk=by.person_id), at=at), at

    def get(self, url):
        with clock.at(self._at):
            return self._browser.get(url)

    def post(self, url, data):
        with clock.at(self._at):
            return self._browser.post(url, data)


def at_the_desk(by, at=DAY):
    return Desk(by, at)


def desk(project):
    return f"{prefix(project.contest.community)}office/systems/"


def in_work():
    project, by = winner()
    begin(project, by)
    return project, by


def refused_project():
    contest = given.contest()
    project = given.submitted_project(contest)
    with clock.at(given.day(25)):
        decide_review(
            project=project, verdict="reject", reason="Земля приватна.",
            by=given.official("Ірина", "commission", contest.community),
        )  # fmt: skip
    return project, given.official("Віктор", "administrator", contest.community)


def sent(client, url, **data):
    return client.post(url, data)


@pytest.mark.django_db
class TestDocuments:
    def test_a_letter_is_made_read_numbered_and_its_number_is_public(self):
        project, by = refused_project()
        client, here = at_the_desk(by, given.day(26)), f"{desk(project)}documents/"
        assert list(client.get(here).context["waiting"]) == ["answer"]
        assert client.post(here, {"act": "make", "kinds": ["answer"]}).status_code == 302
        document = Dispatch.objects.get()
        page = client.get(f"{here}{document.pk}/")
        assert "Земля приватна." in page.content.decode()
        assert client.get(f"{here}{document.pk}/file/").content.startswith(b"%PDF-")
        looks = Access.objects.filter(kind="authors", record=str(document.pk))
        assert {tuple(each.people) for each in looks} == {(project.author_id,)}
        bad = client.post(f"{here}{document.pk}/", {"act": "number", "number": "", "day": "2026-03-27"})
        assert bad.status_code == 422
        client.post(f"{here}{document.pk}/", {"act": "number", "number": "02-10/7", "day": "2026-03-27"})
        with clock.at(given.day(26)):
            shown = browser().get(f"{prefix(project.contest.community)}2026/projects/{project.number}/")
        assert "02-10/7" in shown.content.decode()

    def test_the_package_is_downloaded_and_what_is_in_it_is_handed_over(self):
        project, by = refused_project()
        client, here = at_the_desk(by, given.day(26)), f"{desk(project)}documents/"
        client.post(here, {"act": "make", "kinds": ["answer"]})
        packed = client.post(here, {"act": "package"})
        assert packed.content.startswith(b"PK")
        assert Dispatch.objects.get().state == "handed"

    def test_the_registry_is_set_and_a_token_is_shown_once(self):
        project, by = refused_project()
        client, here = at_the_desk(by), f"{desk(project)}documents/settings/"
        said = {
            "act": "save",
            "revision": "0",
            "organisation": "21044301",
            "executor": "",
            "makes": ["answer"],
        }
        assert sent(client, here, **said | {"organisation": "1"}).status_code == 422
        assert sent(client, here, **said).status_code == 302
        token = sent(client, here, act="token").context["token"]
        assert len(token) > 30
        assert token not in client.get(here).content.decode()

    def test_a_document_system_tells_a_number(self):
        project, by = refused_project()
        client, here = at_the_desk(by, given.day(26)), f"{desk(project)}documents/"
        client.post(here, {"act": "make", "kinds": ["answer"]})
        token = make_token(community=project.contest.community, by=by)
        said = {
            "key": str(Dispatch.objects.get().pk),
            "registrationNumber": "7",
            "registrationDate": "2026-03-26",
        }
        address = f"{prefix(project.contest.community)}systems/documents/registered/"

        def tell(body, key=token):
            with clock.at(given.day(27)):
                return browser().post(
                    address, body if isinstance(body, str) else json.dumps(body), content_type="application/json",
                    headers={"Authorization": f"Bearer {key}"},
                )  # fmt: skip

        assert tell(said, key="x").status_code == 401
        for wrong in ("", "[]", "{}", "null", said | {"key": "1"}, said | {"registrationDate": "27.03.2026"}):
            assert tell(wrong).status_code == 422
        assert tell(said).json()["status"] == "registered"
        assert tell(said).status_code == 200
        assert tell(said | {"registrationNumber": "8"}).status_code == 409


@pytest.mark.django_db
class TestMoney:
    def test_a_statement_is_brought_looked_at_and_recorded_and_everybody_sees_the_sum(self):
        project, by = in_work()
        client, here = at_the_desk(by), f"{desk(project)}treasury/"
        assert client.get(here).status_code == 200
        answer = sent(client, here, act="file", file=SimpleUploadedFile("виписка.csv", FILE.encode()))
        statement = Statement.objects.get()
        assert answer.headers["Location"].endswith(f"{statement.pk}/")
        page = f"{here}statements/{statement.pk}/"
        assert "1\xa0000,10" in client.get(page).content.decode()
        assert client.get(f"{page}?part=faults").context["page"].object_list[0].row == 3
        other = Payment.objects.get(reference="3")
        assert sent(client, page, act="assign", payment=str(other.pk), code="ГБ-2026-99").status_code == 422
        assert sent(client, page, act="assign", payment=str(other.pk), code="гб-2026-1").status_code == 302
        assert sent(client, page, act="record").status_code == 302
        with clock.at(DAY):
            shown = browser().get(f"{prefix(project.contest.community)}2026/projects/{project.number}/")
        assert "1\xa0005,10" in shown.content.decode()
        assert sent(client, page, act="record").status_code == 409

    def test_columns_that_are_not_understood_are_asked_for(self):
        project, by = in_work()
        client, here = at_the_desk(by), f"{desk(project)}treasury/"
        content = b"a;b;c\r\n1;10.05.2026;5"
        bad = sent(client, here, act="file", file=SimpleUploadedFile("x.csv", content))
        assert bad.status_code == 422
        assert {"reference", "paid_on", "amount"} <= set(bad.context["form"].errors)
        named = {"reference": "1", "paid_on": "2", "amount": "3"}
        assert (
            sent(client, here, act="file", file=SimpleUploadedFile("x.csv", content), **named).status_code
            == 302
        )

    def test_codes_are_set_and_the_plan_is_taken_as_files(self):
        project, by = in_work()
        client, here = at_the_desk(by), f"{desk(project)}treasury/2026/"
        said = {
            "act": "line", "whose": "category:parks", "programme": "0117370", "economic": "3132", "fund": "special",
            "executor_code": "21044301", "executor_title": "Департамент",
        }  # fmt: skip
        assert sent(client, here, **said | {"programme": "1"}).status_code == 422
        assert sent(client, here, **said).status_code == 302
        assert "0117370" in client.get(here).content.decode()
        for kind in ("csv", "xlsx", "json"):
            assert client.get(f"{here}file/{kind}/").status_code == 200
        assert client.get(f"{here}file/pdf/").status_code == 404
        line = BudgetLine.objects.get()
        assert sent(client, here, act="forget", line=str(line.pk)).status_code == 302
        assert not BudgetLine.objects.exists()

    def test_the_contracts_are_open_to_everybody(self):
        project, _by = in_work()
        address = f"{prefix(project.contest.community)}systems/2026/ocds.json"
        with clock.at(DAY + timedelta(days=1)):
            package = browser().get(address).json()
        assert package["releases"][0]["planning"]["budget"]["projectID"] == "ГБ-2026-1"
