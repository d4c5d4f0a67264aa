"""The pages around a count: open ties at the desk, how ties were decided, the lot, explanations of their own."""

import re
from dataclasses import replace

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from rulebook.counting import RULES
from rulebook.counting import count as count_ballots
from rulebook.dossier import Dossier
from tests import given
from tests.results.counted import TIED_COSTS, TIED_TWICE_BALLOTS, opened, tied, tied_twice
from tests.surfaces.ground import Page, browser, holder, page, prefix
from viche.ballots.queries import box_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.identity.queries import actor_of
from viche.results import explaining
from viche.results.actions import certify_result, make_explanations, publish_result, run_count
from viche.results.jobs import explain_count
from viche.results.models import Count, ExplanationPage, Publication
from viche.results.queries import latest_count

COUNTING_DAY = given.day(64)
PROTOCOL = "№ 7 від 03.05.2026"


@pytest.fixture(autouse=True)
def _counting_day(db):
    with clock.at(COUNTING_DAY):
        yield


def counted(contest: Contest) -> Contest:
    with clock.at(given.day(62)):
        run_count(contest=contest, by=SYSTEM)
    return contest


def with_tie() -> Contest:
    return counted(opened(tied(), TIED_COSTS))


def member(contest: Contest, name: str = "Ірина"):
    return holder(name, "commission", contest.community)


def office(contest: Contest, language: str = "en/") -> str:
    return f"{prefix(contest.community)}{language}office/{contest.slug}/"


def results(contest: Contest, name: str = "", language: str = "en/") -> str:
    return f"{prefix(contest.community)}{language}{contest.slug}/results/{name}"


def desk(contest: Contest, person=None):
    return browser(person or member(contest), at=COUNTING_DAY)


def decision(
    *places: int, protocol: str = PROTOCOL, tie: int = 0, count: int = 1, **more: str
) -> dict[str, str]:
    """The form as a browser sends it."""
    name = f"tie-{tie}"
    fields = {f"{name}-place_{index}": str(place) for index, place in enumerate(places)}
    sent = {
        "act": "decide",
        "tie": name,
        "count": str(count),
        f"{name}-protocol": protocol,
        f"{name}-note": "",
    }
    return {**sent, **fields, **more}


def publish(contest: Contest, *, names: tuple[str, ...] = ("Ірина", "Сергій")) -> Count:
    members = [actor_of(member(contest, name), contest.community) for name in names]
    count = Count.objects.get(pk=latest_count(contest).pk)
    for each in members:
        certify_result(count=count, by=each)
    publish_result(count=count, by=members[0])
    return count


