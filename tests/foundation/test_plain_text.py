"""What people paste becomes plain text: markup of word processors goes, and whatever cannot be seen."""

import pytest

from viche.foundation.plain_text import is_shouted, plain_line, plain_text

WORD = """<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style>@font-face {font-family:Calibri;} p.MsoNormal {margin:0cm;}</style>
<p class=MsoNormal style='text-indent:1.0cm'><b><span lang=UK>Дитячий майданчик</span></b><o:p></o:p></p>
<p class=MsoListParagraph>&nbsp;гойдалки &amp; лави</p><ul><li>гірка</li><li>пісочниця</li></ul>"""


def test_markup_of_a_word_processor_leaves_its_words_on_lines_of_their_own():
    assert plain_text(WORD).split("\n") == [
        "Дитячий майданчик", "", "гойдалки & лави", "", "- гірка", "- пісочниця",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Площа < 300 м², але > 200 м²",
        "<скверик> біля школи",
        "a <= b",
        "<script>alert(1)</script>",
        "5 &lt; 6",
    ],
)
def test_what_is_no_such_markup_is_left_as_it_was_written(text):
    assert plain_text(text) == text


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u200d", "\u202e", "\u2066", "\ufeff", "\u00ad", "\x07", "\x1b", "\u061c", "\ue123"]
)
def test_signs_that_cannot_be_seen_are_taken_out(sign):
    assert plain_line(f"Скв{sign}ер") == "Сквер"


def test_ends_of_lines_spaces_and_bullets_are_put_in_order():
    assert plain_text("Один  \r\nдва\u00a0 три\v\n\n\n\n\uf0b7 чотири\u2028") == "Один\nдва три\n\n• чотири"
    assert plain_line(" Сквер\n біля \t школи ") == "Сквер біля школи"
    assert plain_text("и\u0306") == "й", "a letter and its sign become one letter"


@pytest.mark.parametrize(
    ("text", "shouted"),
    [
        ("ДИТЯЧИЙ МАЙДАНЧИК", True), ("ДИТЯЧИЙ МАЙДАНЧИК біля школи", False), ("Ремонт ЗОШ № 5", False),
        ("МАФ", False), ("НВК «ЛІДЕР»", False), ("СПОРТМАЙДАНЧИК 2026", True),
    ],
)  # fmt: skip
def test_a_title_in_capitals_is_told_from_one_with_abbreviations(text, shouted):
    assert is_shouted(text) is shouted
