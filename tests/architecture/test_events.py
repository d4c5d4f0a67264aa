"""Every event of the journal has a sentence a person can read, and a line in the glossary."""

import re
from dataclasses import fields
from importlib import import_module

import pytest
from django.apps import apps
from django.utils.translation import gettext, override
from tests.architecture.house import ROOT, SRC, sources

from viche.journal.events import REGISTRY, Event

for path in sources("viche"):
    if path.name == "events.py":
        import_module(".".join(path.relative_to(SRC).with_suffix("").parts))

# a base that several events of one room share is no event: nobody appends it
EVENTS = {
    name: event
    for name, event in REGISTRY.items()
    if event.sentence and event.__module__.startswith("viche.")
}
NEEDED = re.compile(r"%\((\w+)\)s")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")

each_event = pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)


def test_every_room_of_the_house_that_writes_has_its_events():
    rooms = {event.__module__ for event in EVENTS.values()}
    written = {config.name for config in apps.get_app_configs() if config.name.startswith("viche.")}
    assert {room.removesuffix(".events") for room in rooms} <= written
    assert len(EVENTS) >= 20


@each_event
def test_the_sentence_uses_only_what_the_entry_holds(event: type[Event]):
    assert set(NEEDED.findall(event.sentence)) <= {field.name for field in fields(event)}


@each_event
@pytest.mark.parametrize("language", ["uk", "en"])
def test_the_sentence_can_be_said(event: type[Event], language: str):
    with override(language):
        said = gettext(event.sentence) % {field.name: "значення" for field in fields(event)}
    assert "%(" not in said
    assert said[0].isupper() or said[0] == "з"


@each_event
def test_no_field_of_an_entry_could_hold_a_persons_name_or_number(event: type[Event]):
    """An append-only log cannot be erased: it holds references and hashes, never personal data."""
    personal = {"name", "person_name", "author", "author_name", "tax_number", "number_of_person", "email", "phone",
                "birth_date", "address", "person", "voter"}  # fmt: skip
    assert not {field.name for field in fields(event)} & personal


@each_event
def test_the_glossary_has_a_line_for_the_event(event: type[Event]):
    assert re.search(rf"^\| `{event.__name__}` \| .+ \|$", GLOSSARY, re.M)


def test_the_glossary_names_no_event_that_is_gone():
    table = GLOSSARY.partition("## Journal events")[2]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.M)) == set(EVENTS)


def test_identifiers_of_the_glossary_exist():
    """A term's identifier is looked for in the code, so that the glossary does not speak of what is gone."""
    words = " ".join(path.read_text(encoding="utf-8") for path in sources())
    terms = GLOSSARY.partition("## Journal events")[0]
    named = set(re.findall(r"`([\w.]+)`", terms))
    assert len(named) > 40
    assert not [name for name in named if not re.search(rf"\b{re.escape(name.split('.')[-1])}\b", words)]


@pytest.mark.parametrize(
    ("event", "data", "code", "word"),
    [
        ("OfficeGranted", {"office": "1", "role": "commission"}, "commission", "комісі"),
        ("OfficeEnded", {"office": "1", "role": "operator"}, "operator", "оператор"),
        (
            "MembershipGranted",
            {"membership": "1", "territory": "UA53", "basis": "displaced"},
            "displaced",
            "переміщен",
        ),
        (
            "PhaseMoved",
            {"contest": "1", "phase": "voting", "ends_at": "2026-04-30T21:00:00+00:00", "decision": "№ 1"},
            "voting",
            "1 травня 2026, 00:00",
        ),
    ],
)
def test_codes_become_words_in_the_sentence(event: str, data: dict[str, str], code: str, word: str):
    with override("uk"):
        said = gettext(REGISTRY[event].sentence) % REGISTRY[event].words(data)
    assert word in said.lower() or word in said
    assert code not in said