class TestTheDesk:
    def test_an_open_tie_says_what_is_equal_and_what_hangs_on_it(self):
        contest = with_tie()
        seen = page(desk(contest).get(office(contest)))
        assert "Open tie" in seen.text
        assert "₴550,000 is left" in seen.text
        for words in ("№ 3: Проєкт 3", "№ 4: Проєкт 4", "1 vote", "₴450,000", "₴500,000", "What hangs on"):
            assert words in seen.text
        assert "Certify the count" not in seen.text

    def test_the_order_and_the_protocol_decide_it(self):
        contest = with_tie()
        client = desk(contest)
        answer = client.post(office(contest), decision(2, 1))
        assert (answer.status_code, answer.headers["Location"]) == (302, office(contest))
        seen = page(client.get(office(contest)))
        assert latest_count(contest).outcome["funded"] == ["1", "2", "4"]
        assert "Open tie" not in seen.text
        assert "Certify the count" in seen.text
        assert PROTOCOL in seen.text

    @pytest.mark.parametrize(
        ("sent", "wrong", "words"),
        [
            (decision(1, 1), ["tie-0-place_1"], "Place 1 is given twice."),
            (decision(1), ["tie-0-place_1"], "required"),
            (decision(1, 7), ["tie-0-place_1"], "less than or equal to 2"),
            (decision(1, 2, protocol=""), ["tie-0-protocol"], "required"),
            ({**decision(1, 2), "tie-0-place_0": "перший"}, ["tie-0-place_0"], "whole number"),
        ],
    )
    def test_a_fault_is_said_at_its_field_and_nothing_typed_is_lost(self, sent, wrong, words):
        contest = with_tie()
        sent = {**sent, "tie-0-note": "Тому що так"}
        answer = desk(contest).post(office(contest), sent)
        seen = page(answer)
        assert answer.status_code == 422
        assert seen.wrong == wrong
        assert words in seen.text
        assert "Тому що так" in answer.content.decode()
        assert sent["tie-0-protocol"] in answer.content.decode()
        assert latest_count(contest).number == 1

    def test_the_fault_is_said_in_the_persons_language(self):
        contest = with_tie()
        seen = page(desk(contest).post(office(contest, ""), decision(1, 1)))
        assert "Місце 1 вказано двічі." in seen.text

    def test_a_page_left_open_for_long_decides_no_other_tie(self):
        contest = with_tie()
        client = desk(contest)
        client.post(office(contest), decision(2, 1))
        answer = client.post(office(contest), decision(1, 2))
        assert answer.status_code == 409
        assert "counted again meanwhile" in page(answer).text
        assert latest_count(contest).outcome["funded"] == ["1", "2", "4"]

    def test_two_ties_have_a_form_each_and_are_decided_one_after_the_other(self):
        contest = counted(opened(*tied_twice(), TIED_TWICE_BALLOTS))
        client = desk(contest)
        assert page(client.get(office(contest))).hidden["tie"] == ["tie-0", "tie-1"]
        answer = client.post(office(contest), decision(1, 1, tie=1))
        assert page(answer).wrong == ["tie-1-place_1"]
        assert client.post(office(contest), decision(2, 1, tie=1)).status_code == 302
        seen = page(client.get(office(contest)))
        assert seen.hidden["tie"] == ["tie-0"]
        assert client.post(office(contest), decision(2, 1, count=2, protocol="№ 8")).status_code == 302
        assert set(latest_count(contest).outcome["funded"]) == {"1", "2", "5", "6"}

    def test_others_see_the_tie_and_no_form(self):
        contest = with_tie()
        client = desk(contest, holder("Віктор", "administrator", contest.community))
        seen = page(client.get(office(contest)))
        assert "Open tie" in seen.text
        assert "A member of the commission records its decision." in seen.text
        assert "tie" not in seen.hidden
        assert client.post(office(contest), decision(1, 2)).status_code == 403
        assert latest_count(contest).number == 1


class TestHowTiesWereDecided:
    def test_a_decision_of_the_commission_is_named_with_its_protocol(self):
        contest = with_tie()
        desk(contest).post(office(contest), {**decision(2, 1), "tie-0-note": "Так вирішила комісія."})
        publish(contest)
        seen = page(browser().get(results(contest)))
        for words in ("Ties", "the commission’s decision", PROTOCOL, "Так вирішила комісія."):
            assert words in seen.text
        assert (
            seen.text.index("The order decided") < seen.text.rindex("Проєкт 4") < seen.text.rindex("Проєкт 3")
        )

    def test_a_lot_leads_to_its_seed(self):
        contest = counted(opened(tied(ties=("lot",)), TIED_COSTS))
        publish(contest)
        seen = page(browser().get(results(contest)))
        rules = f"{prefix(contest.community)}en/{contest.slug}/rules/"
        assert "the public lot" in seen.text
        assert f"{rules}#lot" in seen.links
        assert box_of(contest).lot_seed in page(browser().get(rules)).text

    def test_where_nothing_was_equal_nothing_is_said_of_ties(self):
        contest = counted(opened())
        publish(contest)
        assert "Equal projects are a tie" not in page(browser().get(results(contest))).text


class TestTheLot:
    def rules(self, contest: Contest) -> str:
        return page(browser().get(f"{prefix(contest.community)}en/{contest.slug}/rules/")).text

    def test_before_the_opening_everybody_sees_the_hash_and_nobody_the_seed(self):
        contest = given.contest(rules=tied(ties=("earlier", "lot")))
        seen = self.rules(contest)
        assert box_of(contest).lot_commitment in seen
        assert "not yet: the box is closed" in seen
        assert "the project submitted earlier, then the public lot, then the commission’s decision" in seen

    def test_after_the_opening_everybody_sees_the_seed(self):
        contest = opened(tied(ties=("lot",)), TIED_COSTS)
        assert box_of(contest).lot_seed in self.rules(contest)

    def test_where_the_rules_name_no_lot_nothing_is_said_of_it(self):
        assert "public lot" not in self.rules(given.contest())


