"""The queue of messages: as each person wants it, nothing twice, nothing lost, an end with a reason."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from tests import given
from tests.connectors.mail_server import Post, mail_server
from tests.crowd import at_once

from viche.connectors.messages import actions
from viche.connectors.messages.actions import delivering
from viche.connectors.messages.actions.delivering import latest_boundary
from viche.connectors.messages.models import Address, Delivery, Item, Notice, Wish
from viche.connectors.messages.tokens import CONFIRM, UNSUBSCRIBE, address_by_token, token_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.models import Person
from viche.journal.models import Entry

BASE = "https://testserver/"
NINE = given.day(30, hour=9)


@pytest.fixture
def contest(db: None) -> Contest:
    return given.contest()


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield server


def petro() -> Person:
    return given.person("Петро")


def confirmed(person: Person, to: str = "petro@example.com", language: str = "uk") -> Address:
    """An address whose person has opened the link."""
    asked = actions.request_address(person=person, channel="email", target=to, language=language, base=BASE)
    Delivery.objects.filter(address=asked).delete()
    return actions.confirm_address(address=asked)


def tell(
    person: Person, contest: Contest, number: int = 1, *, at: datetime = NINE, **facts: Any
) -> list[Notice]:
    """Notices as the journal gives them."""
    project = contest.projects.first()
    fields = {"why": "project", "kind": "SearchFits", "is_urgent": True, **facts}
    before = Notice.objects.count()
    with clock.at(at), transaction.atomic():
        made = [
            Notice.objects.create(
                person=person, key=f"test:{before + place}", community=contest.community, contest=contest,
                project=project, at=clock.now(),
                words={"text": "A new project fits your search “%(search)s”", "values": {"search": f"п{place}"}},
                **fields,
            )
            for place in range(number)
        ]  # fmt: skip
        actions.queue_items(notices=made)
    return made


def wish(person: Person, **modes: str) -> None:
    actions.revise_wishes(person=person, channel="email", modes=modes, language="uk")


def send(at: datetime = NINE) -> int:
    """The worker's round."""
    with clock.at(at):
        actions.prepare_messages()
        actions.prepare_digests()
        return actions.send_messages()


# an address and its confirmation


def test_one_question_goes_to_an_address_and_nothing_else_before_it_is_answered(contest: Contest) -> None:
    with clock.at(NINE):
        asked = actions.request_address(
            person=petro(), channel="email", target=" petro@example.com ", language="uk", base=BASE
        )
    tell(petro(), contest)
    send()
    (letter,) = mail.outbox
    assert letter.to == ["petro@example.com"]
    link = f"https://testserver/my/notices/confirm/{token_of(asked, CONFIRM)}/"
    assert link in letter.body
    with clock.at(NINE + timedelta(hours=1)):
        actions.confirm_address(address=asked)
        actions.confirm_address(address=asked)
    tell(petro(), contest, why="author")
    send(NINE + timedelta(hours=2))
    assert len(mail.outbox) == 2


def test_a_link_works_for_two_days_and_only_as_it_was_written(db: None) -> None:
    with clock.at(NINE):
        asked = actions.request_address(
            person=petro(), channel="email", target="petro@example.com", language="uk", base=BASE
        )
    token = token_of(asked, CONFIRM)
    assert address_by_token(token, CONFIRM) == asked
    forged = [token[:-1] + ("0" if token[-1] != "0" else "1"), token[:32], "none", "é" * 64, "z" * 64]
    assert [address_by_token(each, CONFIRM) for each in forged] == [None] * 5
    assert address_by_token(token, UNSUBSCRIBE) is None
    with clock.at(NINE + timedelta(hours=49)), pytest.raises(Refused) as refused:
        actions.confirm_address(address=asked)
    assert refused.value.code == "expired_link"


