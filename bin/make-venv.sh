#!/bin/sh
# Make the virtual environment given as first argument, with everything the project needs.
set -eu
venv=$1

if command -v uv >/dev/null 2>&1; then
    uv venv --quiet --allow-existing --python '>=3.11' "$venv"
    uv pip install --quiet --python "$venv/bin/python" --editable '.[charts]' --group dev
    exit 0
fi

python=
for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if command -v "$name" >/dev/null 2>&1 &&
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "Python 3.11 or newer is missing: install it (or uv) and run make again." >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "Python's venv module is missing: install it (Debian: apt install python3-venv)." >&2
    exit 1
fi
"$python" -m venv "$venv"
# A new environment carries the pip of its Python, which may be too old for dependency groups.
"$venv/bin/pip" install --quiet --upgrade 'pip>=25.1'
"$venv/bin/pip" install --quiet --editable '.[charts]' --group dev
