"""The scripts of docs/api/examples run as they stand, against a live server."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests import given, programs
from tests.surfaces.ground import publish

from viche.foundation import clock
from viche.identity.models import Register
from viche.identity.queries import actor_of
from viche.journal.actions import sequence_all
from viche.projects.models import Delivery, Project
from viche.review.actions import assign_review
from viche.review.models import Opinion

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "api" / "examples"


def run(name: str, *arguments: str, key: str = "", fails: bool = False) -> str:
    """What a script prints."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / name), *arguments], capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "clients" / "python"), "VICHE_KEY": key},
    )  # fmt: skip
    assert (done.returncode != 0) is fails, done.stderr
    return done.stdout if not fails else done.stderr


@pytest.mark.django_db(transaction=True)
def test_a_contest_becomes_a_table(live_server):
    given.voting_contest()
    with clock.at(given.day(45)):
        rows = list(csv.DictReader(io.StringIO(run("contest_to_csv.py", live_server.url, "poltava", "2026"))))
    assert [(row["number"], row["cost"]) for row in rows[:2]] == [("1", "100000.00"), ("2", "200000.00")]


@pytest.mark.django_db(transaction=True)
def test_a_project_is_submitted_and_a_second_time_refused(live_server, tmp_path):
    # the server's own clock decides: submission runs for years
    made = given.contest(
        phases=[(name, start and start + 9000, end and end + 9000) for name, start, end in given.PHASES]
    )
    given.person("Олена")
    with clock.at(given.day(5)):
        program = programs.program(made.community)
        number = given.claims("Олена", serial=given.serial_of("Олена")).tax_number
        file = tmp_path / "project.json"
        file.write_text(json.dumps({**programs.NEW_PROJECT, "author": number}))
        facts = (live_server.url, "poltava", "2026", str(file))
        assert run("submit_project.py", *facts, key=program.secret).startswith("1 ")
        assert "reference_used" in run("submit_project.py", *facts, key=program.secret, fails=True)
    assert Project.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_conclusions_are_signed(live_server, tmp_path):
    made = given.contest()
    project = given.submitted_project(made)
    with clock.at(given.day(25)):
        program = programs.program(made.community)
        assign_review(
            project=project, unit="Управління ЖКГ", by=actor_of(program.row.official, made.community)
        )
        file = tmp_path / "conclusions.json"
        file.write_text(json.dumps({"1": {"conclusion": "positive", "reasons": "Так."}}))
        assert "positive" in run(
            "send_conclusion.py", live_server.url, "poltava", str(file), key=program.secret
        )
    assert Opinion.objects.get().given_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_payment_is_reported(live_server):
    made, projects = given.voting_contest()
    publish(made, {"Марта": projects[:1], "Юрій": projects[:1]})
    with clock.at(given.day(75)):
        program = programs.program(made.community)
        said = run(
            "report_payment.py", live_server.url, "poltava", "2026", "1", "4500000", key=program.secret
        )
    assert said == f"4500000 of {projects[0].cost}\n"
    assert Delivery.objects.get().actual_cost == 4_500_000


@pytest.mark.django_db(transaction=True)
def test_the_register_is_synced(live_server, tmp_path):
    program = programs.program(given.community())
    file = tmp_path / "register.csv"
    numbers = [given.claims(name, serial=given.serial_of(name)).tax_number for name in ("Олена", "Петро")]
    file.write_text("".join(f"{number};{given.POLTAVA};registered\n" for number in numbers))
    assert "version 1: 2 rows" in run(
        "sync_register.py", live_server.url, "poltava", str(file), key=program.secret
    )
    file.write_text("1234567890;м. Полтава\n")
    assert "row 1" in run(
        "sync_register.py", live_server.url, "poltava", str(file), key=program.secret, fails=True
    )
    assert Register.objects.get(state="current").rows == 2


@pytest.mark.django_db(transaction=True)
def test_the_log_is_followed_and_verified(live_server):
    given.voting_contest()
    sequence_all()
    assert "entries make the root" in run("follow_log.py", live_server.url, "poltava")


def test_every_script_is_run_by_a_test():
    here = Path(__file__).read_text(encoding="utf-8")
    assert not [path.name for path in EXAMPLES.glob("*.py") if f'"{path.name}"' not in here]
