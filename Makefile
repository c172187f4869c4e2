# The development workflow, executable. `make help` lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin

# Prefect keeps its files in var/ here, calls nobody, and may take long to start on a busy machine.
export PREFECT_HOME ?= $(CURDIR)/var/prefect
export PREFECT_SERVER_ANALYTICS_ENABLED ?= false
export PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS ?= 180
export DO_NOT_TRACK ?= 1
# a start of the command line takes half as long with the bytecode of its libraries
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo run test lint format lock bench soak clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: .venv/.ready ## install the locked environment into .venv
	@mkdir -p var

.venv/.ready: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 setup" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "this Python cannot make environments; on Debian: apt-get install python3-venv" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==0.13.9"
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

demo: setup ## one monitor run against a sample newsroom on loopback
	@$(BIN)/python -m demo

run: setup ## one monitor run over config/sources.yaml into var/warehouse.db
	@$(BIN)/coopwatch run

test: setup ## all tests, offline
	$(BIN)/python -m pytest -m "not soak" -n 2 --dist worksteal

soak: setup ## long fault and load runs
	$(BIN)/python -m pytest -m soak

# Ends within minutes each; the last prints the table beside other projects. Long ones are run by hand:
# benchmarks.syndication_index, .warehouse_growth, .memory --pages 50000, .replay --copies 4 --rounds 5.
BENCHMARKS := feeds extraction throughput triage relevance events wires syndication syndication_labels gate \
	replay memory comparison

bench: setup ## speed and accuracy on real data beside the checkout
	@failed=; for name in collect idle $(BENCHMARKS); do \
		printf '\n== %s\n' $$name; \
		case $$name in collect|idle) ;; *) test -d ../shared/data || { echo "skipped: no ../shared/data"; continue; } ;; esac; \
		$(BIN)/python -m benchmarks.$$name || failed="$$failed $$name"; done; \
	test -z "$$failed" || { echo "failed:$$failed" >&2; exit 1; }

lint: setup ## formatting, style, types and import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## apply formatting and safe fixes
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: setup ## renew the lock files from pyproject.toml
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean: ## remove the environment and everything a run wrote
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
