# Every target installs what it lacks, says what it does, and is quick the second time. Work is done by scripts/.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test check bench fuzz chaos dist deps clean

help: ## this list
	@echo 'Swiftlet: Python functions over HTTP, every call in a fresh WebAssembly sandbox.'
	@echo
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20
	@echo
	@echo '  make run DATA=folder LISTEN=host:port     elsewhere than in ./.data on 127.0.0.1:8080'
	@echo '  make test FILTER=words                    only the Swift tests whose names contain this'
	@echo '  make bench QUICK=1 ROWS="1 5"             a short run; some rows only'

run: ## build, start a server, deploy an example and call it
	@DATA='$(DATA)' LISTEN='$(LISTEN)' scripts/run

test: ## build and run all tests
	@scripts/test $(if $(FILTER),--filter '$(FILTER)')

check: ## format, module layers, banned words, links in the docs, lint of the Python parts
	@scripts/check

bench: ## measure against other platforms, one table
	@QUICK='$(QUICK)' ROWS='$(ROWS)' benchmarks/bench

fuzz: ## run the fuzz targets for a bounded time
	@scripts/fuzz

chaos: ## kill the server and its workers at a thousand random moments (KILLS=n SEED=n)
	@scripts/chaos $(or $(KILLS),1000) $(SEED)

dist: ## lay out dist/: bin, lib and share, ready to be copied
	@scripts/dist

deps: ## only fetch and build what the others need
	@scripts/deps

clean: ## remove what was built in the checkout (the cache of fetched and built parts stays)
	@rm -rf .build dist .deps
	@echo "Kept: $${SWIFTLET_CACHE:-$${XDG_CACHE_HOME:-$$HOME/.cache}/swiftlet} and the server's data in .data"
