"""One year of a participatory budget, told through the actions alone.

Olena has an idea, Iryna and Serhii sit on the commission, Viktor administrates, Petro and his neighbours vote.
Taras lives in Lviv.
"""

import secrets

import pytest
from tests import given

from rulebook.counting import count as count_ballots
from rulebook.dossier import Dossier
from viche.ballots.actions import cast_ballot, open_box
from viche.ballots.preparing import confirm_act
from viche.ballots.queries import mark_of, opening_of, turnout
from viche.communities.actions import connect_community
from viche.contests.actions import create_contest, issues_before_freeze, propose_extension, propose_rules
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.identity.actions import grant_membership, grant_office
from viche.identity.models import Person
from viche.identity.queries import actor_of
from viche.journal.actions import sequence_all
from viche.journal.models import Entry, Log
from viche.journal.queries import history_of, recomputed_root
from viche.projects.actions import submit_project, withdraw_project
from viche.projects.models import Project
from viche.results.actions import certify_result, publish_result, run_count
from viche.results.queries import publication_of
from viche.results.wording import place_of
from viche.review.actions import decide_review


def refused(act, **wanted) -> str:
    with pytest.raises(Refused) as answer:
        act(**wanted)
    assert str(answer.value.message)
    return answer.value.code


@pytest.mark.django_db
def test_one_whole_year():
    # --- winter: the city joins and announces its contest ---------------------------------------------------
    with clock.at(given.day(-60)):
        city = connect_community(code=given.POLTAVA, by=SYSTEM, contact_email="budget@poltava.example")
        viktor_person = given.person("Віктор")
        grant_office(person=viktor_person, community=city, role="administrator", by=SYSTEM)
        viktor = actor_of(viktor_person, city)
        people = {name: given.person(name) for name in ("Ірина", "Сергій", "Оксана", "Олена", "Петро")}
        for name, role in (("Ірина", "commission"), ("Сергій", "commission"), ("Оксана", "operator")):
            grant_office(person=people[name], community=city, role=role, by=viktor)
        iryna, serhii, oksana = (actor_of(people[name], city) for name in ("Ірина", "Сергій", "Оксана"))
        taras = given.person("Тарас", region="Львівська", locality="м. Львів")
        announced = create_contest(
            community=city, slug="2026", year=2026, title={"uk": "Громадський бюджет 2026"}, rules=given.RULES,
            schedule=given.schedule(), by=viktor,
        )  # fmt: skip
        assert issues_before_freeze(announced) == []
        proposal = propose_rules(contest=announced, decision="№ 77 від 30.12.2025", by=viktor)
        assert refused(confirm_act, proposal=proposal, by=viktor) == "same_person"
        confirm_act(proposal=proposal, by=iryna)

    def contest() -> Contest:
        """The contest as a new page would read it."""
        return Contest.objects.select_related("community__territory").get(pk=announced.pk)

    def submit(author: Person, title: str, cost: int) -> Project:
        return submit_project(
            contest=contest(), author=author, draft=given.draft(title, cost=cost), by=actor_of(author, city)
        )

    # --- March: ideas ----------------------------------------------------------------------------------------
    olena, petro = people["Олена"], people["Петро"]
    with clock.at(given.day(5)):
        park = submit(olena, "Сквер на місці пустиря", 30_000_000)
        stadium = submit(petro, "Стадіон біля річки", 250_000_000)
        paths = submit(olena, "Велодоріжка вздовж Ворскли", 280_000_000)
        statue = submit(petro, "Пам’ятник коту", 20_000_000)
        second_thoughts = submit(olena, "Фонтан на площі", 40_000_000)
        withdraw_project(project=second_thoughts, by=actor_of(olena, city))
        assert refused(submit, author=taras, title="Львівська кав’ярня", cost=10_000_000) == "not_eligible"
        assert refused(withdraw_project, project=park, by=actor_of(taras, city)) == "wrong_role"

    # --- April: the commission reads ---------------------------------------------------------------------------
    with clock.at(given.day(25)):
        assert refused(submit, author=olena, title="Запізніла ідея", cost=10_000_000) == "wrong_phase"
        for project in (park, stadium, paths):
            decide_review(project=project, verdict="admit", by=iryna)
        assert refused(decide_review, project=statue, verdict="refuse", by=serhii) == "no_reason"
        decide_review(project=statue, verdict="refuse", reason="Ділянка не комунальна.", by=serhii)
        assert (
            refused(decide_review, project=statue, verdict="admit", by=actor_of(taras, city)) == "wrong_state"
        )

    # --- voting ------------------------------------------------------------------------------------------------
    def vote(voter: Person, *projects: Project):
        return cast_ballot(
            contest=contest(), voter=voter, paper=given.paper(*projects), channel="online",
            request_key=secrets.token_bytes(32),
        )  # fmt: skip

    with clock.at(given.day(39)):
        assert refused(lambda: vote(petro, park)) == "voting_closed"
    with clock.at(given.day(45)):
        receipt = vote(petro, park, stadium)
        assert refused(lambda: vote(petro, paths)) == "already_voted"
        assert refused(lambda: vote(taras, park)) == "not_eligible"
        assert refused(lambda: vote(olena, park, statue)) == "bad_ballot"
        neighbours = [given.person(f"Сусід {number}", serial=number) for number in range(6)]
        for place, neighbour in enumerate(neighbours):
            vote(neighbour, *((stadium,) if place < 3 else (paths, park)))
        # Hanna moved here from Kharkiv: no register knows her address, an operator has seen her papers
        hanna = given.person("Ганна", method="dig_sign")
        assert refused(lambda: vote(hanna, stadium)) == "not_eligible"
        grant_membership(
            person=hanna, territory=city.territory, basis="registered", document_reference="довідка № 5310",
            community=city, by=oksana,
        )  # fmt: skip
        vote(hanna, stadium)
        assert turnout(contest()) == 8
        assert refused(open_box, contest=contest(), by=iryna) == "voting_open"

    # an attack closed the site for a day: the council extends, and says so
    with clock.at(given.day(58)):
        proposal = propose_extension(
            contest=contest(),
            phase="voting",
            ends_at=given.day(62),
            decision="№ 90 від 28.04.2026",
            by=viktor,
        )
        confirm_act(proposal=proposal, by=serhii)
    with clock.at(given.day(61)):
        vote(olena, paths)
        assert refused(open_box, contest=contest(), by=iryna) == "voting_open"

    # --- counting ----------------------------------------------------------------------------------------------
    with clock.at(given.day(63)):
        assert refused(lambda: vote(given.person("Запізніла"), park)) == "voting_closed"
        assert refused(open_box, contest=contest(), by=oksana) == "not_commission"
        open_box(contest=contest(), by=iryna)
        count = run_count(contest=contest(), by=iryna)
        assert refused(certify_result, count=count, by=viktor) == "not_commission"
        certify_result(count=count, by=iryna)
        assert refused(publish_result, count=count, by=iryna) == "not_ready"
        certify_result(count=count, by=serhii)

    # --- the result --------------------------------------------------------------------------------------------
    with clock.at(given.day(71)):
        assert refused(publish_result, count=count, by=actor_of(taras, city)) == "not_commission"
        publish_result(count=count, by=serhii)
        assert publication_of(contest()).count == count
        states = dict(Project.objects.filter(contest=announced).values_list("title", "state"))
        assert states == {
            "Сквер на місці пустиря": "funded", "Стадіон біля річки": "funded",
            "Велодоріжка вздовж Ворскли": "not_funded", "Пам’ятник коту": "refused",
            "Фонтан на площі": "withdrawn",
        }  # fmt: skip
        # five for the stadium, four for the path; 400 are there, 250 spent, 280 would be needed
        assert count.outcome["totals"] == {"1": 4, "2": 5, "3": 4}
        assert place_of(count, "3").reason
        assert count.outcome["rejected"]["3"]["code"] == "does_not_fit"
        assert count.outcome["rejected"]["3"]["params"]["short"] == 130_000_000

    # --- and anyone may look ------------------------------------------------------------------------------------
    assert mark_of(contest(), petro).at == given.day(45)
    opening = opening_of(contest(), bytes.fromhex(receipt.commitment))
    assert opening.choices == given.paper(park, stadium).document()
    assert count_ballots(Dossier.from_json(count.dossier)).digest == count.outcome_digest
    sequence_all()
    for log in Log.objects.all():
        assert recomputed_root(log) == log.root
    assert [line.kind for line in history_of(park.subject)] == [
        "ProjectSubmitted",
        "ProjectAdmitted",
        "ProjectFunded",
    ]
    assert Entry.objects.filter(kind="BallotSealed").count() == 9
    written = "".join(Entry.objects.values_list("leaf", flat=True))
    for personal in (
        "Олена",
        "Петро",
        "Тарас",
        "Коваленко",
        "довідка",
        "Львівська кав’ярня",
        "не комунальна",
    ):
        assert personal not in written
