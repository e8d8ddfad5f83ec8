"""The scripts of docs/install/ and their page; the whole of it, without a network, is ``python -m tests.install``."""

from __future__ import annotations

import ast
import base64
import errno
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from floorctl.cli.base import Settings
from floorctl.common import cloud_folder
from floorctl.database.file_lock import shared
from floorctl.database.network_share import is_unc
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


def test_an_old_python_is_told_what_makes_a_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    with pytest.raises(
        SystemExit, match=r"では作れません。3\.11 から 3\.14 までの Python で、もう一度実行してください"
    ):
        script("wheelhouse")


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


# ---- which Python

WHEELS = [
    "floorctl_console-0.1.0-py3-none-any.whl",
    "tzdata-2026.6-py2.py3-none-any.whl",
    *(
        f"pydantic_core-2.50.4-cp3{n}-cp3{n}-{platform}.whl"
        for n in (11, 12, 13, 14)
        for platform in ("win_amd64", "manylinux2014_x86_64.manylinux_2_17_x86_64")
    ),
]


def python(minor: int = 12, platform: str = "win_amd64", **more: Any) -> Any:
    facts = {"name": "cpython", "threads": False, "glibc": (2, 36) if platform.startswith("linux") else None}
    return install.Python(version=(3, minor), platform=platform, **(facts | more))


