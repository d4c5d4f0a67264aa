"""Each way of voting has its own days, counted in Kyiv, and its own methods; the words name the ways that are open."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override
from tests import given

from rulebook.calendar import Window
from rulebook.rules.records import Channel
from rulebook.rules.vocabulary import CHANNELS, IDENTITY_METHODS
from viche.ballots.actions import Vote, cast_ballot, cast_ballots, issues_before_voting
from viche.ballots.channels import NAMES, PLACES, hours_of, why_closed
from viche.ballots.models import Participation
from viche.contests.actions import create_contest, extend_phase, freeze_rules
from viche.contests.models import Contest
from viche.foundation import clock, keys
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.identity.methods import METHODS, accepts
from viche.projects.models import Project

SECOND = timedelta(seconds=1)
# the voting of tests/given.py begins at midnight UTC on 10 April 2026, which is three in the morning in Kyiv
FIRST_DAY = datetime(2026, 4, 10, tzinfo=UTC)


def kyiv(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.KYIV)


def contest_of(*channels: dict, methods: list[str] | None = None) -> tuple[Contest, Project]:
    rules = {
        **given.RULES,
        "channels": list(channels),
        "identity_methods": methods or ["isei", "desk", "terminal"],
    }
    contest = given.contest(rules=rules)
    return contest, given.admitted_project(contest)


def cast(
    contest: Contest,
    project: Project,
    *,
    at: datetime,
    channel: str = "online",
    name: str = "Петро",
    method="",
):
    with clock.at(at), override("en"):
        return cast_ballot(
            contest=Contest.objects.get(pk=contest.pk), voter=given.person(name), channel=channel, method=method,
            paper=given.paper(project), request_key=secrets.token_bytes(32),
        )  # fmt: skip


def refusal(*args, **facts) -> Refused:
    with pytest.raises(Refused) as found:
        cast(*args, **facts)
    assert "%(" not in str(found.value.message)
    return found.value


@pytest.mark.django_db
class TestTheDaysOfAChannel:
    """Online from the third to the fifth day of the voting; at the service centre from the first day to the end."""

    ONLINE = {"kind": "online", "from_day": 3, "to_day": 5}

    @pytest.mark.parametrize(
        ("moment", "is_open"),
        [
            ("2026-04-11T23:59:59", False), ("2026-04-12T00:00:00", True),
            ("2026-04-14T23:59:59", True), ("2026-04-15T00:00:00", False),
        ],
    )  # fmt: skip
    def test_begin_and_end_at_midnight_in_kyiv(self, moment, is_open):
        contest, park = contest_of({"kind": "desk"}, self.ONLINE)
        if is_open:
            cast(contest, park, at=kyiv(moment))
        else:
            assert refusal(contest, park, at=kyiv(moment)).code == "channel_closed"
        assert Participation.objects.count() == is_open
        # the other channel is open all the time
        cast(contest, park, at=kyiv(moment), channel="desk", name="Марія")

    def test_before_them_the_words_say_when_it_opens_and_where_one_can_vote_until_then(self):
        contest, park = contest_of({"kind": "desk"}, {"kind": "terminal", "from_day": 9}, self.ONLINE)
        answer = refusal(contest, park, at=given.day(40))
        assert str(answer.message) == (
            "Online voting opens on 12.04.2026 00:00; until then you can vote: at a service centre."
        )

    def test_after_them_the_words_say_where_one_can_still_vote(self):
        contest, park = contest_of({"kind": "desk"}, {"kind": "terminal", "from_day": 9}, self.ONLINE)
        answer = refusal(contest, park, at=given.day(50))
        assert str(answer.message) == (
            "Online voting has closed; you can still vote: at a service centre, at a bank’s terminal."
        )

    def test_where_no_other_channel_is_open_the_words_promise_none(self):
        contest, park = contest_of(
            {"kind": "desk", "to_day": 5}, self.ONLINE, {"kind": "terminal", "from_day": 7}
        )
        assert str(refusal(contest, park, at=given.day(45)).message) == "Online voting has closed."

    def test_a_channel_the_regulation_does_not_know_takes_nothing(self):
        contest, park = contest_of({"kind": "desk"})
        answer = refusal(contest, park, at=given.day(45))
        assert answer.code == "channel_not_offered"
        assert "at a service centre" in str(answer.message)
        vote = Vote(keys.person_token("tax", "1234567899"), given.paper(park), secrets.token_bytes(32))
        with clock.at(given.day(45)), pytest.raises(Refused, match="channel_not_offered"):
            cast_ballots(contest=contest, votes=[vote], channel="terminal")
        assert Participation.objects.count() == 0

    def test_a_batch_outside_the_days_of_its_channel_is_left_out(self):
        contest, park = contest_of({"kind": "online"}, {"kind": "terminal", "to_day": 2})
        vote = Vote(keys.person_token("tax", "1234567899"), given.paper(park), secrets.token_bytes(32))
        with clock.at(kyiv("2026-04-12T00:00:00")):
            assert cast_ballots(contest=contest, votes=[vote], channel="terminal") == 0
        with clock.at(kyiv("2026-04-11T23:59:59")):
            assert cast_ballots(contest=contest, votes=[vote], channel="terminal") == 1

    def test_without_channels_in_the_rules_each_is_open_all_the_voting(self):
        contest, park = contest_of()
        for name, moment, channel in (
            ("Петро", given.day(40, hour=0), "online"), ("Марія", given.day(60, hour=0) - SECOND, "kiosk"),
        ):  # fmt: skip
            cast(contest, park, at=moment, channel=channel, name=name)
        assert sorted(Participation.objects.values_list("channel", flat=True)) == ["kiosk", "online"]

    def test_a_channel_without_a_last_day_follows_an_extension_and_one_with_it_does_not(self):
        contest, park = contest_of({"kind": "online"}, {"kind": "desk", "to_day": 20})
        with clock.at(given.day(50)):
            extend_phase(contest=contest, phase="voting", ends_at=given.day(65), decision="№ 9", by=SYSTEM)
        late = given.day(62)
        cast(contest, park, at=late)
        answer = refusal(contest, park, at=late, channel="desk", name="Марія")
        assert answer.code == "channel_closed"
        assert str(answer.message).endswith("you can still vote: online.")

    def test_the_voting_itself_closes_every_channel(self):
        contest, park = contest_of({"kind": "online", "from_day": 3}, {"kind": "desk", "from_day": 1})
        assert refusal(contest, park, at=given.day(61)).code == "voting_closed"
        assert refusal(contest, park, at=given.day(39), channel="desk").code == "voting_closed"

    def test_a_word_no_regulation_uses_is_a_mistake_of_the_caller(self):
        contest, park = contest_of()
        with pytest.raises(ValueError, match="booth"):
            cast(contest, park, at=given.day(45), channel="booth")

    def test_the_database_knows_the_channels(self):
        contest, park = contest_of()
        cast(contest, park, at=given.day(45))
        with pytest.raises(IntegrityError, match="channel_is_known"), transaction.atomic():
            Participation.objects.update(channel="booth")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "begins"),
    [("2026-03-29", "2026-03-27T22:00:00+00:00"), ("2026-10-25", "2026-10-23T21:00:00+00:00")],
    ids=["to summer time", "to winter time"],
)
def test_where_the_clocks_change_the_database_and_the_words_agree_by_the_second(change, begins):
    """A voting of four days around the change; its second day, of 23 or 25 hours, is the online channel's."""
    starts_at = datetime.fromisoformat(begins)
    voting = Window("voting", starts_at, starts_at + timedelta(days=4))
    online = Channel("online", from_day=2, to_day=2)
    with clock.at(starts_at - timedelta(days=60)):
        contest = create_contest(
            community=given.community(), slug="clocks", year=2026, title={"uk": "Б"}, by=SYSTEM,
            rules={**given.RULES, "channels": [{"kind": "desk"}, {"kind": "online", "from_day": 2, "to_day": 2}],
                   "identity_methods": ["isei", "desk"]},
            schedule=[Window("submission", starts_at - timedelta(days=50), starts_at), voting,
                      Window("counting", voting.ends_at, None)],
        )  # fmt: skip
        freeze_rules(contest=contest, decision="№ 1", by=SYSTEM)
    hours = hours_of(online, voting)
    assert hours.starts_at.astimezone(clock.KYIV).isoformat()[:19] == f"{change}T00:00:00"
    assert (hours.ends_at - hours.starts_at) // timedelta(hours=1) == (
        23 if change.startswith("2026-03") else 25
    )
    for moment in (hours.starts_at - SECOND, hours.starts_at, hours.ends_at - SECOND, hours.ends_at):
        with clock.at(moment), connection.cursor() as cursor:
            assert hours.is_open(moment) == (why_closed(contest) is None)
            cursor.execute(
                "SELECT (%s::timestamptz AT TIME ZONE 'Europe/Kyiv')::date"
                " - (starts_at AT TIME ZONE 'Europe/Kyiv')::date + 1 FROM contests_phasewindow"
                " WHERE contest_id = %s AND phase = 'voting'",
                [moment, contest.id],
            )
            assert online.is_open(cursor.fetchone()[0]) == hours.is_open(moment), moment


