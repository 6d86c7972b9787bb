#!/bin/sh
# run.sh [screenshots]: installs what the browser tests need if that changed, and runs them (or makes the pictures of
# docs/screenshots). MMM_BIN: folder of the programs.
set -eu
cd "$(dirname "$0")"
packages=$(cat package.json package-lock.json .npmrc | sha256sum | cut -d' ' -f1)
if [ "$(cat node_modules/.fingerprint 2>/dev/null || true)" != "$packages" ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  echo "$packages" >node_modules/.fingerprint
fi
if [ "${1:-}" = screenshots ]; then
  exec node screenshots.mjs
fi
# Two files at a time: most of a test is waiting for the mesh.
ls ./*.test.mjs | xargs -n 1 -P 2 node --test
