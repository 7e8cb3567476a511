# Each target sets up what it needs: a fresh clone wants nothing but Python 3.11 and make.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test torture check format lint types imports bench generated wheel bundle image clean

PYTHON ?= python3
VENV ?= .venv
ENGINE ?= postgresql
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# The build's own tools are pinned as well: older pips read the first name there, newer the second.
export PIP_CONSTRAINT := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Everything a developer needs, in .venv

run: $(READY) ## Serve the ERP; on an empty machine it makes its database by itself
	$(BIN)/erp serve

test: $(READY) ## Every test on every database; the core's branches are covered
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=
	$(BIN)/coverage report --fail-under=0
	$(BIN)/coverage report --include='erp_core/*' --fail-under=95

torture: $(READY) ## Long histories of eight callers, on every database; takes about ten minutes
	$(BIN)/python -m pytest -n auto --dist worksteal -m torture -rP

check: lint types imports test ## All that CI asks

format: $(READY) ## Rewrite the code in the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lint: $(READY) ## Style, without changing anything
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY) ## mypy, strict
	$(BIN)/mypy

imports: $(READY) ## Who may know whom
	PYTHONPATH=.:adapters:apps:migrations $(BIN)/lint-imports

bench: $(READY) ## How fast it is beside its floor; ENGINE=sqlite|postgresql|mysql
	PYTHONPATH=.:adapters:apps:migrations $(BIN)/python -m tests.benchmarks $(ENGINE)

generated: $(READY) ## What is made of the code: docs/openapi.json, docs/errors.md, sqlite.sql
	$(BIN)/python -m tests.regenerate

wheel: $(READY) ## What is shipped, in dist/
	rm -rf dist
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

bundle: $(READY) ## The server with all it needs, for an empty machine, in build/
	$(BIN)/python -m erp_bundle --pack

image: $(READY) ## The Dockerfile's image, and CT-01 in its container; needs buildah and podman
	PYTHON_BIN=$(BIN)/python apps/erp_bundle/image.sh

clean: ## Remove all that was made, .venv too
	rm -rf .venv dist build .coverage .coverage.* htmlcov .hypothesis .schemathesis
	rm -rf .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'This needs Python 3.11 or later; name one with: make PYTHON=python3.12 ...' >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'Python cannot make environments here. On Debian and Ubuntu install' \
	    'what is missing with: apt-get install python3-venv' >&2; \
	  exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[server,dev]'
	touch $@
