"""The scripts of docs/install/ and their page; the whole of it, without a network, is ``python -m tests.install``."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from floorctl.cli.base import Settings
from floorctl.database.file_lock import shared
from tests.install.__main__ import script, version

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
wheelhouse: Any = script("wheelhouse")
install: Any = script("install")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    folder = tmp_path / "house"
    (folder / "wheels").mkdir(parents=True)
    for name in (
        "floorctl_console-0.1.0-py3-none-any.whl",
        "rich-15.0.0-py3-none-any.whl",
        "rich-15.0.0-cp311-win.whl",
    ):
        (folder / "wheels" / name).write_bytes(name.encode())
    (folder / "requirements.txt").write_text(wheelhouse.requirements(folder / "wheels"), encoding="utf-8")
    (folder / "SHA256SUMS").write_text(wheelhouse.sums(folder), encoding="utf-8")
    return folder


# ---- the list of what is carried


def test_a_house_as_it_was_made_is_verified_and_has_one_fingerprint(house: Path) -> None:
    assert install.verify(house) == wheelhouse.sha256(house / "SHA256SUMS")
    assert install.carried(house)[0] == "0.1.0"
    assert (house / "requirements.txt").read_text().count("--hash=sha256:") == 3


def changed(house: Path) -> None:
    (house / "requirements.txt").write_text("rich", encoding="utf-8")


def added(house: Path) -> None:
    (house / "wheels" / "more.whl").touch()


def missing(house: Path) -> None:
    (house / "wheels" / "rich-15.0.0-cp311-win.whl").unlink()


def unlisted(house: Path) -> None:
    (house / "SHA256SUMS").unlink()


def outside(house: Path) -> None:
    with (house / "SHA256SUMS").open("a", encoding="utf-8") as file:
        file.write(f"{'0' * 64} *../elsewhere\n")


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (changed, "違います"),
        (added, "一覧にない"),
        (missing, "足りません"),
        (unlisted, "コピーし直して"),
        (outside, "形が"),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_whatever_was_changed_on_the_way_is_refused(house: Path, way: Any, words: str) -> None:
    way(house)
    with pytest.raises(install.Refused, match=words):
        install.verify(house)


def test_sha256sum_reads_the_same_list(house: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("sha256sum is not on Windows")
    done = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=house, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_only_versions_of_the_lock_are_carried_and_windows_gets_its_own() -> None:
    lock = wheelhouse.locked(LOCK)
    assert lock["textual"] == ("8.2.8", False)
    assert {name for name, (_, windows) in lock.items() if windows} == {"colorama"}
    report = {"install": [{"metadata": {"name": n, "version": lock[n][0]}} for n in ("textual", "tzdata", "click")]}
    report["install"].append({"metadata": {"name": "pip", "version": "26.3"}})
    assert wheelhouse.wanted(report, lock).keys() == {"click", "colorama", "textual", "tzdata"}
    report["install"][0]["metadata"]["version"] = "8.3.0"
    with pytest.raises(SystemExit, match="textual"):
        wheelhouse.wanted(report, lock)


def test_every_dependency_is_locked_so_that_a_house_can_be_made() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {wheelhouse.name_of(line.partition(">=")[0]) for line in project["dependencies"]}
    assert names <= wheelhouse.locked(LOCK).keys()
    assert min(wheelhouse.PYTHONS, key=lambda x: int(x[2:])) == project["requires-python"].removeprefix(">=")


# ---- what the installed version is asked


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The version that is installed is this one."""
    monkeypatch.setattr(install, "python_of", lambda *_: sys.executable)
    monkeypatch.delenv("FLOORCTL_DB", raising=False)


def test_every_name_of_floorctl_that_the_script_uses_is_there() -> None:
    for name, paths in install.NAMES.items():
        module, _, last = paths[0].rpartition(".")
        assert hasattr(import_module(module), last), f"{name} is not in {module}"
    named = re.findall(r"\bfloorctl(?:\.\w+)+", (ROOT / "docs/install/install.py").read_text(encoding="utf-8"))
    files = {"floorctl.cmd", "floorctl.exe"}
    assert set(named) - files == {path for paths in install.NAMES.values() for path in paths}


@pytest.mark.usefixtures("installed")
def test_the_installed_version_names_its_data_file(tmp_path: Path) -> None:
    assert install.data_file(tmp_path, "any", None) == Settings(None, None, None).path
    assert install.data_file(tmp_path, "any", str(tmp_path / "my.db")) == tmp_path / "my.db"


@pytest.mark.usefixtures("installed")
def test_nothing_is_installed_while_the_data_file_is_open(tmp_path: Path) -> None:
    db = tmp_path / "floor.db"
    hold = shared(db)
    assert hold is not None
    with pytest.raises(install.Refused, match="開いています"):
        install.refuse_while_open(tmp_path, "any", db)
    hold.close()
    install.refuse_while_open(tmp_path, "any", db)
    assert not list(tmp_path.iterdir()), "no lock is left behind"


