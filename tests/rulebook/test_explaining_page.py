"""The pages: complete in both languages, self-contained, and true to the outcome they show."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest
from village import a_dossier, a_name, approvals, one_pot, projects_costing, votes_for

from rulebook import options as known
from rulebook import pabulib
from rulebook.ballot import BallotPaper
from rulebook.counting import RULES, UnknownRule, count, outcome
from rulebook.explaining import compare, comparison_lines, page, words_en, words_uk
from rulebook.explaining.comparing import compared, under_rule
from rulebook.explaining.markup import Markup, tag
from rulebook.explaining.style import STYLE
from rulebook.explaining.wording import LANGUAGES, Words, plural_uk
from rulebook.rules import Category, Pot, SizeClass

PABULIB = Path(os.environ.get("PABULIB_DIR", Path(__file__).parents[3] / "shared" / "pabulib"))
VOID = {"meta", "br"}


class Reader(HTMLParser):
    """What a page holds; raises where an element is not closed in its place."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.names: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.tables: list[bool] = []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "a":
            self.links.append(attrs["href"])
        self.names += [(tag, name) for name in attrs]
        if tag == "table":
            self.tables.append(False)
        if tag == "caption":
            self.tables[-1] = True
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.names += [(tag, name) for name, _ in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["style"], ["title"]):
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).replace("\u00a0", " ").split())


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    return reader


