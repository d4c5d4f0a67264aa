"""Connecting a body: asked for by an identified official, decided by the platform, once."""

import pytest
from django.core import mail as outbox
from django.core.management import CommandError, call_command
from tests import given
from tests.crowd import at_once, refusals

from viche.communities.models import Community, Territory
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.actions import (
    answer_question,
    approve_connection,
    ask_applicant,
    connect_directly,
    grant_office,
    mark_step,
    refuse_connection,
    request_connection,
    withdraw_connection,
)
from viche.identity.actions.letters import send_queued_letter
from viche.identity.models import PLATFORM, ConnectionRequest, Invitation, Letter, Office
from viche.identity.providers import make_tax_number
from viche.identity.queries import actor_of, checks_of, done_steps, free_slug, open_connections, roles_in
from viche.journal.models import Entry

SHCHERBANI = "UA53080470000053547"
BASE = "https://viche.example/"
FACTS = {
    "code": SHCHERBANI, "body": "Щербанівська сільська рада", "position": "секретарка ради",
    "email": "rada@shcherbani.gov.ua", "phone": "0 532 000 003", "proof": "лист № 02-15/77 від 03.11.2026",
    "has_consented": True, "method": "isei:bank_id", "language": "uk",
}  # fmt: skip


def ask(**facts) -> ConnectionRequest:
    return request_connection(**(FACTS | {"person": given.person("Зоряна")} | facts))


def platform(name: str = "Назар") -> Actor:
    someone = given.person(name)
    grant_office(person=someone, community=None, role="platform", by=SYSTEM)
    return actor_of(someone)


def refused(act, **wanted) -> Refused:
    with pytest.raises(Refused) as answer:
        act(**wanted)
    assert str(answer.value.message)
    return answer.value


def kinds() -> list[str]:
    return list(Entry.objects.filter(log__community=PLATFORM).order_by("id").values_list("kind", flat=True))


@pytest.mark.django_db
class TestRequests:
    def test_approved_the_applicant_is_the_first_administrator(self):
        request = ask()
        community = approve_connection(request=request, slug="shcherbani", base=BASE, by=platform())
        assert community.territory_id == SHCHERBANI
        assert roles_in(given.person("Зоряна"), community) == {"administrator"}
        assert community.contact_email == "rada@shcherbani.gov.ua"
        assert kinds()[-1] == "ConnectionApproved"
        assert kinds().count("ConnectionRequested") == 1
        request.refresh_from_db()
        assert (request.state, request.community) == ("approved", community)
        own = set(Entry.objects.filter(log__community=SHCHERBANI).values_list("kind", flat=True))
        assert {"CommunityConnected", "OfficeGranted"} <= own

    def test_a_question_an_answer_a_refusal_each_with_its_letter_and_entry(self):
        request, nazar = ask(), platform()
        ask_applicant(request=request, question="Хто підписав лист?", base=BASE, by=nazar)
        answer_question(request=request, answer="Голова громади.", person=given.person("Зоряна"))
        assert open_connections()[0].answer == "Голова громади."
        refuse_connection(request=request, reason="Лист не підписано.", base=BASE, by=nazar)
        assert kinds()[-3:] == ["ConnectionQuestioned", "ConnectionAnswered", "ConnectionRefused"]
        letters = list(Letter.objects.order_by("queued_at"))
        assert [letter.to for letter in letters] == ["rada@shcherbani.gov.ua"] * 2
        send_queued_letter(letter_id=str(letters[1].pk))
        assert "Лист не підписано." in outbox.outbox[0].body
        assert f"{BASE}connect/" in outbox.outbox[0].body
        assert ask()  # and asks again with a better letter

    def test_one_open_request_a_territory(self):
        ask()
        assert refused(ask, person=given.person("Тарас")).code == "already_requested"

    def test_taken_back_it_makes_room_and_is_decided_by_nobody(self):
        request = ask()
        assert refused(withdraw_connection, request=request, person=given.person("Тарас")).status == 403
        withdraw_connection(request=request, person=given.person("Зоряна"))
        assert (
            refused(approve_connection, request=request, slug="x-y", base=BASE, by=platform()).code
            == "already_decided"
        )
        assert ask(person=given.person("Тарас"))

    def test_a_connected_body_is_refused_with_whom_to_turn_to(self):
        city = given.community(contact_email="byudzhet@poltava.example")
        given.official("Віктор", "administrator", city)
        answer = refused(ask, code=city.code)
        assert answer.code == "already_connected"
        assert "Віктор Коваленко" in answer.message
        assert "byudzhet@poltava.example" in answer.message

    @pytest.mark.parametrize(
        ("name", "value", "field"),
        [("body", " ", "body"), ("position", "я" * 121, "position"), ("email", "рада", "email"), ("phone", "", "phone"),
         ("proof", "", "proof"), ("has_consented", False, "consent")],
    )  # fmt: skip
    def test_what_is_missing_is_said_at_its_field(self, name, value, field):
        assert refused(ask, **{name: value}).fields[field]

    def test_three_open_requests_a_person(self):
        for code in ("UA53080430000085474", "UA53080450000087891", "UA53080410000094938"):
            ask(code=code)
        assert refused(ask).status == 429
        assert refused(ask, code="UA99", person=given.person("Тарас")).code == "unknown_code"

    def test_nobody_but_the_platform_decides(self):
        request = ask()
        viktor = given.official("Віктор", "administrator", given.community())
        for act, more in (
            (approve_connection, {"slug": "shcherbani"}), (refuse_connection, {"reason": "ні"}),
            (ask_applicant, {"question": "?"}),
        ):  # fmt: skip
            assert refused(act, request=request, base=BASE, by=viktor, **more).code == "not_platform"

    def test_a_taken_address_leaves_the_request_open_and_nothing_half_done(self):
        given.community(slug="shcherbani")
        request = ask()
        answer = refused(approve_connection, request=request, slug="shcherbani", base=BASE, by=platform())
        assert answer.code == "slug_taken"
        request.refresh_from_db()
        assert request.is_open
        assert not Community.objects.filter(territory_id=SHCHERBANI).exists()
        assert not Office.objects.filter(person=given.person("Зоряна")).exists()

    def test_namesakes_get_an_address_of_their_own(self):
        territory = Territory.objects.select_related("parent__parent").get(pk=SHCHERBANI)
        first = free_slug(territory)
        given.community(slug=first)
        second = free_slug(territory)
        assert second != first
        assert second.startswith(f"{first}-")

    def test_what_is_checked_by_itself(self):
        request = ask()
        assert {check.code: check.is_good for check in checks_of(request)} == {
            "free": True, "state_mail": True, "identified": True, "local": None,
        }  # fmt: skip
        other = ask(
            code="UA53080430000085474", email="rada@gov.ua.example", method="",
            person=given.person("Наталія", locality="с. Терешки"),
        )  # fmt: skip
        found = {check.code: check.is_good for check in checks_of(other)}
        assert (found["state_mail"], found["identified"], found["local"]) == (False, None, True)


