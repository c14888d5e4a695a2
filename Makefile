# Everything a person or the build runs. `make sandbox` and `make test` work on a fresh clone.
# ARGS is passed on: make sandbox ARGS="--role lead", make test ARGS="-k search", make bench ARGS="search-sqlite".

VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
N ?= 100000
# The first of these that is 3.11 to 3.13 and can make an environment; name another with PYTHON=…
PYTHONS := $(or $(PYTHON),python3.13 python3.12 python3.11 python3)
LOCKS := requirements/build.txt requirements/runtime.txt
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help sandbox test lint format bench profile soak lock wheel clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile

sandbox: $(VENV)/.runtime ## open the console on a practice database
	@$(BIN)/latchkey sandbox $(ARGS)

test: $(VENV)/.test ## the whole suite, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

lint: $(VENV)/.lint ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.lint ## put the code in its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench ## the figures, as ratios in one run, into docs/benchmarks.md; N=1000000 customers to search among
	$(BIN)/python -m bench --customers $(N) $(ARGS)

profile: $(VENV)/.test ## where the time of searches and changes goes
	$(BIN)/python -m bench.profile

soak: $(VENV)/.test ## the tests that run for minutes
	$(BIN)/python -m pytest -m soak $(ARGS)

wheel: $(VENV)/.runtime ## dist/latchkey-….whl
	rm -rf build
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: ## remove everything that make has made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp is newer than the lock file it stands for, so a second run installs nothing.
$(VENV)/.made:
	@for python in $(PYTHONS); do \
	  if "$$python" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then \
	    echo "Making $(VENV) with $$($$python --version)"; \
	    rm -rf $(VENV) && "$$python" -m venv $(VENV) && touch $@; exit; \
	  fi; \
	done; \
	echo "Latchkey needs Python 3.11, 3.12 or 3.13 with its venv module; tried: $(PYTHONS)." >&2; \
	echo "Install one (on Debian or Ubuntu: python3 and python3-venv), or name it: make PYTHON=/path/to/python3 …" >&2; \
	exit 1

$(VENV)/.runtime: $(VENV)/.made $(LOCKS) pyproject.toml
	@echo "Installing what Latchkey needs"
	@$(INSTALL) --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.runtime requirements/test.txt
	@echo "Installing what the tests need"
	@$(INSTALL) --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.test requirements/bench.txt
	@echo "Installing what the benchmarks need"
	@$(INSTALL) --require-hashes -r requirements/bench.txt
	@touch $@

$(VENV)/.lint: $(VENV)/.test requirements/lint.txt
	@echo "Installing what the checks need"
	@$(INSTALL) --require-hashes -r requirements/lint.txt
	@touch $@

# The locks are made by the lowest Python that is supported, from the public index alone, whatever else this
# machine's pip is told to look at. lint.txt holds everything and is made first: the others follow its versions.
LOCK_PYTHON ?= python3.11
LOCK_VENV := $(VENV)/lock
PUBLIC_INDEX := env -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL -u PIP_FIND_LINKS PIP_CONFIG_FILE=/dev/null
COMPILE := $(PUBLIC_INDEX) CUSTOM_COMPILE_COMMAND="make lock" $(LOCK_VENV)/bin/pip-compile --quiet --upgrade --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --allow-unsafe

lock: ## choose the newest versions again and write requirements/*.txt
	$(LOCK_PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'
	$(LOCK_PYTHON) -m venv $(LOCK_VENV)
	$(PUBLIC_INDEX) $(LOCK_VENV)/bin/pip install --quiet pip-tools==7.6.2
	$(COMPILE) --only-build-deps --build-deps-for wheel --build-deps-for editable -o requirements/build.txt pyproject.toml
	$(COMPILE) --extra test --extra lint -o requirements/lint.txt pyproject.toml
	$(COMPILE) --extra test -c requirements/lint.txt -o requirements/test.txt pyproject.toml
	$(COMPILE) --extra test --extra bench -c requirements/lint.txt -o requirements/bench.txt pyproject.toml
	$(COMPILE) -c requirements/lint.txt -o requirements/runtime.txt pyproject.toml
	@if grep -nE '://|^-| @ |--(index|extra-index|find-links|trusted)' requirements/*.txt; then \
	  echo "An address stands in a lock file." >&2; exit 1; fi
