"""Installs floorctl from this folder, without a network: each version beside the others, the data file left where it is.

    python install.py            verify, install, prove the data file, switch
    python install.py --check    verify only
    python install.py --back     the version before; --with-data where the data file must go back too
    python install.py --list     what is installed

Only Python's own library is used. Exit status: 0 done, 1 not done (one sentence says why; nothing was changed).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HOUSE = Path(__file__).resolve().parent
SUMS, STATE = "SHA256SUMS", "versions.json"
WINDOWS = os.name == "nt"
NEWER_FILE = 3  # floorctl's exit status where a file cannot be used, such as one of a newer version


class Refused(Exception):
    """What is told in one sentence."""


# ---- the folder that was carried here -----------------------------------------------------------------------------


def sha256(path):
    found = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            found.update(block)
    return found.hexdigest()


def verify(house):
    """Every file is as it was listed, none is missing, none has been added. Returns the fingerprint. Raises Refused."""
    listed = {}
    try:
        text = (house / SUMS).read_text(encoding="utf-8")
    except OSError:
        raise Refused(f"{SUMS} がありません。フォルダー全体をコピーし直してください。") from None
    for line in text.splitlines():
        found = re.fullmatch(r"([0-9a-f]{64}) \*([^\\:]+)", line)
        if found is None or ".." in found.group(2).split("/"):
            raise Refused(f"{SUMS} の形が正しくありません。フォルダー全体をコピーし直してください。")
        listed[found.group(2)] = found.group(1)
    there = {p.relative_to(house).as_posix() for p in house.rglob("*") if p.is_file()} - {SUMS}
    wrong = sorted(name for name in listed if name in there and sha256(house / name) != listed[name])
    for names, what in (
        (wrong, "内容が一覧と違います"),
        (sorted(listed.keys() - there), "足りません"),
        (sorted(there - listed.keys()), "一覧にないファイルです"),
    ):
        if names:
            raise Refused(f"{'、'.join(names)}: {what}。入れずに、フォルダー全体をコピーし直してください。")
    return sha256(house / SUMS)


def carried(house):
    """(version, name of the folder to install into): the name has a part of the wheel's hash, so builds differ."""
    found = sorted((house / "wheels").glob("floorctl_console-*.whl"))
    if len(found) != 1:
        raise Refused("floorctl の wheel が1つではありません。フォルダーを作り直してください。")
    version = found[0].name.split("-")[1]
    return version, f"floorctl-{version}-{sha256(found[0])[:8]}"


# ---- what is installed --------------------------------------------------------------------------------------------


def usual_base():
    if WINDOWS:
        own = os.environ.get("LOCALAPPDATA")
        return (Path(own) if own else Path.home() / "AppData" / "Local") / "Programs" / "floorctl"
    return Path.home() / ".local" / "opt" / "floorctl"


def read_state(base):
    """{"current": name or None, "versions": {name: {"version", "before", "backup", "facts"}}}, and under "begun" the copy
    of an update that has not been finished."""
    try:
        found = json.loads((base / STATE).read_text(encoding="utf-8"))
        if not isinstance(found, dict) or not {"current", "versions"} <= found.keys():
            raise ValueError
        return found
    except FileNotFoundError:
        return {"current": None, "versions": {}}
    except (OSError, ValueError):
        raise Refused(
            f"{base / STATE} を読めません。別のフォルダーに入れ直すときは --to で指定してください。"
        ) from None


def written(state):
    return json.dumps(state, ensure_ascii=False, indent=1) + "\n"


