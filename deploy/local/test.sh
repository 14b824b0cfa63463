#!/usr/bin/env bash
# Every check of the project, cheap before expensive; the last lines are the test runner's summary.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"
step() { echo "== $1"; }
step 'format and lint';            biome check .; oxlint --type-aware
step 'types';                      tsc --noEmit
step 'imports point one way';      node tools/src/check-imports.ts
step 'nothing unused';             knip --no-config-hints
step 'generated code is current';  npm run -s proto:check
step 'tests'
node deploy/local/src/main.ts prepare
# Two files at a time; then, alone on the machine, what starts whole services and testnets.
run() { node --test --test-reporter=spec --test-timeout=600000 "$@"; }
run --test-concurrency=2 'services/lib/**/src/**/*.test.ts' 'services/*/src/**/*.test.ts' 'tools/src/**/*.test.ts' 'deploy/local/src/**/*.test.ts'
run --test-concurrency=1 'services/*/test/**/*.test.ts' 'deploy/local/test/**/*.test.ts'
