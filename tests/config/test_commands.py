"""The commands an installation is run by, on the documents that the how-to shows."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from tests import given

from rulebook.presets import preset, presets
from viche.ballots.actions import issues_before_voting
from viche.contests.models import Contest
from viche.foundation import clock
from viche.identity.models import Office

EXAMPLE = Path(__file__).parents[2] / "docs/how-to/examples/village.json"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.django_db
class TestContests:
    def test_the_example_of_the_how_to_is_announced_and_may_be_frozen(self):
        given.community(given.MACHUKHY, slug="machukhy")
        assert "/machukhy/2027/" in run("contests", "create", str(EXAMPLE), "--community", "machukhy")
        contest = Contest.objects.get()
        assert issues_before_voting(contest) == []
        voting = contest.window("voting")
        # from the first midnight in Kyiv to the midnight after the last day
        assert voting.starts_at.astimezone(clock.KYIV).isoformat() == "2027-04-05T00:00:00+03:00"
        assert voting.ends_at.astimezone(clock.KYIV).isoformat() == "2027-04-20T00:00:00+03:00"

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda d: d.pop("slug"), "slug"),
            (lambda d: d["schedule"][2].update({"from": "колись"}), "колись"),
            (lambda d: d["rules"]["pots"][0].pop("amount"), "amount"),
            (lambda d: d.update(slug="journal"), "journal"),
        ],
    )
    def test_a_document_with_a_fault_is_refused_in_english(self, tmp_path, change, words):
        given.community(given.MACHUKHY, slug="machukhy")
        document = json.loads(EXAMPLE.read_text(encoding="utf-8"))
        change(document)
        file = tmp_path / "contest.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        with pytest.raises(CommandError, match=words), translation.override("uk"):
            run("contests", "create", str(file), "--community", "machukhy")
        assert not Contest.objects.exists()

    def test_a_phase_is_extended_by_a_decision(self):
        given.contest(given.community(slug="poltava"))
        with clock.at(given.day(45)):
            run(
                "contests",
                "extend",
                "poltava/2026",
                "voting",
                "2026-05-02",
                "--decision",
                "№ 12 від 20.04.2026",
            )
            with pytest.raises(CommandError, match="no contest"):
                run("contests", "extend", "poltava/1999", "voting", "2026-05-02", "--decision", "№ 12")
        moved = Contest.objects.get().window("voting").ends_at.astimezone(clock.KYIV)
        assert moved.isoformat() == "2026-05-03T00:00:00+03:00"


@pytest.mark.django_db
class TestCommunities:
    def test_a_body_is_found_connected_and_listed(self):
        assert given.MACHUKHY in run("communities", "find", "Мачухівська громада")
        run(
            "communities", "connect", given.MACHUKHY, "--slug", "machukhy", "--email", "rada@machukhy.example"
        )
        assert "/machukhy/" in run("communities", "list")
        with pytest.raises(CommandError, match="already connected"), translation.override("uk"):
            run("communities", "connect", given.MACHUKHY)
        with pytest.raises(CommandError, match="no territory"):
            run("communities", "connect", "UA99")

    def test_the_first_administrator_is_somebody_who_has_identified(self, tmp_path):
        given.community(given.MACHUKHY, slug="machukhy")
        given.person("Галина", serial=77)
        file = tmp_path / "number"
        file.write_text(f"{given.claims('Галина', serial=77).tax_number}\n")
        run("communities", "office", given.MACHUKHY, "administrator", "--tax-number-file", str(file))
        assert Office.objects.get().role == "administrator"
        file.write_text("1234567890")
        with pytest.raises(CommandError, match="no valid tax number"):
            run("communities", "office", given.MACHUKHY, "administrator", "--tax-number-file", str(file))


class TestRules:
    """``viche rules`` needs no database."""

    @pytest.mark.parametrize("entry", presets(), ids=lambda entry: entry.id)
    def test_every_preset_may_be_frozen_and_is_said_in_both_languages(self, entry):
        assert "may be frozen" in run("rules", "check", entry.id)
        assert entry.rules.title.get("uk") in run("rules", "explain", entry.id, "--lang", "uk")
        assert "1. " in run("rules", "explain", entry.id, "--lang", "en")

    def test_rules_that_contradict_themselves_are_refused_with_the_reason(self, tmp_path):
        document = preset("chernihiv").document()
        document["pots"][0]["amount"] = 0
        file = tmp_path / "rules.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        with pytest.raises(CommandError, match="forbid"):
            run("rules", "check", str(file))

    def test_rules_of_a_newer_version_of_the_platform_are_refused_in_one_sentence(self, tmp_path):
        later = preset("kyiv-2019").document() | {"schema": 2, "quorum": 5}
        file = tmp_path / "later.json"
        file.write_text(json.dumps({"id": "later", "rules": later}), encoding="utf-8")
        with translation.override("en"), pytest.raises(CommandError) as caught:
            run("rules", "check", str(file))
        [_, sentence] = str(caught.value).splitlines()
        assert sentence.startswith("/schema: The document is written for schema 2; this version")

    @pytest.mark.parametrize("content", ["{", "[]", "{}"])
    def test_what_is_no_rules_document_is_refused(self, tmp_path, content):
        file = tmp_path / "rules.json"
        file.write_text(content, encoding="utf-8")
        with pytest.raises(CommandError, match="not a rules document"):
            run("rules", "check", str(file))

    def test_an_unknown_preset_is_answered_with_those_there_are(self):
        with pytest.raises(CommandError, match="chernihiv"):
            run("rules", "explain", "atlantis")
