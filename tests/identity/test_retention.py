"""Rules of retention: each run leaves its report, a failing one stops no other, two workers run them once."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from threading import Thread
from types import SimpleNamespace

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from tests import given

from viche.foundation import clock, retention
from viche.foundation.actor import SYSTEM
from viche.foundation.retention import Rule, duration
from viche.identity.actions import clearing, invite_official, retaining, run_retention
from viche.identity.models import Consent, Identification, Invitation, Letter, Membership, RetentionRun
from viche.identity.queries import terms_kept

NIGHT = datetime(2026, 5, 4, 1, 17, tzinfo=UTC)


def fails() -> int:
    raise RuntimeError("Олена Коваленко, 3111111111")


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts a table of rules in place of the house's."""

    def put(**deleting: Callable[[], int]) -> None:
        table = [Rule(code, code, lambda: "a day", "why", each) for code, each in deleting.items()]
        monkeypatch.setattr(retaining, "retention_rules", lambda: table)

    return put


@pytest.mark.django_db
def test_each_rule_reports_what_it_did(rules: Callable[..., None]) -> None:
    rules(seven=lambda: 7, none=lambda: 0)
    with clock.at(NIGHT):
        run_retention()
    rows = RetentionRun.objects.order_by("pk")
    assert [(each.rule, each.number, each.error, each.at) for each in rows] == [
        ("seven", 7, "", NIGHT),
        ("none", 0, "", NIGHT),
    ]


