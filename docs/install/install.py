"""Installs floorctl from this folder, without a network: each version beside the others, the data file left where it is.

    python install.py            verify, install, prove the data file, switch
    python install.py --check    verify only
    python install.py --python   whether this Python will do
    python install.py --back     the version before; --with-data where the data file must go back too
    python install.py --list     what is installed

Only Python's own library is used, and nothing that an old Python cannot read: it must be able to say that it is too old.
Exit status: 0 done, 1 not done (one sentence says why; nothing was changed).
"""

import argparse
import contextlib
import errno
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import zipfile
from collections import namedtuple
from pathlib import Path

HOUSE = Path(__file__).resolve().parent
SUMS, STATE = "SHA256SUMS", "versions.json"
NEWER_FILE = 3  # floorctl's exit status where a file cannot be used, such as one of a newer version


class Refused(Exception):
    """What is told in one sentence."""


# ---- Windows, where a scanner or an indexer holds a new file for a moment -------------------------------------------


def on_windows():
    return os.name == "nt" or sys.platform == "win32"


# Access denied, sharing and lock violation, removal pending, mapped by a program.
HELD = (5, 32, 33, 303, 1224)


def patiently(act):
    """Return what ``act`` returns. On Windows, try a file that somebody holds again for some five seconds."""
    pause, waited = 0.01, 0.0
    while True:
        try:
            return act()
        except OSError as e:
            held = getattr(e, "winerror", None) in HELD or e.errno in (errno.EACCES, errno.ENOTEMPTY)
            if not (on_windows() and held and waited < 5):
                raise
        time.sleep(pause)
        waited, pause = waited + pause, min(2 * pause, 0.5)


def remove(folder):
    """Takes a folder away with all that is in it. Raises OSError where something of it stays in use."""

    def act():
        if os.path.lexists(folder):
            shutil.rmtree(folder)

    patiently(act)


# ---- the folder that was carried here -----------------------------------------------------------------------------


def sha256(path):
    found = hashlib.sha256()
    with patiently(lambda: path.open("rb")) as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            found.update(block)
    return found.hexdigest()


def verify(house):
    """Every file is as it was listed, none is missing, none has been added. Returns the fingerprint. Raises Refused."""
    listed = {}
    try:
        text = patiently(lambda: (house / SUMS).read_text(encoding="utf-8"))
    except OSError:
        raise Refused(f"{SUMS} がありません。フォルダー全体をコピーし直してください。") from None
    for line in text.splitlines():
        found = re.fullmatch(r"([0-9a-f]{64}) \*([^\\:]+)", line)
        if found is None or ".." in found.group(2).split("/"):
            raise Refused(f"{SUMS} の形が正しくありません。フォルダー全体をコピーし直してください。")
        listed[found.group(2)] = found.group(1)
    long = max((units(house / name) for name in listed), default=0)
    if long > LONGEST and not long_paths():
        raise Refused(
            f"このフォルダーの場所が長すぎます（ファイルの名前まで {long}字、Windows では {LONGEST}字まで）。"
            "C:\\floorctl-wheels のような短い場所にコピーし直してください。"
        )
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


# ---- the Python that runs this ------------------------------------------------------------------------------------

Python = namedtuple("Python", "name version threads platform glibc")
PLATFORMS = {
    "win_amd64": "Windows 64ビット版",
    "win32": "Windows 32ビット版",
    "win_arm64": "Windows ARM64版",
    "linux_x86_64": "Linux 64ビット版",
    "linux_i686": "Linux 32ビット版",
    "linux_aarch64": "Linux ARM64版",
}
GLIBC = {"linux_x86_64": "（glibc 2.17 以降）"}


def this_python():
    """Return what decides which wheels fit; ``threads``: the build without the lock of the interpreter."""
    platform = re.sub(r"[-.]", "_", sysconfig.get_platform())
    if platform == "linux_x86_64" and sys.maxsize < 2**32:
        platform = "linux_i686"
    glibc = None
    if platform.startswith("linux"):
        try:
            glibc = tuple(int(x) for x in os.confstr("CS_GNU_LIBC_VERSION").split()[1].split(".")[:2])
        except (AttributeError, IndexError, OSError, ValueError):
            glibc = None  # another C library: wheels for glibc do not fit
    threads = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    return Python(sys.implementation.name, tuple(sys.version_info[:2]), threads, platform, glibc)


