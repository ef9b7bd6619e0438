PYTHON   ?= python3
PREFIX   ?= /usr/local
FUZZTIME ?= 60s
# For go test, as .ci/run sets it: make test TESTFLAGS=-v
TESTFLAGS ?=
# The race detector needs a C compiler; without one the tests run without it.
RACE   := $(if $(filter 1,$(shell go env CGO_ENABLED)),-race)
COMMIT := $(shell git rev-parse --short HEAD 2>/dev/null || echo unknown)

.DEFAULT_GOAL := help
.PHONY: help build run test race lint bench deps bench-deps install fuzz docs

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## bin/appserve
	go build -trimpath -ldflags '-X main.commit=$(COMMIT)' -o bin/appserve ./cmd/appserve

run: build ## serve the quickstart on http://127.0.0.1:8000/ (needs Go and python3, nothing else)
	bin/appserve -c examples/conf.d/quickstart.hcl

test: deps ## every test, with the race detector where there is a C compiler
	go test $(RACE) $(TESTFLAGS) ./...

race: deps ## what depends on timing, twenty times, with the race detector
	go test -race -count=20 -timeout 60m -run 'Reload|Load|Crash|Timeout|Life' ./cmd/appserve

lint: .venv/lint ## gofmt, go vet, staticcheck, ruff
	@test -z "$$(gofmt -l .)" || { echo 'gofmt wants changes in:'; gofmt -l .; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	.venv/bin/ruff check --quiet .

bench: ## appserve against its peers (make bench-deps first)
	go run ./cmd/appserve-bench

deps: .venv/deps .venv/suites .venv/requests ## what the tests run of Python, into .venv

bench-deps: .venv/bench ## the peers of the benchmark: Granian into .venv; as root also nginx, wrk, h2load, caddy
	test "$$(id -u)" != 0 || apt-get install -qq --no-install-recommends nginx wrk nghttp2-client caddy

install: build ## bin/appserve into /usr/local/bin (PREFIX, DESTDIR)
	install -D -m 0755 bin/appserve $(DESTDIR)$(PREFIX)/bin/appserve

# go test sometimes trips over the end of its own time (context deadline exceeded); that is no finding.
fuzz: ## every fuzz target for FUZZTIME (60s)
	@set -e; for p in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
	  for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do echo "$$p $$f"; \
	    found=$$(go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$p 2>&1) || case $$found in \
	      *'Failing input'*|*'seed corpus'*) echo "$$found"; exit 1;; \
	      *'context deadline exceeded'*) ;; \
	      *) echo "$$found"; exit 1;; esac; done; done

docs: ## docs/reference.md from the rows of config
	go test ./config -run Reference -update

# --- .venv: one marker file per requirements file, so that a second run does nothing ---

.venv/bin/python:
	$(PYTHON) -m venv .venv || { rm -rf .venv; echo 'python3 cannot make a venv. On Debian: apt-get install python3-venv' >&2; exit 1; }

.venv/deps: requirements.txt | .venv/bin/python
.venv/lint: requirements-lint.txt | .venv/bin/python
.venv/bench: requirements-bench.txt .venv/deps
.venv/suites: requirements-suites.txt .venv/deps
.venv/deps .venv/lint .venv/bench .venv/suites:
	.venv/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# The tests of requests are in its source archive alone. The folder appears when it is complete.
.venv/requests: .venv/suites
	rm -rf $@ $@.part && mkdir $@.part
	.venv/bin/pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: --dest $@.part $$(grep '^requests==' requirements-suites.txt)
	tar -xzf $@.part/requests-*.tar.gz -C $@.part --strip-components=1 && rm $@.part/requests-*.tar.gz
	touch $@.part && mv $@.part $@
