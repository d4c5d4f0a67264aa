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


def test_a_bad_file_names_its_line_on_stderr_and_ends_with_two(tmp_path):
    broken = tmp_path / "broken.pb"
    broken.write_text(changed(("3;41;A-3,P/1", "3;41;A-3,P/7")), encoding="utf-8")
    done = run("count", broken, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == f"{broken}: line 22, vote: there is no project 'P/7'"


@pytest.mark.parametrize("command", ["count", "explain", "dossier", "verify"])
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
    assert [rule["id"] for rule in json.loads(capsys.readouterr().out)] == ["greedy-v1"]
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
