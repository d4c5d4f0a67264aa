"""A payment at a terminal of a network is done exactly once: repeated, at once with others, cut off, out of order, and
through kill -9 of the server.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests import given
from tests.crowd import at_once
from tests.faults.test_terminal_faults import Site as Process
from tests.terminals import nets
from tests.terminals.nets import Site, in_the_box

from viche.ballots.actions import cast_ballot, open_box
from viche.ballots.models import Ballot, Opening, Participation
from viche.channels.terminals.models import TerminalBallot
from viche.channels.terminals.networks.models import Basket, Payment
from viche.channels.terminals.networks.simulator import FAULTS, TERMINALS, walk
from viche.channels.terminals.networks.simulator.running import main
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.journal.models import Entry

VOTERS, KILLS = 24, 3


def opened(contest: Contest, moment: datetime | None = None) -> list[list[str]]:
    with clock.at(moment or given.day(62)):
        open_box(contest=contest, by=SYSTEM)
    return sorted([code for code, _value in each.choices["choices"]] for each in Opening.objects.all())


# --- faults of one terminal -------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["", *FAULTS])
@pytest.mark.parametrize("dialect", list(TERMINALS))
def test_whatever_goes_wrong_at_a_terminal_the_ballot_is_one_and_whole(db, dialect, fault):
    """The voter chooses projects 1 and 2 and casts; the fault comes on the way."""
    contest = nets.vote()
    number = nets.voter()
    with Site() as site:
        terminal = site.terminal(nets.way_in(contest, dialect, amount=100), number)
        steps = walk(terminal, ["1", "2"], fault)
    assert terminal.is_good(steps[-1].told), steps
    assert in_the_box() == (1, 1)
    # after the wrong sum the voter went on without the first project
    assert opened(contest) == [["2"] if fault == "badsum" else ["1", "2"]]
    if fault in ("badsum", "duplicate", "xmlbomb"):
        (step,) = [each for each in steps if each.what == fault]
        assert not terminal.is_good(step.told)
    if fault == "reorder":
        assert not terminal.is_good(steps[1].told), "nothing to cast yet"


def test_the_command_walks_as_a_voter_would(db, capsys):
    contest, number = nets.vote(), nets.voter()
    with Site() as site:
        way = nets.way_in(contest, "osmp")
        said = [
            "--protocol",
            "osmp",
            "--address",
            site.address_of(way),
            "--number",
            number,
            "--choose",
            "1,2",
        ]
        assert main(said) == 0
        assert main(said) == 1, "one person votes once"
    assert "pay 2" in capsys.readouterr().out
    assert main(["--protocol", "osmp", "--address", "http://127.0.0.1:1/", "--number", number]) == 2


# --- at once ----------------------------------------------------------------------------------------------------


@pytest.fixture
def ground(committed_db: None):
    contest = nets.vote()
    with Site(is_alone=False) as site:
        yield site, contest


def test_a_database_is_made_for_the_crowds_below(db):
    assert in_the_box() == (0, 0)


@pytest.mark.parametrize("dialect", ["osmp", "debt"])
def test_one_payment_sent_ten_times_in_one_moment(ground, dialect):
    site, contest = ground
    number = nets.voter()
    way = nets.way_in(contest, dialect, basket="single")
    machines = [site.terminal(way, number) for _ in range(10)]
    changed = {}
    if dialect == "debt":
        changed = {"reference": machines[0].check("1").reference}
    told = at_once(10, lambda place: machines[place].pay("1", "700001", **changed))
    assert in_the_box() == (1, 1)
    if dialect == "osmp":
        assert {(each.code, each.reference) for each in told} == {("0", told[0].reference)}
    else:
        assert sorted(each.code for each in told) == ["", *["7"] * 9]
    assert Payment.objects.filter(state="done").count() == 1


def test_two_payments_of_one_voter_in_one_moment_are_both_in_the_basket(ground):
    site, contest = ground
    number = nets.voter()
    way = nets.way_in(contest, "ibox")
    machines = [site.terminal(way, number) for _ in range(2)]
    told = at_once(2, lambda place: machines[place].pay(str(place + 1), f"80000{place}"))
    assert [each.code for each in told] == ["0", "0"]
    assert Basket.objects.count() == 1
    told = at_once(2, lambda place: machines[place].pay("0", f"90000{place}"))
    assert sorted(each.code for each in told) == ["0", "7"], "who was later is told that there is a ballot"
    assert in_the_box() == (1, 1)
    assert opened(contest) == [["1", "2"]]


def test_one_person_at_a_network_and_on_the_web_in_one_moment(ground):
    site, contest = ground
    petro, number = given.person("Петро"), nets.number_of("Петро")
    machine = site.terminal(nets.way_in(contest, "osmp", basket="single"), number)
    paper = given.paper(*contest.projects.all()[:1])

    def act(place: int) -> Any:
        if place:
            return machine.pay("2", "600001")
        with clock.at(nets.VOTING_DAY):
            return cast_ballot(
                contest=Contest.objects.get(pk=contest.pk), voter=petro, paper=paper, channel="online",
                request_key=bytes(range(32)), method="isei:bank_id",
            )  # fmt: skip

    web, told = at_once(2, act)
    won = (not isinstance(web, Exception), told.code == "0")
    assert sorted(won) == [False, True], (web, told)
    if won[1]:
        assert isinstance(web, Refused)
        assert web.code == "already_voted"
    else:
        assert told.code in ("1", "7")
        assert not Payment.objects.exists(), "what is refused is not written, and the money goes back"
    assert in_the_box() == (1, 1)


# --- the server is killed -----------------------------------------------------------------------------------


def test_no_ballot_is_lost_or_doubled_when_the_server_is_killed(committed_db, tmp_path):
    """Each terminal sends the same payment until it is told its reference; the server is killed meanwhile."""
    today = (datetime.now(UTC) - given.START).days
    phases = (
        ("submission", 0, 20), ("review", 20, 40), ("voting", 40, today + 30), ("counting", today + 30, today + 40),
        ("results", today + 40, None),
    )  # fmt: skip
    contest = given.contest(rules=nets.RULES, phases=phases)
    given.admitted_project(contest)
    numbers = [nets.voter(f"Виборець {place}") for place in range(VOTERS)]
    way = nets.way_in(contest, "osmp")
    servers = [Process(tmp_path / "site.log")]
    acknowledged: list[str] = []
    is_over = threading.Event()

    def until_told(machine: Any, service: str, payment: str) -> str:
        until = time.monotonic() + 200
        while time.monotonic() < until:
            machine.address = f"http://127.0.0.1:{servers[-1].port}{nets.address_of(way)}"
            try:
                told = machine.pay(service, payment)
            except (httpx.HTTPError, AssertionError, SyntaxError):
                told = None
            if told is not None and told.code == "0":
                acknowledged.append(payment)
                return str(told.reference)
            assert told is None or told.code == "1", told
            time.sleep(0.1)
        raise TimeoutError(payment)

    def vote(place: int) -> tuple[str, str]:
        machine = TERMINALS["osmp"]("", numbers[place])
        return until_told(machine, "1", f"{place}1"), until_told(machine, "0", f"{place}0")

    def strike() -> None:
        """The whole server, each time when so many more payments were acknowledged: somebody is always served."""
        while not is_over.wait(0.01) and len(servers) <= KILLS:
            if len(acknowledged) >= len(servers) * 2 * VOTERS // (KILLS + 1):
                servers[-1].stop()
                servers.append(Process(tmp_path / "site.log"))

    striker = threading.Thread(target=strike)
    striker.start()
    try:
        with ThreadPoolExecutor(4) as crowd:
            references = [each for pair in crowd.map(vote, range(VOTERS)) for each in pair]
    finally:
        is_over.set()
        striker.join()
        servers[-1].stop()
    assert len(servers) == KILLS + 1
    assert len(set(references)) == 2 * VOTERS
    assert set(Payment.objects.filter(state="done").values_list("reference", flat=True)) == set(references)
    leaves = Entry.objects.filter(kind="BallotSealed").count()
    assert (
        Participation.objects.count(), Ballot.objects.count(), leaves, TerminalBallot.objects.count(),
        Basket.objects.filter(state="cast").count(),
    ) == (VOTERS,) * 5  # fmt: skip