@pytest.mark.usefixtures("installed")
def test_an_older_version_has_the_names_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = tmp_path / "older" / "floorctl"
    older.mkdir(parents=True)
    (older / "__init__.py").touch()
    (older / "cli.py").write_text("class Settings:\n def __init__(self, *_): self.path = '/old/floor.db'\n")
    (older / "errors.py").write_text("class FloorctlError(Exception): pass\n")
    (older / "holding.py").write_text(
        "from floorctl.errors import FloorctlError\ndef alone(path):\n if path.name == 'held.db': raise FloorctlError\n"
    )

    monkeypatch.setattr(install, "run", lambda *command: subprocess.run(
        [str(x) for x in command], capture_output=True, encoding="utf-8", check=False, cwd=older.parent
    ))  # fmt: skip
    assert install.data_file(tmp_path, "any", None) == Path("/old/floor.db")
    install.refuse_while_open(tmp_path, "any", tmp_path / "free.db")
    with pytest.raises(install.Refused, match="開いています"):
        install.refuse_while_open(tmp_path, "any", tmp_path / "held.db")


# ---- which version starts


def test_the_starter_is_switched_whole_and_the_state_says_so(tmp_path: Path) -> None:
    state = install.read_state(tmp_path)
    assert state == {"current": None, "versions": {}}
    for name in ("floorctl-0.1.0-aaaaaaaa", "floorctl-0.2.0-bbbbbbbb"):
        state["versions"][name] = {"version": name, "before": None}
        install.switch(tmp_path, state, name)
        starter = tmp_path / ("floorctl.cmd" if install.WINDOWS else "floorctl")
        assert name in starter.read_text()
        assert install.read_state(tmp_path)["current"] == name
    assert not list(tmp_path.glob(".*"))
    for text in ("{", "[]", "{}"):
        (tmp_path / install.STATE).write_text(text, encoding="utf-8")
        with pytest.raises(install.Refused, match="--to"):
            install.read_state(tmp_path)


class Two:
    """Two versions of floorctl, the first of which may be unable to read the file (``newer_form``)."""

    def __init__(self, base: Path, *, newer_form: bool, since: int) -> None:
        self.base, self.newer_form, self.since = base, newer_form, since
        self.db, self.kept = base / "floor.db", base / "kept.db"
        self.ran: list[tuple[str, str]] = []
        for name in ("old", "new"):
            (base / name).mkdir(parents=True)
            (base / name / "complete").touch()
        self.db.touch(), self.kept.touch()
        entry = {"version": "2", "before": "old", "backup": str(self.kept), "facts": 100}
        state = {"current": None, "versions": {"old": {"version": "1", "before": None}, "new": entry}}
        install.switch(base, state, "new")

    def floorctl(self, _: Path, name: str, __: Path, verb: str, *___: object) -> SimpleNamespace:
        self.ran.append((name, verb))
        if verb == "restore":
            return SimpleNamespace(returncode=0, stdout=json.dumps({"aside": "aside.db"}), stderr="")
        head = {"head": {"seq": 100 + self.since}}
        unreadable = name == "old" and self.newer_form
        return SimpleNamespace(returncode=3 if unreadable else 0, stdout=json.dumps(head), stderr="")

    def back(self, monkeypatch: pytest.MonkeyPatch, *, with_data: bool = False) -> list[str]:
        monkeypatch.setattr(install, "floorctl", self.floorctl)
        monkeypatch.setattr(install, "refuse_while_open", lambda *_: None)
        found: list[str] = install.back(self.base, str(self.db), with_data)
        return found

    @property
    def current(self) -> str:
        return str(install.read_state(self.base)["current"])


def test_back_to_a_version_that_reads_the_file_leaves_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = Two(tmp_path, newer_form=False, since=7)
    assert "そのまま" in two.back(monkeypatch)[0]
    assert (two.current, two.ran) == ("old", [("old", "status")])


def test_back_from_a_newer_form_says_what_would_be_lost_and_waits_for_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = Two(tmp_path, newer_form=True, since=7)
    with pytest.raises(install.Refused, match=r"7件.*--with-data"):
        two.back(monkeypatch)
    assert two.current == "new"
    assert "aside.db" in two.back(monkeypatch, with_data=True)[0]
    assert (two.current, two.ran[-1]) == ("old", ("old", "restore"))


def test_back_from_a_newer_form_without_records_since_needs_no_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = Two(tmp_path, newer_form=True, since=0)
    two.back(monkeypatch)
    assert two.current == "old"


class Broken:
    """An update that was cut off when the new version had brought the data file to its form: the old one cannot read it."""

    def __init__(self, base: Path) -> None:
        self.base, self.db, self.cut = base, base / "floor.db", True
        self.ran: list[tuple[str, str]] = []
        (base / "old").mkdir(parents=True)
        (base / "old" / "complete").touch()
        self.db.touch()
        install.switch(base, {"current": None, "versions": {"old": {"version": "1", "before": None}}}, "old")

    def floorctl(self, _: Path, name: str, __: Path, verb: str, *rest: object) -> SimpleNamespace:
        self.ran.append((name, verb))
        newer = not self.cut
        if verb == "backup" and not newer:
            Path(str(rest[0])).touch()
        if verb == "doctor" and self.cut:
            self.cut = False
            raise KeyboardInterrupt
        status = 3 if name == "old" and newer else 0
        return SimpleNamespace(returncode=status, stdout=json.dumps({"facts": 100}), stderr="新しい版のファイルです")

    def install(self, house: Path) -> list[str]:
        found: list[str] = install.install(house, self.base, str(self.db))
        return found


