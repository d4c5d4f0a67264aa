"""The regulation as readable text: everything it sets is said, in good Ukrainian and English, and nothing else."""

from __future__ import annotations

import copy
import re
import string

import pytest
from documents import EVERYTHING, changed, named, well_formed
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.options import OPTIONS, TIES
from rulebook.presets import preset, presets
from rulebook.regulation import LANGUAGES, text, words_en, words_uk
from rulebook.rules import JSON_SCHEMA, RulesError, parse
from rulebook.rules import vocabulary as v


def said(document, language="uk"):
    return text(parse(document), language).plain().replace("\u00a0", " ")


def both(document):
    return said(document, "uk") + said(document, "en")


# --- every field of the schema ------------------------------------------------------------------------

NAMES_INSIDE = ("/schema", "/id")
"""Ids only tie the parts of a document together: another id with the same ties is the same regulation."""


def resolved(schema):
    return JSON_SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")] if "$ref" in schema else schema


def others(value, schema):
    """Values that say something else than the one given; None is a field that is not there."""
    schema = resolved(schema)
    kinds = [schema.get("type")] if isinstance(schema.get("type"), (str, type(None))) else schema["type"]
    if "enum" in schema:
        return [word for word in schema["enum"] if word != value]
    found = [None] if "null" in kinds and value is not None else []
    if "integer" in kinds:
        return [*found, 1 if value is None else value + 1]
    if "boolean" in kinds:
        return [not value] if isinstance(value, bool) else [False, True]
    if "string" in kinds:
        if schema.get("pattern", "").startswith("^(act"):
            return [other for other in ("act", "2027-03-09") if other != value]
        return [*found, "other" if "pattern" in schema else f"{value}, інакше"]
    return found


def mutations(document, schema, path=""):
    """(path, mutated copy) for each way to change one thing of the document."""
    schema = resolved(schema)
    if isinstance(document, dict):
        properties = schema.get("properties", {}) or dict.fromkeys(
            document, schema.get("additionalProperties")
        )
        for name, part in properties.items():
            place = f"{path}/{name}"
            if place.endswith(NAMES_INSIDE) or not isinstance(part, dict):
                continue
            if place.endswith(("/amount",)) and "share" in document:
                continue
            current = document.get(name)
            if isinstance(current, (dict, list)):
                for where, inner in mutations(current, part, place):
                    yield where, {**document, name: inner}
            else:
                for other in others(current, part):
                    yield place, {**document, name: other}
            if name in document and name not in schema.get("required", ()) and name not in IN_A_PAIR:
                yield f"{place} left out", {key: value for key, value in document.items() if key != name}
    elif isinstance(document, list):
        for index, entry in enumerate(document):
            for where, inner in mutations_of_entry(entry, schema["items"], f"{path}/{index}"):
                yield where, [*document[:index], inner, *document[index + 1 :]]
        if document:
            yield f"{path} shorter", document[:-1]
        if len(document) > 1:
            yield f"{path} turned round", document[::-1]


IN_A_PAIR = ("share", "amount")
"""A pot states one of the two; leaving one out is no document."""


def mutations_of_entry(entry, schema, path):
    if isinstance(entry, (dict, list)):
        yield from mutations(entry, schema, path)
    else:
        for other in others(entry, schema):
            yield path, other


def other_regulations():
    """The mutations that are documents, and another regulation."""
    for where, document in mutations(EVERYTHING, JSON_SCHEMA):
        try:
            rules = parse(document)
        except RulesError:
            continue  # a word that is in the list already, or a number above its bound
        if rules != parse(EVERYTHING):
            yield where, document


MUTATIONS = list(other_regulations())


def test_the_mutations_reach_every_field_of_the_schema():
    def fields(schema, path):
        schema = resolved(schema)
        for name, part in schema.get("properties", {}).items():
            yield f"{path}/{name}"
            inner = resolved(part)
            yield from fields(inner, f"{path}/{name}")
            if isinstance(inner.get("items"), dict):
                yield from fields(inner["items"], f"{path}/{name}")

    reached = {
        re.sub(r"/\d+|/(small|large|education)\b", "", where.partition(" ")[0]) for where, _ in MUTATIONS
    }
    # a record is reached through its parts
    reached |= {place[: match.start()] for place in reached for match in re.finditer("/", place)}
    missing = {
        place
        for place in fields(JSON_SCHEMA, "")
        if place not in reached and not place.endswith(NAMES_INSIDE)
        # amounts stand beside shares, and the presets use them; what a basis takes is one table
        and place != "/pots/amount" and not re.search(r"/(channels|evidence)/\w+$", place)
    }  # fmt: skip
    assert missing == set()