def fits(wheel, python):
    """Return whether pip takes a wheel for a Python, by the three tags that end its name."""
    tags, abis, platforms = (part.split(".") for part in wheel[: -len(".whl")].split("-")[-3:])
    every = [(t, a, p) for t in tags for a in abis for p in platforms if p != "any" or a == "none"]
    return any(_speaks(t, a, python) and _runs(p, python) for t, a, p in every)


def _speaks(tag, abi, python):
    found = re.fullmatch(r"(py|cp)3(\d*)", tag)
    if found is None or python.version[0] != 3:
        return False
    of, ours = int(found.group(2) or 0), python.version[1]
    if found.group(1) == "py":
        return abi == "none" and of <= ours
    if python.name != "cpython":
        return False
    if abi == "abi3":
        return of <= ours and not python.threads
    return of == ours and abi in ("none", f"cp3{of}t" if python.threads else f"cp3{of}")


def _runs(platform, python):
    if platform in ("any", python.platform):
        return True
    old = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
    found = re.fullmatch(r"(manylinux(?:_(\d+)_(\d+)|1|2010|2014))_(\w+)", platform)
    if found is None or python.glibc is None or python.platform != f"linux_{found.group(4)}":
        return False
    return python.glibc >= (old.get(found.group(1)) or (int(found.group(2)), int(found.group(3))))


def wheels_of(house):
    return sorted(path.name for path in (house / "wheels").glob("*.whl"))


def missing(wheels, python):
    """Names of the packages that have no wheel for this Python."""
    fit = dict.fromkeys((wheel.split("-")[0] for wheel in wheels), False)
    for wheel in wheels:
        fit[wheel.split("-")[0]] |= fits(wheel, python)
    return sorted(name for name, fitting in fit.items() if not fitting)


def suitable(wheels, platform, glibc):
    """Versions of Python that there are all wheels for, on a platform."""
    named = [int(n) for wheel in wheels for n in re.findall(r"-cp3(\d+)-", wheel)]
    asked = range(11, max(named, default=11) + 1)
    return [f"3.{n}" for n in asked if not missing(wheels, Python("cpython", (3, n), False, platform, glibc))]


def need_python(house, python=None):
    """Return what is said of this Python. Raise Refused, naming those that can, where it cannot install what was carried."""
    python, wheels = python or this_python(), wheels_of(house)
    version, where = ".".join(map(str, python.version)), PLATFORMS.get(python.platform, python.platform)
    if python.platform.startswith("linux"):
        where += f"、glibc {'.'.join(map(str, python.glibc))}" if python.glibc else "、glibc なし"
    # A Windows that runs a 32-bit Python, or one for ARM, runs an x64 one too.
    here = ("win_amd64", "win_arm64") if python.platform.startswith("win") else (python.platform,)
    choices = [(PLATFORMS.get(p, p), suitable(wheels, p, python.glibc)) for p in here]
    choices = [(words, found) for words, found in choices if found]
    if not choices:
        names = [words + GLIBC.get(p, "") for p, words in PLATFORMS.items() if suitable(wheels, p, (9, 9))]
        raise Refused(
            f"この一式は {'・'.join(names) or '別の機種'} のもので、ここ（{where}）には入りません。"
            "ここの分が入った一式を作り直してください（wheelhouse.py の --platform）。"
        )
    why = against(python, missing(wheels, python))
    if not why:
        return f"Python {version}（{where}、{sys.executable}）を使います。"
    kind = "、フリースレッド版" if python.threads else "" if python.name == "cpython" else f"、{python.name}"
    good = "か、".join("{}の Python {}".format(words, "・".join(found)) for words, found in choices)
    newest = choices[0][1][-1]
    look = f"py -0 で入っているものを調べ、py -{newest}" if on_windows() else f"python{newest}"
    raise Refused(
        f"この Python（{version}{kind}、{where}、{sys.executable}）では入れられません（{why}）。{good} を使ってください。"
        f"{look} install.py のように選びます。なければ、市のソフトウェア一覧のものを入れてください。"
    )


def against(python, lacking):
    """Return why a Python does not do; "" where it does."""
    if python.version < (3, 11):
        return "古すぎます"
    if "\\windowsapps\\" in f"{sys.base_prefix}\\".lower():
        return "Microsoft Store の Python は、%LOCALAPPDATA% に書いたものを自分の中にしまい、外すと一緒に消します"
    if lacking:
        return f"合う wheel がありません: {'、'.join(lacking)}"
    if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        return "venv が付いていません"
    return ""