@pytest.mark.django_db
def test_a_failing_rule_stops_no_other_and_its_words_stand_nowhere(
    rules: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    rules(bad=fails, good=lambda: 3)
    runs = run_retention()
    assert [(each.rule, each.number, each.error) for each in runs] == [
        ("bad", 0, "RuntimeError"),
        ("good", 3, ""),
    ]
    assert "bad failed: RuntimeError" in caplog.text
    assert "Олена" not in caplog.text + "".join(str(vars(each)) for each in runs)


@pytest.mark.django_db
def test_a_rule_is_due_once_a_day_and_again_where_it_failed(rules: Callable[..., None]) -> None:
    rules(bad=fails, good=lambda: 3)
    with clock.at(NIGHT):
        run_retention()
    with clock.at(NIGHT + timedelta(hours=2)):
        assert [each.rule for each in run_retention()] == ["bad"]
        assert [each.rule for each in run_retention(is_forced=True)] == ["bad", "good"]
    with clock.at(NIGHT + timedelta(days=1)):
        assert [each.rule for each in run_retention()] == ["bad", "good"]


def test_two_workers_at_once_run_the_rules_once(committed_db: None, rules: Callable[..., None]) -> None:
    meanwhile: list[list[RetentionRun]] = []

    def slow() -> int:
        other = Thread(target=lambda: (meanwhile.append(run_retention(is_forced=True)), connection.close()))
        other.start()
        other.join(20)
        return 1

    rules(slow=slow)
    assert len(run_retention()) == 1
    assert meanwhile == [[]]
    assert RetentionRun.objects.count() == 1
    # and the door is open again
    rules(quick=lambda: 1)
    assert len(run_retention()) == 1


@pytest.mark.django_db
def test_all_rules_of_the_house_run_without_a_fault() -> None:
    runs = run_retention()
    assert len(runs) == len(retention.retention_rules()) > 15
    assert [(each.rule, each.error) for each in runs if each.error] == []


@pytest.mark.django_db
def test_the_command_prints_the_table_and_runs_it(rules: Callable[..., None]) -> None:
    out = StringIO()
    call_command("retention", stdout=out)
    assert "proofs" in out.getvalue()
    assert "30 days after the decision" in out.getvalue()
    rules(good=lambda: 5)
    call_command("retention", "--run", stdout=out)
    assert "5, 0 ms" in out.getvalue()
    rules(bad=fails)
    with pytest.raises(CommandError, match="bad"):
        call_command("retention", "--run", stdout=out)


@pytest.mark.django_db
def test_the_table_holds_the_last_run_of_each_rule() -> None:
    with clock.at(NIGHT):
        run_retention()
    with clock.at(NIGHT + timedelta(days=1)):
        run_retention()
    rows = [row for row in terms_kept() if row.is_rule]
    assert {row.last.at for row in rows if row.last} == {NIGHT + timedelta(days=1)}
    assert all(row.last for row in rows)


@pytest.mark.parametrize(
    ("length", "words"),
    [({"hours": 1}, "1 hour"), ({"days": 1}, "1 day"), ({"days": 30}, "30 days"), ({"days": 365}, "1 year"),
     ({"days": 1095}, "3 years"), ({"minutes": 90}, "90 minutes"), ({"days": 366}, "366 days")],
)  # fmt: skip
def test_a_term_in_words(length: dict[str, int], words: str) -> None:
    from django.utils.translation import override

    with override("en"):
        assert duration(timedelta(**length)) == words


def test_the_words_follow_the_setting(settings: SimpleNamespace) -> None:
    from django.utils.translation import override

    settings.PROOF_FILES_DAYS = 12
    rule = next(each for each in retention.retention_rules() if each.code == "proofs")
    with override("uk"):
        assert "12 днів" in rule.term()


# --- rules of the identity room -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_sessions_go_when_they_are_over() -> None:
    over, open_one = SessionStore(), SessionStore()
    for store in (over, open_one):
        store["person"] = "x"
        store.save()
    Session.objects.filter(pk=over.session_key).update(expire_date=clock.now() - timedelta(minutes=1))
    assert clearing.delete_old_sessions() == 1
    assert Session.objects.get().pk == open_one.session_key


@pytest.mark.django_db
def test_the_last_identification_by_each_way_stays() -> None:
    with clock.at(NIGHT):
        olena = given.person("Олена")
    for days in (100, 200):
        with clock.at(NIGHT + timedelta(days=days)):
            given.person("Олена")
    with clock.at(NIGHT + timedelta(days=300)):
        given.person("Олена", method="dig_sign")
        assert clearing.delete_old_identifications() == 0
    with clock.at(NIGHT + timedelta(days=800)):
        assert clearing.delete_old_identifications() == 2
    assert sorted(each.method for each in Identification.objects.filter(person=olena)) == [
        "bank_id",
        "dig_sign",
    ]


@pytest.mark.django_db
def test_an_invitation_goes_a_year_after_it_is_over_and_its_letter_after_90_days() -> None:
    body = given.community()
    with clock.at(NIGHT):
        invite_official(
            community=body, email="x@example.org", role="editor", unit="", language="uk", base="https://x/",
            by=SYSTEM,
        )  # fmt: skip
    over = Invitation.objects.get().expires_at
    with clock.at(NIGHT + timedelta(days=89)):
        assert clearing.delete_old_letters() == 0
    with clock.at(NIGHT + timedelta(days=91)):
        assert clearing.delete_old_letters() == 1
    with clock.at(over + timedelta(days=364)):
        assert clearing.delete_old_invitations() == 0
    with clock.at(over + timedelta(days=366)):
        assert clearing.delete_old_invitations() == 1
    assert not Letter.objects.exists()


@pytest.mark.django_db
def test_a_live_membership_stays_and_one_that_ended_three_years_ago_goes() -> None:
    with clock.at(NIGHT):
        given.person("Олена")
        petro = given.person("Петро")
    live = Membership.objects.exclude(person=petro).count()
    Membership.objects.filter(person=petro).update(until=NIGHT)
    with clock.at(NIGHT + timedelta(days=3 * 365 - 1)):
        assert clearing.delete_old_memberships() == 0
    with clock.at(NIGHT + timedelta(days=3 * 365 + 1)):
        assert clearing.delete_old_memberships() == 1
    assert Membership.objects.count() == live > 0
    Membership.objects.update(ends_on=date(2026, 5, 4))
    with clock.at(NIGHT + timedelta(days=3 * 365 + 2)):
        assert clearing.delete_old_memberships() == live


@pytest.mark.django_db
def test_a_standing_consent_stays() -> None:
    given_in = {
        "person": given.person("Олена"),
        "community": given.community(),
        "version": 1,
        "digest": "",
        "channel": "",
    }
    Consent.objects.create(**given_in, given_at=NIGHT, withdrawn_at=NIGHT)
    standing = Consent.objects.create(**given_in, given_at=NIGHT)
    with clock.at(NIGHT + timedelta(days=3 * 365 + 1)):
        assert clearing.delete_old_consents() == 1
    assert Consent.objects.get() == standing
