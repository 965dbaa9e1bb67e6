# Every chore is one word. `make run` and `make test` work on a fresh machine with git, make and Python 3.11, 3.12 or 3.13.
.DEFAULT_GOAL := help
.PHONY: help run test check check-here check-words check-style check-types check-floors check-compose check-migrations check-production \
	bench words screenshots reset

# The first Python that fits; a name may be there and not work (pyenv's shims).
FITS = -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do $$p $(FITS) 2>/dev/null && { echo $$p; exit; }; done; echo python3)
BASE := $(PYTHON) bootstrap.py base
DEV := $(PYTHON) bootstrap.py dev
IN := .venv/bin
# Never used to connect: what `check --deploy` reads under production settings.
AS_IN_PRODUCTION := DJANGO_SETTINGS_MODULE=qcchain.settings.production QCCHAIN_HOSTS=qcchain.example \
	DJANGO_SECRET_KEY=$(shell od -An -N40 -tx1 /dev/urandom | tr -d ' \n')

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile

run: ## everything, at http://127.0.0.1:8000 (PORT=, QCCHAIN_DATA=; PHONE=1 adds HTTPS for a phone); Ctrl-C stops it
	@QCCHAIN_END_WITH_MAKE=1 exec $(BASE) -m qcchain.embedded run

test: ## the checks, then every test, against real servers
	@QCCHAIN_END_WITH_MAKE=1 exec $(DEV) -m qcchain.embedded test

check: ## what needs no server: style, types, floors, migrations, compose file, production settings
	@$(DEV)
	@$(MAKE) --no-print-directory --keep-going check-here

check-here: check-words check-style check-types check-floors check-compose check-migrations check-production

check-words:
	$(IN)/python -m qcchain.words compile

check-style:
	$(IN)/ruff check .

check-types:
	$(IN)/mypy .

check-floors:
	$(IN)/lint-imports

check-compose:
	$(IN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

check-migrations:
	$(IN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

check-production:
	@echo "manage.py check --deploy, under production settings"
	@$(AS_IN_PRODUCTION) $(IN)/python manage.py check --deploy --fail-level WARNING

bench: ## the measurements, against a durable cluster of their own
	@QCCHAIN_END_WITH_MAKE=1 exec $(DEV) -m benchmarks run --all

screenshots: ## every page in both sizes and languages, into screenshots/
	@QCCHAIN_SCREENSHOTS=1 exec $(DEV) -m pytest tests/browser -k screenshots

words: ## compile the Chinese words
	@exec $(BASE) -m qcchain.words compile

reset: ## empty the data; the next run starts afresh
	@exec $(BASE) -m qcchain.embedded reset

