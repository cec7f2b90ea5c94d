#!/bin/bash
# What PyPI does not have: installed as root with apt, otherwise named. Without an argument Chromium and bubblewrap, which the
# tests need; with `audit` Chromium, Node and Java, which `make audit` needs.
set -euo pipefail
missing=()
need() { local package=$1; shift; command -v "$@" >/dev/null || missing+=("$package"); }   # any one of the commands will do
need chromium chromium chromium-browser google-chrome
if [ "${1:-}" = audit ]; then
    what="make audit"
    need nodejs node
    need npm npm
    need default-jre-headless java
else
    what="make test"
    need bubblewrap bwrap
fi
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "$what needs ${missing[*]}: installing with apt-get."
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
else
    echo "$what needs ${missing[*]}. Install once, then run it again:" >&2
    echo "    sudo apt-get install -y ${missing[*]}" >&2
    exit 2
fi
