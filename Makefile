# circle15. `make` lists everything; each target does its own set-up (tools/bootstrap.py).
ARGS ?=
# The first that runs and is 3.11: a version manager's python3.11 may be there and refuse.
IS_OURS := -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'
PYTHON ?= $(shell for name in python3.11 python3 python; do \
	$$name $(IS_OURS) 2>/dev/null && echo $$name && break; done)
DO = @$(or $(PYTHON),$(error Python 3.11 is needed: make PYTHON=/path/to/python3.11)) \
	tools/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help run reading stop test check fix bench prove lock docs clean

help:  ## list the targets (this)
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run:  ## set up and serve on 127.0.0.1:8000 with the demo city; Ctrl-C stops everything
	$(DO) run

reading:  ## install what reads photos of cards (optional, 350 MB under var/)
	$(DO) reading

stop:  ## stop an embedded PostgreSQL that a killed run left behind (its data stays)
	$(DO) stop

test:  ## set up, check, run all tests, browser ones too; ARGS="-k score" selects
	$(DO) test $(ARGS)

check:  ## format, lint, types, layers, templates, system, migrations, documents
	$(DO) check

fix:  ## format and mend what the tools can mend
	$(DO) fix

bench:  ## run the benchmarks; ARGS="scoring" selects
	$(DO) bench $(ARGS)

prove:  ## kill -9 of web and database under load; ARGS="200 50" for more
	$(DO) prove $(ARGS)

lock:  ## compile requirements/*.txt again from requirements/*.in
	$(DO) lock

docs:  ## write the generated parts of the documents again
	$(DO) docs

clean:  ## remove the environment, packages and caches; var/ with the data stays
	$(DO) clean
