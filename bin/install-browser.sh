#!/bin/sh
# Tests that look at pages need Chromium. Install it where that can be done without asking;
# elsewhere say what is missing, and those tests are skipped.
set -eu

for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium; } \
        >/dev/null 2>&1 && exit 0
fi
echo "Chromium is missing: tests that look at pages are skipped (install chromium to run them)." >&2
