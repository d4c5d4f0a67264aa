#!/usr/bin/env bash
# Everything that reads the code without running the tests. Ends at the first fault.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
echo "ruff";        $bin/ruff check src tests bench scripts
echo "layout";      $bin/ruff format --check --quiet src tests bench scripts
echo "mypy";        $bin/mypy
echo "imports";     PYTHONPATH=src $bin/lint-imports --no-cache
echo "migrations";  VICHE_ENVIRONMENT=test VICHE_VAR=var/test $bin/viche makemigrations --check --dry-run
echo "map";         $bin/python scripts/describe_rooms.py --check
echo "lifecycle";   $bin/python scripts/describe_lifecycle.py --check
echo "messages";    bash scripts/messages.sh --check
