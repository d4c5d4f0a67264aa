# Viche: `make help` lists what there is. Needs python3 (3.11 to 3.14) and make; the rest it fetches itself.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 8000
ROUNDS ?= 10
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .boot/bin/uv
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup demo test explore check messages format tools bench clean

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(UV):
	@$(PYTHON) -m venv --without-pip .boot
	@$(PYTHON) -m pip --python .boot/bin/python install --quiet --disable-pip-version-check "uv==$(UV_VERSION)" 2>/dev/null \
	  || { echo "make: pip of $(PYTHON) is needed (Debian: apt install python3-pip python3-venv)"; rm -rf .boot; exit 1; }

.venv/ready: pyproject.toml uv.lock | $(UV)
	@$(UV) sync --quiet --locked --python "$$(command -v $(PYTHON))"
	@touch $@

setup: .venv/ready src/viche/locale/uk/LC_MESSAGES/django.mo ## the virtual environment (.venv) with everything the lock names

src/viche/locale/uk/LC_MESSAGES/django.mo: src/viche/locale/uk/LC_MESSAGES/django.po src/viche/locale/en/LC_MESSAGES/django.po .venv/ready
	@$(BIN)/pybabel -q compile -D django -d src/viche/locale

demo: setup ## the product with living demo data at http://localhost:$(PORT)
	@VICHE_DEMO=1 $(BIN)/viche demo --port $(PORT)

test: setup tools ## every test, database and browser included, in parallel
	@VICHE_ENVIRONMENT=test $(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

explore: setup ## rounds of new random examples for the tests that draw them: make explore ROUNDS=20
	@for round in $$(seq $(ROUNDS)); do $(BIN)/python -m pytest -n auto --dist worksteal \
	  --hypothesis-profile=explore tests/rulebook $(ARGS) || exit 1; done

check: setup ## style, types, imports, migrations, translations
	@bash scripts/check.sh

messages: setup ## collect texts to translate into src/viche/locale
	@bash scripts/messages.sh

format: setup ## lay the code out
	@$(BIN)/ruff format src tests bench scripts && $(BIN)/ruff check --fix src tests bench scripts

tools:
	@bash scripts/install_tools.sh

clean: ## remove the environment and all local data
	rm -rf .venv .boot var