@pytest.mark.parametrize("field", sorted(set(EVERYTHING) - {"schema"}))
def test_every_change_of_one_field_changes_the_text(field):
    changes = [(where, document) for where, document in MUTATIONS if re.match(rf"/{field}\b", where)]
    assert changes
    spoken = both(EVERYTHING)
    assert [where for where, document in changes if both(document) == spoken] == []


def test_an_amount_is_said_as_well_as_a_share():
    amounts = [{"id": "all", "name": named("Усі", "All"), "amount": 100_000_000}]
    more = [{**amounts[0], "amount": 100_000_001}]
    assert "«Усі» – 1 000 000 грн на всі проєкти." in said(changed(EVERYTHING, pots=amounts))
    assert "«Усі» – 1 000 000,01 грн на всі проєкти." in said(changed(EVERYTHING, pots=more))


# --- every option of every counting rule --------------------------------------------------------------


def values_of(option):
    if option.values:
        return list(option.values)
    if option.table:
        return [{"*": 5}, {"*": 6}, {"*": 5, "small": 7}]
    if option.moves:
        return [[{"from": ["*"], "to": "*"}], [{"from": ["small"], "to": "*"}], []]
    return [200, 300]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("rule", "option"),
    [(rule, option) for rule, options in OPTIONS.items() for option in options],
    ids=lambda value: getattr(value, "name", value),
)
def test_every_value_of_every_option_of_a_count_has_its_own_words(rule, option, language):
    others = {"completion": "add1"} if option.name == "increment" else {}
    texts = {
        said(
            changed(EVERYTHING, counting={"rule": rule, "options": {**others, option.name: value}}), language
        )
        for value in values_of(option)
    }
    assert len(texts) == len(values_of(option))
    for spoken in texts:
        assert not re.search(r"(?m)^8\.\d+\. \S+$", spoken), "a bare word where a sentence should be"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_every_list_has_words(language):
    words = {"uk": words_uk, "en": words_en}[language].TEXTS
    groups = {
        "basis": v.BASES, "citizenship": v.CITIZENSHIPS, "evidence": v.EVIDENCE, "scope": v.SCOPES,
        "kind": v.BALLOT_KINDS, "live": v.LIVE_RESULTS, "channel": v.CHANNELS, "method": v.IDENTITY_METHODS,
        "way": v.WAYS_TO_SUPPORT, "from": v.COUNTED_FROM, "outcome": v.REVIEW_OUTCOMES, "published": v.PUBLISHED,
        "edits": v.EDITS, "question": v.QUESTION_KINDS, "signatories": v.SIGNATORIES, "e_signature": v.E_SIGNATURES,
        "check": v.CHECKS, "comments": v.COMMENTS, "phase": v.EXTENSIBLE, "tie": TIES, "rule": OPTIONS,
        "paper": v.PAPER_MODES, "box_key": v.KEY_HOLDERS,
    }  # fmt: skip
    needed = {f"{group}.{code}" for group, codes in groups.items() for code in codes}
    assert needed <= set(words)


def test_both_languages_have_the_same_sentences_with_the_same_places():
    def places(texts):
        parsed = {key: string.Formatter().parse(sentence) for key, sentence in texts.items()}
        return {key: {name for _, name, _, _ in parts if name} for key, parts in parsed.items()}

    assert places(words_uk.TEXTS) == places(words_en.TEXTS)
    assert set(words_uk.NOUNS) == set(words_en.NOUNS)
    assert {len(forms) for forms in words_uk.NOUNS.values()} == {3}
    assert {len(forms) for forms in words_en.NOUNS.values()} == {2}


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_days_are_counted_is_said_once_where_the_first_term_is(language):
    marks = {"uk": "Строк починається", "en": "A term begins"}
    final = {name: part for name, part in EVERYTHING.items() if name != "appeal"}
    unchecked = {"submission__check__days": None}
    texts = {
        "submission": EVERYTHING,
        "support": changed(EVERYTHING, **unchecked),
        "review": changed(EVERYTHING, **unchecked, support__days=None, review=[]),
        "approval": changed(final, **unchecked, support__days=None, review=[]),
    }
    for section, document in texts.items():
        places = [
            part.id for part in text(parse(document), language).sections
            for clause in part.clauses if clause.text.startswith(marks[language])
        ]  # fmt: skip
        assert places == [section]
    silent = changed(final, **unchecked, support__days=None, review=[], approval=[])
    assert marks[language] not in said(silent, language)


