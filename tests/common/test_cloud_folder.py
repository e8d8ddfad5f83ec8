"""What is said where the data file, a document or a backup lies in a folder that a service keeps in step with a cloud."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from floorctl.common.cloud_folder import cloud_service, console_note, service_of_file
from floorctl.screens import launch
from floorctl.usecases import closing
from floorctl.usecases.closing import Closed
from tests.contract.contract_cli import run

NOW = "2026-09-14T10:00"


@pytest.fixture
def cloud(tmp_path: Path) -> Path:
    folder = tmp_path / "OneDrive - 熊谷市" / "ドキュメント"
    folder.mkdir(parents=True)
    return folder


def test_a_link_into_a_cloud_is_told(cloud: Path, tmp_path: Path) -> None:
    link = tmp_path / "documents"
    link.symlink_to(cloud)
    assert cloud_service(link) == service_of_file(link / "floor.db") == "OneDrive"
    (tmp_path / "floor.db").symlink_to(cloud / "floor.db")
    assert service_of_file(tmp_path / "floor.db") == "OneDrive"
    assert service_of_file(cloud.parent.parent / "OneDrive.db") == "", "the name of a file says nothing"


def test_windows_is_asked_for_services_of_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    roots = {str(tmp_path): 0}
    ask = SimpleNamespace(CfGetSyncRootInfoByPath=lambda path, *_: roots.get(path, -2147024519))
    ctypes = SimpleNamespace(
        create_string_buffer=bytearray, c_ulong=lambda: 0, byref=id, windll=SimpleNamespace(cldapi=ask)
    )
    monkeypatch.setitem(sys.modules, "ctypes", ctypes)
    monkeypatch.setattr(sys, "platform", "win32")
    assert cloud_service(tmp_path / "not" / "yet") == "クラウド"
    roots.clear()
    assert cloud_service(tmp_path) == ""
    ctypes.windll = SimpleNamespace()
    assert cloud_service(tmp_path) == "", "a Windows that cannot be asked"


def test_doctor_says_so_and_ends_as_it_would(cloud: Path, tmp_path: Path) -> None:
    for folder, service in ((cloud, "OneDrive"), (tmp_path, None)):
        db = folder / "floor.db"
        assert run("do", "memo.written", "text=覚え", db=db, now=NOW).status == 0
        said = run("doctor", "--json", db=db, now=NOW)
        report = json.loads(said.out)
        assert (said.status, report["ok"], report["cloud"], said.err) == (0, True, service, "")
        text = run("doctor", db=db, now=NOW)
        assert text.status == 0
        assert ("注意: データファイルのフォルダーは OneDrive と同期されます" in text.out) is (service is not None)
        assert ("C:\\floorctl" in text.out) is (service is not None)


def test_what_is_written_into_a_cloud_is_told_once(
    cloud: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = Closed([cloud / "a.xlsx", cloud / "b.csv"], [], [], None, None, None, False)
    monkeypatch.setattr(closing, "close", lambda *_: closed)
    db = tmp_path / "floor.db"
    run("do", "day.opened", "officials=2", db=db, now=NOW)
    for args in (
        ("export", "--fallback", "--out", cloud),
        ("backup", cloud / "copy.db"),
        ("close", "--out", cloud),
    ):
        said = run(*args, db=db, now=NOW)
        assert said.status == 0, said.err
        lines = [line for line in said.err.splitlines() if "同期されます" in line]
        assert len(lines) == 1 and str(cloud) in lines[0] and "市と決めた場所でなければ" in lines[0], args
    assert "同期" not in run("export", "--fallback", "--out", tmp_path, db=db, now=NOW).err


def test_what_goes_beside_a_data_file_in_a_cloud_moves_with_it(cloud: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "close", lambda *_: Closed([cloud / "a.xlsx"], [], [], None, None, None, False))
    db = cloud / "floor.db"
    run("do", "day.opened", "officials=2", db=db, now=NOW)
    for command in ("close", "backup"):
        said = run(command, db=db, now=NOW)
        lines = [line for line in said.err.splitlines() if "同期されます" in line]
        assert (said.status, len(lines)) == (0, 1) and "データファイルのフォルダーは" in lines[0], command


def test_a_console_is_started_with_it(cloud: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes: list[str] = []
    monkeypatch.setattr(launch, "_run", lambda app, _: notes.append(app.place_note))
    monkeypatch.setattr(launch, "_hold_garbage", lambda: None)
    for folder in (cloud, tmp_path):
        launch.run_console(folder / "floor.db", None, None, ())
    assert notes == [console_note("OneDrive"), ""]


def test_a_refused_share_names_a_folder_that_no_service_moves(tmp_path: Path) -> None:
    said = run("status", "--db", r"\\server\share\floor.db")
    assert said.status == 3 and "C:\\floorctl など" in said.err and "ドキュメント" not in said.err
    assert not list(tmp_path.iterdir())
