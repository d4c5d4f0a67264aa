"""Production starts only with all its secrets, and never with what is for trials."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.architecture.house import SRC

WHOLE = {
    "VICHE_ENVIRONMENT": "production", "VICHE_SECRET_KEY": "s" * 50, "VICHE_PERSON_KEY": "p" * 50,
    "DATABASE_URL": "postgresql://viche:secret@db.example:6432/budget?sslmode=require",
    "VICHE_HOSTS": "budget.example,poltava.example",
    "VICHE_PLATFORM_HOSTS": "budget.example",
}  # fmt: skip


def start(tmp_path: Path, line: str = "", **environment: str | None) -> subprocess.CompletedProcess[str]:
    """A process that loads the settings of this environment and prints what the line says of them."""
    given = {
        key: value for key, value in {**WHOLE, "VICHE_VAR": str(tmp_path), **environment}.items() if value
    }
    return subprocess.run(
        [sys.executable, "-c", f"from viche.config import settings as s\n{line}"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SRC), **given}, capture_output=True, text=True,
    )  # fmt: skip


def test_with_everything_set_production_starts(tmp_path: Path):
    told = start(
        tmp_path, "d = s.DATABASES['default']; print(d['NAME'], d['HOST'], d['PORT'], d['OPTIONS'], s.DEBUG)"
    )
    assert told.stdout.strip() == "budget db.example 6432 {'sslmode': 'require'} False", told.stderr


@pytest.mark.parametrize("name", ["VICHE_SECRET_KEY", "VICHE_PERSON_KEY", "DATABASE_URL"])
def test_without_a_secret_production_does_not_start(tmp_path: Path, name: str):
    told = start(tmp_path, **{name: None})
    assert told.returncode != 0
    assert name in told.stderr.splitlines()[-1]
    assert "SettingError" in told.stderr


def test_production_makes_no_secret_of_its_own(tmp_path: Path):
    start(tmp_path)
    start(tmp_path, VICHE_SECRET_KEY=None)
    assert not (tmp_path / "keys").exists()


def test_production_and_demo_exclude_each_other(tmp_path: Path):
    told = start(tmp_path, VICHE_DEMO="1")
    assert told.returncode != 0
    assert "VICHE_DEMO" in told.stderr.splitlines()[-1]


def test_production_never_shows_its_faults_to_visitors(tmp_path: Path):
    assert start(tmp_path, "print(s.DEBUG)", VICHE_DEBUG="1").stdout.strip() == "False"


def test_cookies_of_production_are_bound_to_the_host_and_encrypted(tmp_path: Path):
    told = start(
        tmp_path,
        "print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_NAME, s.SECURE_SSL_REDIRECT)",
    )
    assert told.stdout.split() == ["__Host-viche", "True", "__Host-csrf", "True"]


def test_a_misspelt_environment_is_no_environment(tmp_path: Path):
    told = start(tmp_path, VICHE_ENVIRONMENT="prod")
    assert told.returncode != 0
    assert "VICHE_ENVIRONMENT" in told.stderr.splitlines()[-1]


def run(tmp_path: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "viche.config.cli", *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SRC), "VICHE_VAR": str(tmp_path), **WHOLE, **environment},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_production_runs_no_simulator_of_an_identity_provider(tmp_path: Path):
    told = run(tmp_path, "simulator", "isei", "--port", "0")
    assert told.returncode != 0
    assert "production" in told.stderr


def test_production_runs_no_demo(tmp_path: Path):
    told = run(tmp_path, "demo", "--prepare")
    assert told.returncode != 0
    assert "production" in told.stderr


def test_production_does_not_speak_to_a_provider_without_encryption(tmp_path: Path):
    told = run(
        tmp_path, "shell", "-v", "0", "-c", "from viche.identity.registry import providers; providers()",
        ISEI_URL="http://id.example", ISEI_CLIENT_ID="viche", ISEI_CLIENT_SECRET="secret",
    )  # fmt: skip
    assert told.returncode != 0
    assert "https" in told.stderr


def test_secrets_of_a_trial_are_made_once_and_only_for_their_owner(tmp_path: Path):
    trial = {"VICHE_ENVIRONMENT": "development", "VICHE_SECRET_KEY": None, "VICHE_PERSON_KEY": None}
    first, again = (start(tmp_path, "print(s.SECRET_KEY, s.PERSON_KEY)", **trial).stdout for _ in range(2))
    assert first == again
    assert len(set(first.split())) == 2
    for name in ("session-secret", "person-secret"):
        assert (tmp_path / "keys" / name).stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["person-secret", "session-secret"]