def test_an_update_that_was_cut_off_is_finished_by_the_next_one(
    house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, name = Broken(tmp_path / "base"), install.carried(house)[1]
    monkeypatch.setattr(install, "floorctl", broken.floorctl)
    monkeypatch.setattr(install, "refuse_while_open", lambda *_: None)
    (broken.base / name).mkdir()
    (broken.base / name / "complete").touch()
    with pytest.raises(KeyboardInterrupt):
        broken.install(house)
    assert install.read_state(broken.base)["current"] == "old"
    said = broken.install(house)
    state = install.read_state(broken.base)
    assert state["current"] == name and any("更新前の控え" in line for line in said)
    new = [verb for of, verb in broken.ran if of == name]
    assert new[-2:] == ["status", "doctor"], "doctor changes no file: another verb brings it to the new form first"
    entry = state["versions"][name]
    assert (entry["before"], entry["facts"], Path(entry["backup"]).exists()) == ("old", 100, True)


def test_back_without_the_copy_or_without_a_version_before_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = Two(tmp_path, newer_form=True, since=7)
    two.kept.unlink()
    with pytest.raises(install.Refused, match="控えがありません"):
        two.back(monkeypatch, with_data=True)
    (two.base / "old" / "complete").unlink()
    with pytest.raises(install.Refused, match="戻る先"):
        two.back(monkeypatch)
    assert two.current == "new"


# ---- files and page


def test_the_two_starters_only_call_the_script() -> None:
    cmd = (ROOT / "docs/install/install.cmd").read_bytes()
    assert cmd.isascii() and cmd.count(b"\n") == cmd.count(b"\r\n") == 3, "cmd.exe reads ASCII with CRLF"
    assert b'py -3 "%~dp0install.py" %*' in cmd
    sh = (ROOT / "docs/install/install.sh").read_text(encoding="utf-8")
    assert sh.startswith("#!/bin/sh\n") and 'install.py" "$@"' in sh


def test_the_page_names_every_option() -> None:
    helps = "".join(
        subprocess.run(
            [sys.executable, ROOT / "docs/install" / name, "--help"], capture_output=True, check=True,
            env={"PYTHONUTF8": "1", "PATH": ""}, encoding="utf-8",
        ).stdout
        for name in ("install.py", "wheelhouse.py")
    )  # fmt: skip
    options = set(re.findall(r"--[a-z-]+", helps)) - {"--help"}
    assert {o for o in options if not re.search(rf"{o}(?![a-z-])", PAGE)} == set()


def test_a_later_version_for_the_trial_differs_in_what_it_should(tmp_path: Path) -> None:
    found = version(tmp_path / "later", "9.9.2", newer_form=True)
    assert tomllib.loads((found / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"] == "9.9.2"
    ours = (ROOT / "floorctl" / "database" / "schema_check.py").read_text(encoding="utf-8").splitlines()
    theirs = (found / "floorctl" / "database" / "schema_check.py").read_text(encoding="utf-8").splitlines()
    assert sum(a != b for a, b in zip(ours, theirs, strict=True)) == 1


def wheel(name: str, version: str, *more: str) -> bytes:
    """A wheel of nothing but its metadata."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        head = [f"Name: {name}", f"Version: {version}", "License-Expression: MIT", *more]
        archive.writestr(f"{name}-{version}.dist-info/METADATA", "\n".join(head) + "\n")
    return held.getvalue()


def test_what_is_carried_has_a_list_with_the_hash_of_each_wheel(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for file, data in {
        "floorctl_console-1.0-py3-none-any.whl": wheel("floorctl-console", "1.0", "Requires-Dist: Rich>=15", "Requires-Dist: pytest; extra == 'dev'"),
        "rich-15.0.0-cp311-cp311-win_amd64.whl": wheel("rich", "15.0.0", "Requires-Dist: color_ama; sys_platform == 'win32'"),
        "rich-15.0.0-cp312-cp312-win_amd64.whl": wheel("rich", "15.0.0") + b" ",
        "color_ama-1-py3-none-any.whl": wheel("color-ama", "1"),
    }.items():  # fmt: skip
        (wheels / file).write_bytes(data)
    data = wheelhouse.software(wheels)
    assert data == wheelhouse.software(wheels)
    found = json.loads(data)
    assert found["metadata"]["component"]["hashes"][0]["content"] == wheelhouse.sha256(
        wheels / "floorctl_console-1.0-py3-none-any.whl"
    )
    by = {c["name"]: c for c in found["components"]}
    assert {n: c["version"] for n, c in by.items()} == {"color-ama": "1", "rich": "15.0.0"}
    assert {x["url"]: x["hashes"][0]["content"] for x in by["rich"]["externalReferences"]} == {
        f"wheels/{p.name}": wheelhouse.sha256(p) for p in wheels.glob("rich-*.whl")
    }