@pytest.fixture
def carried(tmp_path: Path) -> Path:
    (tmp_path / "wheels").mkdir()
    for name in WHEELS:
        (tmp_path / "wheels" / name).touch()
    return tmp_path


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The scripts believe to be on Windows; the pauses that they make."""
    pauses: list[float] = []
    monkeypatch.setattr(install, "on_windows", lambda: True)
    monkeypatch.setattr(install.time, "sleep", pauses.append)
    monkeypatch.setattr(install, "long_paths", lambda: True)
    return pauses


@pytest.mark.parametrize(
    ("wheel", "of", "taken"),
    [
        ("x-1-py3-none-any.whl", python(15), True),
        ("x-1-py2.py3-none-any.whl", python(name="pypy"), True),
        ("x-1-py313-none-any.whl", python(12), False),
        ("x-1-cp312-cp312-win_amd64.whl", python(12), True),
        ("x-1-2-cp312-cp312-win_amd64.whl", python(12), True),  # with the number of a build
        ("x-1-cp312-cp312-win_amd64.whl", python(13), False),
        ("x-1-cp312-cp312-win_amd64.whl", python(12, "win32"), False),
        ("x-1-cp312-cp312-win_amd64.whl", python(12, "win_arm64"), False),
        ("x-1-cp314-cp314-win_amd64.whl", python(14, threads=True), False),
        ("x-1-cp314-cp314t-win_amd64.whl", python(14, threads=True), True),
        ("x-1-cp39-abi3-win_amd64.whl", python(14), True),
        ("x-1-cp39-abi3-win_amd64.whl", python(14, threads=True), False),
        ("x-1-cp312-cp312-win_amd64.whl", python(12, name="pypy"), False),
        ("x-1-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", python(12, "linux_x86_64"), True),
        ("x-1-cp312-cp312-manylinux2014_x86_64.whl", python(12, "linux_x86_64", glibc=(2, 12)), False),
        ("x-1-cp312-cp312-manylinux_2_28_x86_64.whl", python(12, "linux_x86_64", glibc=None), False),
        ("x-1-cp312-cp312-manylinux_2_28_x86_64.whl", python(12, "linux_aarch64"), False),
    ],
)
def test_a_wheel_is_taken_for_the_python_that_pip_would_take_it_for(wheel: str, of: Any, taken: bool) -> None:
    assert install.fits(wheel, of) is taken


def test_pip_judges_the_wheels_of_this_python_alike() -> None:
    tags = import_module("packaging.tags")
    parse = import_module("packaging.utils").parse_wheel_filename
    pythons = [f"cp3{n}-{abi}" for n in range(9, 17) for abi in (f"cp3{n}", f"cp3{n}t", "abi3", "none")]
    platforms = ("any", "win_amd64", "manylinux1_x86_64", "manylinux_2_17_x86_64", "manylinux_2_99_x86_64")
    wheels = [f"x-1-{p}-{q}.whl" for p in (*pythons, "py3-none", "py2.py3-none", "py399-none") for q in platforms]
    ours = set(tags.sys_tags())
    assert {w for w in wheels if install.fits(w, install.this_python())} == {w for w in wheels if parse(w)[3] & ours}


@pytest.mark.parametrize("minor", [11, 12, 13, 14])
@pytest.mark.parametrize("platform", ["win_amd64", "linux_x86_64"])
def test_every_python_that_was_promised_will_do(carried: Path, minor: int, platform: str) -> None:
    assert f"Python 3.{minor}（" in install.need_python(carried, python(minor, platform))


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (python(15), r"3\.15、Windows 64ビット版.*wheel がありません: pydantic_core"),
        (python(9), r"3\.9、.*古すぎます"),
        (python(12, "win32"), r"3\.12、Windows 32ビット版.*pydantic_core"),
        (python(12, "win_arm64"), r"3\.12、Windows ARM64版.*pydantic_core"),
        (python(14, threads=True), r"3\.14、フリースレッド版、.*pydantic_core"),
        (python(11, name="pypy"), r"3\.11、pypy、.*pydantic_core"),
    ],
)
@pytest.mark.usefixtures("windows")
def test_another_python_is_refused_with_those_that_will_do(carried: Path, of: Any, words: str) -> None:
    with pytest.raises(install.Refused, match=words) as found:
        install.need_python(carried, of)
    said = str(found.value)
    assert "Windows 64ビット版の Python 3.11・3.12・3.13・3.14 を使って" in said
    assert "py -0 " in said and "py -3.14 install.py" in said and "\n" not in said


def test_the_store_s_python_and_one_without_venv_are_refused(carried: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(install.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object())
        with pytest.raises(install.Refused, match=r"venv が付いていません.*python3\.14 install\.py"):
            install.need_python(carried, python(12, "linux_x86_64"))
    store = r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_3.12.2544.0_x64__qbz5n2kfra8p0"
    monkeypatch.setattr(sys, "base_prefix", store)
    with pytest.raises(install.Refused, match="Microsoft Store"):
        install.need_python(carried, python())


def test_a_folder_for_other_machines_says_for_which(carried: Path) -> None:
    for of, where in (
        (python(12, "macosx_14_0_arm64"), "macosx_14_0_arm64"),
        (python(12, "linux_x86_64", glibc=None), "glibc なし"),
        (python(12, "linux_x86_64", glibc=(2, 12)), "glibc 2.12"),
    ):
        with pytest.raises(install.Refused, match=rf"Linux 64ビット版（glibc 2.17 以降）.*（.*{where}）には入りません"):
            install.need_python(carried, of)


def test_an_old_python_can_read_the_script_to_be_refused() -> None:
    ast.parse((ROOT / "docs/install/install.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_the_shell_chooses_the_first_python_that_will_do(carried: Path, tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("install.sh is not for Windows")
    for name in ("install.sh", "install.py"):
        shutil.copyfile(ROOT / "docs" / "install" / name, tmp_path / name)
    made = {"python3.14": "exit 1", "python3.12": 'echo "3.12 $2 $3"', "python3.11": "echo 3.11", "python3": "echo 3"}
    (tmp_path / "bin").mkdir()

    def asked() -> str:
        for name, line in made.items():
            path = tmp_path / "bin" / name
            path.write_text(f"#!/bin/sh\n{line}\n")
            path.chmod(0o755)
        return subprocess.run(
            ["/bin/sh", tmp_path / "install.sh", "--to", "a b"], capture_output=True, encoding="utf-8", check=False,
            env={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"},
        ).stdout  # fmt: skip

    assert asked() == "3.12 --to a b\n"
    made = dict.fromkeys(made, '[ "$2" = --python ] && exit 1; echo "none of us"') | {"python3.13": "exit 1"}
    assert asked() == "none of us\n", "python3 says itself why it will not do"


# ---- which place


@pytest.mark.parametrize(
    ("place", "service"),
    [
        (r"C:\Users\田島\OneDrive\ドキュメント", "OneDrive"),
        (r"C:\Users\田島\OneDrive - 熊谷市\floorctl", "OneDrive"),
        (r"c:/users/田島/onedrive - 熊谷市", "OneDrive"),
        (r"D:\雲\floorctl", "OneDrive"),
        (r"D:\会社の箱\x", "OneDrive"),
        (r"C:\Users\x\Dropbox (会社)\x", "Dropbox"),
        (r"G:\マイドライブ\x", "Google ドライブ"),
        (r"C:\Users\x\iCloudDrive\x", "iCloud"),
        (r"C:\Users\x\Nextcloud", "クラウド"),
        (r"C:\floorctl", ""),
        (r"C:\Users\x\AppData\Local\floorctl", ""),
        (r"D:\雲の上\floorctl", ""),
        (r"D:\OneDrive-old\floorctl", ""),
        (r"D:\box\floorctl", ""),
    ],
)
def test_the_script_and_floorctl_know_the_same_clouds(
    place: str, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OneDrive", r"D:\雲")
    monkeypatch.setenv("OneDriveCommercial", "D:\\会社の箱\\")
    monkeypatch.setattr(os.path, "realpath", str)  # a path of Windows is none of this system
    assert (install.cloud(Path(place)), cloud_folder.cloud_service(Path(place))) == (service, service)
    monkeypatch.setattr(Path, "home", lambda: Path(r"C:\Users\x"))
    assert install.cloud(Path(r"C:\Users\X\Box\y")) == cloud_folder.cloud_service(Path(r"c:\users\x\BOX")) == "Box"


def test_the_script_and_floorctl_know_the_same_services() -> None:
    assert install.CLOUDS == cloud_folder._NAMES


@pytest.mark.parametrize(
    "place", [r"\\server\share\x", "//server/share/x", r"\\?\UNC\server\share", r"\\?\C:\x", "C:/x"]
)
def test_the_script_and_floorctl_know_the_same_shares(place: str) -> None:
    assert (install.drive(Path(place)) == "share") is is_unc(str(Path(place))), place


@pytest.mark.usefixtures("windows")
def test_new_things_are_not_put_into_a_cloud_or_on_a_share(tmp_path: Path) -> None:
    cloud, share, own = tmp_path / "OneDrive - 熊谷市", Path(r"\\server\share"), tmp_path / "own"
    for base, db, words in (
        (cloud / "floorctl", None, r"プログラムは .*OneDriveと同期.*--to C:\\floorctl\\program のように"),
        (share / "floorctl", None, r"プログラムは .*共有フォルダー.*--to C:\\floorctl\\program のように"),
        (own, cloud / "floor.db", r"データファイルは .*OneDriveと同期.*--db C:\\floorctl\\data\\floor.db のように"),
        (own, share / "floor.db", r"データファイルは .*共有フォルダー.*--db"),
        (tmp_path / "house" / "x", None, "運んだフォルダーの中"),
        (tmp_path / "House", None, "運んだフォルダーの中"),
    ):
        with pytest.raises(install.Refused, match=words):
            install.need_place(tmp_path / "house", base, db)
    assert install.need_place(tmp_path / "house", own, own / "floor.db") == []
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("windows")
def test_what_is_in_a_cloud_already_is_said_and_goes_on(tmp_path: Path) -> None:
    cloud = tmp_path / "Dropbox"
    cloud.mkdir()
    (cloud / "floor.db").touch()
    (cloud / install.STATE).touch()
    said = install.need_place(tmp_path / "house", cloud, cloud / "floor.db")
    assert [line.split("のある")[0] for line in said] == ["注意: プログラム", "注意: データファイル"]
    assert all("Dropboxと同期" in line and "install.md の 3" in line for line in said)


@pytest.mark.usefixtures("windows")
def test_windows_is_asked_for_the_kind_of_disk_and_for_other_clouds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds, roots, asked = {"": 3}, [1], []
    ctypes = SimpleNamespace(
        create_string_buffer=lambda n: n, c_ulong=lambda: 0, byref=lambda x: x,
        windll=SimpleNamespace(
            kernel32=SimpleNamespace(GetDriveTypeW=lambda root: kinds[root.rstrip("\\")]),
            cldapi=SimpleNamespace(CfGetSyncRootInfoByPath=lambda path, *_: asked.append(path) or roots[0]),
        ),
    )  # fmt: skip
    monkeypatch.setitem(sys.modules, "ctypes", ctypes)
    house, base = tmp_path / "house", tmp_path / "a" / "b"
    assert install.need_place(house, base, None) == []
    assert asked == [str(tmp_path)], "the folder that is there"
    kinds[""] = 2
    assert "取り外せる媒体" in install.need_place(house, base, None)[0]
    kinds[""] = 4
    with pytest.raises(install.Refused, match="共有フォルダー"):
        install.need_place(house, base, None)
    kinds[""], roots[0] = 3, 0
    with pytest.raises(install.Refused, match="クラウドと同期"):
        install.need_place(house, base, None)
    ctypes.windll = SimpleNamespace()  # a Windows that has neither
    assert install.need_place(house, base, None) == []


def test_a_place_whose_paths_would_be_too_long_is_refused(
    house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "floorctl/" + "名" * 90 + ".py"
    for path in (house / "wheels").iterdir():
        with zipfile.ZipFile(path, "w") as file:
            file.writestr(name, "")
    monkeypatch.setattr(install, "long_paths", lambda: False)
    monkeypatch.setattr(install, "this_python", python)
    fixed = "/Lib/site-packages/floorctl/__pycache__/" + "名" * 90 + ".cpython-3xx.pyc"
    longest = Path("C:/" + "x" * (install.LONGEST - 3 - len(fixed) - 17))
    install.need_length(house, longest)
    with pytest.raises(install.Refused, match=r"260字、Windows では 259字まで"):
        install.need_length(house, longest.with_name(f"{longest.name}x"))
    assert install.units("𠮷") == 2, "as Windows counts"
    deep = tmp_path / ("d" * 250)
    deep.mkdir()
    shutil.copyfile(house / "SHA256SUMS", deep / "SHA256SUMS")
    with pytest.raises(install.Refused, match="場所が長すぎます"):
        install.verify(deep)


# ---- files that somebody else holds


def held(number: int = 32) -> PermissionError:
    error = PermissionError(13, "別のプロセスが使用中です。", "x")
    error.winerror = number  # type: ignore[misc]
    return error


def refusing(times: int, act: Callable[..., Any], number: int = 32) -> Callable[..., Any]:
    """``act``, but that the first ``times`` calls of it are refused as by a scanner."""
    calls: list[int] = []

    def replaced(*args: Any, **more: Any) -> Any:
        calls.append(1)
        if len(calls) <= times:
            raise held(number)
        return act(*args, **more)

    return replaced


@pytest.mark.parametrize("times", [1, 2, 12])
@pytest.mark.parametrize("number", [5, 32, 33])
def test_the_switch_waits_for_a_scanner(
    times: int, number: int, windows: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", refusing(times, os.replace, number))
    install.switch(tmp_path, {"current": None, "versions": {}}, "floorctl-0.1.0-aaaaaaaa")
    assert install.read_state(tmp_path)["current"] == "floorctl-0.1.0-aaaaaaaa"
    assert len(windows) == times and windows[:3] == [0.01, 0.02, 0.04][:times] and max(windows) <= 0.5
    starter = (tmp_path / "floorctl.cmd").read_bytes()
    assert starter.isascii() and starter.count(b"\r\n") == starter.count(b"\n") == 2
    assert starter.splitlines()[1] == rb'@"%~dp0floorctl-0.1.0-aaaaaaaa\Scripts\floorctl.exe" %*'


def test_the_switch_that_is_refused_for_long_changes_nothing_and_says_so(
    windows: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install.switch(tmp_path, {"current": None, "versions": {}}, "old")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setattr(os, "replace", refusing(999, os.replace))
    with pytest.raises(install.Refused, match=r"ほかのプログラム.*もう一度実行"):
        install.switch(tmp_path, {"current": "old", "versions": {}}, "new")
    assert 5 <= sum(windows) < 6
    assert before.items() <= {path.name: path.read_bytes() for path in tmp_path.iterdir()}.items()


def test_elsewhere_a_refusal_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "on_windows", lambda: False)
    monkeypatch.setattr(os, "replace", refusing(1, os.replace))
    with pytest.raises(install.Refused):
        install.switch(tmp_path, {"current": None, "versions": {}}, "new")


def test_a_full_disk_is_not_waited_for(windows: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "空き領域がありません", "x")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="空き"):
        install.put(tmp_path / "x", "x")
    assert windows == []


def test_a_version_that_is_in_use_is_not_made_anew(
    house: Path, windows: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "base" / "floorctl-0.1.0-aaaaaaaa").mkdir(parents=True)
    monkeypatch.setattr(shutil, "rmtree", refusing(999, shutil.rmtree, 5))
    monkeypatch.setattr(install, "run", lambda *_: pytest.fail("nothing is begun"))
    with pytest.raises(install.Refused, match="使っているプログラムを終えて"):
        install._make(house, tmp_path / "base", "floorctl-0.1.0-aaaaaaaa", "0.1.0")
    assert sum(windows) >= 5


def test_a_folder_that_still_lists_what_was_removed_is_tried_again(
    windows: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, remove, refusals = tmp_path / "x", os.rmdir, [OSError(errno.ENOTEMPTY, "", "x")] * 2

    def rmdir(*args: Any, **more: Any) -> None:
        if refusals:
            raise refusals.pop()
        remove(*args, **more)

    monkeypatch.setattr(os, "rmdir", rmdir)
    folder.mkdir()
    install.remove(folder)
    assert not folder.exists() and windows == [0.01, 0.02]


def test_a_switch_of_which_only_the_answer_was_lost_is_done(
    windows: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def answer_lost(*args: Any) -> None:
        replace(*args)
        raise held(5)

    monkeypatch.setattr(os, "replace", answer_lost)
    install.switch(tmp_path, {"current": None, "versions": {}}, "new")
    assert install.read_state(tmp_path)["current"] == "new" and windows == []
    assert {path.name for path in tmp_path.iterdir()} == {"floorctl.cmd", "versions.json"}


@pytest.mark.usefixtures("windows")
def test_what_a_failed_attempt_leaves_is_taken_away_when_it_is_let_go(
    house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "base" / "floorctl-0.1.0-aaaaaaaa"

    def venv(*_: object) -> SimpleNamespace:
        (folder / "Scripts").mkdir(parents=True)
        return SimpleNamespace(returncode=1, stdout="", stderr="no venv")

    monkeypatch.setattr(install, "run", venv)
    monkeypatch.setattr(shutil, "rmtree", refusing(2, shutil.rmtree, 5))
    with pytest.raises(install.Refused, match="no venv"):
        install._make(house, folder.parent, folder.name, "0.1.0")
    assert not folder.exists()


def test_a_version_that_does_not_run_any_more_is_made_anew(
    house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_short(*_: object) -> None:
        raise install.Refused("入れた floorctl が動きません")

    made: list[str] = []
    version, name = install.carried(house)
    install.switch(tmp_path, {"current": None, "versions": {name: {"version": version, "before": "old"}}}, name)
    state = install.read_state(tmp_path)
    monkeypatch.setattr(install, "_try", lambda *_: None)
    monkeypatch.setattr(install, "_make", lambda *args: made.append(args[2]))
    monkeypatch.setattr(install, "run", lambda *_: SimpleNamespace(returncode=0))
    (tmp_path / name).mkdir()
    (tmp_path / name / "complete").touch()
    assert "もう入っています" in install.install(house, tmp_path, None)[0] and made == []
    monkeypatch.setattr(install, "_try", cut_short)
    assert "入れ直しました" in install.install(house, tmp_path, None)[0]
    monkeypatch.setattr(install, "_try", lambda *_: None)
    monkeypatch.setattr(install, "run", lambda *_: SimpleNamespace(returncode=1))
    assert "入れ直しました" in install.install(house, tmp_path, None)[0]
    assert made == [name, name] and install.read_state(tmp_path) == state


def test_a_package_whose_files_are_not_as_listed_is_found(tmp_path: Path) -> None:
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"x = 1\n").digest()).rstrip(b"=").decode()
    (tmp_path / "x-1.dist-info").mkdir()
    (tmp_path / "x-1.dist-info" / "METADATA").write_text("Name: x\nVersion: 1\n")
    (tmp_path / "x-1.dist-info" / "RECORD").write_text(f"x.py,sha256={digest},6\nx-1.dist-info/RECORD,,\n")
    for text, ends in (("x = 1\n", 0), ("x = 2\n", 1), (None, 1)):
        (tmp_path / "x.py").write_text(text) if text else (tmp_path / "x.py").unlink()
        code = f"import sys; sys.path[:] = [{str(tmp_path)!r}, *sys.path[1:3]]\n{install.AS_LISTED}"
        done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, check=False)
        assert done.returncode == ends, done.stderr


# ---- which version starts


def test_the_starter_is_switched_whole_and_the_state_says_so(tmp_path: Path) -> None:
    state = install.read_state(tmp_path)
    assert state == {"current": None, "versions": {}}
    for name in ("floorctl-0.1.0-aaaaaaaa", "floorctl-0.2.0-bbbbbbbb"):
        state["versions"][name] = {"version": name, "before": None}
        install.switch(tmp_path, state, name)
        starter = tmp_path / ("floorctl.cmd" if install.on_windows() else "floorctl")
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
    monkeypatch.setattr(install, "intact", lambda *_: True)
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
    assert cmd.isascii() and cmd.count(b"\n") == cmd.count(b"\r\n"), "cmd.exe reads ASCII with CRLF"
    lines = cmd.decode().splitlines()
    assert f"for %%v in ({' '.join(reversed(wheelhouse.PYTHONS))}) do call :ask %%v" in lines, "the newest first"
    labels = {line[1:] for line in lines if line.startswith(":")}
    assert set(re.findall(r"goto (\w+)", cmd.decode())) == labels - {"ask"} == {"launcher", "py3", "python"}
    for label, call in (("launcher", "py.exe -%CHOSEN%"), ("py3", "py.exe -3"), ("python", "python.exe")):
        at = lines.index(f":{label}")
        assert lines[at + 1 : at + 3] == [f'{call} "%~dp0install.py" %*', "exit /b %ERRORLEVEL%"]
    assert "PYTHON_MANAGER_AUTOMATIC_INSTALL=false" in cmd.decode(), "no launcher reaches the network"
    assert wheelhouse.NO_PYTHON[0] in cmd.decode()
    calls = [line.split(" ", 1)[0] for line in lines if "install.py" in line and not line.startswith("rem")]
    assert set(calls) == {"py.exe", "python.exe"}, "a python.bat would take over, and nothing would come after it"
    assert lines.index('set "ERRORLEVEL="') < lines.index('set "CHOSEN="'), "a variable of that name hides the status"
    sh = (ROOT / "docs/install/install.sh").read_text(encoding="utf-8")
    assert sh.startswith("#!/bin/sh\n") and 'exec "$python" "$script" "$@"' in sh
    assert f"for python in {' '.join(f'python{v}' for v in reversed(wheelhouse.PYTHONS))} python3; do" in sh


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