def a_rich_dossier():
    """Pots, leftovers, a threshold, partial funding, competitors, invalid ballots and an open tie."""
    rules = one_pot(
        0,
        options={
            "fit": "partial",
            "threshold": {"big": 2, "*": 1},
            "leftovers": [{"from": ["small"], "to": "big"}, {"from": ["*"], "to": "*"}],
            "winners_per_category": {"sport": 1},
        },
        max_choices=3,
    )
    rules = replace(
        rules,
        pots=(Pot("small", a_name("Малі"), 10_000), Pot("big", a_name("Великі <b>"), 100_050)),
        size_classes=(
            SizeClass("small", a_name("Малі"), 0, 5000),
            SizeClass("big", a_name("Великі"), 5001),
        ),
        categories=(Category("sport", a_name("Спорт")), Category("green", a_name("Довкілля"))),
    )
    projects = [
        replace(project, pot=pot, size_class=pot, category=category, name=name, rivals=rivals, least=least)
        for project, pot, category, name, rivals, least in zip(
            projects_costing(a=3000, b=4000, c=60_000, d=90_000, e=30_000, f=30_000, g=2000, h=6000),
            ("small", "small", "big", "big", "big", "big", "small", "big"),
            ("sport", "sport", "green", "green", "sport", None, "green", "green"),
            ("Сквер & двір", "Майданчик", "Парк", "Басейн", "Стадіон", "Міст", "", "Клумба"),
            (None, None, "site", "site", None, None, None, None),
            (None, None, None, None, None, 10_000, None, None),
            strict=True,
        )
    ]
    papers = [*approvals("abc", "ac", "abd", "cd", "cfg", "ce", "c", "ef", "abcd"), *votes_for(h=1, a=2)]
    return a_dossier(rules, projects, papers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_whole_and_needs_nothing_but_itself(language):
    dossier = a_rich_dossier()
    html = page(dossier, count(dossier), language)
    reader = read(html)
    assert html.startswith(f'<!doctype html>\n<html lang="{language}">')
    assert not re.search(r"https?:|<script|<link|<img|url\(|@import|\son\w+=", html)
    assert ("a", "href") in reader.names
    assert not {name for _, name in reader.names} & {"src", "srcset", "style"}
    assert len(set(reader.ids)) == len(reader.ids)
    assert {link.removeprefix("#") for link in reader.links} <= set(reader.ids)
    assert reader.tables
    assert all(reader.tables), "every table has a caption"
    assert "{" not in reader.words


def test_names_are_text_and_never_markup():
    dossier = a_rich_dossier()
    html = page(dossier, count(dossier))
    assert "Сквер &amp; двір" in html
    assert "Великі &lt;b&gt;" in html
    assert "Великі <b>" not in html
    assert tag("p", "<i>", Markup("<b>x</b>"), None, ["&"]) == "<p>&lt;i&gt;<b>x</b>&amp;</p>"


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_project_stands_on_the_page_with_what_became_of_it(rule, language):
    dossier = under_rule(a_rich_dossier(), rule)
    result = count(dossier)
    words = Words(language, dossier.scale, dossier.currency)
    html = page(dossier, result, language)
    rows = dict(re.findall(r'<tr role="row" id="(p\d+)">(.*?)</tr>', html, re.DOTALL))
    assert len(rows) == len(dossier.projects)
    for number, project in enumerate(dossier.projects, start=1):
        text = read(rows[f"p{number}"]).words
        became = (
            "won" if project.id in result.amounts else "wait" if project.id in result.undecided else "lost"
        )
        assert text.endswith(words(became))
        assert words.money(project.cost).replace("\u00a0", " ") in text
    assert result.digest in html
    assert result.dossier in html


def test_the_reasons_against_the_losers_are_in_plain_ukrainian():
    dossier = a_dossier(
        one_pot(100_000, options={"threshold": {"*": 2}}, ties=("file-order",)),
        projects_costing(a=60_000, b=45_000, c=30_000, d=30_000, e=5_000),
        votes_for(a=9, b=7, c=5, d=3, e=1),
    )
    text = read(page(dossier, count(dossier))).words
    assert "Забракло коштів: залишалося 400 грн, не вистачило 50 грн" in text
    assert "Щоб напевно перемогти, йому бракувало 3 голосів." in text
    assert "Він переміг би, якби коштів було на 50 грн більше." in text
    assert "Якби не переможець «a», кошти отримав би він." in text
    assert "Нижче порога: поріг – 2 голоси, бракує 1 голосу" in text
    assert "Переможці 2 з 5 проєктів Розподілено коштів 900 грн з 1 000 грн" in text


def test_an_open_tie_is_said_at_the_top():
    dossier = a_dossier(one_pot(100), projects_costing(a=60, b=60), approvals("ab"))
    text = read(page(dossier, count(dossier), "en")).words
    assert "Not decided: a tie is still open. Projects that wait for its decision: 2." in text
    assert "a separate decision is needed" in text


def test_an_empty_contest_still_has_a_page():
    dossier = a_dossier(one_pot(0), [], [])
    for language in LANGUAGES:
        read(page(dossier, count(dossier), language))
        read(compare(dossier, (), language))
    nobody = a_dossier(one_pot(100), projects_costing(a=10, b=0), [])
    for rule in RULES:
        changed = under_rule(nobody, rule)
        read(page(changed, count(changed)))


def test_points_are_called_points():
    papers = [BallotPaper.points({"a": 3, "b": 1}), BallotPaper.points({"b": 1})]
    dossier = a_dossier(
        one_pot(6000, kind="points", options={"score": "points"}, ties=("file-order",)),
        projects_costing(a=5000, b=4000), papers,
    )  # fmt: skip
    text = read(page(dossier, count(dossier))).words
    assert "Від найбільшої кількості балів до найменшої." in text
    assert "йому бракувало 2 балів" in text
    assert "Підраховано за правилом «за кількістю балів»" in text


def test_voters_are_compared_where_the_file_tells_them_apart():
    text = """META
key;value
num_projects;2
num_votes;4
budget;100
vote_type;approval
PROJECTS
project_id;cost;name;category
p1;60;Сквер;green,sport
p2;70;Міст;roads
VOTES
voter_id;vote;age;sex
1;p1;17;F
2;p2,p1;18;F
3;p2;64;M
4;p1;;M
"""
    election = pabulib.read(text)
    dossier = election.dossier()
    with_file = read(page(dossier, count(dossier), "uk", election)).words
    assert "За віком" in with_file
    assert "жінки" in with_file
    assert "чоловіки" in with_file
    assert "не вказано" in with_file
    assert "green" in with_file
    without = read(page(dossier, count(dossier), "uk")).words
    assert "Справа підрахунку навмисно не містить відомостей про виборців" in without


def test_a_page_speaks_two_languages():
    dossier = a_dossier(one_pot(0), [], [])
    for make in (lambda: page(dossier, count(dossier), "pl"), lambda: compare(dossier, (), "pl")):
        with pytest.raises(ValueError, match="pl"):
            make()


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


TEXT = [
    ("ink", "paper"), ("ink", "surface"), ("soft", "paper"), ("soft", "surface"), ("soft", "sunken"),
    ("brand", "paper"),
    ("won", "won-tint"), ("wait", "wait-tint"), ("ink", "wait-tint"), ("ink", "won-tint"), ("ink", "tint"),
]  # fmt: skip
BARS = [(kind, "sunken") for kind in ("won", "won-2", "lost", "votes", "brand")]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_and_charts_have_the_contrast_of_wcag_aa(theme):
    colours = dict(re.findall(r"--([\w-]+):(#\w+)", re.findall(r":root\{(.*?)\}", STYLE, re.DOTALL)[theme]))
    for pairs, least in ((TEXT, 4.5), (BARS, 3)):
        for one, other in pairs:
            light, dark = sorted((luminance(colours[one]), luminance(colours[other])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= least, (one, other)


# --- words --------------------------------------------------------------------------------------------------


def holes(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_say_the_same_things():
    assert set(words_uk.TEXTS) == set(words_en.TEXTS)
    assert set(words_uk.NOUNS) == set(words_en.NOUNS)
    for key, text in words_uk.TEXTS.items():
        assert holes(text) == holes(words_en.TEXTS[key]), key
        assert text.strip()
    assert all(len(forms) == 3 for forms in words_uk.NOUNS.values())
    assert all(len(forms) == 2 for forms in words_en.NOUNS.values())


def test_no_english_word_stands_in_the_ukrainian_and_no_other_way_round():
    sources = {"proportionality.source", "repeat.dossier", "repeat.outcome", "proportionality.yes"}
    for key in set(words_uk.TEXTS) - sources:
        plain = re.sub(r"\{\w+\}", "", words_uk.TEXTS[key])
        assert not re.search(r"[A-Za-z]", plain.replace("Python", "")), key
        assert not re.search(r"[А-Яа-яіїєґ]", words_en.TEXTS[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_words(language):
    words = Words(language)
    for code in outcome.REJECTIONS:
        assert words.has("reason", code)
    for tie in known.TIES:
        assert words.has("tie", tie)
    for rule in RULES:
        assert words.has("rule", rule)
        assert words.has("about", rule)
        assert words.has("short", rule)
    for rule in RULES:
        for option in known.OPTIONS[rule]:
            assert words.has("option", option.name)
            for value in option.values:
                assert words.has(f"value.{option.name}", value)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 голосів"), (1, "1 голос"), (2, "2 голоси"), (4, "4 голоси"), (5, "5 голосів"), (11, "11 голосів"),
     (12, "12 голосів"), (14, "14 голосів"), (21, "21 голос"), (22, "22 голоси"), (25, "25 голосів"),
     (111, "111 голосів"), (1001, "1 001 голос"), (61_668, "61 668 голосів")],
)  # fmt: skip
def test_ukrainian_plural_forms(number, text):
    assert Words("uk").count(number, "votes") == text.replace(" ", "\u00a0")
    assert plural_uk(number) in (0, 1, 2)


def test_money_and_parts():
    uk, en = Words("uk", 100, "UAH"), Words("en", 100, "UAH")
    assert uk.money(123_456_780) == "1 234 567,80 грн".replace(" ", "\u00a0")
    assert en.money(123_456_705) == "1 234 567.05 UAH".replace(" ", "\u00a0")
    assert uk.money(100) == "1\u00a0грн"
    assert Words("uk", 1, "").money(1234) == "1\u00a0234"
    assert (uk.percent(1234), en.percent(1235), uk.percent(10_000)) == (
        "12,3\u00a0%",
        "12.4%",
        "100,0\u00a0%",
    )
    assert (uk.hundredths(205), en.hundredths(7)) == ("2,05", "0.07")


# --- comparing ----------------------------------------------------------------------------------------------


def a_divided_village():
    # six of nine want the riverside, three the school; the money pays for three projects of 30
    return a_dossier(
        one_pot(9000, options={"threshold": {"*": 2}}, ties=("file-order",)),
        projects_costing(a=3000, b=3000, c=3000, d=3000, e=100),
        approvals(*["abc"] * 6, *["d"] * 3, "e"),
    )


def test_the_contests_own_rule_is_compared_with_the_others():
    dossier = a_divided_village()
    own, other = compared(dossier, ["equal-shares-v1"])
    assert (own.rule, other.rule) == ("greedy-v1", "equal-shares-v1")
    assert own.outcome.digest == count(dossier).digest
    assert own.outcome.funded == ("a", "b", "c")
    assert own.differing == frozenset()
    assert "e" not in other.outcome.amounts, "the threshold of the regulation stays"
    assert other.certificate.is_satisfied
    assert other.differing == set(own.outcome.funded) ^ set(other.outcome.funded)
    with pytest.raises(UnknownRule):
        compared(dossier, ["oracle-v9"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_comparison_shows_each_project_under_each_rule(language):
    dossier = a_divided_village()
    html = compare(dossier, (), language)
    reader = read(html)
    assert all(reader.tables)
    assert len(reader.tables) == 2
    assert "{" not in reader.words
    rows = re.findall(r'<tr role="row" class="(differs|same)">(.*?)</tr>', html, re.DOTALL)
    assert len(rows) == len(dossier.projects)
    results = compared(dossier)
    for project, (kind, text) in zip(dossier.projects, rows, strict=True):
        cells = re.findall(r'class="cell (yes|no|tie)"', text)
        assert cells == ["yes" if project.id in each.outcome.amounts else "no" for each in results]
        assert (kind == "differs") == (len(set(cells)) > 1)


def test_the_comparison_in_text_is_a_table():
    lines = list(comparison_lines(a_divided_village(), ["equal-shares-v1"]))
    assert lines[0] == "village-2026: greedy-v1, equal-shares-v1"
    assert lines[2].split() == ["greedy-v1", "equal-shares-v1", "Project"]
    assert lines[3].split() == ["won", "won", "a"]
    assert any(line.endswith("Groups passed over") and line.startswith("none") for line in lines) or any(
        line.startswith("for 1 project ") for line in lines
    )


@pytest.mark.pabulib
@pytest.mark.skipif(not PABULIB.is_dir(), reason="no real elections in PABULIB_DIR")
@pytest.mark.parametrize("name", ["Poland_Swiecie_2023.pb", "Poland_Katowice_2020.pb"])
def test_a_real_election_has_a_page_of_reasonable_size(name):
    election = pabulib.read(PABULIB / name)
    dossier = election.dossier()
    html = page(dossier, count(dossier), "uk", election)
    read(html)
    assert len(html.encode()) < 1_000_000
