"""Legal texts by version, and consents: given once, asked for anew where a version says so, taken back."""

import re

import pytest
from tests import given
from tests.crowd import at_once, refusals

from viche.foundation.refused import Refused
from viche.identity.actions import give_consent, publish_text, withdraw_consent
from viche.identity.consents.wording import (
    CONSENT,
    KINDS,
    LANGUAGES,
    default_source,
    facts_of,
    filled,
    rendered,
)
from viche.identity.models import Consent, LegalText
from viche.identity.queries import consents_of, needs_consent, text_in_force
from viche.journal.models import Entry


def refused(act, **wanted) -> str:
    with pytest.raises(Refused) as answer:
        act(**wanted)
    assert str(answer.value.message)
    return answer.value.code


class TestDefaultTexts:
    @pytest.mark.parametrize("kind", KINDS)
    def test_both_languages_say_the_same_in_the_same_order(self, kind):
        uk, en = (default_source(kind, language) for language in LANGUAGES)
        assert uk.count("\n## ") == en.count("\n## ")
        assert sorted(re.findall(r"{{\w+}}", uk)) == sorted(re.findall(r"{{\w+}}", en))

    @pytest.mark.django_db
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_place_is_filled(self, kind, language):
        text = filled(default_source(kind, language), facts_of(given.community(), "poltava.example"))
        assert "{{" not in text

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_consent_is_read_in_a_moment(self, language):
        assert len(default_source(CONSENT, language).split()) < 150

    @pytest.mark.parametrize("kind", KINDS)
    def test_ukrainian_typography(self, kind):
        text = default_source(kind, "uk")
        assert "—" not in text
        assert not re.search(r"[а-яіїєґ]'[а-яіїєґ]", text)

    def test_nothing_that_could_run_is_rendered(self):
        html = rendered(
            "<script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n[y](https://rada.gov.ua) ![z](https://a/b.png)"
        )
        assert "<script" not in html
        assert "javascript:" not in html.replace("](javascript:", "")
        assert "<img" not in html
        assert 'href="https://rada.gov.ua"' in html


@pytest.fixture
def body(db):
    return given.community()


@pytest.fixture
def viktor(body):
    return given.official("Віктор", "administrator", body)


def publish(body, by, *, kind=CONSENT, number=1, asks_again=False):
    return publish_text(
        community=body, kind=kind, text={"uk": f"Текст {number}", "en": f"Text {number}"}, changes="нове",
        asks_again=asks_again, seen=number - 1, by=by,
    )  # fmt: skip


class TestPublishing:
    def test_a_version_replaces_the_default_and_the_old_ones_stay(self, body, viktor):
        assert text_in_force(body, CONSENT).version == 0
        publish(body, viktor)
        publish(body, viktor, number=2)
        assert text_in_force(body, CONSENT).in_language("en") == "Text 2\n"
        assert text_in_force(body, CONSENT, 1).in_language("uk") == "Текст 1\n"
        assert text_in_force(body, CONSENT, 0).in_language("uk") == default_source(CONSENT, "uk")
        assert text_in_force(body, CONSENT, 7) is None
        entry = Entry.objects.filter(kind="LegalTextPublished").last()
        assert LegalText.objects.get(version=2).digest in entry.leaf

    def test_two_at_once_publish_one(self, committed_db):
        body = given.community()
        by = [given.official(name, "administrator", body) for name in ("Віктор", "Оксана", "Надія", "Петро")]
        answers = at_once(4, lambda place: publish_text(
            community=body, kind=CONSENT, text={"uk": f"Текст {place}", "en": "Text"}, changes="x", asks_again=False,
            seen=0, by=by[place],
        ))  # fmt: skip
        assert refusals(answers) == ["written_meanwhile"] * 3

    def test_what_is_refused(self, body, viktor):
        wanted = {
            "community": body,
            "kind": CONSENT,
            "changes": "x",
            "asks_again": False,
            "seen": 0,
            "by": viktor,
        }
        both = {"uk": "Текст", "en": "Text"}
        operator = given.official("Оксана", "operator", body)
        assert refused(publish_text, **wanted | {"by": operator}, text=both) == "not_administrator"
        assert refused(publish_text, **wanted, text={"uk": "Текст"}) == "no_text"
        assert refused(publish_text, **wanted | {"changes": " "}, text=both) == "no_text"
        assert refused(publish_text, **wanted | {"kind": "poem"}, text=both) == "unknown_kind"
        publish_text(**wanted, text=both)
        assert refused(publish_text, **wanted, text=both) == "written_meanwhile"
        assert refused(publish_text, **wanted | {"seen": 1}, text=both) == "same_text"


class TestConsenting:
    def test_given_once_with_version_time_and_channel(self, body):
        olena = given.person("Олена")
        assert needs_consent(olena, body)
        first = give_consent(person=olena, community=body, channel="online", seen=0)
        assert give_consent(person=olena, community=body, channel="online", seen=0) == first
        assert (first.version, first.channel) == (0, "online")
        assert first.digest == text_in_force(body, CONSENT).digest
        assert not needs_consent(olena, body)
        assert needs_consent(olena, given.community(given.MACHUKHY)), "of another body it says nothing"

    def test_asked_anew_only_where_a_version_says_so(self, body, viktor):
        olena = given.person("Олена")
        give_consent(person=olena, community=body, channel="online", seen=0)
        publish(body, viktor)
        assert not needs_consent(olena, body)
        publish(body, viktor, number=2, asks_again=True)
        assert needs_consent(olena, body)
        assert refused(give_consent, person=olena, community=body, channel="online", seen=1) == "other_text"
        give_consent(person=olena, community=body, channel="online", seen=2)
        assert not needs_consent(olena, body)
        assert [each.version for each in consents_of(olena) if not each.withdrawn_at] == [2]

    def test_taken_back_and_asked_anew(self, body):
        olena = given.person("Олена")
        give_consent(person=olena, community=body, channel="online", seen=0)
        withdraw_consent(person=olena, community=body)
        assert needs_consent(olena, body)
        assert Consent.objects.get().withdrawn_at is not None
        assert refused(withdraw_consent, person=olena, community=body) == "no_consent"

    def test_pressed_many_times_at_once_is_one(self, committed_db):
        olena, body = given.person("Олена"), given.community()
        answers = at_once(
            6, lambda _place: give_consent(person=olena, community=body, channel="online", seen=0)
        )
        assert refusals(answers) == []
        assert Consent.objects.count() == 1
