"""Makes wheelhouses and installs from them where there is no network: ``python -m tests.install`` (some three minutes).

Three versions: this one, one with the same form of the data file, one with a newer form. Each step says what came of it;
exit 1 where one did not do what docs/install.md says. Making the wheels needs a network (or pip's cache), the rest runs
without one: in a network namespace of its own where the system allows it, else behind a proxy that does not exist.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import select
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
AT = "2026-09-14T10:00"
PLATFORM = {"linux": "linux", "win32": "windows"}
NO_NETWORK = ("unshare", "--map-root-user", "--net")


def script(name: str) -> ModuleType:
    """One of docs/install/ as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / "install" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Failed(Exception):
    """A step that did not do what it should."""


class PC:
    """A PC without a network: ``home`` is its user's folder."""

    def __init__(self, home: Path) -> None:
        self.home, self.base = home, home / "floorctl"
        self.db = home / "data" / "floor.db"
        self.db.parent.mkdir(parents=True)
        alone = shutil.which("unshare") and subprocess.run([*NO_NETWORK, "true"], check=False).returncode == 0
        self.before = NO_NETWORK if alone else ()
        self.how = "network namespace without an interface" if alone else "a proxy that does not exist"
        nowhere = "http://127.0.0.1:9"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "FLOORCTL_", "PYTHON"))}
        self.env = {**kept, "HOME": str(home), "http_proxy": nowhere, "https_proxy": nowhere, "LC_ALL": "C.UTF-8"}
        self.env |= {"XDG_DATA_HOME": str(home / "share"), "TERM": "xterm-256color"}

    def run(self, *command: object, status: int = 0) -> str:
        """What a command has said on both outputs. Raises Failed where it ends otherwise."""
        done = subprocess.run(
            [*self.before, *map(str, command)], env=self.env, cwd=self.home, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        if done.returncode != status:
            raise Failed(f"{command[-3:]} ended with {done.returncode}, not {status}: {done.stdout[-400:]}")
        return done.stdout

    def install(self, house: Path, *args: object, status: int = 0) -> str:
        return self.run(sys.executable, house / "install.py", "--to", self.base, "--db", self.db, *args, status=status)

    def floorctl(self, *args: object, status: int = 0) -> str:
        return self.run(self.base / "floorctl", "--db", self.db, "--now", AT, *args, status=status)

    def head(self) -> int:
        return int(json.loads(self.floorctl("status", "--json"))["head"]["seq"])

    def form(self) -> int:
        with sqlite3.connect(self.db) as conn:
            return int(conn.execute("PRAGMA user_version").fetchone()[0])


# ---- versions --------------------------------------------------------------------------------------------------------


def version(folder: Path, number: str, *, newer_form: bool) -> Path:
    """A copy of this source as a later version; with a migration more where ``newer_form``."""
    left = shutil.ignore_patterns(".*", "__pycache__", "snapshots", "tests")
    shutil.copytree(ROOT, folder, ignore=left)
    for name, old in (("pyproject.toml", r'^version = ".*"'), ("floorctl/__init__.py", r'^__version__ = ".*"')):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        new = f'version = "{number}"' if name.endswith("toml") else f'__version__ = "{number}"'
        path.write_text(re.sub(old, new, text, count=1, flags=re.MULTILINE), encoding="utf-8")
    if newer_form:
        database = folder / "floorctl" / "database"
        schema, migrations = database / "schema_check.py", database / "migrations.py"
        text = schema.read_text(encoding="utf-8")
        text = re.sub(r"(MIGRATION_NAMES = \([^)]*)", r'\1"9999_trial",', text)
        schema.write_text(text, encoding="utf-8")
        more = '\n\n@MIGRATIONS(name="9999_trial")\ndef _trial(db: Database) -> None:\n    db.execute("CREATE TABLE trial (x TEXT) STRICT")\n'
        migrations.write_text(migrations.read_text(encoding="utf-8") + more, encoding="utf-8")
    return folder


# ---- steps -----------------------------------------------------------------------------------------------------------


def expect(holds: object, what: str) -> None:
    if not holds:
        raise Failed(what)


def installs(pc: PC, houses: dict[str, Path]) -> str:
    said = pc.install(houses["now"])
    expect("を入れました" in said and not pc.db.exists(), said)
    pc.run(sys.executable, houses["now"] / "install.py", "--check")
    return pc.run(pc.base / "floorctl", "--version").strip()


def a_day(pc: PC, _: dict[str, Path]) -> str:
    pc.floorctl("simulate", "--date", "2026-09-14", "--seed", "1", "-o", pc.home / "day.jsonl")
    pc.floorctl("ingest", pc.home / "day.jsonl")
    pc.floorctl("close", "--out", pc.home / "out")
    names = sorted(p.name for p in (pc.home / "out" / "2026-09-14").iterdir())
    expect("日次報告書_2026-09-14.xlsx" in names, str(names))
    pc.floorctl("doctor", "--full")
    return f"{pc.head()} facts, {len(names)} documents"


def a_demo(pc: PC, _: dict[str, Path]) -> str:
    if sys.platform == "win32":
        return "left out: no pseudo-terminal"
    import pty

    outer, inner = pty.openpty()
    command = [*pc.before, str(pc.base / "floorctl"), "demo", "--speed", "600"]
    app = subprocess.Popen(command, stdin=inner, stdout=inner, stderr=inner, env=pc.env, start_new_session=True)
    os.close(inner)
    seen, end = b"", time.monotonic() + 60
    while "電子証明書".encode() not in seen and time.monotonic() < end:
        if select.select([outer], [], [], 0.2)[0]:
            seen += os.read(outer, 65536)
    app.kill()
    app.wait()
    os.close(outer)
    expect("電子証明書".encode() in seen, "the board never came")
    return "the board stands"


def tampered(pc: PC, houses: dict[str, Path]) -> str:
    """Each way of changing what was carried is found, and nothing is installed."""

    def one_byte(house: Path) -> None:
        path = next((house / "wheels").glob("rich-*.whl"))
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)

    def another_list(house: Path) -> None:
        """As above, but whoever did it has written the list anew: pip's own hashes, and the fingerprint, are left."""
        one_byte(house)
        (house / "SHA256SUMS").write_text(script("wheelhouse").sums(house), encoding="utf-8")

    def one_more(house: Path) -> None:
        (house / "wheels" / "textual-99.0-py3-none-any.whl").write_bytes(b"x")

    def one_less(house: Path) -> None:
        next((house / "wheels").glob("rich-*.whl")).unlink()

    mark = script("install").sha256(houses["now"] / "SHA256SUMS")
    elsewhere = pc.home / "elsewhere"
    ways: list[tuple[Callable[[Path], None], tuple[str, ...], str]] = [
        (one_byte, (), "内容が一覧と違います"),
        (another_list, (), "入れられません"),
        (another_list, ("--fingerprint", mark), "照合値が紙のものと違います"),
        (one_more, (), "一覧にないファイルです"),
        (one_less, (), "足りません"),
    ]
    for n, (way, more, words) in enumerate(ways):
        house = pc.home / f"tampered-{n}"
        shutil.copytree(houses["now"], house)
        way(house)
        said = pc.run(sys.executable, house / "install.py", "--to", elsewhere, *more, status=1)
        expect(words in said, f"{way.__name__}: {said}")
        left = [p.name for p in elsewhere.iterdir()] if elsewhere.exists() else []
        expect(left == [], f"{way.__name__} left {left}")
        shutil.rmtree(house)
    return f"{len(ways)} ways, all refused, nothing installed"