@pytest.mark.django_db
class TestTheMethodsOfAChannel:
    @pytest.mark.parametrize(
        ("methods", "used", "is_accepted"),
        [
            (["isei"], "isei:bank_id", True), (["isei"], "isei:diia_id", True), (["bankid"], "isei:bank_id", True),
            (["bankid"], "isei:mobile_id", False), (["mobileid"], "isei:mobile_id", True),
            (["kep"], "isei:dig_sign", True), (["kep"], "isei:diia_id", True), (["kep"], "isei:bank_id", False),
            (["bankid", "mobileid"], "isei:dig_sign", False), (["isei"], "other:bank_id", False),
        ],
    )  # fmt: skip
    def test_are_those_of_the_rules(self, methods, used, is_accepted):
        contest, park = contest_of(methods=methods)
        assert accepts(tuple(methods), used) == is_accepted
        if is_accepted:
            cast(contest, park, at=given.day(45), method=used)
            return
        answer = refusal(contest, park, at=given.day(45), method=used)
        assert (answer.code, answer.status) == ("method_not_accepted", 403)
        with override("en"):
            assert all(str(METHODS[method]) in str(answer.message) for method in methods)
        assert Participation.objects.count() == 0

    def test_may_differ_from_channel_to_channel(self):
        contest, park = contest_of(
            {"kind": "online", "identity_methods": ["kep"]}, {"kind": "kiosk", "identity_methods": ["bankid"]},
            methods=["isei", "kep", "bankid"],
        )  # fmt: skip
        assert refusal(contest, park, at=given.day(45), method="isei:bank_id").code == "method_not_accepted"
        cast(contest, park, at=given.day(45), method="isei:bank_id", channel="kiosk")

    def test_every_word_of_the_rulebook_has_a_name(self):
        assert set(NAMES) == set(PLACES) == set(CHANNELS)
        assert set(METHODS) == set(IDENTITY_METHODS)


@pytest.mark.django_db
class TestWhatThePlatformCannotDo:
    def issues(self, **change) -> str:
        with clock.at(given.day(-10)), override("en"):
            contest = create_contest(
                community=given.community(), slug="draft", year=2026, title={"uk": "Б"}, by=SYSTEM,
                rules={**given.RULES, **change}, schedule=given.schedule(),
            )  # fmt: skip
            return " ".join(issues_before_voting(contest))

    def test_is_said_before_the_rules_are_frozen(self):
        assert self.issues() == ""

    @pytest.mark.parametrize("kind", ["points", "ranking", "plus-minus", "choose-1"])
    def test_every_kind_of_ballot_is_possible(self, kind):
        assert (
            self.issues(
                ballot={"kind": kind}, counting={"rule": "greedy-v1", "options": {}, "ties": ["earlier"]}
            )
            == ""
        )

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"live_results": "totals"}, "cannot be shown while the voting runs"),
            ({"channels": [{"kind": "desk"}], "identity_methods": ["desk"]}, "Only online voting is connected"),
            ({"identity_methods": ["phone"]}, "None of the methods of identification"),
        ],
    )  # fmt: skip
    def test_is_refused_in_words(self, change, words):
        assert words in self.issues(**change)
