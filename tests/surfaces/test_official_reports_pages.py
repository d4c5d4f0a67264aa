"""Pages of official reports: who may press, what is told at the form, what everybody may download."""

from io import BytesIO

import pytest
from django.urls import resolve

from tests import given
from tests.reports.issuing import DAY, authority, finished
from tests.surfaces.ground import browser, holder, page, prefix
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.reports.official import actions
from viche.reports.official.kinds import KINDS
from viche.reports.official.models import Letterhead, Report
from viche.reports.official.queries import check_address

pytestmark = pytest.mark.django_db

__all__ = ["authority"]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path) -> None:
    settings.PRIVATE_ROOT, settings.REPORT_SEAL = tmp_path / "private", ""


@pytest.fixture
def contest() -> Contest:
    return finished()


def issued(contest: Contest) -> Report:
    with clock.at(DAY):
        (report,) = actions.ask_report(contest=contest, kind="participation", languages=["uk"], by=SYSTEM)
        return actions.make_report(report=report)


def office(contest: Contest, path: str = "") -> str:
    return f"{prefix(contest.community)}office/reports/{path}"


def official(contest: Contest, role: str = "commission"):
    return browser(holder({"commission": "Ірина"}.get(role, "Аліна"), role, contest.community), at=DAY)


def test_a_press_leads_to_the_page_that_waits_and_a_second_one_to_the_same(contest):
    with clock.at(DAY):
        client = official(contest)
        sent = {"contest": contest.slug, "kind": "participation", "languages": ["uk"]}
        first, second = (client.post(office(contest), sent) for _time in range(2))
        assert first.status_code == 302
        assert first.url == second.url
        said = client.get(first.url).content.decode()
        assert "hx-trigger" in said
        assert 'http-equiv="refresh"' in said
        actions.make_report(report=Report.objects.get())
        said = client.get(first.url).content.decode()
        assert "hx-trigger" not in said
        assert Report.objects.get().digest in said
        # pressed once more: nothing is new
        third = client.post(office(contest), sent)
        actions.make_report(report=Report.objects.get(state="waiting"))
        assert "1/2026" in client.get(third.url).content.decode()
    assert Report.objects.filter(state="made").count() == 1


def test_the_page_begins_with_the_newest_contest_there_is_something_to_report_of(contest):
    newer = given.contest(contest.community, slug="2027")
    Contest.objects.filter(pk=newer.pk).update(year=2027)
    with clock.at(DAY):
        client = official(contest)
        assert 'name="kind"' in client.get(office(contest)).content.decode(), "of the counted one"
        assert 'name="kind"' not in client.get(f"{office(contest)}?contest=2027").content.decode()


def test_one_press_asks_for_everything_that_can_be_made_and_a_second_for_nothing_more(contest):
    with clock.at(DAY):
        client = official(contest)
        sent = {"contest": contest.slug, "kind": "all", "languages": ["uk", "en"]}
        for _press in range(2):
            assert client.post(office(contest), sent).status_code == 302
        asked = Report.objects.filter(state="waiting")
        ready = [kind.key for kind in KINDS.values() if not kind.is_ready(contest)]
        assert len(ready) > 2
        assert sorted(asked.values_list("kind", "language")) == sorted(
            (kind, language) for kind in ready for language in ("uk", "en")
        )
        draft = given.contest(contest.community, slug="2027")
        answer = client.post(office(contest), {**sent, "contest": draft.slug})
        assert (answer.status_code, asked.count()) == (409, 2 * len(ready))
        assert client.post(office(contest), {**sent, "contest": "no-such"}).status_code == 404


@pytest.mark.usefixtures("authority")
def test_what_is_wrong_is_told_at_the_form(contest):
    with clock.at(DAY):
        client = official(contest)
        answer = client.post(office(contest), {"contest": contest.slug, "kind": "participation"})
        assert (answer.status_code, Report.objects.count()) == (422, 0)
        report = issued(contest)
        answer = client.post(
            office(contest, f"{report.pk}/"), {"act": "sign", "copy": BytesIO(b"not a signature")}
        )
        assert (answer.status_code, page(answer).wrong) == (422, ["copy"])
        assert client.post(office(contest, f"{report.pk}/"), {"act": "withdraw"}).status_code == 422