def test_two_administrators_of_the_platform_at_once_and_the_second_is_told(committed_db):
    request = ask()
    both = [platform("Назар"), platform("Ганна")]
    answers = at_once(
        2,
        lambda place: approve_connection(
            request=request, slug=f"shcherbani-{place}", base=BASE, by=both[place]
        ),
    )
    assert refusals(answers) == ["already_decided"]
    assert Community.objects.count() == 1
    assert Office.objects.filter(role="administrator").count() == 1


def test_two_officials_who_ask_for_one_body_at_once(committed_db):
    people = [given.person("Зоряна"), given.person("Тарас")]
    assert refusals(at_once(2, lambda place: ask(person=people[place]))) == ["already_requested"]


def test_approved_and_connected_directly_at_once_is_one_body(committed_db):
    request, nazar = ask(code="UA53080430000085474"), platform()

    def act(place: int) -> object:
        if place:
            return approve_connection(request=request, slug="tereshky", base=BASE, by=nazar)
        return connect_directly(
            code="UA53080430000085474",
            slug="other",
            email="a@tereshky.gov.ua",
            language="uk",
            base=BASE,
            by=nazar,
        )

    codes = refusals(at_once(2, act))
    assert codes in (["open_request"], ["already_connected"])
    assert Community.objects.count() == 1


@pytest.mark.django_db
class TestDirectly:
    def test_the_platform_connects_and_invites(self):
        community, invitation, _token = connect_directly(
            code=SHCHERBANI,
            slug="shcherbani",
            email="rada@shcherbani.gov.ua",
            language="uk",
            base=BASE,
            by=platform(),
        )
        assert invitation.role == "administrator"
        assert Letter.objects.get().base == f"{BASE}shcherbani/"
        assert not Office.objects.filter(community=community).exists()

    def test_a_bad_address_connects_nothing(self):
        answer = refused(
            connect_directly,
            code=SHCHERBANI,
            slug="shcherbani",
            email="рада",
            language="uk",
            base=BASE,
            by=platform(),
        )
        assert answer.fields["email"]
        assert not Community.objects.exists()
        assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_a_finished_step_stays_finished():
    city = given.community()
    viktor = given.official("Віктор", "administrator", city)
    for _time in range(2):
        mark_step(community=city, step="name", by=viktor)
    assert done_steps(city) == {"name"}
    assert refused(mark_step, community=city, step="none", by=viktor).code == "unknown_step"
    assert (
        refused(mark_step, community=city, step="look", by=given.official("Г", "operator", city)).status
        == 403
    )


@pytest.mark.django_db
def test_the_command_makes_the_first_administrator_of_the_platform(tmp_path):
    from datetime import date

    file = tmp_path / "number"
    file.write_text(make_tax_number(date(1985, 5, 5), "female", 2 * given.serial_of("Назар")).number)
    with pytest.raises(CommandError, match="identified"):
        call_command("platform", "administrator", "--tax-number-file", str(file))
    nazar = given.person("Назар")
    call_command("platform", "administrator", "--tax-number-file", str(file))
    assert roles_in(nazar, None) == {"platform"}
    file.write_text("12")
    with pytest.raises(CommandError, match="no valid tax number"):
        call_command("platform", "administrator", "--tax-number-file", str(file))
