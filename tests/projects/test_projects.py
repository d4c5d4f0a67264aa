"""From an idea to a project on the ballot: who may do what, when, and what is said when they may not."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests import given
from tests.crowd import at_once, refusals

from rulebook import lifecycle
from rulebook.lifecycle import Move, decide
from viche.communities.models import Territory
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.queries import actor_of
from viche.journal.models import Entry
from viche.journal.queries import history_of
from viche.projects import actions
from viche.projects.actions import mark_outcome, refuse_project, submit_project, withdraw_project
from viche.projects.models import Project, State
from viche.projects.queries import admitted_projects, project_numbered, public_projects
from viche.projects.versions import content_digest


def refused(act, **wanted) -> Refused:
    with pytest.raises(Refused) as answer:
        act(**wanted)
    assert str(answer.value.message)
    return answer.value


def submit(contest, *, on: int = 5, author=None, draft=None) -> Project:
    author = author or given.person("Олена")
    with clock.at(given.day(on)):
        return submit_project(
            contest=contest,
            author=author,
            draft=draft or given.draft(),
            by=actor_of(author, contest.community),
        )


@pytest.mark.django_db
class TestSubmitting:
    def test_a_project_gets_its_number_class_and_pot(self):
        contest = given.contest()
        small = submit(contest)
        large = submit(contest, draft=given.draft("Стадіон біля річки", cost=100_000_000))
        assert [(each.number, each.code, each.size_class, each.pot) for each in (small, large)] == [
            (1, "1", "small", "small"), (2, "2", "large", "large"),
        ]  # fmt: skip
        assert small.state == State.IN_REVIEW
        assert small.submitted_at == given.day(5)

    def test_it_is_signed_by_its_author_or_the_team(self):
        contest = given.contest()
        assert submit(contest).author_name == "Олена Коваленко"
        assert submit(contest, draft=given.draft(author_name="Команда двору")).author_name == "Команда двору"

    @pytest.mark.parametrize(
        ("fault", "field"),
        [
            ({"title": "Двір"}, "title"), ({"title": "  Двір   "}, "title"), ({"title": "Д" * 501}, "title"),
            ({"text": "  "}, "text"), ({"summary": "С" * 601}, "summary"), ({"category": "space"}, "category"),
            ({"category": ""}, "category"), ({"place_name": "П" * 201}, "place_name"),
            ({"author_name": "А" * 121}, "author_name"), ({"cost": 0}, "cost"), ({"cost": -5}, "cost"),
            ({"cost": 99_999}, "cost"), ({"cost": 300_000_001}, "cost"), ({"cost": 10**13}, "cost"),
            ({"items": [{"name": "Лава", "quantity": 2, "price": 100}]}, "items"),
            ({"items": [{"name": "Лава", "quantity": 2, "price": 20_000_000},
                        {"name": "Знижка", "quantity": 1, "price": -10_000_000}]}, "items"),
        ],
    )  # fmt: skip
    def test_every_fault_is_said_at_its_field(self, fault, field):
        contest = given.contest()
        answer = refused(submit, contest=contest, draft=given.draft(**fault))
        assert (answer.code, set(answer.fields)) == ("bad_project", {field})
        assert all(str(message) for message in answer.fields.values())
        assert not Project.objects.exists()

    def test_several_faults_are_said_together(self):
        answer = refused(submit, contest=given.contest(), draft=given.draft("Двір", cost=0, text=""))
        assert set(answer.fields) == {"title", "cost", "text"}

    def test_the_place_lies_in_the_community(self):
        elsewhere = Territory.objects.get(pk=given.LVIV)
        assert set(
            refused(submit, contest=given.contest(), draft=given.draft(territory=elsewhere)).fields
        ) == {"territory"}

    def test_a_project_no_pot_would_pay_for_is_refused_at_the_door(self):
        pots = [
            {
                "id": f"{size}-{kind}",
                "name": {"uk": kind},
                "amount": amount,
                "size_class": size,
                "category": kind,
            }
            for size, kind, amount in (("small", "parks", 100_000_000), ("large", "sport", 400_000_000))
        ]
        contest = given.contest(rules={**given.RULES, "pots": pots})
        assert set(refused(submit, contest=contest, draft=given.draft(category="sport")).fields) == {
            "category"
        }
        assert submit(contest).pot == "small-parks"

    def test_the_estimate_adds_up_to_the_last_kopiyka(self):
        items = [{"name": "Лава", "quantity": 3, "price": 10_000_001}]
        assert submit(given.contest(), draft=given.draft(cost=30_000_003, items=items)).cost == 30_000_003

    @pytest.mark.parametrize("day", [-1, 20, 45, 100])
    def test_only_while_projects_are_taken_in(self, day):
        assert refused(submit, contest=given.contest(), on=day).code == "wrong_phase"

    def test_one_must_be_of_age_and_of_the_place(self):
        contest = given.contest()
        child = given.person("Юра", born=given.START.date().replace(year=2015))
        taras = given.person("Тарас", region="Львівська", locality="м. Львів")
        for author in (child, taras):
            answer = refused(submit, contest=contest, author=author)
            assert (answer.code, answer.status) == ("not_eligible", 403)

    def test_an_author_submits_as_many_as_the_rules_allow(self):
        contest = given.contest(rules={**given.RULES, "author_max_projects": 2})
        first = submit(contest)
        submit(contest)
        assert refused(submit, contest=contest).code == "too_many_projects"
        assert submit(contest, author=given.person("Петро")).number == 3
        with clock.at(given.day(6)):
            withdraw_project(project=first, by=actor_of(given.person("Олена"), contest.community))
        assert submit(contest).number == 4, "a project taken back frees its place, not its number"

    def test_the_journal_holds_the_hash_of_the_content_and_no_name(self):
        project = submit(given.contest())
        entry = Entry.objects.get(kind="ProjectSubmitted")
        assert entry.subject == project.subject
        assert content_digest(project) in entry.leaf
        assert "Олена" not in entry.leaf


def test_projects_submitted_at_once_get_numbers_without_gaps(committed_db):
    contest = given.contest()
    authors = [given.person(f"Автор{place}", serial=place) for place in range(12)]
    found = at_once(12, lambda place: submit(contest, author=authors[place]).number)
    assert refusals(found) == []
    assert sorted(found) == list(range(1, 13))


def test_an_author_in_many_windows_does_not_pass_the_limit(committed_db):
    contest = given.contest(rules={**given.RULES, "author_max_projects": 2})
    author = given.person("Олена")
    found = at_once(10, lambda place: submit(contest, author=author))
    assert refusals(found) == ["too_many_projects"] * 8
    assert Project.objects.count() == 2


@pytest.mark.django_db
class TestTheLifecycle:
    """The published table of moves is what the actions do: every state, move, role and phase."""

    PHASE_DAYS = {"submission": 5, "review": 25, "voting": 45, "counting": 65, "results": 75}
    ACTIONS = {
        "withdraw": lambda project, by: withdraw_project(project=project, by=by),
        "admit": lambda project, by: actions.admit_project(project=project, by=by),
        "refuse": lambda project, by: refuse_project(project=project, reason="Не на своїй землі", by=by),
    }

    @pytest.mark.parametrize("name", ACTIONS)
    def test_an_action_does_what_its_row_permits_and_refuses_the_rest_in_words(self, name):
        contest = given.contest()
        project = given.submitted_project(contest)
        stranger = given.person("Петро")
        people = {
            "author": actor_of(given.person("Олена"), contest.community),
            "commission": given.official("Ірина", "commission", contest.community),
            "administrator": given.official("Віктор", "administrator", contest.community),
            "stranger": Actor(kind="person", reference=str(stranger.id)),
        }
        outcomes = set()
        for state in State:
            for who, by in people.items():
                for phase, day in self.PHASE_DAYS.items():
                    Project.objects.update(state=state)
                    wanted = decide(state, name, roles={who}, phases={phase})
                    with clock.at(given.day(day)):
                        if isinstance(wanted, Move):
                            self.ACTIONS[name](project, by)
                            assert Project.objects.get().state == wanted.target
                            outcomes.add("done")
                        else:
                            answer = refused(self.ACTIONS[name], project=project, by=by)
                            assert answer.code == wanted.code, (state, who, phase)
                            assert Project.objects.get().state == state
                            outcomes.add(answer.code)
        assert outcomes == {"done", "wrong_state", "wrong_role", "wrong_phase"}

    def test_every_move_with_an_action_is_covered_above(self):
        named = {move.name for move in lifecycle.MOVES}
        public = {name.removesuffix("_project") for name in vars(actions) if name.endswith("_project")}
        # test_checking.py, test_delivery.py, review/test_stages.py, review/test_appeals.py
        elsewhere = {"publish", "send_back", "implement", "resubmit", "lapse", "appeal"}
        assert public & named == {"submit", *self.ACTIONS} | elsewhere

    def test_a_refusal_by_role_is_forbidden_and_by_time_a_conflict(self):
        contest = given.contest()
        project = given.submitted_project(contest)
        stranger = Actor(kind="person", reference=str(given.person("Петро").id))
        with clock.at(given.day(25)):
            assert refused(withdraw_project, project=project, by=stranger).status == 403
        with clock.at(given.day(45)):
            answer = refused(withdraw_project, project=project, by=actor_of(given.person("Олена")))
        assert (answer.code, answer.status) == ("wrong_phase", 409)

    def test_a_move_that_is_refused_leaves_no_entry(self):
        project = given.submitted_project(given.contest())
        before = len(history_of(project.subject))
        with clock.at(given.day(45)):
            refused(withdraw_project, project=project, by=actor_of(given.person("Олена")))
        assert len(history_of(project.subject)) == before

    def test_the_outcome_is_written_once_onto_admitted_projects(self):
        contest, projects = given.voting_contest()
        with clock.at(given.day(65)):
            mark_outcome(contest=contest, funded=["1", "3"])
            mark_outcome(contest=contest, funded=["2"])
        states = list(Project.objects.order_by("number").values_list("state", flat=True))
        assert states == ["funded", "not_funded", "funded", "not_funded"]
        assert Entry.objects.filter(kind="ProjectFunded").count() == 2
        assert len(projects) == admitted_projects(contest).count()

    def test_no_outcome_before_the_count(self):
        contest, _ = given.voting_contest()
        with clock.at(given.day(45)):
            assert refused(mark_outcome, contest=contest, funded=["1"]).code == "wrong_phase"
        assert set(Project.objects.values_list("state", flat=True)) == {"admitted"}


@pytest.mark.django_db
class TestWhatIsPublic:
    def test_what_is_published_is_public_whatever_becomes_of_it(self):
        contest = given.contest()
        project = given.submitted_project(contest)
        assert list(public_projects(contest)) == [project]
        for state in State:
            Project.objects.update(state=state)
            assert public_projects(contest).exists()
        Project.objects.update(published_at=None)
        assert not public_projects(contest).exists()

    def test_a_number_is_looked_up_in_its_contest(self):
        first, second = given.contest(), given.contest(slug="2027")
        given.submitted_project(first)
        assert project_numbered(first, 1) is not None
        assert project_numbered(second, 1) is None

    def test_only_admitted_projects_stand_on_the_ballot(self):
        contest = given.contest()
        given.admitted_project(contest, "Прийнятий проєкт")
        given.submitted_project(contest, "Ще на розгляді")
        assert [each.title for each in admitted_projects(contest)] == ["Прийнятий проєкт"]


@pytest.mark.django_db
def test_projects_of_an_imported_election_are_taken_over_in_one_go():
    contest = given.contest()
    drafts = [
        replace(
            given.draft(f"Проєкт {code}"), code=code, latitude=Decimal("50.25"), longitude=Decimal("19.02")
        )
        for code in ("M/66/VII", "M/03/VII")
    ]
    found = actions.record_projects(contest=contest, drafts=drafts, by=SYSTEM)
    assert [(each.number, each.code, each.state) for each in found] == [
        (1, "M/66/VII", "admitted"), (2, "M/03/VII", "admitted"),
    ]  # fmt: skip
    assert Entry.objects.filter(kind="ProjectAdmitted").count() == 2
