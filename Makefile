# One door: `make check` is exactly what CI runs. Needs only Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1

.PHONY: help install spark demo serve peers peers-down test slow check bench docs format lock clean

help:
	@echo "make install   create .venv from the hash-locked requirements"
	@echo "make spark     add PySpark to .venv, for matching on a cluster (needs Java 17)"
	@echo "make demo      generate a demo company, run the whole job, write golden.xlsx and reports into demo/"
	@echo "make serve     open the workbench on the demo data (made where there is none); PORT=8765"
	@echo "make peers     bring up a real ERP (Tryton) and a real shop (Vendure) on loopback and fill them; make peers-down stops them"
	@echo "               PEERS=/folder/of/theirs"
	@echo "make test      run the tests"
	@echo "make check     lint, types, layers, sizes, tests: what CI runs"
	@echo "make slow      the slow suites"
	@echo "make bench     this engine, Splink, recordlinkage and dedupe side by side; about half an hour on two cores"
	@echo "               SETS=\"fake_1000 febrl3\" some labelled sets · RECORDS=1000000 size of the speed run · RUNS=2"

install: $(VENV)/.installed

# uv is quick; pip is the fallback where only pip is configured for a company's package mirror.
$(VENV)/.installed: requirements.lock requirements-bootstrap.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-bootstrap.lock
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock requirements-bootstrap.lock \
	  || $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps -e .
	@touch $@

# An extra of its own: half a gigabyte that only `cdm match --runner spark` needs. It comes as source; setuptools is there.
spark: $(VENV)/.spark

$(VENV)/.spark: requirements-spark.lock $(VENV)/.installed
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --require-hashes -r requirements-spark.lock \
	  || $(BIN)/python -m pip install --quiet --no-build-isolation --require-hashes -r requirements-spark.lock
	@touch $@

demo: install
	$(BIN)/cdm demo

PORT ?= 8765

serve: install
	test -f demo/hub.db || $(BIN)/cdm demo
	$(BIN)/cdm --hub demo/hub.db serve --port $(PORT)

# A real ERP and a real shop to try the connectors on; they live in a folder of their own, not in the tree.
PEERS ?= $(HOME)/.cache/cdm-peers

peers: install
	$(BIN)/python -m tools.peers up --work "$(PEERS)"
	$(BIN)/python -m tools.peers seed --work "$(PEERS)"

peers-down: install
	$(BIN)/python -m tools.peers down --work "$(PEERS)"

test: install
	$(BIN)/pytest -m "not slow" -n logical --dist loadfile

# The real ERP and shop are brought up once, so their tests run in one process.
slow: install
	$(BIN)/pytest -m slow --ignore=tests/peers -n logical --dist worksteal
	$(BIN)/pytest -m slow tests/peers

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/size_figures.py
	$(MAKE) test

# The peers live in an environment of their own. With SETS or RECORDS given, docs/benchmarks.md is left as it is.
BENCH := .venv-bench
SETS ?=
RECORDS ?=
RUNS ?= 2
DOCS := $(if $(SETS)$(RECORDS),,--docs)

bench: $(BENCH)/.installed
	$(BENCH)/bin/python -m benchmarks.accuracy_table $(SETS) $(DOCS)
	$(BENCH)/bin/python -m benchmarks.speed_table --records $(or $(RECORDS),1000000) --runs $(RUNS) $(DOCS)

$(BENCH)/.installed: requirements-bench.lock requirements-bootstrap.lock
	test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --require-hashes -r requirements-bootstrap.lock
	$(BENCH)/bin/uv pip sync --quiet --python $(BENCH)/bin/python --require-hashes requirements-bench.lock requirements-bootstrap.lock \
	  || $(BENCH)/bin/python -m pip install --quiet --require-hashes -r requirements-bench.lock
	@touch $@

docs: install
	$(BIN)/python tools/reference_docs.py

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: install
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --universal \
	  --python-version 3.11 --extra dev pyproject.toml -o requirements.lock
	echo "pyspark>=4,<5" | $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --no-emit-find-links --universal --python-version 3.11 - -o requirements-spark.lock
	echo "uv>=0.8" | $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --universal \
	  --python-version 3.11 - -o requirements-bootstrap.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --universal \
	  --python-version 3.11 --extra bench -c requirements.lock pyproject.toml -o requirements-bench.lock

clean:
	rm -rf $(VENV) $(BENCH) build dist demo *.egg-info
