# `make` alone lists the targets. Everything is inside the clone: .venv/ (Python), var/ (databases, logs).

PORT ?= 8000
FILES ?= 100000
BIN := .venv/bin

# An empty HOME sends caches to the root folder; without one, programs ask the system whose home it is.
ifeq ($(strip $(HOME)),)
unexport HOME
endif
# Settings of another Python would reach ours.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests demo test lint fix bench soak golden clean lock

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Debian packages when missing, .venv/ from the lock file
	@python3 -m geo_review.first_run

setup-tests:
	@python3 -m geo_review.first_run --tests

# The server that the demo started is stopped with it; one that was already running is not. A signal that reaches only
# make or this shell is handed on, so that no site is left behind.
demo: setup ## sample city, one review, then the site on http://127.0.0.1:8000 (PORT=…, DEMO_ONCE=1: check it and leave)
	@running=$$($(BIN)/geo-review db status > /dev/null && echo yes); \
	$(BIN)/geo-review demo --port $(PORT) $(if $(filter-out 0,$(DEMO_ONCE)),--once) & site=$$!; \
	trap 'asked=yes; kill -TERM $$site 2> /dev/null' INT TERM HUP; \
	wait $$site; status=$$?; \
	while kill -0 $$site 2> /dev/null; do wait $$site; done; \
	test -n "$$running" || $(BIN)/geo-review db down --if-idle > /dev/null; \
	test -n "$$asked" || exit $$status

test: setup-tests ## the whole test suite on a real PostGIS of its own
	@GEO_REVIEW_TEST_DATABASE_URL="$$GEO_REVIEW_DATABASE_URL" $(BIN)/pytest -n 2 --ignore=tests/benchmarks $(TESTS)

lint: setup ## format, rules, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: setup ## format and repair what can be repaired
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## the promised ratios, measured and printed
	@GEO_REVIEW_TEST_DATABASE_URL="$$GEO_REVIEW_DATABASE_URL" $(BIN)/pytest tests/benchmarks -s

soak: setup ## 100,000 torn and hostile files (FILES=…), what became of them printed; about 20 minutes
	@$(BIN)/python -m tests.fuzz.soak $(FILES)

golden: setup ## write the golden reports anew; read the diff before you commit it
	GEO_REVIEW_GOLDEN=write $(BIN)/pytest -k golden --ignore=tests/benchmarks
	git --no-pager diff --stat -- tests/data/golden

lock: ## resolve pyproject.toml into requirements.lock, with hashes and without addresses
	python3 -m venv --clear var/lock
	var/lock/bin/pip install --quiet --disable-pip-version-check uv
	var/lock/bin/uv pip compile pyproject.toml --group dev --generate-hashes --universal --python-version 3.11 \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade --quiet -o requirements.lock
	@! grep -n -E '^-|https?://' requirements.lock || (echo "requirements.lock names an address" >&2; exit 1)
	rm -rf var/lock

clean: ## remove .venv/, caches and leftovers of tests; the database under var/ stays
	rm -rf .venv var/lock .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
