# Military Diplomacy in Conflict Resolution. `make help` lists the targets; each does its own set-up.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
STAMPS := _build/stamps
PORT ?= 8000
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

files = $(shell find $(1) -type f -not -path '*/__pycache__/*' -not -path '*.egg-info/*' -not -path '*/.*')
LIBRARY := $(call files,src seeds)
BOOK := $(call files,book) _config.yml _toc.yml
ASSIGNMENTS := $(call files,exercises/assignments) exercises/nbgrader_config.py tools/assignments.py tools/assignment_faults.py _config.yml

.PHONY: help course serve test check audit bench evidence bundle demo-class remove-demo-class lock screenshot clean
help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

course: $(STAMPS)/book $(STAMPS)/class  ## the book, the released assignments, a graded sample class
	@python -m tools.summary

serve: $(STAMPS)/book  ## the book on http://127.0.0.1:8000 (PORT=… for another); until Ctrl-C, eight hours at most
	@echo "http://127.0.0.1:$(PORT)"
	@timeout --foreground 8h python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT) || [ $$? -eq 124 ]

test: system-tools $(VENV)/dev $(STAMPS)/book $(STAMPS)/class $(STAMPS)/bundle  ## all tests; needs Chromium and bubblewrap
	python -m pytest

evidence: $(VENV)/dev  ## every table, key, date, source and claim in seeds/
	python -m tools.evidence

check: $(VENV)/dev $(STAMPS)/release  ## style, evidence, answers that could leak
	ruff check .
	ruff format --check .
	python -m tools.evidence
	python -m tools.leaks

audit: audit-tools $(VENV)/dev $(STAMPS)/book $(STAMPS)/npm  ## weight, Lighthouse, axe, HTML of every page: _build/audit.json; needs Chromium, Node, Java
	python -m tools.audit

bench: system-tools $(VENV)/dev $(STAMPS)/release  ## the grading engine against stock nbgrader: _build/bench.json; about an hour
	python -m tools.bench

bundle: $(STAMPS)/bundle  ## what learners and Binder open: _build/learner
	@echo "_build/learner"

demo-class: $(STAMPS)/release  ## the sample class again, from empty
	python -m tools.demo_class

remove-demo-class: $(VENV)/made  ## remove the sample class, and nothing else, before a real class begins
	@python -m tools.demo_class --remove

lock: $(VENV)/dev  ## pin anew what pyproject.toml names: requirements.txt, requirements-dev.txt
	uv pip compile pyproject.toml --extra book --extra grading --python-version 3.11 --upgrade --no-header --no-annotate -q -o requirements.txt
	uv pip compile pyproject.toml --extra dev -c requirements.txt --python-version 3.11 --upgrade --no-header --no-annotate -q -o requirements-dev.txt

screenshot: system-tools $(VENV)/dev $(STAMPS)/book  ## the picture in the README
	python -m tools.screenshot

clean:  ## remove what was made; .venv, the gradebook and students' work stay
	rm -rf _build exercises/{source,release}

.PHONY: system-tools audit-tools
system-tools:
	@tools/system_tools.sh

audit-tools:
	@tools/system_tools.sh audit

$(VENV)/made: requirements.txt pyproject.toml
	@[ -n "$(PYTHON)" ] && "$(PYTHON)" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Python 3.11 or later with venv is needed (on Debian: apt-get install python3-venv); found: $(PYTHON). Set PYTHON=… to name one." >&2; exit 2; }
	"$(PYTHON)" -m venv $(VENV)
	python -m pip install -r requirements.txt
	python -m pip install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/made
	python -m pip install -r requirements-dev.txt
	@touch $@

# Sphinx does not write new assets when no page changed, and hides old warnings in pages that it does not read again.
$(STAMPS)/book: $(VENV)/made $(LIBRARY) $(BOOK)
	rm -rf _build/html _build/.doctrees _build/jupyter_execute   # the fonts in _build/assets are made once
	jupyter-book build . -W -n --keep-going
	@mkdir -p $(@D) && touch $@

# No script of a package is run: one would fetch a Java of its own. The cache is here, so that the home folder is left alone.
$(STAMPS)/npm: tools/audit/package.json tools/audit/package-lock.json
	@mkdir -p _build/audit $(@D)
	cp $^ _build/audit
	cd _build/audit && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --cache ../npm-cache
	@touch $@

$(STAMPS)/release: $(VENV)/made $(LIBRARY) $(ASSIGNMENTS) $(wildcard exercises/source/*/*.ipynb)
	python -m tools.assignments make
	@mkdir -p $(@D) && touch $@

$(STAMPS)/class: $(STAMPS)/release tools/demo_class.py
	python -m tools.demo_class --not-among-real
	@touch $@

$(STAMPS)/bundle: $(STAMPS)/release $(BOOK) $(call files,tools) requirements.txt README.md LICENSE LICENSE-CONTENT
	python -m tools.bundle
	@touch $@
