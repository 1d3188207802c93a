# Two commands are all a newcomer needs: `make demo` and `make test`.
# Both set everything up by themselves from Python 3.11+, git and make.

PYTHON ?= python3
UV := .state/uv/bin/uv
RUN := $(UV) run --no-sync

.PHONY: demo test lint types setup browser clean

demo: setup
	@$(RUN) hushgate demo $(ARGS)

test: setup browser
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(RUN) pytest

setup: .state/synced

# uv itself comes from the package registry into a small environment of its own.
$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Hushgate needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Setting up: uv"
	@$(PYTHON) -m venv .state/uv && .state/uv/bin/pip install --quiet --disable-pip-version-check uv

.state/synced: $(UV) pyproject.toml uv.lock
	@echo "Setting up: dependencies from uv.lock (about 1.5 GB with models and test tools, once)"
	@$(UV) sync --locked --python $(PYTHON)
	@touch $@

# Browser tests need Chromium; without apt and root they skip and say so.
browser:
	@command -v chromium >/dev/null || \
	 if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	   echo "Setting up: Chromium for the browser tests"; \
	   apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	 else echo "No Chromium, and no apt and root to install it: browser tests will skip"; fi

clean:
	rm -rf .venv .state
