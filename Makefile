# What one does with this repository. `make help` lists it.

PYTHON ?= python3
PY = .venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test lint format trial-imports trial-posters trial-reprints trial-flood trial-screening clean

help:  ## say what there is to make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r name what; do printf '  %-20s %s\n' "$$name" "$$what"; done

setup: .venv/.ready  ## install what runs the blog, into .venv
setup-dev: .venv/.ready-dev  ## install what tests, lint and format need besides

.venv/.python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "Python 3.11 or newer is needed, and there is no $(PYTHON) here."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
			"Another one can be named: make setup PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv is missing; on Debian: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.ready: requirements.txt | .venv/.python
	@echo "Installing into .venv …"
	@$(PY) -m pip install --quiet -r requirements.txt
	@touch $@

.venv/.ready-dev: requirements-dev.txt requirements.txt | .venv/.ready
	@$(PY) -m pip install --quiet -r requirements-dev.txt
	@touch $@

run: setup  ## run the blog on this machine, with a demonstration blog where there is none yet
	@$(PY) manage.py serve --demonstration

test: setup-dev  ## run every test, on SQLite and on PostgreSQL
	@$(PY) tests/run.py

lint: setup-dev  ## look for faults of style, and for a forgotten migration
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) manage.py makemigrations --check --dry-run

format: setup-dev  ## put the code into its one form
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format .

trial-imports: setup-dev  ## import real exports twice over: BLOG_EXPORTS=folder
	@test -n "$(BLOG_EXPORTS)" || \
		{ echo "Say where the exports are: make trial-imports BLOG_EXPORTS=folder"; exit 1; }
	@BLOG_EXPORTS="$(BLOG_EXPORTS)" $(PY) -m pytest tests/trials/trial_imports.py -q -s

trial-posters: setup-dev  ## let 16 posters write at once while the server is killed, on both databases
	@$(PY) tests/run.py tests/trials/trial_posters.py -s -n 0

trial-reprints: setup-dev  ## look for a hundred pasted posts among 10,000, on both databases
	@$(PY) tests/run.py tests/trials/trial_reprints.py -s -n 0

trial-flood: setup-dev  ## send 5,000 pieces of spam from 200 addresses, on both databases
	@$(PY) tests/run.py tests/trials/trial_flood.py -s -n 0

trial-screening: setup-dev  ## measure the screening on two sets of labelled comments
	@$(PY) -m pytest tests/trials/trial_screening.py -q -s

clean:  ## remove what was installed and generated; the blog's own data stays
	@rm -rf .venv .ruff_cache .hypothesis .pytest_cache
	@find . -name __pycache__ -not -path './data/*' -prune -exec rm -rf {} +
