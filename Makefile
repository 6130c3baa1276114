# Needs Python 3.11 or newer with its venv module, make and git; everything else is
# installed from the lock files into .venv.
#
#   make demo      a shop full of consigned goods, on http://127.0.0.1:8000/
#   make quick     the rules and the stories that they tell alone, in seconds
#   make check     format, lint, types, order of the floors; then the tests without a server
#   make test      every test, on SQLite, on PostgreSQL and in a browser
#   make bench     how fast lines are posted, settled and read, at several sizes
#   make simulate  two hundred months of both parties, each from a seed of its own
#   make simulate-long  ten thousand acts of a yard where everything happens, from twenty seeds
#   make mutants   a sample of small faults put into the code, and those that no test notices
#   make reference docs/REFERENCE.md, REFUSALS.md and LAWS.md, from the code: commands, columns, laws
#   make golden    tests/golden: what the doors say word for word, to be read in the difference
#   make rows      docs/COVERAGE.md: which row of the checklist is shown by which test
#   make migration a migration of what changed in the models: make migration NAME=container
#   make format    put the source in the agreed form
#   make dist      what a release publishes, built twice and compared: dist/, with SHA256SUMS and an SBOM
#   make site      the documentation as a site: build/site
#   make lock      solve the lock files anew (ARGS=--upgrade for newer packages)
#   make clean     remove what was installed and made
#
# ARGS go to the program behind a target: make demo ARGS=--no-serve, make test ARGS="-k aging"

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
INSTALL := $(PYTHON) requirements/install.py
# A process for each core, up to four; each has databases, and a server for them, of its own.
TESTS := $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help demo test quick check lint bench simulate simulate-long mutants reference golden rows migration format dist site lock install clean

help:
	@sed -n 's/^#   //p' Makefile

demo:
	@$(INSTALL) demo
	$(BIN)/consigned demo $(ARGS)

test: install
	$(TESTS) $(ARGS)

quick: install
	$(BIN)/python -m pytest -q tests/business tests/daybooks/test_daybooks.py -k "not by_the_service" $(ARGS)

check: lint
	$(TESTS) -m "not postgres and not browser" $(ARGS)

lint: install
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: install
	$(BIN)/python -m benchmarks $(ARGS)

SEEDS ?= 200
simulate: install
	SIMULATION_SEEDS=$(SEEDS) $(TESTS) tests/simulation $(ARGS)

YARD_STEPS ?= 10000
YARD_SEEDS ?= 20
simulate-long: install
	YARD_STEPS=$(YARD_STEPS) YARD_SEEDS=$(YARD_SEEDS) YARD_EVERY=25 \
		$(TESTS) tests/simulation/test_yard.py -m "not postgres" $(ARGS)

SAMPLE ?= 20
SEED ?= 1
TIMEOUT ?= 300
mutants: install
	SAMPLE=$(SAMPLE) SEED=$(SEED) TIMEOUT=$(TIMEOUT) $(BIN)/python -m tests.mutants $(ARGS)

reference: install
	$(BIN)/python -m tests.reference $(ARGS)
	$(BIN)/python -m tests.refusals $(ARGS)
	$(BIN)/python -m tests.law_page $(ARGS)

golden: install
	GOLDEN=write $(BIN)/python -m pytest -q tests/service/test_golden.py -m "not postgres" $(ARGS)

rows: install
	$(BIN)/python -m tests.rows $(ARGS)

NAME ?= change
migration: install
	DJANGO_SETTINGS_MODULE=consigned_service.project.settings \
		$(BIN)/python -m django makemigrations --name $(NAME) records $(ARGS)

format: install
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

dist: install
	$(BIN)/python packaging/dist.py $(ARGS)

site:
	@$(INSTALL) tools
	.tools/bin/uv venv --quiet --allow-existing .tools/site
	.tools/bin/uv pip install --quiet --python .tools/site --require-hashes -r requirements/docs.txt
	.tools/site/bin/mkdocs build --quiet $(ARGS)

install:
	@$(INSTALL) dev

# The dev file is solved first; the smaller ones may only repeat it. No index is named in any.
LOCK := .tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"

lock:
	@$(INSTALL) tools
	$(LOCK) $(ARGS) pyproject.toml --extra demo --group dev --group build -o requirements/dev.txt
	$(LOCK) pyproject.toml --extra demo --group build -c requirements/dev.txt -o requirements/demo.txt
	$(LOCK) pyproject.toml --group build -c requirements/dev.txt -o requirements/run.txt
	$(LOCK) $(ARGS) --group docs -o requirements/docs.txt
	$(LOCK) $(ARGS) requirements/tools.in -o requirements/tools.txt

clean:
	rm -rf .venv .tools .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
