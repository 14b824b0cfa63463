#!/usr/bin/env bash
# Installs the locked packages (Node 24 among them) with whatever Node this machine has.
set -euo pipefail
cd "$(dirname "$0")/../.."
fail() { echo "camelid: $1" >&2; exit 1; }
command -v node >/dev/null || fail "Node.js is missing. Install Node 20 or newer with npm (Debian: apt-get install nodejs npm), then run make again."
command -v npm >/dev/null || fail "npm is missing. Install it (Debian: apt-get install npm), then run make again."
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || fail "Node $(node --version) is too old to install the packages. Install Node 20 or newer, then run make again."
echo "camelid: installing packages from package-lock.json (once, about half a minute)" >&2
npm ci --loglevel=error --no-fund --no-audit
[ "$(node_modules/.bin/node -p 'process.versions.node.split(".")[0]')" -ge 24 ] ||
  fail "Node 24 did not install: npm must be allowed to run the install script of the package 'node' (npm config get ignore-scripts must say false). Then: rm -rf node_modules, and make again."