# --- how it reads -------------------------------------------------------------------------------------


def test_a_regulation_reads_as_a_council_prints_it():
    lines = said(preset("ternopil-2021").document()).splitlines()
    assert lines[:7] == [
        "Положення про громадський бюджет Тернополя",
        "",
        "1. Кошти",
        "1.1. Обсяг коштів на конкурс – 10 000 000 грн.",
        "1.2. Кошти поділено на фонди:",
        "   – «Малі проєкти» – 30 % загального обсягу, тобто 3 000 000 грн, на проєкти класу «Малі проєкти»;",
        "   – «Великі проєкти» – 70 % загального обсягу, тобто 7 000 000 грн, на проєкти класу «Великі проєкти».",
    ]
    assert "   – вік: щонайменше 16 повних років на день голосування;" in lines
    assert "   – громадянство: громадянин чи громадянка України." in lines
    assert "   – «Великі проєкти» – 500." in lines


@pytest.mark.parametrize(
    ("age", "words"),
    [(1, "1 повний рік"), (14, "14 повних років"), (21, "21 повний рік"), (22, "22 повні роки")],
)
def test_numbers_agree_with_their_nouns(age, words):
    assert f"щонайменше {words} на день голосування" in said(
        changed(EVERYTHING, voter={"min_age": age, "bases": ["registered"]})
    )


@pytest.mark.parametrize(
    ("number", "uk", "en"),
    [(1, "щонайменше 1 особи.", "at least 1 person."), (15, "щонайменше 15 осіб.", "at least 15 people."),
     (21, "щонайменше 21 особи.", "at least 21 people."), (1000, "щонайменше 1 000 осіб.", "at least 1 000 people.")],
)  # fmt: skip
def test_supporters_are_counted_in_the_right_case(number, uk, en):
    document = changed(EVERYTHING, support={"threshold": {"*": number}})
    assert f"потрібна підтримка {uk}" in said(document)
    assert f"needs the support of {en}" in said(document, "en")


def test_shares_are_said_to_the_last_hundredth():
    document = changed(EVERYTHING, submission={"reserve_share": 2005})
    assert "резерв: 20,05 % його суми" in said(document)
    assert "reserve: 20.05% of its sum" in said(document, "en")
    assert "резерв: 20,5 % його" in said(changed(EVERYTHING, submission={"reserve_share": 2050}))


def test_the_steps_of_a_procedure_are_said_as_clauses():
    lines = said(EVERYTHING).splitlines()
    for line in (
        "До оприлюднення перевіряють, чи проєкт оформлено належно. Перевірку здійснює: відділ економіки.",
        "Строк перевірки – 3 робочі дні.",
        "Проєкт, якого не перевірили у строк, оприлюднюють.",
        "Поки триває збір підтримки, свій підпис можна відкликати.",
        "Автор може оскаржити відмову протягом 2 робочих днів. Скаргу розглядає: координаційна рада.",
        "Строк розгляду скарги – 2 робочі дні.",
        "Якщо протягом 60 днів у виконанні проєкту нічого не змінюється, відповідальним про це нагадують.",
    ):
        assert [each for each in lines if each.endswith(line)], line
    assert (
        "   – «Хто цим користуватиметься?» (один варіант із запропонованих; варіанти: «молодь», «усі»; відповідь "
        "обов’язкова; пояснення: «Оберіть головне»);"
    ) in lines
    assert any("за участі щонайменше 7 членів" in line for line in lines)
    silent = said({"schema": 1, "title": {"uk": "Положення"}, "pots": [], "counting": {"rule": "greedy-v1"}})
    assert "Поданий проєкт оприлюднюють одразу, без попередньої перевірки." in silent
    assert "Оскарження відмови цими правилами не передбачено." in silent
    assert "запитання громади" not in silent


def test_how_paper_ballots_come_in_is_said_where_people_vote_on_paper():
    named_sheets = said(EVERYTHING)
    assert "На паперовому бюлетені виборець зазначає своє ім’я та номер;" in named_sheets
    assert "звіряють із паперовими бюлетенями: 10 % із них, відібрані публічно навмання." in named_sheets
    numbered = said(changed(EVERYTHING, paper={}), "en")
    assert (
        "Paper ballots are numbered. Who the voter is is established when a ballot is given out;" in numbered
    )
    assert "once more: 5% of them" in numbered
    totals = said(changed(EVERYTHING, paper={"mode": "totals"}), "en")
    assert "a polling point draws up a signed protocol" in totals
    assert "compared with the paper ballots" not in totals
    assert "is not compared with the paper ballots" in said(
        changed(EVERYTHING, paper__recheck_percent=0), "en"
    )
    online = changed(EVERYTHING, paper={}, channels=EVERYTHING["channels"][:1])
    assert "паперов" not in said(online)


