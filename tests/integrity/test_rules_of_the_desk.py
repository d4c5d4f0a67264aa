"""The rules of the desk: they find the frauds of other cities, and let an ordinary town vote in peace."""

import random
from datetime import date, timedelta

import pytest
from tests.integrity.watched import (
    found_in,
    hashed,
    in_order,
    moment,
    night_wave,
    one_operator,
    ordinary,
    vote,
    wroclaw_97,
    wroclaw_house,
)

from viche.integrity.finding import age_on, ceiling, findings
from viche.integrity.thresholds import KNOBS, RULES, thresholds_with


class TestTheFraudsOfOtherCities:
    def test_wroclaw_320_votes_from_one_address_with_65_devices(self):
        found = found_in(in_order(ordinary(), wroclaw_house()))
        assert [rule for rule in found if found[rule]] == ["network"]
        (house,) = found["network"]
        assert (house.observed, house.expected, house.limit) == (320, 65, 130)
        assert house.is_alarm
        assert house.subject == hashed("the house")
        assert house.facts["devices"] == 65
        assert len(set(house.marks)) == 320

    def test_wroclaw_97_voters_aged_exactly_97_in_one_morning(self):
        found = found_in(in_order(ordinary(), wroclaw_97()))
        assert list(found) == ["age"]
        (old,) = found["age"]
        assert (old.subject, old.day, old.observed) == ("97", moment(6).date(), 97)
        assert old.is_alarm
        assert old.limit == max(15, 5 * old.expected)

    def test_a_wave_at_night(self):
        found = found_in(in_order(ordinary(), night_wave()))
        assert list(found) == ["night"]
        (wave,) = found["night"]
        assert wave.day == moment(8).date()
        assert wave.observed >= 120
        assert wave.expected == ceiling(wave.facts["beside"] * 30, 1000)
        assert wave.is_alarm

    def test_one_operator_who_is_faster_than_a_queue(self):
        found = found_in(in_order(ordinary(), one_operator()))
        assert {"operator", "point"} <= set(found)
        (fast,) = found["operator"]
        assert (fast.observed, fast.limit, fast.is_alarm) == (90, 30, True)
        assert fast.facts["from"] == moment(9, 14).isoformat()
        assert found["point"][0].observed == 90

    def test_a_family_on_one_phone_is_no_matter_and_a_courtyard_is(self):
        def phone(voters: int) -> dict:
            return found_in(
                [
                    vote(f"{n}", moment(2, 10, n), block=hashed("home"), device=hashed("phone"))
                    for n in range(voters)
                ]
            )

        assert phone(5) == {}
        assert [each.is_alarm for each in phone(6)["device"]] == [False]
        assert [each.is_alarm for each in phone(12)["device"]] == [True]

    def test_voters_brought_in_by_one_official(self):
        brought = [
            vote(f"bus {n}", moment(7, 11, n), block=hashed(f"b{n}"), device=hashed(f"d{n}"), grantor="an official")
            for n in range(40)
        ]  # fmt: skip
        found = found_in(in_order(ordinary(), brought))
        # nobody else's membership was confirmed by hand: of whom the rule knows, all are in this hour
        assert "grantor" in found
        assert found["grantor"][0].observed == 40

    def test_a_bank_that_vouches_for_far_more_than_its_share(self):
        burst = [
            vote(f"bank {n}", moment(10, 15, n % 60), block=hashed(f"x{n}"), device=hashed(f"y{n}"), issuer="ПУМБ",
                 method="isei:bank_id", born=date(1960 + n % 40, 1 + n % 12, 1 + n % 27))
            for n in range(60)
        ]  # fmt: skip
        found = found_in(in_order(ordinary(), burst))
        assert [each.subject for each in found["bank"]] == ["ПУМБ"]
        assert found["bank"][0].expected < 15

    @pytest.mark.parametrize(("rule", "born"), [("birthday", None), ("birth-date", date(1990, 1, 1))])
    def test_births_out_of_the_ordinary(self, rule: str, born: date | None):
        listed = [
            vote(f"list {n}", moment(1 + n % 14, 10 + n % 9, n % 60), block=hashed(f"q{n}"), device=hashed(f"w{n}"),
                 born=born or date(1950 + n % 55, 7, 7))
            for n in range(90)
        ]  # fmt: skip
        found = found_in(in_order(ordinary(), listed))
        assert rule in found
        assert found[rule][0].subject == ("1990-01-01" if born else "07-07")


