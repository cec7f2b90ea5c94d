#!/bin/bash
# Chromium and bubblewrap, which the tests need and PyPI does not have: installed as root with apt, otherwise named.
set -euo pipefail
missing=()
command -v chromium chromium-browser google-chrome >/dev/null || missing+=(chromium)
command -v bwrap >/dev/null || missing+=(bubblewrap)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "The tests need ${missing[*]}: installing with apt-get."
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
else
    echo "The tests need ${missing[*]}. Install once, then run make test again:" >&2
    echo "    sudo apt-get install -y ${missing[*]}" >&2
    exit 2
fi
