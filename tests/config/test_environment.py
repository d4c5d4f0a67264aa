"""Settings come from the environment; production refuses to start half-configured."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from viche.config.env import Environment, SettingError

ROOT = Path(__file__).parents[2]
WHOLE = {
    "VICHE_ENVIRONMENT": "production",
    "VICHE_SECRET_KEY": "s" * 50,
    "VICHE_PERSON_KEY": "p" * 50,
    "DATABASE_URL": "postgresql://viche@db.example/viche",
    "VICHE_HOSTS": "budget.example",
    "VICHE_PLATFORM_HOSTS": "budget.example",
}


def test_a_secret_may_come_from_a_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("from the file\n")
    env = Environment({"KEY_FILE": str(secret), "KEY": "from the value"})
    assert env.required("KEY") == "from the file"
    with pytest.raises(SettingError, match=r"KEY_FILE: cannot read .*nowhere"):
        Environment({"KEY_FILE": str(tmp_path / "nowhere")}).text("KEY")


@pytest.mark.parametrize(
    ("read", "value", "words"),
    [
        (lambda env: env.flag("X"), "perhaps", "expected yes or no"),
        (lambda env: env.number("X", 1), "many", "expected a whole number"),
        (lambda env: env.required("X"), "", "must be set"),
    ],
)
def test_a_malformed_setting_is_named(read, value, words):
    with pytest.raises(SettingError, match=f"X.*{words}"):
        read(Environment({"X": value}))


def start(settings: dict[str, str], tmp_path: Path) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("VICHE_", "ISEI_", "DATABASE"))
    }
    return subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; print(settings.SESSION_COOKIE_NAME)"],
        env={**kept, "PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "viche.config.settings",
             "VICHE_VAR": str(tmp_path / "var"), **settings},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_production_starts_with_everything_it_needs(tmp_path):
    done = start(WHOLE, tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, "__Host-viche"), done.stderr


@pytest.mark.parametrize("missing", ["VICHE_SECRET_KEY", "VICHE_PERSON_KEY", "DATABASE_URL"])
def test_production_refuses_to_start_without(missing, tmp_path):
    done = start({name: value for name, value in WHOLE.items() if name != missing}, tmp_path)
    assert done.returncode != 0
    assert missing in done.stderr


def test_production_is_never_a_demo(tmp_path):
    done = start({**WHOLE, "VICHE_DEMO": "1"}, tmp_path)
    assert done.returncode != 0
    assert "VICHE_DEMO" in done.stderr


def test_an_unknown_environment_is_refused(tmp_path):
    assert "expected development, test or production" in start({"VICHE_ENVIRONMENT": "prod"}, tmp_path).stderr
