"""The catalogues of the interface: every text is said in Ukrainian, whole and in Ukrainian letters."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import ngettext

import viche

LOCALE = Path(viche.__file__).parent / "locale"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|%%")
TAG = re.compile(r"</?[a-z][^>]*>")
APOSTROPHE = re.compile(r"(?<=[^\W\d_])['`ʼ](?=[^\W\d_])")
FOREIGN = re.compile(r"[ыэъёЫЭЪЁ]")


def catalogue(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as handle:
        return read_po(handle, locale=language)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def parts(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def name(message: Message) -> str:
    return parts(message.id)[0]


def said(language: str) -> list[tuple[str, str]]:
    """(msgid, text) of every text that is given; each plural form with the id it has the same marks as."""
    return [
        (parts(message.id)[-1], text)
        for message in messages(language)
        for text in parts(message.string)
        if text
    ]


def marks(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text)) + Counter(TAG.findall(text))


def edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def test_every_text_is_said_in_ukrainian() -> None:
    silent = [name(message) for message in messages("uk") if not all(parts(message.string))]
    assert not silent
    assert len(messages("uk")) > 500


def test_ukrainian_has_four_plural_forms_and_english_two() -> None:
    for language, number in (("uk", 4), ("en", 2)):
        book = catalogue(language)
        assert book.num_plurals == number
        for message in book:
            if message.pluralizable:
                assert len(parts(message.string)) == number, name(message)


@pytest.mark.parametrize("language", ["uk", "en"])
def test_nothing_is_left_for_a_later_look(language: str) -> None:
    assert not [name(message) for message in messages(language) if message.fuzzy]
    book = catalogue(language)
    assert not book.fuzzy
    assert not book.obsolete


@pytest.mark.parametrize("language", ["uk", "en"])
def test_the_head_names_the_project_and_the_language(language: str) -> None:
    head = (LOCALE / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8").split("\n\n")[0]
    assert '"Project-Id-Version: Viche\\n"' in head
    assert f'"Language: {language}\\n"' in head
    assert "charset=UTF-8" in head
    for template in ("FIRST AUTHOR", "FULL NAME", "PACKAGE VERSION", "SOME DESCRIPTIVE TITLE", "YEAR-MO-DA"):
        assert template not in head


@pytest.mark.parametrize("language", ["uk", "en"])
def test_placeholders_and_tags_are_those_of_the_text(language: str) -> None:
    assert not [(source, text) for source, text in said(language) if marks(source) != marks(text)]


@pytest.mark.parametrize("language", ["uk", "en"])
def test_spaces_at_the_edges_are_kept(language: str) -> None:
    assert not [text for source, text in said(language) if edges(source) != edges(text)]


def test_ukrainian_is_written_in_ukrainian_letters() -> None:
    assert not [text for _, text in said("uk") if FOREIGN.search(text)]


def test_latin_and_cyrillic_letters_do_not_meet_in_one_word() -> None:
    mixed = re.compile(r"[a-z][а-яіїєґ]|[а-яіїєґ][a-z]", re.IGNORECASE)
    assert not [text for _, text in said("uk") if mixed.search(TAG.sub(" ", PLACEHOLDER.sub(" ", text)))]


def test_the_apostrophe_and_the_quotation_marks_are_typographic() -> None:
    assert not [text for _, text in said("uk") if APOSTROPHE.search(text)]
    assert not [text for _, text in said("uk") if re.search(r'["“”„]', TAG.sub("", text))]
    assert not [text for _, text in said("uk") if text.count("«") != text.count("»")]


def test_dashes_are_of_one_kind() -> None:
    assert not [text for _, text in said("uk") if "—" in text or " - " in text]


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1 голос"), (2, "2 голоси"), (5, "5 голосів"), (11, "11 голосів"), (21, "21 голос"), (112, "112 голосів")],
)  # fmt: skip
def test_a_number_asks_for_its_own_form(
    number: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read back through the compiled catalogue, as Django reads it."""
    from django.conf import settings
    from django.utils.translation import trans_real

    folder = tmp_path / "uk" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as handle:
        write_mo(handle, catalogue("uk"))
    monkeypatch.setattr(settings, "LOCALE_PATHS", [tmp_path])
    monkeypatch.setattr(trans_real, "_translations", {})
    monkeypatch.setattr(trans_real, "_default", None)
    with translation.override("uk"):
        assert ngettext("%(n)s vote", "%(n)s votes", number) % {"n": number} == words