def test_that_a_ballot_may_be_taken_back_is_said_only_where_it_may():
    sentence = "Бюлетень, поданий у банківському терміналі, можна відкликати до кінця голосування"
    assert sentence in said(EVERYTHING)
    assert sentence not in said(changed(EVERYTHING, ballot__cancel=False))


def test_exactly_so_many_projects_is_not_at_most_so_many():
    exact = changed(EVERYTHING, ballot={"max_choices": 2, "min_choices": 2})
    assert "У бюлетені має бути рівно 2 проєкти." in said(exact)
    free = said(changed(EVERYTHING, ballot={"min_choices": 0}))
    assert "Кількість проєктів у бюлетені не обмежено." in free
    assert "Бюлетень без жодного проєкту дійсний." in free


def test_a_setting_that_is_not_there_is_not_invented():
    document = copy.deepcopy(EVERYTHING)
    for name in ("support", "supporter", "review", "channels", "extension", "approval", "implementation",
                 "publication", "submission"):  # fmt: skip
        del document[name]
    spoken = text(parse(document), "uk")
    assert [section.id for section in spoken.sections] == [
        "money", "projects", "people", "submission", "support", "review", "voting", "counting", "approval",
    ]  # fmt: skip
    assert "Голосів підтримки перед розглядом не збирають." in said(document)
    assert "Меж для продовження етапів не встановлено." in said(document)
    assert "резерв" not in said(document)
    document["counting"] = {"rule": "greedy-v1"}
    assert "Залишки лишаються у своїх фондах." in said(document)


def test_clauses_are_numbered_without_gaps():
    spoken = text(parse(EVERYTHING), "en")
    assert [section.number for section in spoken.sections] == list(range(1, len(spoken.sections) + 1))
    for section in spoken.sections:
        expected = [f"{section.number}.{place}" for place in range(1, len(section.clauses) + 1)]
        assert [clause.number for clause in section.clauses] == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("each", presets(), ids=lambda each: each.id)
def test_every_preset_is_told_in_whole_sentences(each, language):
    spoken = text(each.rules, language)
    for section in spoken.sections:
        assert section.clauses
        for clause in section.clauses:
            assert clause.text.endswith(":" if clause.items and section.id != "review" else ".")
            for line in (clause.text, *clause.items):
                assert not set("{}_*") & set(line), line
    letters = re.sub(r"BankID|MobileID|id\.gov\.ua|KATOTTG|UAH", "", spoken.plain())
    assert not re.search("[A-Za-z]" if language == "uk" else "[А-яЇїІіЄєҐґ]", letters)


def test_another_currency_and_another_language():
    rules = parse(EVERYTHING)
    assert "10 000 000.01 EUR" in text(rules, "en", currency="EUR").plain().replace("\u00a0", " ")
    with pytest.raises(ValueError, match="'pl'"):
        text(rules, "pl")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**50) | st.sampled_from(["*", "small", "skip"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["*", "from", "to"]), inner),
    max_leaves=4,
)
OPTION_NAMES = sorted(
    {option.name for options in OPTIONS.values() for option in options} - {"leftovers"} | {"mood"}
)


@settings(max_examples=150, deadline=None)
@given(well_formed(), st.sampled_from(list(OPTIONS)), st.dictionaries(st.sampled_from(OPTION_NAMES), JUNK))
def test_whatever_can_be_parsed_can_be_told(document, rule, options):
    rules = parse({**document, "counting": {"rule": rule, "options": options}})
    for language in LANGUAGES:
        spoken = text(rules, language).plain()
        # an option nobody can read is shown rather than lost
        assert "mood" not in options or "mood: " in spoken


def test_rules_that_contradict_themselves_are_told_as_they_are():
    document = changed(
        EVERYTHING, pots=[], identity_methods=[], voter={"bases": [], "citizenship": []},
        counting={"rule": "oracle-v9", "options": {"mood": 1}, "ties": []},
        ballot={"max_per_class": {"huge": 1}, "max_minus": 2},
    )  # fmt: skip
    spoken = said(document)
    for line in ("Фондів коштів не названо.", "huge", "oracle-v9", "mood: 1", "щодо 2 проєктів"):
        assert line in spoken