# ---- where things are put -----------------------------------------------------------------------------------------

LONGEST = 259  # characters of a path that Windows takes where long paths are not switched on
CLOUDS = {
    "OneDrive": r"onedrive( - .+)?",
    "Dropbox": r"dropbox( \(.+\))?",
    "Google ドライブ": r"google ?drive|my drive|shared drives|マイドライブ|共有ドライブ",
    "Box": r"box sync",
    "iCloud": r"icloud ?drive|mobile documents",
    "クラウド": r"nextcloud|owncloud|cloudstorage",
}


def cloud(folder):
    """The name of the service that keeps a folder in step with a cloud; "" where none is known to."""
    parts = _parts(os.path.realpath(folder))
    for name in ("OneDriveCommercial", "OneDriveConsumer", "OneDrive"):
        root = _parts(os.environ.get(name, ""))
        if root and parts[: len(root)] == root:
            return "OneDrive"
    for service, names in CLOUDS.items():
        if any(re.fullmatch(names, part) for part in parts):
            return service
    home = _parts(os.path.realpath(Path.home()))
    if parts[: len(home) + 1] == [*home, "box"]:
        return "Box"
    return "クラウド" if on_windows() and _sync_root(folder) else ""


def _parts(text):
    return [part.casefold() for part in re.split(r"[\\/]+", text) if part]


def _nearest(folder):
    """The folder, or the first above it that is there."""
    return next((p for p in (folder, *folder.parents) if p.exists()), folder)


def _sync_root(folder):
    """Ask Windows whether a provider keeps the folder in step (also libraries of SharePoint, by any name)."""
    try:
        import ctypes

        found, size = ctypes.create_string_buffer(64), ctypes.c_ulong()
        ask = ctypes.windll.cldapi.CfGetSyncRootInfoByPath
        return ask(str(_nearest(folder)), 0, found, 64, ctypes.byref(size)) == 0
    except (AttributeError, OSError):
        return False  # a Windows without this interface


def drive(folder):
    """Return the kind of disk a folder is on: "share", "removable", or "" where nothing is known of it."""
    text = str(folder).replace("/", "\\")
    if text.startswith(("\\\\?\\", "\\\\.\\")):
        if text[4:].upper().startswith("UNC\\"):
            return "share"
    elif text.startswith("\\\\"):
        return "share"
    if not on_windows():
        return ""
    try:
        import ctypes

        return {2: "removable", 4: "share"}.get(ctypes.windll.kernel32.GetDriveTypeW(f"{folder.drive}\\"), "")
    except (AttributeError, OSError):
        return ""


def whole(path):
    """A path from its root on; a share is left as it was written: asking for it may take long."""
    path = Path(path)
    return path if drive(path) == "share" else path.resolve()


def unfit(folder):
    """Return why a folder is no place for the program or the data file; "" where nothing is against it."""
    if drive(folder) == "share":
        return "ネットワークの共有フォルダーで、線が切れると動かず、記録を守れません"
    service = cloud(folder)
    return f"{service}と同期されるフォルダーで、同期がファイルをつかみ、中身がこのPCの外へ送られます" if service else ""


def need_place(house, base, db):
    """Notes about where the program and the data file are. Raises Refused where new ones must not be."""
    if _parts(str(base))[: len(_parts(str(house)))] == _parts(str(house)):
        raise Refused(f"{base} は運んだフォルダーの中です。--to で別のフォルダーを指定してください。")
    said, places = [], [("プログラム", base, (base / STATE).exists(), f"--to {example('program')}")]
    if db is not None:
        places.append(("データファイル", db.parent, db.exists(), f"--db {example('data', 'floor.db')}"))
    for what, folder, there, do in places:
        why = unfit(folder)
        if why and not there:
            raise Refused(
                f"{what}は {folder} に置けません（{why}）。{do} のように、このPCのディスクを指定してください。"
            )
        if why:
            said.append(f"注意: {what}のある {folder} は{why}。install.md の 3 のように移してください。")
        elif drive(folder) == "removable":
            said.append(f"注意: {what}を置く {folder} は取り外せる媒体です。抜くと動きません。")
    return said


def example(*more):
    return "\\".join(("C:\\floorctl", *more)) if on_windows() else "/".join(("~/floorctl", *more))


