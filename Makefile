# Two commands: `make demo` sets everything up and does the main job; `make test` runs lint, types and tests.
# Nothing is needed but Python 3.11 or newer, make and a network to the package index.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
WORKERS ?= 2

.PHONY: demo test lint types tests docs bench clean

demo: $(VENV)/.core
	$(BIN)/decrimsim compare nsw --out out/nsw
	@echo
	@echo "Open out/nsw/report.html in a browser. For the decrimsim command in this terminal: source $(BIN)/activate"

test: lint types tests

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

tests: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

docs: $(VENV)/.dev
	$(BIN)/python -m decrimsim.describe docs

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/run.py

$(VENV)/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "decrimsim needs Python 3.11 or newer; try: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test,lint]"
	@touch $@ $(VENV)/.core

clean:
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .hypothesis
