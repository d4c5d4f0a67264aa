"""What a regulation says against itself is found before anybody votes: forbidden, or only warned of."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from documents import EVERYTHING, changed

from rulebook.calendar import Window
from rulebook.rules import WARNINGS, forbidding, is_warning, parse, problems, schedule_contradictions

KYIV = ZoneInfo("Europe/Kyiv")


def everything(**changes):
    """The regulation that says everything, with some parts replaced."""
    return changed(EVERYTHING, **changes)


# each kind of contradiction, in the regulation that says everything
CONTRADICTIONS = [
    ({"total": None}, "/pots/0/share", "share_without_total"),
    ({"pots__1__share": 6000}, "/pots", "shares_not_whole"),
    ({"pots__1": {"id": "large", "name": {"uk": "Великі"}, "amount": 800_000_000, "size_class": "large"}},
     "/total", "pots_above_total"),
    ({"pots__1": {"id": "large", "name": {"uk": "Великі"}, "amount": 600_000_000, "size_class": "large"}},
     "/total", "pots_below_total"),
    ({"pots__1__share": 0}, "/pots/1/amount", "empty_pot"),
    ({"size_classes__1__max_cost": 700_000_002}, "/pots/1/amount", "class_larger_than_pot"),
    ({"size_classes__1__min_cost": 30_000_002}, "/size_classes/1/min_cost", "gap_between_classes"),
    ({"pots__1__category": "sport"}, "/pots/1/category", "pot_of_category_not_admitted"),
    ({"types__1__id": "soft"}, "/types/1/id", "repeated"),
    ({"review__1__id": "formal"}, "/review/1/id", "repeated"),
    ({"supporter__bases": []}, "/supporter/bases", "nobody_eligible"),
    ({"voter__citizenship": []}, "/voter/citizenship", "no_citizenship"),
    ({"voter__max_age": 17}, "/voter/max_age", "no_age"),
    ({"voter__channels": {"study": ["desk"]}}, "/voter/channels/study", "basis_not_admitted"),
    ({"voter__evidence": {"study": ["passport"]}}, "/voter/evidence/study", "basis_not_admitted"),
    ({"voter__channels": {"displaced": []}}, "/voter/channels/displaced", "basis_without_channel"),
    ({"voter__channels": {"displaced": ["kiosk"]}}, "/voter/channels/displaced", "basis_without_channel"),
    ({"voter__channels": {"displaced": ["kiosk", "desk"]}}, "/voter/channels/displaced", "unknown_channel"),
    ({"voter__evidence": {"displaced": []}}, "/voter/evidence/displaced", "no_evidence"),
    ({"voter__operator_grant": False}, "/voter/operator_grant", "basis_not_provable"),
    ({"identity_methods": ["phone"], "submission__identity_methods": [], "author__personal_number": True},
     "/author/personal_number", "number_not_proved"),
    ({"identity_methods": ["kep"], "support__identity_methods": []}, "/supporter/min_age", "age_not_proved"),
    ({"channels__0__identity_methods": ["phone"]}, "/channels/0/identity_methods", "number_not_proved"),
    ({"channels__0__identity_methods": ["kep"]}, "/channels/0/identity_methods", "age_not_proved"),
    ({"channels__0__identity_methods": ["desk"]}, "/channels/0/identity_methods", "method_not_in_channel"),
    ({"channels__0__identity_methods": ["kep"]}, "/channels/0/identity_methods", "method_not_listed"),
    ({"submission__identity_methods": ["kep"]}, "/submission/identity_methods/0", "act_method_not_listed"),
    ({"support__identity_methods": ["desk"]}, "/support/identity_methods/0", "method_not_in_channel"),
    ({"support__identity_methods": ["kep"]}, "/supporter/min_age", "age_not_proved"),
    ({"identity_methods": ["isei", "bankid", "desk", "kep"]}, "/identity_methods/3", "method_unused"),
    ({"channels__1__identity_methods": [], "identity_methods": ["phone"]},
     "/channels/1/identity_methods", "channel_without_method"),
    ({"channels__1__kind": "online"}, "/channels/1/kind", "repeated"),
    ({"channels__1__to_day": 15}, "/channels/1/to_day", "channel_never_open"),
    ({"channels__0__from_day": 2}, "/channels", "channels_leave_days"),
    ({"channels__0__to_day": 10}, "/channels", "channels_leave_days"),
    ({}, "/ballot/revote", "revote_on_paper"),
    ({"submission__max_per_class": {"huge": 1}}, "/submission/max_per_class/huge", "unknown_class"),
    ({"submission__max_per_class": {"small": 0}}, "/submission/max_per_class/small", "limit_zero"),
    ({"submission__max_per_class": {"small": 4}}, "/submission/max_per_class/small", "limit_above_overall"),
    ({"author_max_projects": 4}, "/author_max_projects", "limit_out_of_reach"),
    ({"submission__max_team": 0}, "/submission/max_team", "limit_zero"),
    ({"submission__reserve_share": 10_000}, "/submission/reserve_share", "reserve_takes_all"),
    ({"submission__categories": ["art"]}, "/submission/categories/0", "unknown_category"),
    ({"support__threshold": {"huge": 5}}, "/support/threshold/huge", "unknown_class"),
    ({"support__threshold": {"small": 0, "large": 0}}, "/support/threshold", "support_of_nobody"),
    ({"support__threshold": {"small": 15}}, "/support/threshold", "class_without_support"),
    ({"support__threshold": {"*": 1}}, "/support/author_counts", "author_alone_is_enough"),
    ({"support__days": 0}, "/support/days", "no_days_for_support"),
    ({"support__ways": []}, "/support/ways", "no_way_to_support"),
    ({"support__max_per_person": 0}, "/support/max_per_person", "limit_zero"),
    ({"review__0__days": 0}, "/review/0/days", "no_days"),
    ({"review__0__correction_days": 0}, "/review/0/correction_days", "no_days"),
    ({"review__1__outcomes": ["return", "reject"]}, "/review/1/outcomes", "nobody_admitted"),
    ({"review__1__outcomes": ["admit", "return"]}, "/review", "nothing_rejected"),
    ({"review__0__correction_days": None}, "/review/0/correction_days", "correction_without_days"),
    ({"review__0__correction_days": None}, "/review/0/reject_silent", "silence_without_days"),
    ({"review__0__correction_days": 5}, "/review/0/correction_days", "correction_longer_than_stage"),
    ({"review__0__outcomes": ["admit"]}, "/review/0/reject_silent", "nothing_to_correct"),
    ({"review__1__outcomes": ["admit", "reject"]}, "/review/1/reject_refusal", "nothing_to_correct"),
    ({"review__1__days": 361}, "/review", "review_longer_than_year"),
    ({"submission__check__days": 0}, "/submission/check/days", "no_days"),
    ({"submission__check__days": None}, "/submission/check/publish_silent", "publication_without_days"),
    ({"submission__questions__1__id": "whom"}, "/submission/questions/1/id", "repeated"),
    ({"submission__questions__0__options__1__id": "young"}, "/submission/questions/0/options/1/id", "repeated"),
    ({"submission__questions__0__options": []}, "/submission/questions/0/options", "choice_without_options"),
    ({"submission__questions__0__options": [{"id": "all", "name": {"uk": "усі"}}]},
     "/submission/questions/0/options", "choice_of_one"),
    ({"submission__questions__0__kind": "line"}, "/submission/questions/0/options", "options_of_no_choice"),
    ({"support__e_signature": "required"}, "/support/e_signature", "paper_without_e_signature"),
    ({"support__e_signature": "required", "support__ways": ["paper"]}, "/support/e_signature", "e_signature_on_paper"),
    ({"publication__what": ["results"]}, "/support/signatories", "signatories_not_published"),
    ({"review__1__quorum": 0}, "/review/1/quorum", "quorum_of_nobody"),
    ({"review__1__checks": ["land", "cost"]}, "/review", "checks_left_out"),
    ({"appeal__days": 0}, "/appeal/days", "no_days"),
    ({"appeal__decision_days": 0}, "/appeal/decision_days", "no_days"),
    ({"implementation__stall_days": 0}, "/implementation/stall_days", "no_days"),
    ({"extension__times": 0}, "/extension/times", "never_extended"),
    ({"extension__days": 0}, "/extension/days", "no_days"),
    ({"approval__0__days": 0}, "/approval/0/days", "no_days"),
    ({"publication__years": 0}, "/publication/years", "published_for_no_time"),
    ({"publication__what": []}, "/publication/what", "nothing_published"),
    ({"publication__what": ["projects"]}, "/publication/what", "results_not_published"),
    ({"ballot__min_choices": 5, "ballot__max_points": 4, "ballot__max_points_per_project": 4},
     "/ballot/min_choices", "minimum_out_of_reach"),
    ({"ballot__max_points_per_project": 11}, "/ballot/max_points_per_project", "limit_above_overall"),
    ({"ballot__max_points_per_project": 1}, "/ballot/max_points", "limit_out_of_reach"),
    ({"ballot__max_cost": 99_999}, "/ballot/max_cost", "ballot_below_smallest_project"),
    ({"ballot__max_cost": 199_999}, "/ballot/min_choices", "minimum_out_of_reach"),
    ({"ballot__kind": "ranking", "ballot__max_choices": 1}, "/ballot/max_choices", "ranking_of_one"),
    ({"counting__options__threshold_share": {"*": 10_001}},
     "/counting/options/threshold_share/*", "threshold_above_all_ballots"),
    ({"counting__options__winners": {"*": 0}}, "/counting/options/winners", "nobody_can_win"),
    ({"counting__options__winners_per_category": {"education": 15}},
     "/counting/options/winners_per_category/education", "quota_above_winners"),
    ({"size_classes__1__min_cost": 120_000_000, "counting__options__winners_per_class": {"large": 6}},
     "/counting/options/winners_per_class/large", "quota_above_money"),
    ({"size_classes__1__min_cost": 120_000_000}, "/counting/options/winners/large", "quota_above_money"),
    ({"submission__least_amount": False}, "/counting/options/fit", "partial_without_consent"),
    ({"channels__3__kind": "kiosk"}, "/paper", "paper_unused"),
    ({"channels__2__kind": "kiosk"}, "/ballot/cancel", "cancel_without_terminal"),
    ({"paper__mode": "totals"}, "/paper/is_named", "totals_of_named_papers"),
    ({"paper__mode": "totals", "ballot__kind": "ranking"}, "/paper/mode", "totals_of_such_ballots"),
    ({"paper__mode": "totals", "ballot__kind": "plus-minus"}, "/paper/mode", "totals_of_such_ballots"),
    ({"paper__mode": "totals", "counting__rule": "equal-shares-v1"}, "/paper/mode", "totals_under_such_rule"),
    ({"paper__mode": "totals", "counting__options__score": "votes"},
     "/counting/options/score", "totals_are_points"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "path", "code"), CONTRADICTIONS)
def test_each_contradiction_of_the_whole_regulation_is_found(changes, path, code):
    found = problems(parse(everything(**changes)))
    assert (path, code) in [(problem.path, problem.code) for problem in found]
    if changes:
        assert (path, code) not in [(problem.path, problem.code) for problem in problems(parse(EVERYTHING))]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("approval", {}),
        ("approval", {"score": "votes-per-cost", "threshold_share": {"*": 100}}),
        ("choose-1", {"fit": "stop"}),
        ("points", {"score": "points", "winners": {"*": 3}}),
    ],
)
def test_totals_of_paper_are_enough_where_only_votes_or_points_decide(kind, options):
    shape = {"kind": kind, "max_points": 10} if kind == "points" else {"kind": kind}
    document = everything(
        paper={"mode": "totals"}, ballot=shape, counting={"rule": "greedy-v1", "options": options}
    )
    assert not {problem.path for problem in forbidding(parse(document))} & {"/paper/mode", "/paper/is_named"}
    assert forbidding(parse(document)) == []


def without(name, **changes):
    less = everything(**changes)
    del less[name]
    return [(problem.path, problem.code) for problem in problems(parse(less))]


def test_without_support_nothing_may_depend_on_it():
    found = without("support", extension__phases=["support"])
    assert ("/counting/ties", "tie_without_support") in found
    assert ("/extension/phases", "no_support_to_extend") in found
    assert ("/supporter", "supporters_not_asked") in found
    assert ("/submission/edits", "edits_without_support") in found


def test_without_a_check_of_form_nothing_is_edited_before_it_is_published():
    asked = {name: part for name, part in EVERYTHING["submission"].items() if name != "check"}
    found = problems(parse(everything(submission={**asked, "edits": "until-published"})))
    assert [each.code for each in found if each.path == "/submission/edits"] == ["edits_without_check"]
    checked = problems(parse(everything(submission__edits="until-published")))
    assert [each for each in checked if each.path == "/submission/edits"] == []


def test_where_nothing_is_ever_refused_there_is_nothing_to_appeal():
    asked = {name: part for name, part in EVERYTHING["submission"].items() if name != "check"}
    kind = [
        {**EVERYTHING["review"][1], "outcomes": ["admit"], "correction_days": None, "reject_refusal": False}
    ]
    assert "nothing_to_appeal" in {
        each.code for each in problems(parse(everything(submission=asked, review=kind)))
    }
    # a check of form refuses too
    assert "nothing_to_appeal" not in {each.code for each in problems(parse(everything(review=kind)))}


def test_authors_may_be_limited_to_a_way_that_is_none_of_voting():
    rules = parse(everything(author__channels={"work": ["kiosk"]}))
    assert "basis_without_channel" not in [problem.code for problem in problems(rules)]


# --- against the schedule -----------------------------------------------------------------------------


def window(phase, start, days):
    begins = datetime(2027, 3, 1, tzinfo=KYIV) + timedelta(days=start)
    return Window(phase, begins, begins + timedelta(days=days))


def final(**changes):
    """The regulation without appeals, so that only the stages take days of the review."""
    less = everything(**changes)
    del less["appeal"]
    return less


def a_year(**days):
    """Phases one after another from 1 March 2027, across the change of the clocks; 0 days leaves one out."""
    schedule, start = [], 0
    for phase, length in {"submission": 30, "support": 30, "review": 45, "voting": 30, **days}.items():
        if length:
            schedule.append(window(phase, start, length))
            start += length
    return schedule


def test_a_regulation_fits_a_schedule_with_enough_days():
    assert schedule_contradictions(parse(EVERYTHING), a_year()) == []


@pytest.mark.parametrize(
    ("changes", "days", "path", "code"),
    [
        ({}, {"support": 19}, "/support/days", "support_longer_than_phase"),
        ({"support__days": None}, {"support": 0}, "/support", "no_phase_for_support"),
        ({}, {"review": 0}, "/review", "no_phase_for_review"),
        ({}, {"review": 34}, "/review", "review_longer_than_phase"),
        # the check of the last project ends on Friday 2 April, the third day after the submission
        ({"support__days": None}, {"support": 3}, "/submission/check/days", "check_longer_than_phase"),
        ({}, {"support": 0, "review": 3}, "/submission/check/days", "check_longer_than_phase"),
        ({}, {"review": 41}, "/appeal", "appeal_beyond_review"),
        ({}, {"voting": 15}, "/channels/1/from_day", "channel_after_voting"),
        ({}, {"voting": 29}, "/channels/0/to_day", "channel_beyond_voting"),
        ({}, {"voting": 31}, "/channels", "channels_leave_days"),
    ],
)
def test_what_the_schedule_leaves_no_days_for_is_found(changes, days, path, code):
    found = schedule_contradictions(parse(everything(**changes)), a_year(**days))
    assert (path, code) in [(problem.path, problem.code) for problem in found]


def test_a_phase_of_support_that_no_rule_asks_for_is_noticed():
    less = everything()
    del less["support"]
    found = schedule_contradictions(parse(less), a_year())
    assert [problem.code for problem in found] == ["phase_without_support"]
    assert is_warning(found[0])


@pytest.mark.parametrize(
    ("calendar", "days", "room"),
    [
        # the review opens on Friday 30 April 2027; only weekends are off under martial law
        ("ukraine-martial-law", 1, 1), ("ukraine-martial-law", 5, 7), ("ukraine-martial-law", 6, 8),
        ("ukraine-martial-law", 11, 15),
        # 1 and 2 May (Easter) are a weekend, so 3 and 4 May are off; 8 May is a Saturday, so 10 May is off
        ("ukraine", 1, 1), ("ukraine", 2, 6), ("ukraine", 4, 8), ("ukraine", 5, 12),
    ],
)  # fmt: skip
def test_working_days_take_their_weekends_and_holidays_with_them(calendar, days, room):
    stage = {**EVERYTHING["review"][0], "correction_days": 1, "days": days}
    rules = parse(final(review=[stage], working_calendar=calendar))
    assert schedule_contradictions(rules, a_year(review=room)) == []
    if room > 1:
        [problem] = schedule_contradictions(rules, a_year(review=room - 1))
        assert problem.code == "review_longer_than_phase"
        assert problem.params == {"days": room, "available": room - 1}


def test_a_review_that_opens_at_noon_begins_its_terms_on_the_next_day():
    rules = parse(final(review=[{**EVERYTHING["review"][0], "days": 5}]))
    noon = datetime(2027, 5, 3, 12, tzinfo=KYIV)
    others = [each for each in a_year(review=7) if each.phase != "review"]
    for end, codes in [(11, []), (10, ["review_longer_than_phase"])]:
        review = Window("review", noon, datetime(2027, 5, end, tzinfo=KYIV))
        assert [problem.code for problem in schedule_contradictions(rules, [*others, review])] == codes


def test_a_class_that_may_cost_more_than_its_pot_only_warns():
    rules = parse(everything(size_classes__1__max_cost=700_000_002, ballot__revote=False))
    assert [problem.code for problem in problems(rules) if is_warning(problem)] == ["class_larger_than_pot"]
    assert forbidding(rules) == []


def test_what_lets_nobody_through_forbids_the_freezing():
    rules = parse(everything(support__days=0))
    assert [problem.code for problem in forbidding(rules)] == ["no_days_for_support"]
    assert forbidding(rules)[0].params == {"needed": 75}


def test_every_warning_is_a_code_in_use():
    found = {code for _, _, code in CONTRADICTIONS}
    by_schedule = {
        "appeal_beyond_review",
        "check_longer_than_phase",
        "phase_without_support",
        "review_longer_than_phase",
        "support_longer_than_phase",
    }
    alone = {"edits_without_check", "edits_without_support", "nothing_to_appeal", "supporters_not_asked"}
    assert found | by_schedule | alone | {"channel_beyond_voting"} >= WARNINGS