def upgrades(pc: PC, houses: dict[str, Path]) -> str:
    facts = pc.head()
    pc.install(houses["later"])
    expect(pc.head() == facts, "facts were lost")
    expect("9.9.1" in pc.run(pc.base / "floorctl", "--version"), "the old version still starts")
    pc.floorctl("do", "memo.written", "text=更新後")
    return f"{facts} facts kept, one more written"


def back_with_the_data(pc: PC, _: dict[str, Path]) -> str:
    """The form is the same: the version goes back, the data file stays with what was recorded since."""
    facts = pc.head()
    said = pc.run(sys.executable, ROOT / "docs/install/install.py", "--to", pc.base, "--db", pc.db, "--back")
    expect("そのままです" in said and pc.head() == facts, said)
    expect("9.9" not in pc.run(pc.base / "floorctl", "--version"), "the new version still starts")
    return f"{facts} facts, the later one too"


def open_console(pc: PC, houses: dict[str, Path]) -> str:
    """Nobody's file is changed under a console or an ingest that has it open."""
    feed = pc.home / "open.jsonl"
    feed.touch()
    held = subprocess.Popen(
        [*pc.before, str(pc.base / "floorctl"), "--db", str(pc.db), "ingest", "--follow", str(feed)], env=pc.env
    )
    try:
        time.sleep(2)
        expect("開いています" in pc.install(houses["newer"], status=1), "it was installed under an open file")
    finally:
        held.terminate()
        held.wait()
    return "refused"