class TestAnOrdinaryTown:
    @pytest.mark.parametrize("seed", range(1, 6))
    def test_carriers_that_share_addresses_raise_no_alarm(self, seed: int):
        """Stated in the how-to: an ordinary voting, half of it behind carriers' NAT, gives no alarm at all, and at most
        two signals to look into.
        """
        found = found_in(ordinary(seed=seed))
        signals = [each for group in found.values() for each in group]
        assert not [each for each in signals if each.is_alarm]
        assert len(signals) <= 2

    @pytest.mark.parametrize("voters", [40, 400, 20_000, 60_000])
    def test_neither_in_a_village_nor_in_a_large_city(self, voters: int):
        signals = [each for group in found_in(ordinary(voters)).values() for each in group]
        assert not [each for each in signals if each.is_alarm]

    def test_no_votes_no_signals(self):
        assert found_in([]) == {}

    def test_votes_without_any_trace_accuse_nobody(self):
        """Marks of channels that know nothing around a vote: by day they are only counted."""
        bare = [vote(f"{n}", moment(3, 10, n % 60)) for n in range(500)]
        assert found_in(bare) == {}

    def test_whoever_refuses_the_cookie_is_a_device_of_their_own(self):
        library = [vote(f"{n}", moment(1 + n % 10, 12, n), block=hashed("library")) for n in range(50)]
        assert "network" not in found_in(library)


class TestTheArithmetic:
    def test_the_order_in_which_votes_are_read_changes_nothing(self):
        traces = in_order(ordinary(800), wroclaw_house(), one_operator())
        shuffled = list(traces)
        random.Random(5).shuffle(shuffled)
        first, second = (found_in(in_order(each)) for each in (traces, shuffled))
        assert first == second

    def test_exactly_the_limit_is_a_signal_and_twice_the_limit_an_alarm(self):
        for votes, expected in ((29, None), (30, False), (59, False), (60, True)):
            traces = [vote(f"{n}", moment(4, 10, 0, n), channel="desk", operator="o") for n in range(votes)]
            found = found_in(traces).get("operator", [])
            assert [each.is_alarm for each in found] == ([] if expected is None else [expected])

    def test_a_window_holds_votes_less_than_its_length_apart(self):
        at = moment(4, 10)
        apart = [vote(f"{n}", at + n * timedelta(minutes=2), channel="desk", operator="o") for n in range(31)]
        # thirty votes lie within 58 minutes, the thirty-first an hour after the first
        assert [each.observed for each in found_in(apart)["operator"]] == [30]

    def test_a_contest_sets_its_own_limits(self):
        traces = [vote(f"{n}", moment(4, 10, n), device=hashed("one")) for n in range(8)]
        assert "device" in found_in(traces)
        assert "device" not in found_in(traces, device={"least": 9})

    def test_every_default_lies_within_its_bounds(self):
        for name, rule in RULES.items():
            for knob, number in rule.defaults.items():
                _label, lowest, highest = KNOBS[knob]
                assert lowest <= number <= highest, name

    def test_an_age_is_full_years(self):
        assert age_on(date(1928, 5, 5), date(2026, 5, 4)) == 97
        assert age_on(date(1928, 5, 5), date(2026, 5, 5)) == 98
        assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17

    def test_the_night_is_the_night_in_kyiv(self):
        edge = [vote(f"a{n}", moment(29, 0, 59, n), channel="desk") for n in range(30)]
        assert "night" not in found_in(edge)
        inside = [vote(f"b{n}", moment(29, 1, 0, n), channel="desk") for n in range(30)]
        assert "night" in found_in(inside)

    def test_the_first_night_waits_for_the_day_after_it(self):
        night = [vote(f"a{n}", moment(1, 2, n % 60, n % 7)) for n in range(50)]
        day = [vote(f"b{n}", moment(1, 12, n % 60, n % 7)) for n in range(900)]
        limits = thresholds_with({})
        assert findings(in_order(night), limits, moment(1, 6)) == []
        # 27 are expected beside nine hundred, and four times as many are the limit
        assert findings(in_order(night, day), limits, moment(3)) == []
        found = findings(in_order(night, day[:100]), limits, moment(3))
        assert [(each.rule, each.expected, each.limit) for each in found] == [("night", 3, 20)]
