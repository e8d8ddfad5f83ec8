#!/bin/sh
# floorctl: install, check, update, go back. Tries the Pythons of this machine, the newest first; see install.md.
script="$(dirname "$(readlink -f "$0")")/install.py"
for python in python3.14 python3.13 python3.12 python3.11 python3; do
  "$python" "$script" --python >/dev/null 2>&1 && exec "$python" "$script" "$@"
done
# None will do: python3 says why, and which would.
command -v python3 >/dev/null && exec python3 "$script" "$@"
echo "Python がありません。Python 3.11〜3.14（venv 付き）を入れてから、もう一度実行してください。" >&2
exit 1