def newer_form(pc: PC, houses: dict[str, Path]) -> str:
    before, facts = pc.form(), pc.head()
    pc.install(houses["newer"])
    expect((pc.form(), pc.head()) == (before + 1, facts), "the file was not brought to the newer form whole")
    return f"form {before} to {before + 1}, {facts} facts"


def back_to_the_copy(pc: PC, _: dict[str, Path]) -> str:
    """The version before cannot read the newer form: it says what would be lost, and goes back when told to."""
    install = (sys.executable, ROOT / "docs/install/install.py", "--to", pc.base, "--db", pc.db, "--back")
    facts = pc.head()
    pc.floorctl("do", "memo.written", "text=新しい版で")
    said = pc.run(*install, status=1)
    expect("1件" in said and "--with-data" in said, said)
    expect(pc.head() == facts + 1, "something was changed though it was refused")
    said = pc.run(*install, "--with-data")
    expect(pc.head() == facts and "今までのファイル" in said, said)
    aside = list(pc.db.parent.glob("*before-restore*"))
    expect(len(aside) == 1, f"kept aside: {aside}")
    pc.floorctl("doctor", "--full")
    return f"{facts} facts again, the later file kept aside"


def half_made(pc: PC, houses: dict[str, Path]) -> str:
    """An installation that was cut off is made anew by the same command."""
    name = script("install").carried(houses["newer"])[1]
    (pc.base / name / "complete").unlink()
    shutil.rmtree(pc.base / name / "bin", ignore_errors=True)
    pc.install(houses["newer"])
    return pc.run(pc.base / "floorctl", "--version").strip()


def new_pc(pc: PC, houses: dict[str, Path]) -> str:
    """To another PC: a backup is carried, installed, restored, and its head is that of the paper."""
    copy = pc.home / "carried.db"
    head = json.loads(pc.floorctl("backup", copy, "--json"))["head"]
    other = PC(pc.home / "other")
    other.install(houses["newer"])
    other.floorctl("restore", copy)
    other.floorctl("doctor", "--full", "--head", f"{head['seq']}:{head['hash']}")
    return f"{head['seq']} facts, head proved"


STEPS: tuple[Callable[[PC, dict[str, Path]], str], ...] = (
    installs, a_day, a_demo, tampered, upgrades, back_with_the_data, open_console, newer_form, back_to_the_copy,
    half_made, new_pc,
)  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.install", description=__doc__)
    parser.add_argument("--folder", help="where to work (default: the temporary folder)")
    asked = parser.parse_args(argv)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    wheelhouse = script("wheelhouse")
    with tempfile.TemporaryDirectory(prefix="floorctl-install-", dir=asked.folder) as scratch:
        work = Path(scratch)
        sources = {
            "now": ROOT,
            "later": version(work / "later", "9.9.1", newer_form=False),
            "newer": version(work / "newer", "9.9.2", newer_form=True),
        }
        houses = {}
        platforms = {p: wheelhouse.PLATFORMS[p] for p in [PLATFORM[sys.platform]]}
        for name, source in sources.items():
            print(f"  … wheelhouse {name}", file=sys.stderr, flush=True)
            houses[name] = work / f"house-{name}"
            wheelhouse.make(houses[name], platforms, (python,), source)
        pc = PC(work / "pc")
        print(f"Python {sys.version.split()[0]}, {sys.platform}; without a network by: {pc.how}")
        for step in STEPS:
            began = time.monotonic()
            try:
                said = step(pc, houses)
            except Failed as e:
                print(f"WRONG {step.__name__}: {e}")
                return 1
            print(f"{step.__name__:20} {time.monotonic() - began:5.1f} s  {said}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
