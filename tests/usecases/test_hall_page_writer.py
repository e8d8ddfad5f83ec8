"""The file of the hall's page: how often it is written, that it is never half, never somebody else's, and clears up."""

from __future__ import annotations

import errno
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from floorctl.common import durable, output_file
from floorctl.common.errors import Refused, UsageError
from floorctl.documents.hall_page.page import page_html
from floorctl.intake.hall_words import hall_languages
from floorctl.models.board.hall_page import HallPage
from floorctl.usecases.hall_page_source import HallPageSource
from floorctl.usecases.hall_page_writer import HallPageWriter, need_page
from floorctl.usecases.session import Session
from tests.hall_pages import FIVE, NOW, PAGES, site_with, words_of
from tests.story import Desk, HandClock, instant, kumagaya

SITE = site_with(FIVE)
OPEN, SURGE = PAGES["open"], PAGES["surge"]


class Timer:
    """A clock of seconds that is moved by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "hall.html"


def a_writer(target: Path, timer: Timer) -> HallPageWriter:
    return HallPageWriter(target, timer=timer, clock=HandClock(NOW))


def shows(target: Path, page: HallPage) -> bool:
    return target.read_bytes() == page_html(page, words_of(page), NOW)


def test_a_change_is_written_at_once_but_not_within_two_seconds(target: Path, timer: Timer) -> None:
    writer = a_writer(target, timer)
    assert writer.due() and writer.show(OPEN, SITE)
    assert shows(target, OPEN)
    timer.at += 1.9
    assert not writer.due() and not writer.show(SURGE, SITE)
    assert shows(target, OPEN)
    timer.at += 0.1
    assert writer.due() and writer.show(SURGE, SITE)
    assert shows(target, SURGE)


def test_an_unchanged_page_is_written_every_fifteen_seconds(target: Path, timer: Timer) -> None:
    writer = a_writer(target, timer)
    writer.show(OPEN, SITE)
    wrote = []
    for _ in range(60):
        timer.at += 1
        if writer.show(replace(OPEN, at=NOW.replace(second=59)), SITE):
            wrote.append(timer.at - 100)
    assert wrote == [15, 30, 45, 60]


def test_a_new_minute_is_a_change(target: Path, timer: Timer) -> None:
    writer = a_writer(target, timer)
    writer.show(OPEN, SITE)
    timer.at += 2
    assert writer.show(replace(OPEN, at=instant("10:24")), SITE)


def test_each_page_comes_by_one_rename(target: Path, timer: Timer, monkeypatch: pytest.MonkeyPatch) -> None:
    renamed, plain = list[tuple[str, str]](), os.replace

    def replaced(page: Path, other: Path) -> None:
        renamed.append((page.name, other.name))
        assert page.read_bytes().endswith(b"-->\n")  # it is whole before
        plain(page, other)

    monkeypatch.setattr("os.replace", replaced)
    writer = a_writer(target, timer)
    writer.show(OPEN, SITE)
    timer.at += 2
    writer.show(SURGE, SITE)
    assert [new for _, new in renamed] == ["hall.html"] * 2
    assert all(old.endswith(".floorctl-tmp") for old, _ in renamed)
    assert [p.name for p in target.parent.iterdir()] == ["hall.html"]


def test_a_reader_never_sees_half_a_page_of_two_writers(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """1,000 pages of three lengths, written by two at a time, while the file is read again and again."""
    monkeypatch.setattr(durable.os, "fsync", lambda _: None)  # a disk may take a hundredth of a second each time
    pages = [page_html(page, words_of(page), NOW) for page in (OPEN, SURGE, PAGES["after"])]
    seen = set[bytes]()
    output_file.rewrite_file(target, pages[0])

    def write() -> None:
        for n in range(500):
            output_file.rewrite_file(target, pages[n % 3])

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        seen.add(target.read_bytes())
        time.sleep(0.0005)
    assert seen == set(pages)
    assert [p.name for p in target.parent.iterdir()] == ["hall.html"]


def test_only_a_page_as_it_was_written_is_replaced(target: Path, timer: Timer) -> None:
    writer = a_writer(target, timer)
    for there in (b"<!doctype html>\n<p>mine</p>\n", b"text", page_html(OPEN, words_of(OPEN), NOW) + b"\n<p>note</p>"):
        target.write_bytes(there)
        with pytest.raises(Refused) as error:
            writer.write(SURGE, SITE)
        assert "同じ種類のファイルではない" in error.value.sentence
        assert target.read_bytes() == there
    target.write_bytes(page_html(OPEN, words_of(OPEN), NOW))
    writer.write(SURGE, SITE)
    target.write_bytes(b"")  # what a power cut may leave
    writer.write(SURGE, SITE)
    assert shows(target, SURGE)


def test_a_changed_page_is_nobodys_to_replace_while_the_writer_runs(target: Path, timer: Timer) -> None:
    writer = a_writer(target, timer)
    writer.show(OPEN, SITE)
    target.write_bytes(b"mine")
    timer.at += 2
    assert not writer.show(SURGE, SITE)
    assert "同じ種類のファイルではない" in writer.trouble
    assert target.read_bytes() == b"mine"
    target.unlink()
    timer.at += 2
    assert writer.show(SURGE, SITE) and writer.trouble == ""


def test_a_folder_that_goes_and_comes_again(tmp_path: Path, timer: Timer) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    writer = a_writer(folder / "hall.html", timer)
    writer.show(OPEN, SITE)
    (folder / "hall.html").unlink()
    folder.rmdir()
    timer.at += 2
    assert not writer.show(SURGE, SITE)
    assert "フォルダーがありません" in writer.trouble
    folder.mkdir()
    timer.at += 2
    assert writer.show(SURGE, SITE) and writer.trouble == ""


def test_a_full_disk_leaves_the_page_as_it_was(target: Path, timer: Timer, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = a_writer(target, timer)
    writer.show(OPEN, SITE)
    with monkeypatch.context() as full:

        def no_space(path: Path, data: bytes) -> None:
            path.write_bytes(data[:100])
            raise OSError(errno.ENOSPC, "full")

        full.setattr(durable, "write_new", no_space)
        timer.at += 2
        assert not writer.show(SURGE, SITE)
    assert "ディスクの空きがありません" in writer.trouble
    assert shows(target, OPEN)
    assert [p.name for p in target.parent.iterdir()] == ["hall.html"]


def test_a_browser_that_has_the_file_open_is_trouble_only_if_it_keeps_it(
    target: Path, timer: Timer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows replaces no file that another program reads; it never gets another name."""
    writer = a_writer(target, timer)
    writer.show(OPEN, SITE)

    def held(_: Path, other: Path) -> None:
        raise PermissionError(errno.EACCES, "open in another program")

    monkeypatch.setattr("os.replace", held)
    monkeypatch.setattr("floorctl.common.patience.on_windows", lambda: True)
    monkeypatch.setattr("time.sleep", lambda _: None)
    told = []
    for _ in range(12):
        timer.at += 2
        assert not writer.show(SURGE, SITE)
        told.append(bool(writer.trouble))
    assert told == [False] * 9 + [True] * 3  # from 20 seconds on
    assert "ほかのプログラムで開かれています" in writer.trouble
    assert [p.name for p in target.parent.iterdir()] == ["hall.html"]
    monkeypatch.undo()
    timer.at += 2
    assert writer.show(SURGE, SITE) and writer.trouble == ""


