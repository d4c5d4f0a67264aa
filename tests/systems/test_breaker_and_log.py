"""A neighbour that does not answer: after three failures nobody asks it, then one call tries, then all again."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests import given

from viche.connectors.systems import actions, queries
from viche.connectors.systems.calls import NeighbourDown, NeighbourFault, call
from viche.connectors.systems.models import BreakerState, System, SystemCall
from viche.foundation import clock
from viche.foundation.outgoing import Unreachable
from viche.foundation.refused import Refused

NOW = given.day(100)


def connected(**facts):
    body = given.community()
    by = given.official("Ірина", "administrator", body)
    values = {
        "server": "https://register.example/ask", "token": "hush", "question": '{"rnokpp": "{tax_number}"}',
        "resident": "/data/isResident", "territory": "", "basis": "registered", "seconds": "2", **facts,
    }  # fmt: skip
    system = actions.connect_system(
        community=body, kind="register-plain", title="Реєстр", values=values, by=by
    )
    return system, by


def failing():
    raise Unreachable("timeout")


def fails(system, times=1):
    for _ in range(times):
        with pytest.raises(Unreachable):
            call(system, "residence", failing)


def state(system):
    return System.objects.get(pk=system.pk).state


class TestBreaker:
    def test_it_opens_after_three_failures_in_a_row_and_nobody_asks(self, db):
        system, _by = connected()
        with clock.at(NOW):
            fails(system, 2)
            assert state(system) == BreakerState.CLOSED
            fails(system)
            assert state(system) == BreakerState.OPEN
            asked = []
            with pytest.raises(NeighbourDown):
                call(system, "residence", lambda: asked.append(1))
            assert asked == []

    def test_a_success_between_begins_the_count_anew(self, db):
        system, _by = connected()
        fails(system, 2)
        call(system, "residence", lambda: "answer")
        fails(system, 2)
        assert state(system) == BreakerState.CLOSED

    def test_when_the_pause_is_over_one_call_tries_and_closes_it(self, db):
        system, _by = connected()
        with clock.at(NOW):
            fails(system, 3)
        with clock.at(NOW + timedelta(seconds=29)), pytest.raises(NeighbourDown):
            call(system, "residence", lambda: "answer")
        with clock.at(NOW + timedelta(seconds=30)):

            def trial():
                assert state(system) == BreakerState.HALF_OPEN
                with pytest.raises(NeighbourDown):
                    call(system, "residence", lambda: "a second one meanwhile")
                return "answer"

            assert call(system, "residence", trial) == "answer"
            assert state(system) == BreakerState.CLOSED
            assert call(system, "residence", lambda: "next") == "next"

    def test_a_trial_in_vain_doubles_the_pause_up_to_a_limit(self, db):
        system, _by = connected()
        moment = NOW
        with clock.at(moment):
            fails(system, 3)
        pauses = []
        for _ in range(7):
            row = System.objects.get(pk=system.pk)
            pauses.append(row.pause)
            moment = row.next_at
            with clock.at(moment):
                fails(system)
        assert pauses == [30, 60, 120, 240, 480, 900, 900]

    def test_a_trial_that_was_killed_does_not_keep_it_shut_for_ever(self, db):
        system, _by = connected()
        with clock.at(NOW):
            fails(system, 3)
        later = NOW + timedelta(seconds=30)
        with clock.at(later):
            from viche.connectors.systems import breaker

            assert breaker.lets_through(system)  # and then the process dies
            assert not breaker.lets_through(system)
        with clock.at(later + timedelta(seconds=10)):
            assert call(system, "residence", lambda: "answer") == "answer"

    def test_a_no_to_one_question_is_no_failure(self, db):
        system, _by = connected()

        def says_no():
            raise NeighbourFault("fault:NoSuchPerson", "no", counts=False)

        for _ in range(5):
            with pytest.raises(NeighbourFault):
                call(system, "residence", says_no)
        assert state(system) == BreakerState.CLOSED

    def test_an_error_of_ours_counts_and_is_not_swallowed(self, db):
        system, _by = connected()
        with pytest.raises(ZeroDivisionError):
            call(system, "residence", lambda: 1 // 0)
        assert SystemCall.objects.get().outcome == "error"

    def test_one_that_is_switched_off_is_not_asked(self, db):
        system, by = connected()
        stopped = actions.stop_system(system=system, by=by)
        with pytest.raises(NeighbourDown):
            call(stopped, "residence", lambda: "answer")

    def test_an_official_lets_the_next_call_try_at_once(self, db):
        system, by = connected()
        fails(system, 3)
        actions.resume_system(system=system, by=by)
        assert call(system, "residence", lambda: "answer") == "answer"

    def test_other_settings_are_another_neighbour(self, db):
        system, by = connected()
        fails(system, 3)
        actions.revise_system(
            system=system, title="Реєстр", version=1, by=by,
            values={**system.settings, "server": "https://other.example/", "token": "other"},
        )  # fmt: skip
        assert state(system) == BreakerState.CLOSED


class TestManyProcesses:
    """Each thread has a connection of its own, as a process of another machine has."""

    def test_failures_of_all_count_together_and_one_of_them_tries(self, committed_db):
        system, _by = connected()
        outcomes: list[str] = []

        def in_parallel(number, work):
            gate = threading.Barrier(number)

            def run():
                gate.wait()
                try:
                    call(System.objects.get(pk=system.pk), "residence", work)
                    outcomes.append("ok")
                except (Unreachable, NeighbourDown) as error:
                    outcomes.append(type(error).__name__)
                finally:
                    connection.close()

            threads = [threading.Thread(target=run) for _ in range(number)]
            for each in threads:
                each.start()
            for each in threads:
                each.join()

        in_parallel(4, failing)
        assert state(system) == BreakerState.OPEN
        System.objects.filter(pk=system.pk).update(next_at=clock.now())
        outcomes.clear()
        ends = threading.Event()

        def trial():
            ends.wait(5)
            return "answer"

        threading.Timer(1, ends.set).start()
        in_parallel(6, trial)
        assert sorted(outcomes) == ["NeighbourDown"] * 5 + ["ok"]
        assert state(system) == BreakerState.CLOSED

    def test_a_call_inside_a_transaction_is_a_mistake_of_ours(self, committed_db):
        system, _by = connected()
        with pytest.raises(RuntimeError), transaction.atomic():
            call(system, "residence", lambda: "answer")


class TestLog:
    def test_each_call_is_a_line_without_what_was_said(self, db):
        system, _by = connected()
        call(system, "residence", lambda: "Петро", reference=lambda answer: "uxp-17")
        fails(system)
        lines = [(each.operation, each.outcome, each.reference) for each in queries.calls_of(system)]
        assert lines == [("residence", "timeout", ""), ("residence", "ok", "uxp-17")]

    def test_lines_go_after_ninety_days(self, db):
        system, _by = connected()
        with clock.at(NOW):
            call(system, "residence", lambda: "answer")
        with clock.at(NOW + timedelta(days=89)):
            assert actions.delete_old_calls() == 0
        with clock.at(NOW + timedelta(days=91)):
            assert actions.delete_old_calls() == 1
            assert actions.delete_old_calls() == 0


class TestConnecting:
    def test_a_dump_of_the_database_opens_no_secret(self, db, settings):
        from viche.foundation.sealing import SealBroken

        system, by = connected()
        row = System.objects.get(pk=system.pk)
        assert b"hush" not in bytes(row.secret)
        assert "hush" not in str(row.settings)
        assert queries.secrets_of(row) == {"token": "hush"}
        settings.PERSON_KEY = "another server"
        with pytest.raises(SealBroken):
            queries.secrets_of(row)
        with pytest.raises(Refused, match="seal_broken"):
            actions.check_system(system=row, by=by)

    def test_a_secret_left_empty_stays_and_one_is_forgotten_when_asked(self, db):
        system, by = connected()
        values = {**system.settings, "token": ""}
        changed = actions.revise_system(system=system, title="Реєстр", values=values, version=1, by=by)
        assert queries.secrets_of(changed) == {"token": "hush"}
        values["forget_token"] = True
        changed = actions.revise_system(system=system, title="Реєстр", values=values, version=2, by=by)
        assert queries.secrets_of(changed) == {}

    def test_a_kept_secret_goes_to_no_other_address(self, db):
        system, by = connected()
        values = {**system.settings, "server": "https://elsewhere.example/ask"}
        with pytest.raises(Refused) as caught:
            actions.revise_system(system=system, title="Реєстр", values=values, version=1, by=by)
        assert set(caught.value.fields) == {"token"}
        values["token"] = "typed anew"
        changed = actions.revise_system(system=system, title="Реєстр", values=values, version=1, by=by)
        assert queries.secrets_of(changed) == {"token": "typed anew"}

    def test_two_officials_at_once_the_second_looks_again(self, db):
        system, by = connected()
        actions.revise_system(system=system, title="Новий", values=system.settings, version=1, by=by)
        with pytest.raises(Refused, match="changed_meanwhile"):
            actions.revise_system(system=system, title="Інший", values=system.settings, version=1, by=by)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("server", "ftp://register.example"), ("server", "https://name:word@register.example"),
            ("server", "https://"), ("server", ""), ("server", "register"), ("seconds", "9"), ("seconds", "1.5"),
            ("seconds", "many"), ("question", "[1]"), ("question", "{"), ("resident", "data"), ("basis", "friendship"),
            ("token", "x" * 30_000), ("authority", "my authority"), ("server", "https://a b"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said_at_its_field(self, db, field, value):
        with pytest.raises(Refused) as caught:
            connected(**{field: value})
        assert set(caught.value.fields) == {field}
        assert not System.objects.exists()

    def test_only_an_administrator_of_the_body_connects(self, db):
        system, _by = connected()
        other = given.community(given.MACHUKHY)
        for by in (
            given.official("Олена", "operator", system.community),
            given.official("Тарас", "administrator", other),
        ):
            with pytest.raises(Refused, match="not_administrator"):
                actions.stop_system(system=system, by=by)

    def test_one_register_a_body_and_a_second_one_when_the_first_is_off(self, db):
        system, by = connected()
        values = {**system.settings, "token": "x"}
        facts = {"community": system.community, "kind": "register-plain", "values": values, "by": by}
        with pytest.raises(Refused, match="one_only"):
            actions.connect_system(title="Другий", **facts)
        actions.stop_system(system=system, by=by)
        actions.connect_system(title="Другий", **facts)
        with pytest.raises(Refused, match="one_only"):
            actions.start_system(system=system, by=by)

    def test_removing_twice_is_removing_once(self, db):
        system, by = connected()
        fails(system)
        actions.remove_system(system=system, by=by)
        actions.remove_system(system=system, by=by)
        assert not System.objects.exists()
        assert not SystemCall.objects.exists()
