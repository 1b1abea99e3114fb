# The one front door. Every target sets up what it needs on a machine with Python >= 3.11 and make.

PYTHON ?= $(or $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done),python3)
BIN := .venv/bin
COVERAGE := 92
# Editors on a busy machine miss a key at times: what failed is tried once more, alone; a defect fails twice.
IN_EDITORS := -m "browser and not heavy" tests/editors

# Images for containers often forbid Python to keep what it compiled: each start of a server would compile it all.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo check check-vscode check-neovim test test-languages test-editors bench format clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup: ## Make .venv what the lock says: .venv/bin/cope-lsp and python -m benchmarks.…
	@$(PYTHON) scripts/bootstrap.py

demo: setup ## Watch a real server implement a stub with a real model, on this machine
	@gguf=$$($(BIN)/python scripts/live_parts.py smollm2); $(BIN)/cope-lsp demo $${gguf:+--gguf "$$gguf"}

check: setup ## Format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports

check-vscode: ## Types, lint, format and unit tests of the VS Code extension (needs Node >= 20)
	cd editors/vscode && npm ci --no-audit --no-fund && npm run check && npm run build

check-neovim: setup ## Format and lint of the Neovim plugin (Node 20; luacheck)
	cd editors/neovim && npm ci --no-audit --no-fund && npm run check
	$(BIN)/python scripts/lua_check.py

format: setup ## Format the code and repair what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: setup ## Every test there is: unit, protocol, sandbox, languages, live, editors; with the coverage gate
	$(BIN)/python scripts/live_parts.py
	$(BIN)/python scripts/language_parts.py
	$(BIN)/coverage erase
	$(BIN)/pytest -n 2 -m "not live and not heavy and not browser" --cov --cov-report=
	$(BIN)/pytest -n 2 --dist loadfile -m "(live or heavy) and not browser" --cov --cov-append --cov-report= tests/languages
	$(BIN)/pytest -m "(live or heavy) and not browser" --ignore=tests/languages --cov --cov-append --cov-report=
	$(BIN)/coverage report --skip-covered --fail-under=$(COVERAGE)
	$(MAKE) test-editors

test-languages: setup ## Each language's small project, judged by its own tools in the sandbox
	$(BIN)/python scripts/language_parts.py
	$(BIN)/pytest -n 2 --dist loadfile tests/languages

test-editors: setup ## VS Code, Helix and Emacs, driven by keys; the first run fetches them
	$(BIN)/python scripts/editor_parts.py
	$(BIN)/python scripts/client_parts.py
	$(BIN)/pytest -n 2 $(IN_EDITORS) || $(BIN)/pytest --last-failed --last-failed-no-failures none $(IN_EDITORS)
	$(BIN)/pytest -m "browser and heavy" tests/editors

bench: setup ## The published tables from committed records; the server against a bare one
	$(BIN)/python -m benchmarks.published
	$(BIN)/python -m benchmarks.server

clean: ## Remove what setup and tests made
	rm -rf .venv .cache .coverage* .pytest_cache .ruff_cache .import_linter_cache
