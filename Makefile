# Needs python3 (3.11 or newer, with venv), make, and a package index for pip.
# Everything is installed into .venv; a second run installs nothing.

PYTHON ?= python3
PYTEST_ARGS ?=
# A file of tests stays in one process; each process has servers of its own.
PARALLEL ?= --numprocesses=auto --maxprocesses=4 --dist=loadfile

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --constraint constraints.txt
SOURCES := pyproject.toml constraints.txt
PURE := src/partnerhub/domain/*,src/partnerhub/kpis/*,src/partnerhub/reports/*

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test test-slow coverage lint types contracts docs format bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.demo ## show partnerhub at work on a sample partner
	$(BIN)/partnerhub demo

test: $(VENV)/.test ## run the tests and every example of the documentation
	$(BIN)/python -m pytest -m "not slow" $(PARALLEL) $(PYTEST_ARGS)

# pytest says 5 when it found no test: fine as long as none is marked slow.
test-slow: $(VENV)/.test ## run the slow tests: killed processes, clusters, long fuzzing
	@$(BIN)/python -m pytest -m slow --timeout=900 $(PYTEST_ARGS) || { \
	  status=$$?; \
	  test $$status -eq 5 && ! grep -rq --include='*.py' 'mark\.slow' tests \
	    && echo "No test is marked slow yet." || exit $$status; }

coverage: $(VENV)/.test ## check what `make test PYTEST_ARGS=--cov` measured
	$(BIN)/python -m coverage report --include='$(PURE)' --fail-under=95

lint: $(VENV)/.lint ## check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test $(VENV)/.lint ## check types, with mypy and pyright
	$(BIN)/mypy
	$(BIN)/pyright

contracts: $(VENV)/.lint ## check which package may import which
	$(BIN)/lint-imports

docs: $(VENV)/.docs ## build the documentation into docs/_build/html
	$(BIN)/python -m sphinx -q -n -W --keep-going -b html docs docs/_build/html

format: $(VENV)/.lint ## mend style and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench ## race partnerhub against its peers
	$(BIN)/python -m pytest benchmarks -p no:randomly --timeout=0 \
	  --override-ini='python_files=*.py' \
	  --override-ini='python_functions=bench_*' $(PYTEST_ARGS)

clean: ## remove everything that the other targets made, .venv too
	rm -rf $(VENV) build dist docs/_build docs/_generated .coverage htmlcov .hypothesis
	rm -rf .benchmarks .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamp files: made again when a dependency may have changed.

$(VENV)/.pip:
	@$(PYTHON) -c 'import sys; sys.exit("partnerhub needs Python 3.11 or newer: make PYTHON=python3.11 ..." if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.demo: $(VENV)/.pip $(SOURCES)
	$(INSTALL) --editable '.[cli,columnar]'
	@touch $@

$(VENV)/.test: $(VENV)/.pip $(SOURCES)
	$(INSTALL) --editable '.[all]' --group test
	@touch $@

$(VENV)/.lint: $(VENV)/.pip $(SOURCES)
	$(INSTALL) --editable . --group lint
	@touch $@

$(VENV)/.docs: $(VENV)/.pip $(SOURCES)
	$(INSTALL) --editable '.[all]' --group docs
	@touch $@

$(VENV)/.bench: $(VENV)/.pip $(SOURCES)
	$(INSTALL) --editable '.[all]' --group bench
	@touch $@