def units(path):
    """The length of a path as Windows counts it."""
    return len(str(path).encode("utf-16-le", "surrogatepass")) // 2


def long_paths():
    """Return whether this system takes paths of any length."""
    if not on_windows():
        return True
    try:
        import winreg

        key = winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Control\FileSystem")
        with key:
            return winreg.QueryValueEx(key, "LongPathsEnabled")[0] == 1
    except (ImportError, OSError):
        return False


def need_length(house, folder):
    """Raises Refused where a file of the environment would have a longer path than Windows takes."""
    if long_paths():
        return
    import ensurepip

    bundled = sorted((Path(ensurepip.__file__).parent / "_bundled").glob("*.whl"))
    python, names = this_python(), []
    for wheel in [*(path for path in (house / "wheels").glob("*.whl") if fits(path.name, python)), *bundled]:
        with zipfile.ZipFile(wheel) as file:
            names += file.namelist()
    here, most = folder / "Lib" / "site-packages", 0
    for name in map(Path, names):
        most = max(most, units(here / name))
        if name.suffix == ".py":  # compiled under a name of its own, first with a number of up to 16 digits behind it
            most = max(most, units(here / name.parent / "__pycache__" / f"{name.stem}.cpython-3xx.pyc") + 17)
    if most > LONGEST:
        raise Refused(
            f"{folder.parent} は入れる場所として長すぎます（いちばん長いファイルが {most}字、Windows では {LONGEST}字まで）。"
            f"--to {example('program')} のように短い場所を指定してください。"
        )


# ---- what is installed --------------------------------------------------------------------------------------------


def usual_base():
    if on_windows():
        own = os.environ.get("LOCALAPPDATA")
        return (Path(own) if own else Path.home() / "AppData" / "Local") / "Programs" / "floorctl"
    return Path.home() / ".local" / "opt" / "floorctl"


def read_state(base):
    """{"current": name or None, "versions": {name: {"version", "before", "backup", "facts"}}}, and under "begun" the copy
    of an update that has not been finished."""
    try:
        found = json.loads(patiently(lambda: (base / STATE).read_text(encoding="utf-8")))
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
    """A file replaced whole, and on the disk when this returns: a power cut leaves the old one or the new one."""
    temporary = path.with_name(f".{path.name}.new")
    with patiently(lambda: temporary.open("wb")) as file:
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
    temporary.chmod(mode)

    def act():
        try:
            os.replace(temporary, path)  # noqa: PTH105 - looked up when it is called
        except FileNotFoundError:
            raise
        except OSError:
            if not on_windows() or os.path.lexists(temporary):
                raise  # else only the answer was lost

    patiently(act)
    if not on_windows():  # which has no handle of a folder to write through
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def switch(base, state, name):
    """From here on ``floorctl`` is the version in the folder ``name``. Raises Refused; done again, it goes on."""
    # cmd.exe reads the file in the console's code page: it names no folder above its own, which may have any letters.
    windows = f'@setlocal DisableDelayedExpansion\r\n@"%~dp0{name}\\Scripts\\floorctl.exe" %*\r\n'
    here = '$(dirname "$(readlink -f "$0")")'
    try:
        if on_windows():
            put(base / "floorctl.cmd", windows)
        else:
            put(base / "floorctl", f'#!/bin/sh\nexec "{here}/{name}/bin/floorctl" "$@"\n', 0o755)
        state["current"] = name
        put(base / STATE, written(state))
    except OSError as e:
        raise Refused(
            f"{e.filename or base} を書き換えられません（{e.strerror}）。ほかのプログラムが使っていれば終えて、"
            "もう一度実行してください。続きから済みます。"
        ) from None


def program(base, name):
    return base / name / ("Scripts/floorctl.exe" if on_windows() else "bin/floorctl")


def python_of(base, name):
    return base / name / ("Scripts/python.exe" if on_windows() else "bin/python")