def put(path, text, mode=0o644):
    """A file replaced whole: a power cut leaves the old one or the new one."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(text.encode("utf-8"))
    temporary.chmod(mode)
    temporary.replace(path)


def switch(base, state, name):
    """From here on ``floorctl`` is the version in the folder ``name``."""
    if WINDOWS:
        put(base / "floorctl.cmd", f'@"%~dp0{name}\\Scripts\\floorctl.exe" %*\r\n')
    else:
        here = '$(dirname "$(readlink -f "$0")")'
        put(base / "floorctl", f'#!/bin/sh\nexec "{here}/{name}/bin/floorctl" "$@"\n', 0o755)
    state["current"] = name
    put(base / STATE, written(state))


def program(base, name):
    return base / name / ("Scripts/floorctl.exe" if WINDOWS else "bin/floorctl")


def python_of(base, name):
    return base / name / ("Scripts/python.exe" if WINDOWS else "bin/python")


def run(*command, **more):
    """A program with nothing in its environment that would lead Python or pip elsewhere."""
    away = ("PIP_", "PYTHON", "VIRTUAL_ENV", "FLOORCTL_DB", "FLOORCTL_NOW")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(away)}
    return subprocess.run(
        [str(x) for x in command], env={**kept, "PYTHONUTF8": "1"}, capture_output=True, encoding="utf-8",
        errors="replace", check=False, **more
    )  # fmt: skip


def floorctl(base, name, db, *args):
    return run(program(base, name), "--db", db, *args)


def last_line(done):
    return ((done.stderr or done.stdout).strip().splitlines() or ["理由は不明です"])[-1]


# Names of floorctl that the installed version is asked with: where this version has them, then where older ones do.
NAMES = {
    "Settings": ("floorctl.cli.base.Settings", "floorctl.cli.Settings"),
    "FloorctlError": ("floorctl.common.errors.FloorctlError", "floorctl.errors.FloorctlError"),
    "exclusive": (
        "floorctl.database.file_lock.exclusive",
        "floorctl.database.file_lock.alone",
        "floorctl.holding.alone",
    ),
}
# Begins a program that the installed version's Python runs: named(name) is the first of these that there is.
FLOORCTL_NAMES = f"""from importlib import import_module
def named(name):
    for path in {NAMES!r}[name]:
        module, _, last = path.rpartition(".")
        try:
            return getattr(import_module(module), last)
        except (ImportError, AttributeError):
            pass
    raise SystemExit(name + ": not found")
