"""Settings come from the environment, secrets also from files; what is wrong is named."""

from pathlib import Path

import pytest

from viche.config.env import Environment, SettingError


def env(**values: str) -> Environment:
    return Environment(values)


def test_a_text_is_trimmed_and_has_a_default():
    assert env(NAME="  значення ").text("NAME") == "значення"
    assert env().text("NAME", "типове") == "типове"
    assert env().text("NAME") == ""


def test_a_secret_by_file_wins_over_the_variable(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("з файлу\n", encoding="utf-8")
    assert env(KEY="зі змінної", KEY_FILE=str(secret)).text("KEY") == "з файлу"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path):
    with pytest.raises(SettingError, match=r"KEY_FILE: cannot read .*absent"):
        env(KEY_FILE=str(tmp_path / "absent")).text("KEY")


@pytest.mark.parametrize("values", [{}, {"KEY": ""}, {"KEY": "   "}])
def test_a_required_setting_is_asked_for_by_name(values):
    with pytest.raises(SettingError, match="KEY"):
        env(**values).required("KEY")


def test_an_empty_file_is_no_secret(tmp_path: Path):
    empty = tmp_path / "empty"
    empty.touch()
    with pytest.raises(SettingError, match="KEY"):
        env(KEY_FILE=str(empty)).required("KEY")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", True),
        ("true", True),
        ("YES", True),
        ("on", True),
        ("0", False),
        ("False", False),
        ("no", False),
        ("off", False),
    ],
)
def test_yes_and_no(text, value):
    assert env(FLAG=text).flag("FLAG", default=not value) is value


def test_a_flag_that_is_not_set_is_its_default():
    assert env().flag("FLAG") is False
    assert env(FLAG="").flag("FLAG", default=True) is True


@pytest.mark.parametrize("text", ["maybe", "2", "так"])
def test_neither_yes_nor_no_is_refused(text):
    with pytest.raises(SettingError, match="FLAG"):
        env(FLAG=text).flag("FLAG")


def test_numbers_are_whole():
    assert env(N="1800").number("N", 5) == 1800
    assert env().number("N", 5) == 5
    for text in ("1.5", "many"):
        with pytest.raises(SettingError, match="N"):
            env(N=text).number("N", 5)


def test_words_are_parted_by_commas():
    assert env(HOSTS="a.example, b.example ,,").words("HOSTS") == ["a.example", "b.example"]
    assert env().words("HOSTS", ("localhost",)) == ["localhost"]