def changed(contest: Contest, *, options: dict | None = None, **projects: dict) -> Count:
    """A further count of the contest whose dossier knows more of its projects than the house asks for yet."""
    first = latest_count(contest)
    dossier = Dossier.from_json(first.dossier)
    counting = dossier.rules.counting
    counting = replace(counting, options={**counting.options, **(options or {})})
    dossier = replace(
        dossier,
        rules=replace(dossier.rules, counting=counting),
        projects=tuple(replace(each, **projects.get(f"p{each.id}", {})) for each in dossier.projects),
    )
    outcome = count_ballots(dossier)
    return Count.objects.create(
        community=contest.community, contest=contest, number=first.number + 1, rule=outcome.rule,
        dossier=dossier.canonical().decode(), dossier_digest=dossier.digest, outcome=outcome.document(),
        outcome_digest=outcome.digest, is_decided=outcome.is_decided, counted_at=clock.now(),
    )  # fmt: skip


class TestEveryOutcome:
    def shown(self, contest: Contest) -> Page:
        publish(contest)
        answer = browser().get(results(contest))
        assert answer.status_code == 200
        return page(answer)

    @pytest.mark.parametrize("rule", RULES)
    def test_the_results_of_every_counting_rule_give_a_reason_for_each_project(self, rule):
        contest = counted(
            opened(tied(("earlier",), rule=rule), (15_000_000, 30_000_000, 45_000_000, 55_000_000))
        )
        seen = self.shown(contest)
        outcome = latest_count(contest).outcome
        assert set(outcome["totals"]) == {"1", "2", "3", "4"}
        assert seen.text.count("Won") == len(outcome["funded"])
        assert not re.search(r"does_not_fit|supporters_cannot_pay|eliminated_in|outweighed|%\(", seen.text)

    def test_equal_shares_tell_who_paid(self):
        contest = counted(opened(tied(("earlier",), rule="equal-shares-v1"), TIED_COSTS))
        seen = self.shown(contest)
        assert "Each of 4 voters began with ₴250,000." in seen.text
        assert re.search(r"Won: 3 of 3 supporters paid for it, at most ₴50,000 each\.", seen.text)

    def test_part_of_the_cost_is_what_stands_in_the_line_of_money(self):
        contest = counted(opened(tied(("earlier",)), TIED_COSTS))
        changed(contest, options={"fit": "partial"}, p3={"cost": 60_000_000, "least": 40_000_000})
        seen = self.shown(contest)
        assert "Won with part of its cost: it gets ₴550,000 of" in seen.text
        assert "gets a part" in seen.text
        assert "₴1,000,000 of ₴1,000,000 spent" in seen.text

    def test_a_competing_project_is_named(self):
        contest = counted(opened(tied(), (15_000_000, 30_000_000, 25_000_000, 20_000_000)))
        changed(contest, p1={"rivals": "square"}, p3={"rivals": "square"})
        assert "The competing project “Проєкт 1” won." in self.shown(contest).text

    def test_money_that_moved_between_pots_is_told_and_spent_once(self):
        rules, costs = tied_twice()
        # 5 are left of the small pot and 110 of the large one: together they pay for the fifth
        pots = [
            {**pot, "amount": amount}
            for pot, amount in zip(rules["pots"], (65_000_000, 310_000_000), strict=True)
        ]
        counting = {
            "rule": "greedy-v1", "options": {"leftovers": [{"from": ["*"], "to": "*"}]}, "ties": ["earlier"],
        }  # fmt: skip
        rules = {**rules, "pots": pots, "counting": counting}
        contest = counted(opened(rules, (*costs[:5], 115_000_000), TIED_TWICE_BALLOTS))
        seen = self.shown(contest).text
        assert latest_count(contest).outcome["spent"] == {
            "small": 60_000_000,
            "large": 200_000_000,
            "*": 19_000_000,
        }
        for words in (
            "₴50,000 that was left went to further projects of all pots.",
            "₴1,100,000 that was left went to further projects of all pots.",
            "Money left in all pots",
            "₴190,000 of ₴1,150,000 spent",
        ):
            assert words in seen
        assert seen.partition("Equal projects are a tie")[0].count("Проєкт 5") == 1

    def test_money_of_all_pots_that_pays_for_nothing_more_has_its_own_line(self):
        leftovers = {"leftovers": [{"from": ["*"], "to": "*"}]}
        counting = {"rule": "greedy-v1", "options": leftovers, "ties": ["earlier"]}
        contest = counted(opened({**given.RULES, "counting": counting}))
        left = latest_count(contest).outcome["left"]["*"]
        _before, _heading, after = self.shown(contest).text.partition("Money left in all pots")
        assert f"0 winners · ₴0 / ₴{left // 100:,}" in " ".join(after.split())


