#!/bin/sh
# build_web.sh FOLDER NPM: builds the web application into FOLDER/dist unless its inputs are those of the last build.
# Safe when several build directories run it at once: they take turns, and the second finds the work done.
set -eu
cd "$1"
npm=$2

exec 9>.build.lock
flock 9

# A prefix per step, so that a changed source does not install all packages again.
packages=$(cat package.json package-lock.json .npmrc | sha256sum | cut -d' ' -f1)
sources=$(find src build public index.html api-docs.html tsconfig.json vite.config.ts -type f ! -name '*.test.ts' | LC_ALL=C sort |
  xargs -d '\n' sha256sum | sha256sum | cut -d' ' -f1)

if [ "$(cat node_modules/.fingerprint 2>/dev/null || true)" != "$packages" ]; then
  "$npm" ci --ignore-scripts --no-audit --no-fund --loglevel=error
  echo "$packages" >node_modules/.fingerprint
fi
if [ "$(cat dist/.fingerprint 2>/dev/null || true)" != "$packages $sources" ]; then
  rm -rf dist
  "$npm" run --silent build
  echo "$packages $sources" >dist/.fingerprint
fi