"""


def data_file(base, name, given):
    """The data file: as named, as FLOORCTL_DB names it, else where this version looks for it."""
    named = given or os.environ.get("FLOORCTL_DB")
    if named:
        return Path(named).resolve()
    code = f"{FLOORCTL_NAMES}print(named('Settings')(None, None, None).path)"
    done = run(python_of(base, name), "-c", code)
    if done.returncode:
        raise Refused(f"データファイルの場所が分かりません（{last_line(done)}）。--db で指定してください。")
    return Path(done.stdout.strip())


def refuse_while_open(base, name, db):
    """Raises Refused while a console or an ingest has the data file open."""
    code = (
        f"{FLOORCTL_NAMES}import sys\nfrom pathlib import Path\n"
        "try:\n hold = named('exclusive')(Path(sys.argv[1]))\nexcept named('FloorctlError'):\n sys.exit(9)\n"
        "if hold is not None: hold.close()"
    )
    done = run(python_of(base, name), "-c", code, db)
    if done.returncode == 9:
        raise Refused("盤面か取込みが開いています。終えてから（盤面は Ctrl+Q）、もう一度実行してください。")
    if done.returncode:
        raise Refused(f"盤面が開いているか確かめられません（{last_line(done)}）。今の版のままです。")


# ---- installing ---------------------------------------------------------------------------------------------------


def install(house, base, given_db):
    version, name = carried(house)
    state = read_state(base)
    before = state["current"]
    if before == name:
        return [f"floorctl {version} はもう入っています（{base / name}）。"]
    base.mkdir(parents=True, exist_ok=True)
    made = not (base / name / "complete").exists()
    if made:
        _make(house, base, name, version)
    said, entry = [], {"version": version, "before": before, "backup": None, "facts": None}
    db = data_file(base, name, given_db)
    if db.exists():
        if before is not None:
            refuse_while_open(base, before, db)
            begun = state.get("begun") or {}
            probe = floorctl(base, before, db, "status", "--json")
            if probe.returncode == NEWER_FILE and begun.get("name") == name and Path(begun["backup"]).exists():
                # Cut off after the new version had brought the file to its form: the copy from before is there.
                entry["backup"], entry["facts"] = begun["backup"], begun["facts"]
            else:
                entry["backup"], entry["facts"] = _keep(base, before, name, db)
                state["begun"] = {"name": name, "backup": entry["backup"], "facts": entry["facts"]}
                put(base / STATE, written(state))
            said.append(f"更新前の控え: {entry['backup']}（記録 {entry['facts']}件）")
        done = floorctl(base, name, db, "status", "--json")  # brings the file to the form of this version
        if not done.returncode:
            done = floorctl(base, name, db, "doctor", "--json")
        if done.returncode:
            kept = "前の版のままです。"
            if before is not None and floorctl(base, before, db, "restore", entry["backup"]).returncode:
                kept = f"前の版のままですが、控えに戻せませんでした。{entry['backup']} から restore で戻してください。"
            raise Refused(f"新しい版でデータファイルを確かめられませんでした（{last_line(done)}）。{kept}")
        said.append(f"データファイル: {db}（記録 {json.loads(done.stdout)['facts']}件、異常なし）")
    else:
        said.append(f"データファイル: {db}（まだありません。初めて記録したときに作られます）")
    state["versions"][name] = entry
    state.pop("begun", None)
    switch(base, state, name)
    start = base / ("floorctl.cmd" if WINDOWS else "floorctl")
    return [*said, f"floorctl {version} を入れました。始め方: {start}"]


def _make(house, base, name, version):
    """A Python environment of its own for this version; what a broken attempt has left is made anew."""
    folder = base / name
    shutil.rmtree(folder, ignore_errors=True)
    try:
        done = run(sys.executable, "-m", "venv", folder)
        if done.returncode:
            raise Refused(f"Python の環境を作れません（{last_line(done)}）。venv の付いた Python を入れてください。")
        done = run(
            *(python_of(base, name), "-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--quiet"),
            *("--no-index", "--no-deps", "--no-cache-dir", "--only-binary", ":all:", "--require-hashes"),
            *("--find-links", house / "wheels", "--requirement", house / "requirements.txt"),
        )
        if done.returncode:
            found = f"{sys.version_info[0]}.{sys.version_info[1]}"
            raise Refused(f"入れられません（{last_line(done)}）。この Python は {found}、{sys.platform} です。")
        _try(base, name, version)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    (folder / "complete").write_text(version + "\n", encoding="utf-8")


def _try(base, name, version):
    """The program starts, makes a file and proves it, before anything of the manager's is touched."""
    with tempfile.TemporaryDirectory() as scratch:
        db = Path(scratch) / "try.db"
        for args, said in (
            (("--version",), f"floorctl {version}"),
            (("do", "memo.written", "text=試し"), "memo.written"),
            (("doctor", "--full"), "異常はありません"),
        ):
            done = floorctl(base, name, db, *args)
            if done.returncode or said not in done.stdout:
                raise Refused(f"入れた floorctl が動きません（{last_line(done)}）。前の版のままです。")


def _keep(base, before, name, db):
    """A verified copy by the version that has written the file; returns its path and how many facts it holds."""
    kept = db.with_name(f"{db.stem}-before-{name}{db.suffix}")
    done = floorctl(base, before, db, "backup", kept, "--json")
    if done.returncode:
        raise Refused(f"更新前の控えを作れません（{last_line(done)}）。前の版のままです。")
    return str(kept), json.loads(done.stdout)["facts"]


# ---- back to the version before -----------------------------------------------------------------------------------


def back(base, given_db, with_data):
    state = read_state(base)
    current = state["current"]
    entry = state["versions"].get(current) or {}
    before = entry.get("before")
    if before is None or not (base / before / "complete").exists():
        raise Refused("戻る先の版がありません。")
    db = data_file(base, current, given_db)
    said = "データファイルはそのままです。"
    if db.exists():
        refuse_while_open(base, current, db)
        probe = floorctl(base, before, db, "status", "--json")
        if probe.returncode == NEWER_FILE:
            said = _data_back(base, current, before, entry, db, with_data)
        elif probe.returncode:
            raise Refused(f"前の版でデータファイルを読めません（{last_line(probe)}）。今の版のままです。")
    switch(base, state, before)
    return [said, f"floorctl {state['versions'][before]['version']} に戻しました。"]


