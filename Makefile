# Hushgate
# Two commands are all a newcomer needs: `make demo` and `make test`.
# Both set everything up by themselves from Python 3.11+, git and make.

recent = -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
                    $$p $(recent) && { echo $$p; break; }; done)
UV := .state/uv/bin/uv
DATA ?= .state/liveness
ANSWERS ?= .state/assent
PEOPLE ?= ../shared/data
WORDS ?= .state/boundaries
BIN := .venv/bin

# uv takes the Python found here and no other, and leaves environments of others alone.
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
unexport VIRTUAL_ENV

.PHONY: help demo test nightly fuzz setup packages docs liveness assent boundaries clean

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

demo: setup ## Place a recorded call on this machine (ARGS="--no-open --json" passes options)
	@$(BIN)/hushgate demo $(ARGS)

test: setup packages ## Check style, types and behaviour: what CI runs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

nightly: setup packages ## Run the tests that take long: a call of ten minutes, words over bad networks
	$(BIN)/pytest -m nightly --timeout 1200

fuzz: setup ## Look for input that breaks a parser, a minute each (ARGS="--seconds 600 offer")
	@$(UV) run --frozen --group fuzz python -m tests.fuzz.run $(ARGS)

setup: .venv/.synced ## Make .venv as uv.lock says

docs: setup ## Write the generated parts of docs/ again
	@$(BIN)/python scripts/state_tables.py
	@$(BIN)/python scripts/entities_table.py

liveness: setup ## Train the detector of synthetic voices again (hours; DATA=folder)
	@$(UV) run scripts/liveness/make_data.py $(DATA)
	@$(UV) run --with onnx --with scikit-learn --with torch scripts/liveness/train.py $(DATA)

assent: setup ## Train what tells a clear yes by its sound again (hours; ANSWERS=, PEOPLE=folders)
	@$(UV) run scripts/assent/make_data.py $(ANSWERS)
	@$(UV) run --with torch scripts/assent/train.py $(ANSWERS) $(PEOPLE)
	@$(UV) run scripts/assent/weigh.py $(ANSWERS)

boundaries: setup ## Train what tells where words begin and end again (an hour; WORDS=folder)
	@$(UV) run scripts/make_corpus.py $(WORDS) --voices others --seed 7 --count 260
	@$(UV) run scripts/make_corpus.py $(WORDS) --voices others --seed 8 --count 300
	@$(UV) run --with torch scripts/boundaries/train.py $(WORDS)
	@$(UV) run scripts/boundaries/judge.py $(WORDS)

adapter: setup ## Teach the recogniser's encoder to hear through noise again (hours; WORDS=, DATA=folders)
	@$(UV) run scripts/make_corpus.py $(WORDS) --voices others --seed 7 --count 260
	@$(UV) run scripts/make_corpus.py $(WORDS) --voices others --seed 8 --count 300
	@$(UV) run scripts/liveness/make_data.py $(DATA)
	@$(UV) run --with torch scripts/noise/train.py $(WORDS) $(DATA)
	@$(UV) run --with torch scripts/noise/train.py $(WORDS) $(DATA) --onward --minutes 85

clean: ## Remove what the other targets made
	rm -rf .venv .state .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(UV):
	@[ -n "$(PYTHON)" ] && $(PYTHON) $(recent) || { \
	  echo "Hushgate needs Python 3.11 or newer. Install one, or name it: make demo PYTHON=/path/to/python3.11"; \
	  exit 1; }
	@echo "Setting up: uv, the installer (once)"
	@scripts/get_uv.sh $(PYTHON) .state/uv

# The stamp lies in the environment, so that whoever removes that gets a new one.
.venv/.synced: pyproject.toml uv.lock | $(UV)
	@echo "Setting up: dependencies and models (once; about 1.4 GB on the disk)"
	@$(UV) sync --frozen --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"
	@touch $@

# Browser tests need Chromium, and those of TURN coturn; without apt and root they skip and say so.
packages:
	@missing=$$(command -v chromium >/dev/null || echo chromium; \
	  command -v turnserver >/dev/null || echo coturn); [ -z "$$missing" ] || { \
	 [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	 echo "Setting up for the tests:" $$missing && apt-get update -qq && \
	 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; } || \
	 echo "Not here, and not to be installed:" $$missing "- tests that need it will skip"
