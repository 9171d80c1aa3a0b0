# Entry points for development. All targets work in a fresh checkout.
SHELL := /bin/bash
# Missing tools are downloaded to this folder.
export PATH := $(CURDIR)/.tools/bin:$(PATH)
.DELETE_ON_ERROR:
.PHONY: help run check fmt lint deny prepare test cluster acceptance bench retrieval soak openapi web sdk schemas examples screenshots ready

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*##/\t/' | expand -t 12

ready: ## download missing tools: PostgreSQL, NATS, Python, Node.js
	@scripts/ensure-tools --check

run: ## build and start the server on http://127.0.0.1:8080
	@scripts/ensure-tools --run
	@scripts/run

check: ready ## check formatting, lints, SQL, generated files, the contract and the web client
	cargo fmt --all --check
	@scripts/check-sql cargo clippy --quiet --workspace --all-targets -- -D warnings
	@scripts/measure-house --check
	@scripts/check-generated
	@scripts/check-contract
	@scripts/check-web

test: ## run all tests; as root, installs chromium for the tests of the web client if it is missing
	@scripts/ensure-tools --test
	@scripts/test

fmt: ## format the code
	cargo fmt --all
	@scripts/web-install
	cd web && npm run --silent format

lint: ready ## run clippy, with SQL checked against the real schema
	@scripts/sqlx cargo clippy --workspace --all-targets -- -D warnings

deny: ## check licences, sources and allowed users of all dependencies
	@scripts/deny

prepare: ready ## update .sqlx, with which the code builds without a database
	@scripts/prepare-sql .sqlx

openapi: ## generate openapi/openapi.json from the code
	cargo run --quiet --package cli -- openapi > openapi/openapi.json.new
	mv openapi/openapi.json.new openapi/openapi.json

cluster: ready ## run separate processes connected by NATS, on http://127.0.0.1:8080 and :8081
	@scripts/cluster

acceptance: ## run all tests and print docs/STATUS.md with the results
	@scripts/ensure-tools --test
	@scripts/acceptance

bench: ready ## run the benchmarks in a release build, with their limits in the same run
	@cargo build --quiet --release --package cli
	@cargo run --quiet --release --package bench

retrieval: ready ## measure the retrieval quality (recall)
	@CONVOSPHERE_TEST_SENTENCES=1 scripts/test --no-capture -E 'test(retrieval::)' 2>&1 | grep -E 'recall@|full text|hybrid|FAIL|passed'

screenshots: ready ## take pictures of every page in light, dark, desk, phone and all languages: target/screenshots
	@scripts/ensure-tools --test
	@scripts/web
	cargo build --quiet --package cli
	cd web && LOOKS=all npm run --silent e2e -- look

soak: ready ## long test: 27 database outages during answers, then 1000 kills under load
	CONVOSPHERE_TEST_OUTAGES=1 scripts/test -E 'test(an_outage_)'
	CONVOSPHERE_TEST_KILLS=1000 scripts/test -E 'test(hundred_kills)'

examples: ready ## record openapi/examples.json from a running server; after it, run `make openapi`
	WRITE_EXAMPLES=1 cargo nextest run --package api -E 'test(the_recorded_examples)'

web: ## build the web client, which the program embeds
	@scripts/web

sdk: ## generate the SDKs in openapi/sdk from the contract
	@scripts/sdk

schemas: ## generate domain/schemas and docs/EVENTS.md from the code
	WRITE_SCHEMAS=1 cargo nextest run --package domain schemas
	@scripts/events > docs/EVENTS.md