def _data_back(base, current, before, entry, db, with_data):
    """The file is of the newer form: only the copy from before can be read by the version before."""
    kept = entry.get("backup")
    if not kept or not Path(kept).exists():
        raise Refused("データファイルは新しい版の形で、更新前の控えがありません。今の版のままです。")
    done = floorctl(base, current, db, "status", "--json")
    facts = json.loads(done.stdout)["head"]["seq"] if done.returncode == 0 else None
    newer = None if facts is None else facts - entry["facts"]
    lost = "更新後の記録" if newer is None else f"更新後の記録 {newer}件"
    if not with_data and newer != 0:
        raise Refused(
            f"データファイルは新しい版の形なので、前の版では更新前の控えに戻すことになります。{lost}は、"
            "残しておく今のファイルにだけあることになります。それでよければ --back --with-data で実行してください。"
        )
    done = floorctl(base, before, db, "restore", kept, "--json")
    if done.returncode:
        raise Refused(f"控えに戻せません（{last_line(done)}）。今の版のままです。")
    aside = json.loads(done.stdout)["aside"]
    return f"データファイルを更新前の控えに戻しました。今までのファイル: {aside}（{lost}はここにだけあります。職員の氏は roster import で入れ直します）"


# ---- the command --------------------------------------------------------------------------------------------------


def main(argv=None):
    parser = argparse.ArgumentParser(description="ネットワークなしで floorctl を入れる・更新する・前の版に戻す")
    parser.add_argument(
        "--to", type=Path, default=None, metavar="FOLDER", help="入れる場所（省くと利用者のフォルダー）"
    )
    parser.add_argument("--db", metavar="FILE", help="データファイル（省くと既定の場所）")
    parser.add_argument("--site", metavar="FILE", help="会場設定（同梱のものでないとき）")
    parser.add_argument("--fingerprint", metavar="HEX", help="紙で届いた照合値。違えば入れない")
    parser.add_argument("--check", action="store_true", help="運んだフォルダーを確かめるだけ")
    parser.add_argument("--back", action="store_true", help="前の版に戻す")
    parser.add_argument("--with-data", action="store_true", help="--back で、データファイルも更新前の控えに戻す")
    parser.add_argument("--list", action="store_true", help="入っている版を表示する")
    asked = parser.parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a console of Windows may not know every character of a path
    base = (asked.to or usual_base()).resolve()
    if asked.site:
        os.environ["FLOORCTL_SITE"] = str(Path(asked.site).resolve())
    try:
        if sys.version_info < (3, 11):  # noqa: UP036 - this file runs before anything has looked at the version
            raise Refused(f"Python 3.11 以上が要ります（これは {sys.version.split()[0]}）。")
        if asked.list:
            state = read_state(base)
            for name, entry in state["versions"].items():
                print(f"{'今 ' if name == state['current'] else '   '}{entry['version']}  {base / name}")
            return 0
        if asked.back:
            said = back(base, asked.db, asked.with_data)
        else:
            mark = verify(HOUSE)
            print(f"すべてのファイルが一覧のとおりです。照合値 {mark}", flush=True)
            if asked.fingerprint and asked.fingerprint.strip().lower() != mark:
                raise Refused("照合値が紙のものと違います。入れずに、作った人に確かめてください。")
            said = [] if asked.check else install(HOUSE, base, asked.db)
    except Refused as e:
        print(e, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("中断しました。もう一度実行すれば、途中のものは作り直します。", file=sys.stderr)
        return 1
    except OSError as e:
        print(
            f"{e.filename or base} に読み書きできません（{e.strerror}）。場所と権限を確かめてください。",
            file=sys.stderr,
        )
        return 1
    print("\n".join(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
