#!/usr/bin/env bash
# Builds the page from its sources and package-lock.json and compares it with what is checked in.
# Exit status: 0 equal, 1 different, 77 cannot tell (no npm, or no packages to be had).
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

command -v npm >/dev/null || { echo "skipped: npm is not installed"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -r src package.json package-lock.json build.mjs tsconfig.json "$folder"
if ! (cd "$folder" && npm ci --ignore-scripts --prefer-offline --no-audit --no-fund) \
  >"$folder/npm.log" 2>&1; then
  echo "skipped: npm ci found no packages: $(tail -n 1 "$folder/npm.log")"
  exit 77
fi
mkdir "$folder/built"
(cd "$folder" && node build.mjs built)
for file in page.html basemap.json; do
  cmp "../$file" "$folder/built/$file" || { echo "stale: './dev report-page' builds it"; exit 1; }
done
