# The commands of this project. Each one installs what it needs first.
#   make testnet   a local testnet without Docker and a first paid, checked job; Ctrl-C stops it
#   make demo      the same, stops by itself and ends with the receipt as one line of JSON
#   make test      lint, types, unit, property and end-to-end tests on real PostgreSQL and NATS
#   make testnet NODES=5   five full nodes on this machine that find each other; make demo takes it too
#   make reset     removes the local state (.camelid/)
SHELL := /bin/bash
NODE := node_modules/.bin/node
INSTALLED := node_modules/.package-lock.json

# What a demo may be told, passed on as it was given: no expansion by make, no shell.
OPTIONS := PROMPT MAX_TOKENS TEMPERATURE TOP_K TOP_P SEED MODEL CHEAT NODES CAMELID_HOME
$(foreach v,$(OPTIONS),$(if $(filter-out undefined,$(origin $v)),$(eval override export $v := $$(value $v))))

.PHONY: testnet demo test reset install help
.DEFAULT_GOAL := help

help:
	@sed -n 's/^#   //p' Makefile

install: $(INSTALLED)

$(INSTALLED): package-lock.json
	@deploy/local/install.sh

testnet: install
	@exec $(NODE) deploy/local/src/main.ts testnet

demo: install
	@exec $(NODE) deploy/local/src/main.ts demo

reset: install
	@exec $(NODE) deploy/local/src/main.ts reset

test: install
	@exec deploy/local/test.sh
