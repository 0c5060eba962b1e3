# make          builds bin/stackinit
# make test     runs every test that the tools on this machine allow, and says what it skipped
# make check    format, vet for three systems, lint; changes nothing

GO      ?= go
PKG     := github.com/stackinit/stackinit
# Without git, or outside of a checkout, the program calls itself "dev".
VERSION := $(shell test -e .git && git describe --tags --always --dirty 2>/dev/null)
LDFLAGS := $(if $(VERSION),-X $(PKG)/internal/cli.stamped=$(VERSION))

FUZZTIME   ?= 10s
BENCHTIMES ?= 30x

.PHONY: build install test test-short check cover bench fuzz guards universe clean

build:
	$(GO) build -ldflags '$(LDFLAGS)' -o bin/ ./cmd/stackinit

install:
	$(GO) install -ldflags '$(LDFLAGS)' ./cmd/stackinit

# A test that needs a tool which is not here skips and names it; with CI=true it fails.
test:
	@sh .ci/gotest -timeout 85m -parallel 3 ./...

test-short:
	@sh .ci/gotest -short ./...

check:
	@sh .ci/check

cover:
	@mkdir -p .cache
	$(GO) test -short -coverpkg ./... -coverprofile .cache/cover.out ./...
	$(GO) tool cover -func .cache/cover.out | tail -n 1
	@echo 'line by line: go tool cover -html .cache/cover.out'

# The ratios of the first are promises of the README; the others are for looking closer.
bench:
	$(GO) test -run '^$$' -bench . -benchtime $(BENCHTIMES) ./internal/e2e
	$(GO) test -run '^$$' -bench . $$($(GO) list ./... | grep -v /internal/e2e)

# Each fuzz target on its own, $(FUZZTIME) long. Making each input that is new as small as
# can be would take most of that time.
fuzz:
	@set -e; grep -rHo '^func Fuzz[A-Za-z0-9_]*' --include='*_test.go' internal | \
	while IFS=: read -r file func; do \
		name=$${func#func }; \
		echo "== $$name"; \
		$(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x "./$${file%/*}" </dev/null; \
	done

# Does a test miss each refusal of the rooms that read what strangers wrote? Takes an hour.
GUARDED ?= names strictyaml interview config record pack render planfile plan source apply packtest packlint packnew
guards:
	$(GO) run ./internal/house/guards $(addprefix internal/,$(GUARDED))

# Newer packages for the starters' lock files; needs Node 24, npm, uv and the network.
universe:
	.ci/universe

clean:
	rm -rf bin .cache
