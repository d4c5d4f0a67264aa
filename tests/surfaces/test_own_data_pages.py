"""My data and “this was not me”, as a person and as the officials who answer."""

import json
from datetime import timedelta

from tests.surfaces.ground import VOTING_DAY, Ground, browser, page, prefix
from viche.foundation import clock
from viche.identity.models import Objection, Person

DATA, ERASE, DENY = "en/my/data/", "en/my/data/erase/", "en/my/objections/"


def address(ground: Ground, path: str) -> str:
    return f"{prefix(ground.poltava)}{path}"


def test_from_my_page_everything_about_my_data_is_one_click_away(ground: Ground) -> None:
    shown = page(browser(ground.visitors["author"]).get(address(ground, "en/my/")))
    for path in ("my/data/", "my/objections/", "my/methods/", "my/consents/"):
        assert any(link.endswith(path) for link in shown.links), path


def test_the_file_is_mine_and_only_soon_after_an_identification(ground: Ground) -> None:
    client = browser(ground.visitors["author"])
    answer = client.get(address(ground, f"{DATA}mine.json"))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "no-store"
    document = json.loads(answer.content)
    assert document["person"]["id"] == str(ground.visitors["author"].pk)
    assert document["tables"]["projects.project"]
    with clock.at(VOTING_DAY + timedelta(hours=5)):
        late = client.get(address(ground, f"{DATA}mine.json"))
    assert late.status_code == 302
    assert "login" in late["Location"]


def test_my_name_is_shown_as_i_wish(ground: Ground) -> None:
    client = browser(ground.visitors["resident"])
    answer = client.post(address(ground, DATA), {"name_form": "initials"}, follow=True)
    assert "Saved." in page(answer).text
    assert Person.objects.get(pk=ground.visitors["resident"].pk).public_name.count(".") == 2
    assert client.post(address(ground, DATA), {"name_form": "secret"}).status_code == 422


def test_erasing_says_what_stays_asks_once_more_and_ends_the_session(ground: Ground) -> None:
    client = browser(ground.visitors["outsider"])
    shown = page(client.get(address(ground, ERASE)))
    assert "nobody can tell which is yours" in shown.text
    assert client.post(address(ground, ERASE), {}).status_code == 422
    answer = client.post(address(ground, ERASE), {"is_sure": "on"}, follow=True)
    assert "Your data is erased" in page(answer).text
    left = Person.objects.filter(pk=ground.visitors["outsider"].pk).first()
    assert left is None or left.display_name == ""
    assert client.get(address(ground, "en/my/")).status_code == 302


def test_an_author_with_a_project_on_its_way_waits_and_may_think_again(ground: Ground) -> None:
    client = browser(ground.visitors["author"])
    shown = page(client.get(address(ground, ERASE)))
    assert "Not yet" in shown.text
    answer = client.post(address(ground, ERASE), {"is_sure": "on"}, follow=True)
    assert "as soon as nothing stands against it" in page(answer).text
    assert Person.objects.get(pk=ground.visitors["author"].pk).erasure_asked_at is not None
    client.post(address(ground, ERASE), {"act": "cancel"})
    assert Person.objects.get(pk=ground.visitors["author"].pk).erasure_asked_at is None


def test_an_act_is_denied_answered_and_the_answer_read(ground: Ground) -> None:
    client = browser(ground.visitors["author"])
    form = page(client.get(address(ground, DENY)))
    assert "Which of these was not you?" in form.text
    assert client.post(address(ground, DENY), {"act": "vote:none", "text": "x"}).status_code == 422
    project = ground.visitors["author"].projects.exclude(submitted_at=None).first()
    answer = client.post(
        address(ground, DENY), {"act": f"project:{project.pk}", "text": "Я цього не подавала."}, follow=True
    )
    assert "looked into" in page(answer).text
    again = client.post(
        address(ground, DENY), {"act": f"project:{project.pk}", "text": "Я цього не подавала."}
    )
    assert again.status_code == 422
    case = Objection.objects.get()
    official = browser(ground.visitors["commission"])
    listing = page(official.get(address(ground, "en/office/objections/")))
    assert "Я цього не подавала." in listing.text
    there = address(ground, f"en/office/objections/{case.pk}/")
    assert official.post(there, {"act": "uphold", "answer": ""}).status_code == 422
    assert official.post(there, {"act": "other", "answer": "Так."}).status_code == 422
    answer = official.post(there, {"act": "dismiss", "answer": "Подано з вашого BankID."}, follow=True)
    assert "recorded" in page(answer).text
    assert "Подано з вашого BankID." in page(client.get(address(ground, DENY))).text


def test_an_auditor_reads_the_case_and_another_bodys_official_finds_none(ground: Ground) -> None:
    client = browser(ground.visitors["author"])
    project = ground.visitors["author"].projects.exclude(submitted_at=None).first()
    client.post(address(ground, DENY), {"act": f"project:{project.pk}", "text": "Не я."})
    there = address(ground, f"en/office/objections/{Objection.objects.get().pk}/")
    shown = browser(ground.visitors["auditor"]).get(there)
    assert shown.status_code == 200
    assert b"<form" not in shown.content.partition(b"<main")[2].partition(b"</main>")[0]
    assert browser(ground.visitors["foreign administrator"]).get(there).status_code == 403
    assert browser(ground.visitors["operator"]).get(there).status_code == 403


def test_whoever_signs_out_everywhere_else_stays_here_only(ground: Ground) -> None:
    here, elsewhere = browser(ground.visitors["resident"]), browser(ground.visitors["resident"])
    with clock.at(VOTING_DAY + timedelta(minutes=2)):
        assert elsewhere.get(address(ground, "en/my/")).status_code == 200
        answer = here.post(address(ground, "en/my/security/"), {"act": "others"}, follow=True)
        assert "signed out everywhere else" in page(answer).text
        assert here.get(address(ground, "en/my/")).status_code == 200
        assert elsewhere.get(address(ground, "en/my/")).status_code == 302
