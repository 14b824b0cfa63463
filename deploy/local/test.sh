#!/usr/bin/env bash
# Every check of the project, cheap before expensive; the first that fails ends it. The last line sums up all test runs.
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
said=$(mktemp)
trap 'rm -f "$said"' EXIT
run() { node --test --test-reporter=spec --test-timeout=600000 "$@" | tee -a "$said"; }
# Two files at a time: a service's tests wait more than they compute. Then, alone on the machine, what starts whole testnets.
run --test-concurrency=2 'services/lib/**/src/**/*.test.ts' 'services/*/src/**/*.test.ts' 'tools/src/**/*.test.ts' 'bench/**/*.test.ts' 'deploy/local/src/**/*.test.ts'
run --test-concurrency=2 'services/*/test/**/*.test.ts'
run --test-concurrency=1 'deploy/local/test/**/*.test.ts'
step 'checks find cheats and spare the honest'
node bench/rastic/main.ts --short
awk '$1 == "ℹ" { n[$2] += $3 }
  END { print "tests " n["tests"] ", pass " n["pass"] ", fail " n["fail"] ", cancelled " n["cancelled"] ", skipped " n["skipped"] ", todo " n["todo"] }' "$said"
