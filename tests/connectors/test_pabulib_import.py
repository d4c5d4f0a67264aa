"""A real election from a .pb file becomes a finished, counted and published contest."""

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from tests import given

from rulebook.pabulib import read
from viche.ballots.models import Opening
from viche.connectors.pabulib.actions import import_election
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.journal.models import Entry
from viche.projects.models import Project, State

DATA = Path(os.environ.get("PABULIB_DIR") or Path(__file__).parents[3] / "shared" / "pabulib")
KATOWICE = DATA / "Poland_Katowice_2020.pb"

VILLAGE = """META
key;value
description;Село Мачухи
country;Ukraine
unit;Machukhy
instance;2024
num_projects;3
num_votes;4
budget;1000.50
vote_type;approval
rule;greedy
date_begin;01.09.2024
date_end;10.09.2024
currency;UAH
PROJECTS
project_id;cost;votes;name;selected;latitude;longitude
a/1;600.00;3;Криниця;1;49.51;34.41
b;500;2;Лавки;0;;
c;400.50;2;Ліхтарі;1;49.52;34.42
VOTES
voter_id;vote
1;a/1,b
2;a/1
3;b,c
4;a/1,c
"""


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("contests", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.django_db
def test_a_file_becomes_a_published_contest_with_its_winners():
    body = given.community(given.MACHUKHY)
    done = import_election(content=VILLAGE.encode(), community=body)
    contest = done.contest
    assert done.is_new
    assert (contest.slug, contest.year, contest.currency) == ("machukhy-2024", 2024, "UAH")
    assert contest.is_frozen
    assert contest.has_ended("voting")
    assert Opening.objects.filter(contest=contest).count() == 4
    states = dict(Project.objects.filter(contest=contest).values_list("code", "state"))
    assert states == {"a/1": State.FUNDED, "b": State.NOT_FUNDED, "c": State.FUNDED}
    assert contest.publication.note == "official:equal"
    assert contest.publication.count.outcome["spent"] == {contest.rules.pots[0].id: 100_050}


@pytest.mark.django_db
def test_amounts_are_exact_kopiykas():
    contest = import_election(content=VILLAGE.encode(), community=given.community(given.MACHUKHY)).contest
    assert contest.rules.pots[0].amount == 100_050
    assert set(Project.objects.filter(contest=contest).values_list("cost", flat=True)) == {
        60_000,
        50_000,
        40_050,
    }


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing():
    body = given.community(given.MACHUKHY)
    first = import_election(content=VILLAGE.encode(), community=body)
    before = (
        Contest.objects.count(),
        Project.objects.count(),
        Opening.objects.count(),
        Entry.objects.count(),
    )
    again = import_election(content=VILLAGE.encode(), community=body)
    assert not again.is_new
    assert again.contest.pk == first.contest.pk
    assert before == (
        Contest.objects.count(),
        Project.objects.count(),
        Opening.objects.count(),
        Entry.objects.count(),
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        ("600.00;3", "шістсот;3", "line 17"),
        ("b;500;2", "a/1;500;2", "line 18"),
        ("2;a/1\n", "2;zzz\n", "line 23"),
        ("budget;1000.50", "budget;-1", "line 9"),
        ("VOTES\n", "", "VOTES"),
    ],
)
def test_a_malformed_file_names_the_line_and_imports_nothing(good, bad, words):
    body = given.community(given.MACHUKHY)
    entries = Entry.objects.count()
    assert good in VILLAGE
    with pytest.raises(Refused) as refused:
        import_election(content=VILLAGE.replace(good, bad, 1).encode(), community=body)
    assert refused.value.code == "bad_file"
    assert words in str(refused.value.message)
    assert not Contest.objects.exists()
    assert Entry.objects.count() == entries


@pytest.mark.django_db
def test_amounts_finer_than_kopiykas_are_refused():
    with pytest.raises(Refused) as refused:
        import_election(
            content=VILLAGE.replace("400.50", "400.505").encode(), community=given.community(given.MACHUKHY)
        )
    assert refused.value.code == "bad_scale"
    assert not Contest.objects.exists()


@pytest.mark.django_db
def test_a_fault_in_the_middle_leaves_nothing_behind(monkeypatch):
    def broken(**_):
        raise RuntimeError("the power went off")

    monkeypatch.setattr("viche.connectors.pabulib.actions.run_count", broken)
    with pytest.raises(RuntimeError):
        import_election(content=VILLAGE.encode(), community=given.community(given.MACHUKHY))
    assert not Contest.objects.exists()
    assert not Opening.objects.exists()


@pytest.mark.django_db
def test_the_command_says_what_is_wrong(tmp_path):
    given.community(given.MACHUKHY)
    file = tmp_path / "village.pb"
    file.write_text(VILLAGE, encoding="utf-8")
    with pytest.raises(CommandError, match="no connected community 'UA99'"):
        run("import", str(file), "--community", "UA99")
    with pytest.raises(CommandError, match=r"nowhere\.pb: No such file"):
        run("import", str(tmp_path / "nowhere.pb"), "--community", given.MACHUKHY)
    file.write_text("META\nkey;value\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Nothing was imported"):
        run("import", str(file), "--community", given.MACHUKHY)


@pytest.mark.django_db
@pytest.mark.pabulib
@pytest.mark.skipif(not KATOWICE.exists(), reason=f"the real elections are not at {DATA} (PABULIB_DIR)")
def test_katowice_2020_is_imported_counted_and_published_with_its_official_winners():
    body = given.community()
    assert "funds exactly the file's official winners" in run(
        "import", str(KATOWICE), "--community", body.code
    )
    contest = Contest.objects.get(community=body)
    assert Opening.objects.filter(contest=contest).count() == 38_903
    official = read(KATOWICE).official
    funded = set(Project.objects.filter(contest=contest, state=State.FUNDED).values_list("code", flat=True))
    assert funded == set(official)
    before = Entry.objects.count()
    assert "nothing changed" in run("import", str(KATOWICE), "--community", body.slug)
    assert Entry.objects.count() == before
