# The front door. Everything here runs without a server, a variable or a file that the checkout does not make itself.
SHELL := /bin/bash
# What a machine lacks is fetched there.
export PATH := $(CURDIR)/.tools/bin:$(PATH)
.DELETE_ON_ERROR:
.PHONY: help run check fmt lint deny prepare test cluster acceptance bench retrieval soak openapi web sdk schemas ready

help: ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*##/\t/' | expand -t 12

ready: ## fetch what is missing: PostgreSQL and NATS servers, when the machine has none
	@scripts/ensure-tools --check

run: ## build, then start the server on http://127.0.0.1:8080
	@scripts/ensure-tools --run
	@scripts/run

check: ready ## formatting, lints, SQL against the real schema, generated files, the contract
	cargo fmt --all --check
	@scripts/check-sql cargo clippy --quiet --workspace --all-targets -- -D warnings
	@scripts/check-generated
	@scripts/check-contract
	@scripts/check-web

test: ## every test, on a real PostgreSQL; as root it installs the browser in which the web client is tested, where there is none
	@scripts/ensure-tools --test
	@scripts/test

fmt: ## format the code
	cargo fmt --all
	@scripts/web-install
	cd web && npm run --silent format

lint: ready ## clippy, with SQL checked against the real schema
	@scripts/sqlx cargo clippy --workspace --all-targets -- -D warnings

deny: ## licences and sources of all dependencies, and which layer may use what
	@scripts/deny

prepare: ready ## write .sqlx, so that the code builds without a database
	@scripts/prepare-sql .sqlx

openapi: ## write openapi/openapi.json from the code
	cargo run --quiet --package cli -- openapi > openapi/openapi.json.new
	mv openapi/openapi.json.new openapi/openapi.json

cluster: ready ## the product as separate processes over NATS, on http://127.0.0.1:8080 and :8081
	@scripts/cluster

acceptance: ## every test, and docs/STATUS.md with what passed
	@scripts/ensure-tools --test
	@scripts/acceptance

bench: ready ## measure, in release, each row beside its limit of the same run
	@cargo build --quiet --release --package cli
	@cargo run --quiet --release --package bench

retrieval: ready ## how well passages are found: the table of recall
	@CONVOSPHERE_TEST_SENTENCES=1 scripts/test --no-capture -E 'test(retrieval::)' 2>&1 | grep -E 'recall@|full text|hybrid|FAIL|passed'

soak: ready ## long: 27 outages of the database in mid-answer, then 1000 kills under load
	CONVOSPHERE_TEST_OUTAGES=1 scripts/test -E 'test(an_outage_)'
	CONVOSPHERE_TEST_KILLS=1000 scripts/test -E 'test(hundred_kills)'

web: ## build the web client, which the program takes in
	@scripts/web

sdk: ## write the generated parts of openapi/sdk from the contract
	@scripts/sdk

schemas: ## write domain/schemas from the code
	WRITE_SCHEMAS=1 cargo nextest run --package domain schemas