def test_an_auditor_reads_and_presses_nothing(contest):
    report = issued(contest)
    with clock.at(DAY):
        client = official(contest, "auditor")
        said = client.get(office(contest)).content.decode()
        assert 'name="kind"' not in said
        assert client.get(office(contest, f"{report.pk}/")).status_code == 200
        assert client.post(office(contest, f"{report.pk}/"), {"act": "hide"}).status_code == 403
    assert Report.objects.get().is_public


def test_everybody_has_the_files_of_a_public_report_only(contest):
    report, anybody = issued(contest), browser()
    public = f"{prefix(contest.community)}{contest.slug}/reports/"
    file = report.files.get(form="pdf")
    with clock.at(DAY):
        said = anybody.get(public).content.decode()
        assert file.digest in said
        answer = anybody.get(f"{public}{file.pk}/")
        assert answer.content.startswith(b"%PDF-")
        assert "attachment" in answer["Content-Disposition"]
        client = official(contest)
        assert client.post(office(contest, f"{report.pk}/"), {"act": "hide"}).status_code == 302
        assert anybody.get(f"{public}{file.pk}/").status_code == 404
        assert file.digest not in anybody.get(public).content.decode()
        assert client.get(office(contest, f"files/{file.pk}/")).content.startswith(b"%PDF-")
        client.post(office(contest, f"{report.pk}/"), {"act": "publish"})
        client.post(office(contest, f"{report.pk}/"), {"act": "withdraw", "reason": "Помилка у даті"})
        assert "Помилка у даті" in anybody.get(public).content.decode()
        assert anybody.get(f"{public}{file.pk}/").status_code == 404
        other = given.contest(slug="2027")
        assert anybody.get(f"{prefix(other.community)}2027/reports/{file.pk}/").status_code == 404


def test_whether_a_file_was_issued_is_told_to_everybody(contest):
    report, anybody = issued(contest), browser()
    address = f"{prefix(contest.community)}reports/check/"
    file = report.files.get(form="pdf")
    with clock.at(DAY):
        assert "tone-success" in anybody.post(address, {"digest": file.digest.upper()}).content.decode()
        assert "tone-danger" in anybody.post(address, {"digest": "0" * 64}).content.decode()
        assert anybody.post(address, {"digest": "xyz"}).status_code == 422
        assert anybody.post(address).status_code == 422


def test_the_letterhead_is_tried_before_it_is_kept(contest):
    with clock.at(DAY):
        client = official(contest, "administrator")
        sent = {
            "revision": 0, "has_emblem": "on", "lines_uk": "Полтавська міська рада\n\nКомісія",
            "signatories_uk": "Голова комісії; Ірина Головіна\nСекретар", "place_uk": "м. Полтава",
        }  # fmt: skip
        sample = client.post(office(contest, "letterhead/"), {**sent, "act": "sample-uk"})
        assert sample.content.startswith(b"%PDF-")
        assert not Letterhead.objects.exists()
        assert client.post(office(contest, "letterhead/"), {**sent, "act": "save"}).status_code == 302
        kept = Letterhead.objects.get()
        assert kept.texts["uk"] == {
            "lines": ["Полтавська міська рада", "Комісія"], "place": "м. Полтава",
            "signatories": [["Голова комісії", "Ірина Головіна"], ["Секретар", ""]],
        }  # fmt: skip
        # the colleague's page is an older one
        again = client.post(office(contest, "letterhead/"), {**sent, "act": "save"})
        assert again.status_code == 422
        assert official(contest, "commission").get(office(contest, "letterhead/")).status_code == 403


def test_the_address_printed_on_reports_leads_to_the_check(contest, settings):
    path = check_address(contest.community).removeprefix(settings.PUBLIC_ADDRESS)
    inside = path.removeprefix(prefix(contest.community).rstrip("/"))
    assert resolve(inside, "viche.config.community_urls").url_name == "report-check"
