# Everything that is done to usher from a terminal. Builds live in build/, one folder for each kind.
PORT ?= 8080
REDIS ?=
SECONDS ?= 60
JOBS ?= $(shell nproc)

# ccache finds a file again whatever folder it was built in.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
# Python and Node of .venv first, when `make setup-test` made it.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONDONTWRITEBYTECODE := 1

.DEFAULT_GOAL := help
.PHONY: help run build test setup setup-test lint lint-all fmt bench fuzz package

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

run: build ## build and serve the demo on http://127.0.0.1:8080 (PORT=8081, REDIS=redis://127.0.0.1:6379)
	@exec build/usher serve --demo --listen 127.0.0.1:$(PORT) $(if $(REDIS),--set broker.kind=redis --set redis.url=$(REDIS))

build: setup ## the program at build/usher (release)
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build build/release --parallel $(JOBS) --target usher
	@ln -sf release/usher build/usher

test: setup-test ## build with both compilers and run every test
	@python3 tools/run_tests.py --jobs $(JOBS) $(if $(ONLY),--only $(ONLY))

setup: ## install what `run` needs
	@sh tools/setup.sh run

setup-test: ## install what `test` and `lint` need
	@sh tools/setup.sh test

lint: setup-test ## style, formatting, and clang-tidy on what changed since main
	@python3 tools/lint.py --jobs $(JOBS)

lint-all: setup-test ## the same, with clang-tidy on everything
	@python3 tools/lint.py --jobs $(JOBS) --all

fmt: setup-test ## format the C++ files
	@python3 tools/lint.py --format

bench: setup-test ## measure against the floor, and the micro-benchmarks
	@sh tools/bench.sh $(JOBS)

fuzz: setup-test ## run every fuzz target for SECONDS=60
	@sh tools/fuzz.sh $(SECONDS) $(JOBS)

package: build ## a tarball and, where dpkg's tools are, a Debian package in build/
	@cd build/release && cpack -G "TGZ$(if $(shell command -v dpkg-shlibdeps),;DEB)" -B ..
