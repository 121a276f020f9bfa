# make demo   sets everything up and runs the main job on the sample pages
# make test   runs all tests
# make chat   opens the chat on the demo's library
# make gate   asks twenty questions and fails below a floor; PAGES=folder puts further pages on the shelf
# make check  what CI runs: lint, types, import contract, help texts, tests

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO ?= demo

PAGES ?= $(wildcard ../shared/articles)

.PHONY: demo chat test unit gate check lint docs lock samples clean setup

demo: $(READY)
	$(BIN)/kejian demo --library $(DEMO)

chat: $(READY)
	@test -e $(DEMO)/catalogue.sqlite || { echo "Run 'make demo' first: it fills the shelf that the chat asks."; exit 2; }
	$(BIN)/kejian chat --library $(DEMO)

test: $(READY) browser
	$(BIN)/kejian models prepare
	$(BIN)/python -m pytest

unit: $(READY)
	$(BIN)/python -m pytest -m "not models and not browser"

# The real encoder and the real language model, on the questions of --suite ci.
gate: $(READY)
	$(BIN)/kejian models prepare
	$(BIN)/kejian eval facts --suite ci --fresh --gate $(foreach folder,$(PAGES),--pages $(folder))

check: lint test

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python samples/damage.py --check
	$(BIN)/python docs/help.py --check

# The help texts in docs/commands.md, made from the command line itself.
docs: $(READY)
	$(BIN)/python docs/help.py

setup: $(READY)

$(READY): pyproject.toml requirements.lock
	@echo "Installing packages into $(VENV) (about 2 GB; a minute or several, as the network is)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -m pip install --quiet --constraint requirements.lock --editable ".[models,dev]"
	@touch $@

# Chromium for the tests that look at the page; Debian and its kin only. Elsewhere those tests skip and say why.
.PHONY: browser
browser:
	@command -v chromium >/dev/null || ! command -v apt-get >/dev/null || test "$$(id -u)" != 0 || \
	  (apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk)

# Versions that were tested together. Run it after changing pyproject.toml, and commit the result.
lock:
	$(PYTHON) -m venv $(VENV).lock
	$(VENV).lock/bin/python -m pip install --quiet --editable ".[models,dev]"
	$(VENV).lock/bin/python -m pip freeze --exclude-editable | sed 's/+cpu$$//' > requirements.lock
	rm -rf $(VENV).lock

samples: $(READY)
	$(BIN)/python samples/damage.py

clean:
	rm -rf $(VENV) $(DEMO) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
