"""The default legal texts: two languages that say the same, nothing left empty, Ukrainian typography."""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

import viche.identity

TEXTS = Path(viche.identity.__file__).parent / "consents" / "texts"
LANGUAGES = ("uk", "en")
NAMES = ("privacy", "cookies", "terms", "accessibility", "consent")
# what a self-government body's own page fills in
PLACEHOLDERS = {
    "body", "short", "address", "email", "phone", "website", "site", "responsible", "retention", "cookies", "date",
}  # fmt: skip
# whole Markdown tables: they need lines of their own
TABLES = {"retention", "cookies"}
PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
ONE_SCREEN = 150  # words

every_text = pytest.mark.parametrize("path", [f"{code}/{name}" for code in LANGUAGES for name in NAMES])
every_name = pytest.mark.parametrize("name", NAMES)


def text_of(path: str) -> str:
    return (TEXTS / f"{path}.md").read_text(encoding="utf-8")


def unwrapped(path: str) -> str:
    """The text with every run of white space made one space: where a line breaks means nothing."""
    return " ".join(text_of(path).split())


def paragraphs_of(text: str) -> list[str]:
    return [block for block in text.split("\n\n") if block.strip()]


def test_there_are_ten_texts_and_nothing_else() -> None:
    found = {path.relative_to(TEXTS).as_posix() for path in TEXTS.rglob("*") if path.is_file()}
    assert found == {f"{code}/{name}.md" for code in LANGUAGES for name in NAMES}


@every_name
def test_both_languages_have_the_same_headings_paragraphs_and_points(name: str) -> None:
    shapes = []
    for code in LANGUAGES:
        blocks = paragraphs_of(text_of(f"{code}/{name}"))
        shapes.append(
            [(block.split(" ")[0][:6], block.count("\n- ")) for block in blocks if block[0] in "#-"]
        )
        shapes[-1].append(("all", len(blocks)))
    assert shapes[0] == shapes[1]


@every_name
def test_both_languages_fill_in_the_same_places(name: str) -> None:
    ukrainian, english = (Counter(PLACEHOLDER.findall(text_of(f"{code}/{name}"))) for code in LANGUAGES)
    assert ukrainian == english


@every_name
def test_both_languages_cite_the_same_acts_and_numbers(name: str) -> None:
    """Numbers of laws, standards and licences; what they are called differs."""
    cited = re.compile(
        r"\d+/\d+-ВР|\d+-(?:IX|VI|XII)\b|EN 301 549:2022|WCAG \d\.\d|CC BY \d\.\d|\d+/\d+/(?:EC|ЄС)|(?:№|No\.) 835"
    )
    same = {"№": "No.", "ЄС": "EC"}
    ukrainian, english = (
        Counter(re.sub("№|ЄС", lambda sign: same[sign[0]], found) for found in cited.findall(unwrapped(path)))
        for path in (f"uk/{name}", f"en/{name}")
    )
    assert ukrainian == english


@every_text
def test_every_placeholder_is_known_and_well_formed(path: str) -> None:
    text = text_of(path)
    assert set(PLACEHOLDER.findall(text)) <= PLACEHOLDERS
    assert not re.search(r"[{}]", PLACEHOLDER.sub("", text)), "a brace outside a placeholder"


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("privacy", PLACEHOLDERS - {"cookies"}),
        ("cookies", {"cookies", "body", "email", "site", "date"}),
        ("terms", {"body", "short", "address", "email", "phone", "website", "site", "date"}),
        ("accessibility", {"body", "short", "address", "email", "phone", "website", "site", "date"}),
        ("consent", {"body", "address", "email", "site", "date"}),
    ],
)
def test_a_text_names_who_answers_for_it_and_since_when(name: str, needed: set[str]) -> None:
    assert set(PLACEHOLDER.findall(text_of(f"uk/{name}"))) == needed


@every_text
def test_tables_stand_in_paragraphs_of_their_own(path: str) -> None:
    for block in paragraphs_of(text_of(path)):
        if TABLES & set(PLACEHOLDER.findall(block)):
            assert PLACEHOLDER.fullmatch(block.strip()), block


@every_text
def test_one_main_heading_begins_the_text_and_no_level_is_skipped(path: str) -> None:
    text = text_of(path)
    levels = [len(marks) for marks, _title in HEADING.findall(text)]
    assert text.startswith("# ")
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@every_text
def test_no_section_is_empty_and_no_heading_repeats(path: str) -> None:
    text = text_of(path)
    found = list(HEADING.finditer(text))
    titles = [each[2] for each in found]
    assert len(titles) == len(set(titles))
    ends = [each.start() for each in found[1:]] + [len(text)]
    empty = [each[2] for each, end in zip(found, ends, strict=True) if not text[each.end() : end].strip()]
    assert not empty


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_consent_fits_one_screen(code: str) -> None:
    words = re.findall(r"[\w’-]+", PLACEHOLDER.sub("", text_of(f"{code}/consent")))
    assert len(words) < ONE_SCREEN


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        (
            "uk",
            ("№ 835", "Уповноваженого", "«Моя участь»", "«це не я»", "Податкового номера ми не зберігаємо"),
        ),
        (
            "en",
            (
                "No. 835",
                "Ombudsman",
                "“My participation”",
                "“this was not me”",
                "do not store your tax number",
            ),
        ),
    ],
)
def test_the_privacy_policy_names_its_laws_its_rights_and_where_to_complain(
    code: str, needed: tuple[str, ...]
) -> None:
    text = unwrapped(f"{code}/privacy")
    assert [each for each in (*needed, "2297-VI", "280/97-ВР", "GDPR") if each not in text] == []
    places = " ".join(re.findall(r"(?:[Сс]татт|[Aa]rticle)[^.;:)]*", text))
    assert {6, 8, 11, 12, 14, 15, 16, 24} <= {int(number) for number in re.findall(r"\d+", places)}


@pytest.mark.parametrize("name", NAMES)
def test_ukrainian_is_set_as_ukrainian(name: str) -> None:
    """Short dashes with spaces, ’ as apostrophe, «…» as quotation marks, no letters of other Cyrillic alphabets."""
    text = text_of(f"uk/{name}")
    for wrong in ("—", " - ", "'", "ʼ", "‘", '"', "“", "”", "„", "…"):
        assert wrong not in text, wrong
    assert not re.search(r"[ыэёъЫЭЁЪ]", text)
    assert not re.search(r"[А-Яа-яЇїІіЄєҐґ][A-Za-z]|[A-Za-z][А-Яа-яЇїІіЄєҐґ]", text), (
        "mixed alphabets in a word"
    )
    assert not re.search(r"\d-\d", text.replace("280/97-ВР", "")), "a hyphen between numbers"
    assert text.count("«") == text.count("»")
    assert not re.search(r"[^\s\d(]–|–[^\s\d]", text), "a dash without spaces"


@pytest.mark.parametrize("name", NAMES)
def test_english_has_no_typewriter_marks(name: str) -> None:
    text = text_of(f"en/{name}")
    assert not re.search(r"['\"—]| - ", text)
    assert text.count("“") == text.count("”")
    assert set(re.findall(r"\w*[А-Яа-яІіЇїЄєҐґ]\w*", text)) <= {"ВР", "ДСТУ"}


@every_text
def test_lines_are_tidy(path: str) -> None:
    """No trailing spaces, no doubled ones, one newline at the end, no blank line doubled."""
    text = text_of(path)
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)
    assert not re.search(r"\S  +\S", text)
    assert text == text.rstrip("\n") + "\n"
    assert "\n\n\n" not in text