def test_what_a_killed_writer_left_is_cleared(target: Path, timer: Timer) -> None:
    old, young, other = (target.parent / f".{x}.floorctl-tmp" for x in ("aa", "bb", "cc"))
    for left in (old, young):
        left.write_bytes(b"half")
    os.utime(old, (1, 1))
    other.mkdir()
    os.utime(other, (1, 1))
    a_writer(target, timer).show(OPEN, SITE)
    assert {p.name for p in target.parent.iterdir()} == {"hall.html", young.name}


def test_the_end_leaves_no_number(target: Path, timer: Timer) -> None:
    writer = a_writer(target, timer)
    writer.end()
    assert not target.exists()
    writer.show(OPEN, SITE)
    writer.end()
    text = target.read_text(encoding="utf-8")
    assert "B045" not in text and "This screen has not been updated since" in text
    a_writer(target, timer).write(SURGE, SITE)  # it is ours


def test_a_page_has_a_name_that_a_browser_shows() -> None:
    need_page(Path("HALL.HTML"))
    for name in ("hall", "hall.txt", "floor.db"):
        with pytest.raises(UsageError):
            need_page(Path(name))


# ---- contents from the data file


def test_contents_follow_a_file_that_comes_changes_and_is_replaced(tmp_path: Path) -> None:
    path, clock = tmp_path / "floor.db", HandClock(instant("9:10"))
    source = HallPageSource(lambda: Session(kumagaya(), path, clock=clock))
    assert (source.page().state, source.page().why) == ("unsure", "no_records")
    assert list(tmp_path.iterdir()) == []  # nothing is made by looking
    desk = Desk(path, kumagaya(), "9:00").opens()
    assert source.page().state == "open"
    desk.does("ticket.issued", ticket="B001", service="cert_renewal")
    desk.does("terminal.staffed", terminal="T3", staff="S1")
    desk.does("ticket.called", ticket="B001", terminal="T3")
    assert [(x.number, x.place) for x in source.page().calls] == [("B001", "T3")]
    desk.close()
    path.unlink()
    Desk(path, kumagaya(), "9:00").opens().close()
    assert source.page().calls == ()
    source.close()


def test_reading_holds_no_lock(tmp_path: Path) -> None:
    path, clock = tmp_path / "floor.db", HandClock(instant("9:10"))
    desk = Desk(path, kumagaya(), "9:00").opens()
    source = HallPageSource(lambda: Session(kumagaya(), path, clock=clock))
    source.page()
    with desk.session.store.write():  # a writer's lock would be refused at once, were one held
        pass
    desk.does("ticket.issued", ticket="B001", service="cert_renewal")
    assert source.page().state == "open"
    source.close()
    desk.close()


def test_the_languages_are_those_of_the_site(target: Path, timer: Timer) -> None:
    a_writer(target, timer).write(OPEN, site_with(("ja", "vi")))
    text = target.read_text(encoding="utf-8")
    assert [x.code for x in hall_languages(site_with(("ja", "vi")))] == ["ja", "vi"]
    assert 'lang="vi"' in text and 'lang="en"' not in text