class TestExplanations:
    def published(self) -> Contest:
        contest = counted(opened(tied(("earlier",)), TIED_COSTS))
        publish(contest)
        return contest

    @pytest.mark.parametrize(
        ("name", "language", "words"),
        [
            ("explanation.html", "", "Переможці"),
            ("explanation.html", "en/", "Winners"),
            ("comparison.html", "", "Ті самі бюлетені за іншими правилами"),
            ("comparison.html", "en/", "The same ballots"),
        ],
    )
    def test_everybody_reads_them_in_their_language(self, name, language, words):
        contest = self.published()
        answer = browser().get(results(contest, name, language))
        assert answer.status_code == 200
        seen = page(answer)
        assert words in seen.text
        assert seen.lang == (language[:2] or "uk")
        assert str(contest.id) not in seen.title
        assert "UA5308" not in seen.text

    @pytest.mark.parametrize("name", ["explanation.html", "comparison.html"])
    def test_their_own_style_sheet_runs_and_nothing_else(self, name):
        answer = browser().get(results(self.published(), name))
        policy = dict(
            part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";")
        )
        assert policy["default-src"] == policy["script-src"] == "'none'"
        assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", policy["style-src"])
        html = answer.content.decode()
        assert html.count("<style") == 1
        assert not re.search(r"<script|\sstyle=|\son[a-z]+=|<link|<img|javascript:|src=", html)

    def test_the_results_and_the_desk_lead_to_them(self):
        contest = self.published()
        seen = page(browser().get(results(contest)))
        for name in ("explanation.html", "comparison.html"):
            assert results(contest, name) in seen.own_links

    def test_before_the_publication_they_are_for_officials(self):
        contest = with_tie()
        for name in ("explanation.html", "comparison.html"):
            assert browser().get(results(contest, name)).status_code == 404
            answer = desk(contest).get(results(contest, name))
            assert answer.status_code == 200
            assert "no-store" in answer["Cache-Control"]
            assert results(contest, name) in page(desk(contest).get(office(contest))).own_links

    def test_an_official_of_another_body_does_not_see_them_earlier(self):
        contest = with_tie()
        stranger = holder(
            "Орися", "commission", given.community(given.LVIV), region="Львівська", locality="м. Львів"
        )
        assert desk(contest, stranger).get(results(contest, "explanation.html")).status_code == 404

    def test_they_are_written_once(self, monkeypatch):
        contest = self.published()
        first = browser().get(results(contest, "explanation.html")).content
        assert ExplanationPage.objects.count() == 4
        monkeypatch.setattr("viche.results.actions.written_pages", None)
        assert browser().get(results(contest, "explanation.html")).content == first
        assert browser().get(results(contest, "comparison.html", "")).status_code == 200

    def test_a_new_edition_of_the_house_writes_them_anew(self, monkeypatch):
        contest = self.published()
        browser().get(results(contest, "explanation.html"))
        ExplanationPage.objects.update(edition="0", html="old")
        assert browser().get(results(contest, "explanation.html")).content != b"old"
        assert ExplanationPage.objects.count() == 4

    def test_of_a_large_contest_they_are_written_by_a_job_while_the_visitor_is_told_to_come_back(
        self, monkeypatch
    ):
        monkeypatch.setattr(explaining, "LARGEST_AT_ONCE", 0)
        contest = self.published()
        count = latest_count(contest)
        for _again in range(3):
            answer = browser().get(results(contest, "explanation.html"))
            assert answer.status_code == 202
            assert "being prepared" in page(answer).text
            assert answer["Cache-Control"] == "no-store"
        assert not ExplanationPage.objects.exists()
        jobs = ProcrastinateJob.objects.filter(task_name=explain_count.name)
        (job,) = (job for job in jobs if job.args["count_id"] == str(count.pk))
        explain_count(**job.args)
        assert browser().get(results(contest, "explanation.html")).status_code == 200

    def test_a_stored_outcome_that_its_dossier_does_not_lead_to_is_not_explained(self):
        count = latest_count(self.published())
        count.outcome_digest = "0" * 64
        with pytest.raises(ValueError, match="another outcome"):
            make_explanations(count=count)
        assert not ExplanationPage.objects.exists()

    def test_the_publication_is_of_the_count_that_is_explained(self):
        contest = with_tie()
        desk(contest).post(office(contest), decision(2, 1))
        publish(contest)
        assert Publication.objects.get().count.number == 2
        html = browser().get(results(contest, "explanation.html")).content.decode()
        assert latest_count(contest).outcome_digest in html