def run(*command, **more):
    """A program with nothing in its environment that would lead Python or pip elsewhere."""
    away = ("PIP_", "PYTHON", "VIRTUAL_ENV", "FLOORCTL_DB", "FLOORCTL_NOW")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(away)}
    return patiently(lambda: subprocess.run(
        [str(x) for x in command], env={**kept, "PYTHONUTF8": "1"}, capture_output=True, encoding="utf-8",
        errors="replace", check=False, **more
    ))  # fmt: skip


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
        return whole(named)
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
    named = given_db or os.environ.get("FLOORCTL_DB")
    said = need_place(house, base, whole(named) if named else None)
    need_length(house, base / name)
    if before == name:
        return [*said, *_again(house, base, name, version)]
    patiently(lambda: base.mkdir(parents=True, exist_ok=True))
    if not intact(base, name):
        _make(house, base, name, version)
    entry = {"version": version, "before": before, "backup": None, "facts": None}
    db = data_file(base, name, given_db)
    if not named:
        said = need_place(house, base, db)
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
    start = base / ("floorctl.cmd" if on_windows() else "floorctl")
    return [*said, f"floorctl {version} を入れました。始め方: {start}"]


def _again(house, base, name, version):
    """The version that is there already: as it is where it is whole, else made anew (a file of it was taken or cut short)."""
    if intact(base, name):
        with contextlib.suppress(Refused, OSError):
            _try(base, name, version)
            return [f"floorctl {version} はもう入っています（{base / name}）。"]
    _make(house, base, name, version)
    return [f"floorctl {version} は入っていましたが壊れていたので、入れ直しました（{base / name}）。"]


def intact(base, name):
    """Return whether a version was installed to its end and is still as it was then."""
    try:
        return (base / name / "complete").exists() and run(python_of(base, name), "-c", AS_LISTED).returncode == 0
    except OSError:
        return False


# A program that ends with 1 unless every file of every package is as its wheel has listed it.
AS_LISTED = """import base64, csv, hashlib
from importlib.metadata import distributions
for package in distributions():
    for name, listed, *_ in csv.reader((package.read_text("RECORD") or "").splitlines()):
        if listed:
            kind, _, digest = listed.partition("=")
            with open(package.locate_file(name), "rb") as file:
                found = hashlib.new(kind, file.read()).digest()
            if base64.urlsafe_b64encode(found).rstrip(b"=").decode() != digest:
                raise SystemExit(1)
"""


def _make(house, base, name, version):
    """A Python environment of its own for this version; what a broken attempt has left is made anew."""
    folder = base / name
    try:
        remove(folder)
    except OSError as e:
        raise Refused(
            f"{folder} を作り直せません（{e.strerror}）。その中のもの（盤面など）を使っているプログラムを終えて、"
            "もう一度実行してください。"
        ) from None
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
        if hasattr(os, "sync"):
            os.sync()  # all of it is on the disk before it counts; elsewhere ``intact`` finds what was cut short
        put(folder / "complete", version + "\n")
    except BaseException:
        with contextlib.suppress(OSError):  # the next attempt takes it away
            remove(folder)
        raise


def _try(base, name, version):
    """The program starts, makes a file and proves it, before anything of the manager's is touched."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
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


def _checked():
    """Say beside a check whether this Python will do: the folder may be checked on another machine too."""
    try:
        return [need_python(HOUSE)]
    except Refused as e:
        return [f"注意: {e}"]


# ---- the command --------------------------------------------------------------------------------------------------


def main(argv=None):
    parser = argparse.ArgumentParser(description="ネットワークなしで floorctl を入れる・更新する・前の版に戻す")
    parser.add_argument(
        "--to", type=Path, default=None, metavar="FOLDER", help="入れる場所（省くと利用者のフォルダー）"
    )
    parser.add_argument("--db", metavar="FILE", help="データファイル（省くと既定の場所）")
    parser.add_argument("--site", metavar="FILE", help="会場設定（同梱のものでないとき）")
    parser.add_argument("--fingerprint", metavar="HEX", help="紙で届いた照合値。違えば入れない")
    parser.add_argument("--python", action="store_true", help="この Python で入れられるかを言うだけ")
    parser.add_argument("--check", action="store_true", help="運んだフォルダーを確かめるだけ")
    parser.add_argument("--back", action="store_true", help="前の版に戻す")
    parser.add_argument("--with-data", action="store_true", help="--back で、データファイルも更新前の控えに戻す")
    parser.add_argument("--list", action="store_true", help="入っている版を表示する")
    asked = parser.parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console of Windows may not know every character of a path
    base = whole(asked.to or usual_base())
    if asked.site:
        os.environ["FLOORCTL_SITE"] = str(Path(asked.site).resolve())
    try:
        if asked.python:
            print(need_python(HOUSE))
            return 0
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
            if asked.check:
                said = _checked()
            else:
                print(need_python(HOUSE), flush=True)
                said = install(HOUSE, base, asked.db)
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
