"""``python -m rulebook``: what a resident types."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_pabulib_format import VALID, changed

from rulebook.__main__ import main
from rulebook.counting import RULES
from rulebook.options import OPTIONS

SOURCE = Path(__file__).parents[2] / "src"


@pytest.fixture
def election(tmp_path):
    file = tmp_path / "village.pb"
    file.write_text(VALID, encoding="utf-8")
    return file


def run(*arguments, cwd=None):
    """The command as typed, in a bare interpreter: no site packages, so nothing but Python is needed."""
    return subprocess.run(
        [sys.executable, "-S", "-m", "rulebook", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"},
        cwd=cwd,
        check=False,
    )


def test_count_in_a_bare_interpreter_gives_rule_funded_and_hash(election):
    first = run("count", election, "--json")
    assert (first.returncode, first.stderr) == (0, "")
    result = json.loads(first.stdout)
    assert result["rule"] == "greedy-v1"
    assert result["funded"] == ["P/1", "A-3"]
    assert result["rejected"]["P/2"]["code"] == "does_not_fit"
    assert result["totals"] == {"P/1": 3, "P/2": 2, "A-3": 1}
    assert result["is_decided"] is True
    assert result["meta_rule"] == "greedy"
    assert len(result["hash"]) == len(result["dossier_hash"]) == 64
    assert run("count", election, "--json").stdout == first.stdout


def test_count_in_words_lists_the_winners(election, capsys):
    assert main(["count", str(election)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == 'P/1\t3\tСквер; дитячий "майданчик"'
    assert "2 of 3 projects" in out


def test_explain_says_why_each_project_won_or_not(election, capsys):
    assert main(["explain", str(election)]) == 0
    out = capsys.readouterr().out
    assert "FUNDED; score 3, cost 600 UAH; left 400 UAH" in out
    assert "did not fit: 400 UAH was left, 100.50 UAH short; 1 behind P/1, which won" in out


@pytest.mark.parametrize(
    ("arguments", "words"), [((), "Підраховано за правилом"), (("--lang", "en"), "Counted by")]
)
def test_explain_writes_one_page_of_html(election, tmp_path, capsys, arguments, words):
    out = tmp_path / "page.html"
    assert main(["explain", str(election), "--html", str(out), *arguments]) == 0
    assert capsys.readouterr().out == ""
    html = out.read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert words in html
    assert "python -m rulebook count village.pb --json" in html
    assert main(["explain", str(election), "--html", "-", *arguments]) == 0
    assert capsys.readouterr().out == html


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_is_explained_in_text_and_on_a_page(election, rule, capsys):
    assert main(["explain", str(election), "--rule", rule, "--text"]) == 0
    text = capsys.readouterr().out
    assert rule in text
    assert "FUNDED" in text
    assert main(["explain", str(election), "--rule", rule, "--html", "-"]) == 0
    page = capsys.readouterr().out
    assert main(["count", str(election), "--rule", rule, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["hash"] in page


def test_a_thorough_explanation_leaves_nothing_uncomputed(election, capsys):
    arguments = ["explain", str(election), "--rule", "equal-shares-v1", "--html", "-", "--lang", "en"]
    assert main([*arguments, "--thorough"]) == 0
    thorough = capsys.readouterr().out
    assert "found by recounting" in thorough
    assert "is not computed for every project" not in thorough


def test_a_dossier_is_explained_as_it_is_counted(election, tmp_path, capsys):
    dossier = tmp_path / "dossier.json"
    dossier.write_text(run("dossier", election).stdout, encoding="utf-8")
    assert main(["count", str(dossier), "--rule", "equal-shares-v1", "--json"]) == 0
    counted = json.loads(capsys.readouterr().out)
    assert counted["rule"] == "equal-shares-v1"
    assert main(["explain", str(dossier), "--rule", "equal-shares-v1", "--html", "-"]) == 0
    assert counted["hash"] in capsys.readouterr().out


def test_explain_and_compare_in_a_bare_interpreter(election):
    for arguments in (
        ("explain", election, "--html", "-"),
        ("compare", election, "--html", "-"),
        ("compare", election),
    ):
        done = run(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert "Сквер" in done.stdout


def test_compare_shows_the_rules_side_by_side(election, capsys, tmp_path):
    assert main(["compare", str(election), "--rules", "equal-shares-v1, phragmen-v1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith(": greedy-v1, equal-shares-v1, phragmen-v1")
    assert sum("Сквер" in line for line in lines) == 1
    out = tmp_path / "compared.html"
    assert main(["compare", str(election), "--html", str(out), "--lang", "en"]) == 0
    html = out.read_text(encoding="utf-8")
    assert "The same ballots under other rules" in html
    assert all(rule in html for rule in RULES)
    assert main(["compare", str(election), "--rules", "oracle-v9"]) == 2
    assert "oracle-v9" in capsys.readouterr().err


def test_projects_that_compete_are_named_on_the_command_line(election, capsys):
    assert main(["count", str(election), "--competing", "P/1,A-3", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["funded"] == ["P/1"]
    assert result["rejected"]["A-3"]["code"] == "rival_won"
    assert main(["explain", str(election), "--competing", "P/1,A-3", "--html", "-"]) == 0
    page = capsys.readouterr().out
    assert "--competing P/1,A-3" in page
    assert result["hash"] in page


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        ("P/1", "two projects or more"),
        ("P/1,P/1", "two projects or more"),
        ("P/1,P/9", "there is no project 'P/9'"),
        ("P/1,P/2;P/2,A-3", "'P/2' is named twice"),
    ],
)
def test_competing_projects_that_make_no_sense_are_refused(election, capsys, groups, told):
    assert main(["count", str(election), "--competing", groups]) == 2
    assert told in capsys.readouterr().err


def test_what_cannot_be_written_is_said_plainly(election, tmp_path, capsys):
    assert main(["explain", str(election), "--html", str(tmp_path / "nowhere" / "page.html")]) == 2
    assert "nowhere" in capsys.readouterr().err
    assert main(["explain", str(election), "--lang", "uk"]) == 2
    assert "--html" in capsys.readouterr().err


def test_a_bad_file_names_its_line_on_stderr_and_ends_with_two(tmp_path):
    broken = tmp_path / "broken.pb"
    broken.write_text(changed(("3;41;A-3,P/1", "3;41;A-3,P/7")), encoding="utf-8")
    done = run("count", broken, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{broken}: line 22, ")
    assert done.stderr.strip().endswith("vote: there is no project 'P/7'")


@pytest.mark.parametrize("command", ["count", "explain", "compare", "dossier", "verify"])
def test_a_missing_file_is_said_plainly(command, tmp_path, capsys):
    assert main([command, str(tmp_path / "nothing.pb")]) == 2
    assert "nothing.pb" in capsys.readouterr().err


def test_an_unknown_rule_is_refused(election, capsys):
    assert main(["count", str(election), "--rule", "oracle-v9"]) == 2
    assert "greedy-v1" in capsys.readouterr().err


def test_remarks_on_the_file_go_to_stderr(tmp_path, capsys):
    odd = tmp_path / "odd.pb"
    odd.write_text(changed(("P/2;500.50;2;", "P/2;500.50;200;")), encoding="utf-8")
    assert main(["count", str(odd), "--json"]) == 0
    assert [remark["code"] for remark in json.loads(capsys.readouterr().out)["remarks"]] == ["votes_differ"]
    assert main(["count", str(odd)]) == 0
    assert "the ballots are counted" in capsys.readouterr().err


def test_rules_are_listed_by_id(capsys):
    assert main(["rules", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [rule["id"] for rule in listed] == list(RULES)
    assert "greedy-v1" in RULES
    for rule in listed:
        assert set(rule["options"]) == {option.name for option in OPTIONS[rule["id"]]}
    assert main(["rules"]) == 0
    assert capsys.readouterr().out.startswith("greedy-v1: ")


def test_a_dossier_is_counted_again_and_compared_with_what_was_published(election, tmp_path, capsys):
    dossier, outcome = tmp_path / "dossier.json", tmp_path / "outcome.json"
    dossier.write_text(run("dossier", election).stdout, encoding="utf-8")
    outcome.write_text(run("count", dossier, "--json").stdout, encoding="utf-8")
    assert main(["verify", str(dossier)]) == 0
    assert main(["verify", str(dossier), str(outcome)]) == 0
    assert "is what the dossier gives" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "old", "new", "differing"),
    [
        ("outcome.json", '"P/1": 3', '"P/1": 4', "totals"),
        ("outcome.json", '"funded": [\n  "P/1"', '"funded": [\n  "P/2"', "funded"),
        ("dossier.json", '"count":1', '"count":2', "dossier_hash"),
    ],
)
def test_any_change_to_what_was_published_is_found(election, tmp_path, capsys, file, old, new, differing):
    (tmp_path / "dossier.json").write_text(run("dossier", election).stdout, encoding="utf-8")
    (tmp_path / "outcome.json").write_text(run("count", election, "--json").stdout, encoding="utf-8")
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert main(["verify", str(tmp_path / "dossier.json"), str(tmp_path / "outcome.json")]) == 1
    assert differing in capsys.readouterr().out


def test_a_published_outcome_document_is_compared_whole(election, tmp_path, capsys):
    from rulebook import pabulib
    from rulebook.counting import count

    published = count(pabulib.read(election).dossier()).document()
    file = tmp_path / "outcome.json"
    file.write_text(json.dumps(published), encoding="utf-8")
    assert main(["verify", str(election), str(file)]) == 0
    published["steps"][0]["left_after"] += 1
    file.write_text(json.dumps(published), encoding="utf-8")
    assert main(["verify", str(election), str(file)]) == 1
    assert "steps" in capsys.readouterr().out
    for broken in ("{broken", "[" * 100_000, "9" * 5000):
        file.write_text(broken, encoding="utf-8")
        assert main(["verify", str(election), str(file)]) == 2
    file.write_text("[]", encoding="utf-8")
    assert main(["verify", str(election), str(file)]) == 1


def test_reading_only_the_head_of_a_long_answer_is_no_error(election):
    command = f'"{sys.executable}" -S -m rulebook count "{election}" --json | head -c 1'
    done = subprocess.run(
        command,
        shell=True,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "LC_ALL": "C"},
        check=False,
    )
    assert (done.stdout, done.stderr) == ("{", "")