@pytest.mark.parametrize(
    "target", ["", "petro", "petro@", "a@b@c", "petro@example.com\nBcc: x@y.z", "x" * 300 + "@a.ua"]
)
def test_what_is_no_address_is_refused_at_its_field(db: None, target: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.request_address(person=petro(), channel="email", target=target, language="uk", base=BASE)
    assert "target" in refused.value.fields


def test_a_strangers_address_is_not_flooded_with_questions(db: None) -> None:
    people = [petro(), given.person("Марта"), given.person("Юрій")]
    codes = []
    for person in [*people, *people]:
        try:
            with clock.at(NINE):
                actions.request_address(
                    person=person, channel="email", target="victim@example.com", language="uk", base=BASE
                )
        except Refused as refused:
            codes.append(refused.code)
    assert codes == ["too_many_letters"] * 2
    send()
    assert len(mail.outbox) <= 4


def test_a_new_address_takes_over_only_when_it_is_confirmed(contest: Contest) -> None:
    confirmed(petro())
    asked = actions.request_address(
        person=petro(), channel="email", target="new@example.com", language="uk", base=BASE
    )
    Delivery.objects.all().delete()
    tell(petro(), contest, why="author")
    send()
    actions.confirm_address(address=asked)
    tell(petro(), contest, why="author")
    send()
    assert [letter.to for letter in mail.outbox] == [["petro@example.com"], ["new@example.com"]]
    assert Address.objects.count() == 1


# as each person wants it


def test_a_letter_says_what_where_and_why_and_how_to_end_it(contest: Contest) -> None:
    project = given.submitted_project(contest)
    address = confirmed(petro())
    tell(petro(), contest, why="author")
    send()
    (letter,) = mail.outbox
    assert "З’явився новий проєкт за вашим пошуком «п0»" in letter.subject
    for part in (
        f"№ {project.number}: {project.title}", "https://testserver/poltava/2026/projects/1/",
        "ви автор цього проєкту", "https://testserver/my/notices/settings/",
    ):  # fmt: skip
        assert part in letter.body
    link = f"https://testserver/my/notices/unsubscribe/{token_of(address, UNSUBSCRIBE)}/"
    assert letter.extra_headers["List-Unsubscribe"] == f"<{link}>"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Олена" not in letter.body + letter.subject


def test_a_letter_is_written_in_the_language_of_the_person(contest: Contest) -> None:
    given.submitted_project(contest)
    confirmed(petro(), language="en")
    tell(petro(), contest, why="author")
    send()
    (letter,) = mail.outbox
    assert "A new project fits your search" in letter.subject
    assert "/poltava/en/2026/projects/1/" in letter.body


@pytest.mark.parametrize(
    ("mode", "urgent", "at_once", "in_digest"),
    [
        ("at_once", False, 1, 0), ("digest", True, 0, 1), ("none", True, 0, 0), ("important", True, 1, 0),
        ("important", False, 0, 1),
    ],
)  # fmt: skip
def test_each_group_is_told_as_the_person_wants(
    contest: Contest, mode: str, urgent: bool, at_once: int, in_digest: int
) -> None:
    confirmed(petro())
    wish(petro(), followed=mode)
    tell(petro(), contest, is_urgent=urgent)
    send()
    assert len(mail.outbox) == at_once
    send(NINE + timedelta(days=1))
    assert len(mail.outbox) == at_once + in_digest


def test_a_digest_leaves_at_eight_in_kyiv_once_and_late_after_a_standstill(contest: Contest) -> None:
    confirmed(petro())
    evening = datetime.fromisoformat("2026-06-10T20:00:00+03:00")
    tell(petro(), contest, 4, at=evening)
    assert send(evening + timedelta(hours=11, minutes=59)) == 0
    assert send(evening + timedelta(hours=12)) == 1
    assert send(evening + timedelta(hours=13)) == 0
    (letter,) = mail.outbox
    assert letter.subject == "4 сповіщення"
    tell(petro(), contest, at=evening + timedelta(hours=14))
    assert send(evening + timedelta(days=3)) == 1


def test_a_digest_keeps_to_the_clock_of_kyiv_in_summer_and_winter() -> None:
    for moment, boundary in (
        ("2026-01-15T05:59:00+00:00", "2026-01-14T06:00:00+00:00"),
        ("2026-01-15T06:00:00+00:00", "2026-01-15T06:00:00+00:00"),
        ("2026-07-15T05:00:00+00:00", "2026-07-15T05:00:00+00:00"),
        # the night of the change to summer time
        ("2026-03-29T04:59:00+00:00", "2026-03-28T06:00:00+00:00"),
    ):
        assert latest_boundary(datetime.fromisoformat(moment)) == datetime.fromisoformat(boundary)


def test_what_was_read_in_the_list_is_left_out_of_the_digest(contest: Contest) -> None:
    confirmed(petro())
    first, _second = tell(petro(), contest, 2)
    actions.mark_read(person=petro(), notice=first.pk)
    send(NINE + timedelta(days=1))
    (letter,) = mail.outbox
    assert "«п0»" not in letter.body
    assert "«п1»" in letter.subject


def test_a_burst_becomes_one_letter_and_a_flood_waits_for_the_next_hour(contest: Contest) -> None:
    confirmed(petro())
    wish(petro(), followed="at_once")
    tell(petro(), contest, 30)
    assert send() == 1
    for minute in range(12):
        tell(petro(), contest, at=NINE + timedelta(minutes=minute + 1))
        send(NINE + timedelta(minutes=minute + 1))
    assert len(mail.outbox) == delivering.HOURLY
    assert Item.objects.filter(delivery__isnull=True).count() == 3
    send(NINE + timedelta(minutes=75))
    assert not Item.objects.filter(delivery__isnull=True).exists()


# nothing twice, nothing lost


def test_a_mail_server_that_is_away_is_asked_again_with_longer_pauses_and_then_given_up(
    contest: Contest, post: Post
) -> None:
    address = confirmed(petro())
    tell(petro(), contest, why="author")
    post.mood = "busy"
    tried, moment = [], NINE
    for _round in range(20):
        before = post.asked
        send(moment)
        delivery = Delivery.objects.get()
        if post.asked > before:
            tried.append(moment)
        if delivery.state == "failed":
            break
        assert delivery.state == "queued"
        assert send(moment + timedelta(seconds=30)) == 0
        moment = delivery.next_at
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert len(tried) == delivering.ATTEMPTS
    assert pauses == sorted(pauses)
    assert pauses[-1] >= timedelta(hours=6)
    assert "451" in delivery.error
    assert "petro@example.com" not in delivery.error
    address.refresh_from_db()
    assert address.fault == ""  # the server's fault, not the address's


def test_it_comes_when_the_server_is_back(contest: Contest, post: Post) -> None:
    confirmed(petro())
    tell(petro(), contest, why="author")
    post.mood = "busy"
    send()
    post.mood = "takes"
    assert send(NINE + timedelta(minutes=1)) == 1
    assert len(post.letters) == 1


def test_a_letter_repeated_after_a_break_is_the_same_letter(contest: Contest, post: Post) -> None:
    """The server took it and hung up before it said so: whoever reads it twice can see that it is one."""
    confirmed(petro())
    tell(petro(), contest, why="author")
    post.mood = "dies"
    send()
    post.mood = "takes"
    send(NINE + timedelta(minutes=1))
    first, second = post.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert Delivery.objects.get().state == "sent"


def test_an_address_that_is_refused_for_good_gets_nothing_more_until_its_person_says_so(
    contest: Contest, post: Post
) -> None:
    address = confirmed(petro())
    tell(petro(), contest, why="author")
    post.mood = "unknown"
    send()
    assert Delivery.objects.get().state == "failed"
    address.refresh_from_db()
    assert "550" in address.fault
    tell(petro(), contest, why="author")
    assert send() == 0
    post.mood = "takes"
    actions.restore_messages(person=petro(), channel="email")
    tell(petro(), contest, why="author")
    assert send() == 1


def test_a_worker_killed_while_sending_has_it_sent_once_more_as_the_same(
    contest: Contest, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(petro())
    tell(petro(), contest, why="author")

    class Killed(BaseException):
        pass

    def die(*_: Any) -> bool:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(delivering, "_sent", die)
        with pytest.raises(Killed):
            send()
    assert Delivery.objects.get().state == "sending"
    assert send(NINE + timedelta(minutes=5)) == 0  # it may still be at work
    assert send(NINE + timedelta(minutes=11)) == 1
    assert len(post.letters) == 1


def test_one_that_kills_every_worker_is_given_up(contest: Contest, post: Post) -> None:
    confirmed(petro())
    tell(petro(), contest, why="author")
    with clock.at(NINE):
        actions.prepare_messages()
    Delivery.objects.update(state="sending", attempts=delivering.ATTEMPTS, next_at=NINE)
    assert send() == 0
    assert Delivery.objects.get().state == "failed"
    assert post.letters == []


def test_a_server_that_is_down_is_left_alone_for_the_rest_of_the_round(contest: Contest, post: Post) -> None:
    for number in range(8):
        person = given.person("Марта", serial=number)
        confirmed(person, f"p{number}@example.com")
        tell(person, contest, why="author")
    post.mood = "busy"
    send()
    assert post.asked == delivering.DOWN_AFTER


def test_two_workers_at_once_send_each_letter_once(committed_db: None, settings: Any) -> None:
    contest = given.contest()
    for number in range(8):
        person = given.person("Марта", serial=number)
        confirmed(person, f"p{number}@example.com")
        tell(person, contest, why="author")
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        results = at_once(4, lambda _place: send())
    assert sum(results) == 8
    assert sorted(str(letter["To"]) for letter in server.letters) == [f"p{n}@example.com" for n in range(8)]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


# ending and erasing


def test_unsubscribing_ends_what_comes_and_what_waited(contest: Contest) -> None:
    address = confirmed(petro())
    tell(petro(), contest)
    tell(petro(), contest, why="author")
    with clock.at(NINE):
        actions.prepare_messages()
    actions.end_messages(address=address)
    actions.end_messages(address=address)
    tell(petro(), contest, why="author")
    assert send() == 0
    assert send(NINE + timedelta(days=1)) == 0
    assert mail.outbox == []
    assert Notice.objects.filter(person=petro()).count() == 3


def test_erasing_an_address_erases_what_was_queued_and_leaves_the_notices(contest: Contest) -> None:
    confirmed(petro())
    wish(petro(), followed="at_once")
    tell(petro(), contest)
    with clock.at(NINE):
        actions.prepare_messages()
    actions.delete_address(person=petro(), channel="email")
    assert [each.objects.count() for each in (Address, Delivery, Item)] == [0, 0, 0]
    assert Notice.objects.count() == 1
    actions.delete_messages_of(person=petro())
    assert [each.objects.count() for each in (Notice, Wish)] == [0, 0]


def test_no_address_stands_in_the_journal_or_in_the_archive_of_a_body(
    contest: Contest, tmp_path: Any
) -> None:
    import zipfile

    from viche.connectors.export.archive import write_archive

    confirmed(petro(), "zovsim-taiemna@example.com")
    actions.follow_subject(person=petro(), community=contest.community, contest=contest)
    assert not Entry.objects.filter(leaf__contains="taiemna").exists()
    write_archive(community=contest.community, path=tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert not [name for name in archive.namelist() if b"taiemna" in archive.read(name)]


def test_without_a_mail_server_letters_are_not_offered_and_nothing_waits(
    contest: Contest, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    with pytest.raises(Refused) as refused:
        confirmed(petro())
    assert refused.value.code == "not_offered"
