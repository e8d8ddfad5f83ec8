#!/bin/sh
# floorctl: install, check, update, go back. Needs Python 3.11 or newer with venv. See install.md.
exec python3 "$(dirname "$(readlink -f "$0")")/install.py" "$@"
