"""The editor's forms: a section saved as it stands changes nothing; what is typed becomes the document, and back."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from rulebook.presets import preset, presets
from rulebook.rules import differences, parse, problems
from rulebook.rules.schema import JSON_SCHEMA
from viche.contests.places import LABELS, pattern_of, place_words, value_words
from viche.office.rules_editor.documents import Facts, SectionPage
from viche.office.rules_editor.sections import SECTIONS, section_of

PRESETS = [each.id for each in presets()]


def sent(page: SectionPage, **changes: Any) -> QueryDict:
    """What a browser sends of the page as it stands, with some fields typed over (None: taken away)."""
    data = QueryDict(mutable=True)
    # only what stands on the page: a browser sends nothing of a field that was not drawn
    shown = [row.field for block in page.blocks for row in block.all_rows]
    shown += [form[name] for each in page.lists for form in each.forms for name in ("key", "remove")]
    for bound in shown:
        value = bound.value()
        if isinstance(bound.field, forms.BooleanField):
            value = ["on"] if value else []
        elif isinstance(value, (list, tuple)):
            value = list(value)
        else:
            value = ["" if value is None else str(value)]
        data.setlist(bound.html_name, value)
    for records in page.lists:
        data[f"{records.prefix}-total"] = str(records.total)
    for name, value in changes.items():
        name = name.replace("__", "-")
        if value is None:
            data.pop(name, None)
        else:
            data.setlist(name, value if isinstance(value, list) else [str(value)])
    return data


def open_section(name: str, document: dict[str, Any], data: QueryDict | None = None) -> SectionPage:
    return SECTIONS[name](data, document=document, facts=Facts())


def saved(name: str, document: dict[str, Any], **changes: Any) -> dict[str, Any]:
    page = open_section(name, document, sent(open_section(name, document), **changes))
    assert page.is_valid(), page.errors
    return page.changed()


@pytest.mark.parametrize("name", SECTIONS)
@pytest.mark.parametrize("preset_id", PRESETS)
def test_a_section_saved_as_it_stands_changes_nothing(preset_id: str, name: str) -> None:
    document = preset(preset_id).document()
    before = deepcopy(document)
    after = saved(name, document)
    assert differences(before, after) == []
    assert parse(after).digest == parse(before).digest
    assert document == before, "the document at hand is not touched"


def settings_of_the_schema(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Patterns of every setting the published schema knows."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name == "text":
            return
        schema = JSON_SCHEMA["$defs"][name]
    for name, field in schema.get("properties", {}).items():
        here = f"{path}/{name}".strip("/")
        yield here
        if here.endswith(("channels", "evidence")) and "items" not in field:
            continue
        yield from settings_of_the_schema(field, here)
        if "items" in field:
            yield from settings_of_the_schema(field["items"], f"{here}/*")


def test_every_setting_of_the_schema_has_a_name() -> None:
    unnamed = [
        path
        for path in settings_of_the_schema(JSON_SCHEMA)
        if path not in LABELS and not path.endswith("/id")
    ]
    assert unnamed == []


def test_every_setting_of_the_schema_is_reached_by_a_form() -> None:
    """A regulation that uses everything: each of its settings stands at some field of some section."""
    everything = {
        **preset("kyiv-2021").document(),
        "types": [{"id": "local", "name": {"uk": "Місцеві"}}],
        "supporter": {"bases": ["registered"]},
        "support": {"threshold": {"*": 5}},
        "extension": {"body": {"uk": "рада"}},
        "implementation": {"year_offset": 1},
        "publication": {"what": ["results"]},
        "approval": [{"body": {"uk": "рада"}}],
        "review": [{"id": "a", "name": {"uk": "а"}, "body": {"uk": "б"}, "outcomes": ["admit"]}],
        "submission": {
            "check": {"body": {"uk": "відділ"}},
            "questions": [
                {
                    "id": "q",
                    "name": {"uk": "Кому?"},
                    "kind": "choice",
                    "help": {"uk": "Одне"},
                    "options": [{"id": "a", "name": {"uk": "Усім"}}],
                },
            ],
        },
        "appeal": {"body": {"uk": "рада"}, "days": 5},
        "channels": [{"kind": "online"}],
        "pots": [{"id": "a", "name": {"uk": "А"}, "amount": 1}],
        "size_classes": [{"id": "s", "name": {"uk": "М"}, "min_cost": 1}],
    }
    reached = set()
    for name in SECTIONS:
        page = SECTIONS[name](None, document=everything, facts=Facts(areas=[("UA1", "Округ")]))
        for form in page.every_form:
            reached |= {pattern_of(form.path_of(field)) for field in form.fields if form.path_of(field)}
    heads = {"/".join(path.split("/")[: path.count("*") * 2 + 2]) for path in reached} | reached
    missing = [
        path
        for path in settings_of_the_schema(JSON_SCHEMA)
        if not path.endswith("/id")
        and path not in {"schema", "counting/options"}
        and not any(each == path or each.startswith(f"{path}/") for each in heads)
    ]
    assert missing == []


def test_every_section_owns_its_places_alone() -> None:
    owned = [first for section in SECTIONS.values() for first in section.owns]
    assert len(owned) == len(set(owned))
    assert set(owned) == set(JSON_SCHEMA["properties"])
    assert section_of("/pots/0/amount") == "money"
    assert section_of("/schedule") == ""


VILLAGE = preset("stepanetska-2020")


class TestMoney:
    def test_a_pot_is_changed_in_hryvnias(self) -> None:
        document = VILLAGE.document()
        after = saved("money", document, **{"pots-0-amount": "450 000,50"})
        assert after["pots"][0]["amount"] == 45_000_050
        assert [each.path for each in differences(document, after)] == ["/pots/0/amount"]

    def test_another_pot_gets_an_id_of_its_name(self) -> None:
        document = VILLAGE.document()
        page = open_section("money", document, sent(open_section("money", document), add="pots"))
        data = sent(
            page, **{"pots-2-name_uk": "Шкільний бюджет", "pots-2-amount": "100000", "pots-2-size_class": ""}
        )
        after = open_section("money", document, data)
        assert after.is_valid(), after.errors
        assert after.changed()["pots"][2] == {
            "id": "shkilnyi-biudzhet",
            "name": {"uk": "Шкільний бюджет"},
            "amount": 10_000_000,
        }

    def test_a_blank_new_record_is_no_record(self) -> None:
        document = VILLAGE.document()
        page = open_section("money", document, sent(open_section("money", document), add="pots"))
        after = open_section("money", document, sent(page))
        assert after.is_valid(), after.errors
        assert differences(document, after.changed()) == []

    def test_a_blank_new_question_or_stage_keeps_its_defaults_and_is_no_record(self) -> None:
        document = VILLAGE.document()
        for name, path in (("submission", "submission-questions"), ("review", "review")):
            page = open_section(name, document, sent(open_section(name, document), add=path))
            after = open_section(name, document, sent(page))
            assert after.is_valid(), after.errors
            assert differences(document, after.changed()) == []

    def test_a_pot_is_taken_out_even_when_its_fields_are_wrong(self) -> None:
        document = VILLAGE.document()
        after = saved("money", document, **{"pots-1-remove": "on", "pots-1-amount": "багато"})
        assert [pot["id"] for pot in after["pots"]] == [document["pots"][0]["id"]]

    @pytest.mark.parametrize(
        ("typed", "wrong"),
        [
            ({"pots-0-amount": "багато"}, "Write the amount in digits"),
            ({"pots-0-amount": ""}, "or the share"),
            ({"pots-0-share": "10"}, "not both"),
            ({"pots-0-share": "101"}, "at most 100%"),
            ({"pots-0-name_uk": ""}, "required"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, typed: dict[str, str], wrong: str) -> None:
        from django.utils.translation import override

        document = VILLAGE.document()
        with override("en"):
            page = open_section("money", document, sent(open_section("money", document), **typed))
            assert not page.is_valid()
            assert any(wrong in message for _control, message in page.errors), page.errors


class TestProjects:
    def test_a_class_that_goes_takes_its_limits_with_it_but_not_its_money(self) -> None:
        document = preset("kyiv-2019").document()
        gone = document["size_classes"][1]["id"]
        document["ballot"]["max_per_class"] = {gone: 2}
        after = saved("projects", document, **{"size_classes-1-remove": "on"})
        assert gone not in str(after["ballot"])
        assert gone in str(after["pots"]), "where its money goes is for people to say"
        assert "unknown_class" in {problem.code for problem in problems(parse(after))}

    def test_a_renamed_class_keeps_its_id(self) -> None:
        document = preset("kyiv-2019").document()
        after = saved("projects", document, **{"size_classes-0-name_uk": "Дрібні"})
        assert [each.path for each in differences(document, after)] == ["/size_classes/0/name/uk"]


class TestPeople:
    def test_age_bases_and_a_fixed_date(self) -> None:
        after = saved(
            "people",
            VILLAGE.document(),
            **{
                "voter-min_age": "14",
                "voter-bases": ["registered", "displaced"],
                "voter-age_kind": "date",
                "voter-age_date": "2026-01-01",
            },
        )
        voter = parse(after).voter
        assert (voter.min_age, voter.bases, voter.age_on) == (14, ("registered", "displaced"), "2026-01-01")

    def test_a_basis_may_be_kept_to_paper(self) -> None:
        admitted = saved("people", VILLAGE.document(), **{"voter-bases": ["registered", "work"]})
        assert parse(admitted).voter.channels == {}
        after = saved("people", admitted, **{"voter-channels_work": ["paper"]})
        assert not parse(after).voter.may_use("work", "online")
        assert parse(after).voter.may_use("registered", "online")
        # no mark at all is an answer too, and a contradiction that is told
        nowhere = saved("people", admitted, **{"voter-channels_work": []})
        assert "basis_without_channel" in {each.code for each in problems(parse(nowhere))}

    def test_supporters_of_their_own_begin_as_the_voters_are_and_back(self) -> None:
        document = {**VILLAGE.document(), "support": {"threshold": {"*": 10}}}
        begun = saved("people", document, **{"supporters-own": "on"})
        assert parse(begun).supporters == parse(begun).voter
        after = saved("people", begun, **{"supporter-min_age": "16"})
        assert parse(after).supporters.min_age == 16
        again = saved("people", after, **{"supporters-own": None})
        assert "supporter" not in again


class TestSupportAndReview:
    def test_support_is_switched_on_and_off(self) -> None:
        document = preset("odesa").document()
        assert "support" not in document
        after = saved(
            "support", document, **{"support-wanted": "on", "needed-every": "25", "support-days": "14"}
        )
        assert parse(after).support.needed(None) == 25
        assert "support" not in saved("support", after, **{"support-wanted": None})

    def test_a_stage_is_added_with_its_body_and_days(self) -> None:
        document = VILLAGE.document()
        page = open_section("review", document, sent(open_section("review", document), add="review"))
        place = page.lists[0].total - 1
        data = sent(
            page,
            **{
                f"review-{place}-name_uk": "Експертиза",
                f"review-{place}-body_uk": "Виконком",
                f"review-{place}-days": "10",
                f"review-{place}-day_kind": "working",
                f"review-{place}-outcomes": ["admit", "reject"],
            },
        )
        after = open_section("review", document, data)
        assert after.is_valid(), after.errors
        stage = parse(after.changed()).review[place]
        assert (stage.body["uk"], stage.days, stage.day_kind) == ("Виконком", 10, "working")

    def test_stages_change_places(self) -> None:
        document = preset("odesa").document()
        ids = [stage["id"] for stage in document["review"]]
        assert len(ids) > 1
        down = saved("review", document, **{"review-0-place": str(len(ids))})
        assert [stage["id"] for stage in down["review"]] == [*ids[1:], ids[0]]
        up = saved("review", document, **{f"review-{len(ids) - 1}-place": "1"})
        assert [stage["id"] for stage in up["review"]] == [ids[-1], *ids[:-1]]

    def test_opinions_and_a_quorum_of_a_stage(self) -> None:
        document = preset("odesa").document()
        document["review"] = document["review"][:1]
        after = saved("review", document, **{"review-0-checks": ["land", "cost"], "review-0-quorum": "5"})
        stage = parse(after).review[0]
        assert (stage.checks, stage.quorum) == (("land", "cost"), 5)
        assert "checks_left_out" in {each.code for each in problems(parse(after))}

    def test_appeals_are_switched_on_with_a_body_and_a_term_and_off(self) -> None:
        document = VILLAGE.document()
        filled = {
            "appeal-wanted": "on", "appeal-body_uk": "Виконавчий комітет", "appeal-days": "5",
            "appeal-day_kind": "working", "appeal-decision_days": "10",
        }  # fmt: skip
        after = saved("review", document, **filled)
        appeal = parse(after).appeal
        assert appeal is not None
        assert (appeal.body["uk"], appeal.days, appeal.day_kind, appeal.decision_days) == (
            "Виконавчий комітет", 5, "working", 10,
        )  # fmt: skip
        assert parse(saved("review", after, **{"appeal-wanted": None})).appeal is None
        for missing in ("appeal-body_uk", "appeal-days"):
            data = sent(open_section("review", document), **{**filled, missing: ""})
            page = open_section("review", document, data)
            assert not page.is_valid()
            assert [control for control, _said in page.errors] == [f"id_{missing}"]

    def test_what_becomes_of_a_signature(self) -> None:
        document = {**VILLAGE.document(), "support": {"threshold": {"*": 10}}}
        after = saved(
            "support", document,
            **{"support-withdrawal": "on", "support-signatories": "names", "support-e_signature": "required"},
        )  # fmt: skip
        support = parse(after).support
        assert support is not None
        assert (support.withdrawal, support.signatories, support.e_signature) == (True, "names", "required")
        assert "paper_without_e_signature" in {each.code for each in problems(parse(after))}


QUESTIONS = "submission-questions"


def asked(document: dict[str, Any], **typed: str) -> SectionPage:
    """The submission with one question more, filled in as typed."""
    page = open_section("submission", document, sent(open_section("submission", document), add=QUESTIONS))
    place = page.lists[0].total - 1
    data = sent(page, **{f"{QUESTIONS}-{place}-{name}": value for name, value in typed.items()})
    return open_section("submission", document, data)


class TestSubmission:
    def test_a_check_of_form_is_switched_on_and_off(self) -> None:
        document = VILLAGE.document()
        after = saved(
            "submission", document,
            **{"check-wanted": "on", "check-body_uk": "відділ", "check-days": "3", "check-day_kind": "working",
               "check-publish_silent": "on", "after-edits": "until-published", "after-comments": "before"},
        )  # fmt: skip
        rules = parse(after)
        check = rules.submission.check
        assert check is not None
        assert (check.body["uk"], check.days, check.day_kind, check.publish_silent) == (
            "відділ",
            3,
            "working",
            True,
        )
        assert (rules.submission.edits, rules.comments) == ("until-published", "before")
        without = saved("submission", after, **{"check-wanted": None})
        assert parse(without).submission.check is None
        assert "edits_without_check" in {each.code for each in problems(parse(without))}
        nobody = sent(open_section("submission", document), **{"check-wanted": "on"})
        page = open_section("submission", document, nobody)
        assert not page.is_valid()
        assert [control for control, _said in page.errors] == ["id_check-body_uk"]

    def test_questions_are_added_renamed_moved_and_taken_out(self) -> None:
        document = VILLAGE.document()
        options = {"options_uk": "молодь\n\nусі", "options_en": "the young"}
        first = asked(document, name_uk="Кому?", kind="choice", required="on", **options)
        assert first.is_valid(), first.errors
        one = first.changed()
        assert one["submission"]["questions"] == [
            {"id": "komu", "name": {"uk": "Кому?"}, "kind": "choice", "required": True, "is_public": True,
             "options": [{"id": "molod", "name": {"uk": "молодь", "en": "the young"}},
                         {"id": "usi", "name": {"uk": "усі"}}]}
        ]  # fmt: skip
        second = asked(one, name_uk="Скільки років?", kind="number", help_uk="Цілим числом")
        assert second.is_valid(), second.errors
        two = second.changed()
        assert [each.kind for each in parse(two).submission.questions] == ["choice", "number"]

        moved = saved("submission", two, **{f"{QUESTIONS}-1-place": "1"})
        assert [each.id for each in parse(moved).submission.questions] == ["skilky-rokiv", "komu"]
        assert differences(two, moved)[0].kind == "reordered"

        # an option renamed in its place, or moved, is the same option: answers already given keep their meaning
        renamed = saved("submission", two, **{f"{QUESTIONS}-0-options_uk": "школярі\nусі"})
        assert [each.id for each in parse(renamed).submission.questions[0].options] == ["molod", "usi"]
        turned = saved(
            "submission", two, **{f"{QUESTIONS}-0-options_uk": "усі\nмолодь", f"{QUESTIONS}-0-options_en": ""}
        )
        assert [each.id for each in parse(turned).submission.questions[0].options] == ["usi", "molod"]

        gone = saved("submission", two, **{f"{QUESTIONS}-0-remove": "on"})
        assert [each.id for each in parse(gone).submission.questions] == ["skilky-rokiv"]

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"name_uk": ""}, "name_uk"),
            ({"kind": "line", "options_uk": "так"}, "options_uk"),
            ({"options_uk": "усі\nусі"}, "options_uk"),
            ({"options_uk": "усі", "options_en": "all\nsome"}, "options_en"),
            ({"options_uk": "а" * 501}, "options_uk"),
            ({"options_uk": "\n".join(map(str, range(41)))}, "options_uk"),
            ({"help_en": "Help"}, "help_uk"),
            ({"kind": "drawing"}, "kind"),
        ],
    )
    def test_what_is_wrong_with_a_question_is_said_at_its_field(
        self, typed: dict[str, str], field: str
    ) -> None:
        page = asked(VILLAGE.document(), **{"name_uk": "Кому?", "kind": "choice", **typed})
        assert not page.is_valid()
        assert [control for control, _said in page.errors] == [f"id_{QUESTIONS}-0-{field}"]

    def test_a_question_without_options_may_be_saved_and_contradicts(self) -> None:
        page = asked(VILLAGE.document(), name_uk="Кому?", kind="choice")
        assert page.is_valid(), page.errors
        assert "choice_without_options" in {each.code for each in problems(parse(page.changed()))}


class TestVotingAndCounting:
    def test_three_of_each_on_paper_from_the_sixth_day(self) -> None:
        document = preset("chernihiv").document()
        after = saved(
            "voting",
            document,
            **{
                "ballot-max_choices": "4",
                "channel-paper-used": "on",
                "channel-paper-from_day": "6",
                "channel-paper-to_day": "10",
            },
        )
        rules = parse(after)
        assert rules.ballot.max_choices == 4
        paper = next(channel for channel in rules.channels if channel.kind == "paper")
        assert (paper.from_day, paper.to_day) == (6, 10)

    def test_paper_comes_in_with_names_and_a_sample_is_looked_at_again(self) -> None:
        document = saved(
            "voting",
            preset("vinnytsia-2021").document(),
            **{"paper-is_named": "on", "paper-recheck_percent": "10"},
        )
        rules = parse(document)
        assert (rules.paper.mode, rules.paper.is_named, rules.paper.recheck_percent) == ("ballots", True, 10)
        back = saved("voting", document, **{"paper-is_named": None, "paper-recheck_percent": ""})
        assert parse(back).digest == preset("vinnytsia-2021").rules.digest

    def test_totals_of_a_kind_of_ballot_that_needs_each_one_are_said_at_the_field(self) -> None:
        document = saved(
            "voting",
            preset("vinnytsia-2021").document(),
            **{"paper-mode": "totals", "ballot-kind": "ranking"},
        )
        found = {(each.path, each.code) for each in problems(parse(document))}
        assert ("/paper/mode", "totals_of_such_ballots") in found
        page = open_section("voting", document)
        page.show_problems([("/paper/mode", "не порахувати")])
        [block] = [each for each in page.blocks if any(row.field.name == "mode" for row in each.all_rows)]
        assert block.is_folded
        assert block.stands_open
        assert page.general == []

    def test_a_percent_of_sheets_is_at_most_all_of_them(self) -> None:
        document = preset("vinnytsia-2021").document()
        page = open_section(
            "voting", document, sent(open_section("voting", document), **{"paper-recheck_percent": "101"})
        )
        assert not page.is_valid()

    def test_a_ballot_of_a_terminal_may_be_taken_back(self) -> None:
        document = preset("dnipro").document()
        assert not parse(document).ballot.cancel
        assert parse(saved("voting", document, **{"ballot-cancel": "on"})).ballot.cancel

    def test_another_rule_brings_its_usual_settings_and_keeps_thresholds(self) -> None:
        document = preset("ternopil-2021").document()
        after = saved("counting", document, **{"rule-rule": "equal-shares-v1"})
        counting = parse(after).counting
        assert counting.rule == "equal-shares-v1"
        assert counting.options["threshold"] == parse(document).counting.options["threshold"]
        assert problems(parse(after)) == [] or all(
            "counting" not in each.path for each in problems(parse(after))
        )
        again = saved("counting", after, **{"words-completion": "add1"})
        assert parse(again).counting.options["completion"] == "add1"

    def test_ties_are_an_order(self) -> None:
        after = saved(
            "counting", VILLAGE.document(), **{"ties-way_0": "cheaper", "ties-way_1": "lot", "ties-way_2": ""}
        )
        assert parse(after).counting.ties == ("cheaper", "lot")

    def test_a_tie_rule_twice_is_refused(self) -> None:
        document = VILLAGE.document()
        page = open_section(
            "counting",
            document,
            sent(open_section("counting", document), **{"ties-way_0": "lot", "ties-way_1": "lot"}),
        )
        assert not page.is_valid()

    def test_leftovers_move_where_the_form_says(self) -> None:
        document = VILLAGE.document()
        one, two = (pot["id"] for pot in document["pots"][:2])
        after = saved("counting", document, **{"move-0-sources": [one], "move-0-target": two})
        assert parse(after).counting.options["leftovers"] == [{"from": [one], "to": two}]


def test_a_problem_stands_at_the_field_it_concerns() -> None:
    document = {**VILLAGE.document()}
    document["ballot"] = {**document["ballot"], "max_cost": 0}
    page = open_section("voting", document)
    page.show_problems([("/ballot/max_cost", "порожньо"), ("/channels/9", "нема")])
    at_field = {
        row.field.name: row.problems for block in page.blocks for row in block.all_rows if row.problems
    }
    assert at_field == {"max_cost": ["порожньо"]}
    assert page.general == ["нема"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/size_classes/0/min_cost", "Size classes › "),
        ("/voter/channels/work", "Voter › Ways of a basis › work in the community"),
        ("/ballot/max_cost", "Ballot › Most that the projects"),
        ("/counting/options/threshold/*", "all without a number"),
        ("/channels/0/to_day", "Ways to vote › online › To day"),
        ("", "The whole document"),
        ("/paper/recheck_percent", "Paper ballots › Percent of the entered sheets"),
        ("/made/up", "/made/up"),
    ],
)
def test_a_place_is_said_in_words(path: str, words: str) -> None:
    from django.utils.translation import override

    with override("en"):
        assert words in place_words(path, preset("vinnytsia-2021").rules)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("/pots/0/amount", 12_345_00, "₴12,345"),
        ("/pots/0/share", 6000, "60%"),
        ("/ballot/own_project", False, "no"),
        ("/voter/bases", ["registered", "displaced"], "registered residence, internal displacement"),
        ("/counting/rule", "equal-shares-v1", "Equal shares"),
        ("/ballot/max_choices", None, "—"),
        ("/paper/mode", "ballots", "Every paper ballot is entered into the box by itself"),
        ("/voter/age_on", "2026-03-01", "01.03.2026"),
        ("/title", {"uk": "Назва"}, "«Назва»"),
    ],
)
def test_a_value_is_said_in_words(path: str, value: Any, words: str) -> None:
    from django.utils.translation import override

    with override("en"):
        assert value_words(path, value, VILLAGE.rules) == words


def test_what_is_no_longer_there_is_not_changed_by_saving_the_pots() -> None:
    """A pot of a class that was taken out keeps it, with its contradiction, until somebody chooses another."""
    document = deepcopy(preset("kyiv-2021").document())
    document["categories"] = [{"id": "parks", "name": {"uk": "Парки"}}]
    document["pots"][0] |= {"size_class": "gone", "category": "gone-too"}
    after = saved("money", document)
    assert (after["pots"][0]["size_class"], after["pots"][0]["category"]) == ("gone", "gone-too")


def test_who_answers_for_the_winners_is_not_lost_for_want_of_ukrainian() -> None:
    document = {**VILLAGE.document(), "implementation": {"year_offset": 1}}
    typed = sent(open_section("results", document), **{"built-responsible_en": "the council"})
    page = open_section("results", document, typed)
    assert not page.is_valid()
    assert [field for field, _message in page.errors] == ["id_built-responsible_uk"]
