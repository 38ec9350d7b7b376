# The developer's entry points. `make` alone checks.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := check
.PHONY: run test test-windows check format bench clean

run: $(VENV)/.run  ## start hub, station and a virtual printer: http://127.0.0.1:22549/
	$(BIN)/comptoir up $(ARGS)

test: $(VENV)/.test  ## install what the tests need (Debian), run them all
	./.ci/peers
	$(BIN)/python -m pytest -n auto --dist loadgroup --ignore=tests/journeys/wine $(ARGS)
	$(BIN)/python -m pytest -n 2 --dist loadgroup --durations=12 tests/journeys/wine $(ARGS)

test-windows: $(VENV)/.test  ## only what runs under Wine
	./.ci/peers
	$(BIN)/python -m pytest -n 2 --dist loadgroup --durations=12 tests/journeys/wine $(ARGS)

check: $(VENV)/.test  ## format, lint, types, import rules, mirror, sizes, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --no-warn-unreachable
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -q tests/house

format: $(VENV)/.test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.test  ## side by side with the peers, into bench/RESULTS.md
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,bench]'
	cd bench/peers && npm install --no-audit --no-fund
	$(BIN)/python bench/run.py $(ARGS)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || { echo "Python 3.11 with venv is needed (Debian: apt-get install python3-venv)"; exit 1; }

$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@ $(VENV)/.run
