# circle15. `make` lists everything; each target does its own set-up (tools/bootstrap.py).
PYTHON ?= python3.11
ARGS ?=
DO := @$(PYTHON) tools/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help run stop test check fix bench prove lock docs clean

help:  ## list the targets (this)
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run:  ## set up and serve on 127.0.0.1:8000 with the demo city; Ctrl-C stops everything
	$(DO) run

stop:  ## stop an embedded PostgreSQL that a killed run left behind (its data stays)
	$(DO) stop

test:  ## set up and run all tests, browser tests included; ARGS="-k score" selects
	$(DO) test $(ARGS)

check:  ## format, lint, types, layers, templates, migrations, documents
	$(DO) check

fix:  ## format and mend what the tools can mend
	$(DO) fix

bench:  ## run the benchmarks; ARGS="bench_scoring" selects
	$(DO) bench $(ARGS)

prove:  ## the long campaigns: kill -9 of web, worker and database under load
	$(DO) prove $(ARGS)

lock:  ## compile requirements/*.txt again from requirements/*.in
	$(DO) lock

docs:  ## write the generated parts of the documents again
	$(DO) docs

clean:  ## remove the environment, packages and caches; var/ with the data stays
	$(DO) clean
