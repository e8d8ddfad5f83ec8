"""Files that grow, are rewritten, rotated and cut: each row gives its facts once, and a half-written one waits."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floorctl.intake.site_file import load_site
from floorctl.intake.sources import reader as reader_file
from floorctl.models.site.site import Site
from tests.sources import PLAIN, TODAY, Machine, briefly

HEADED = """
columns = { time = "発券時刻", ticket = "番号", service = "業務" }
facts = [{ kind = "ticket.issued" }]
"""
HEAD = "発券時刻,番号,業務\n"


def row(n: int) -> str:
    return f"2026-09-14 09:{n:02d}:00,B{n:03d},cert_renewal\n"


def issued(*numbers: int) -> list[str]:
    return [f"ticket.issued B{n:03d} 09:{n:02d}:00" for n in numbers]


@pytest.fixture
def log(site: Site, tmp_path: Path) -> Machine:
    return Machine(PLAIN, site, tmp_path)


def test_what_is_appended_is_given_once(log: Machine) -> None:
    assert briefly(log.grown(row(1) + row(2))) == issued(1, 2)
    assert log.grown(row(1) + row(2)) == []
    found = log.grown(row(1) + row(2) + row(3))
    assert briefly(found) == issued(3)
    assert [x.number for x in found] == [3]


def test_only_what_is_appended_is_read(log: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    log.grown("".join(map(row, range(50))))
    read = []
    whole = reader_file.read_rows

    def watched(source: object, data: bytes, *args: object, **more: object) -> object:
        read.append(len(data))
        return whole(source, data, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(reader_file, "read_rows", watched)
    assert briefly(log.grown("".join(map(row, range(51))))) == issued(50)
    assert read == [len(row(50))]


def test_the_last_row_waits_for_its_end(log: Machine) -> None:
    assert log.grown(row(1)[:-1]) == []
    assert log.reader.waits
    assert briefly(log.grown(row(1) + row(2)[:25])) == issued(1)
    assert briefly(log.grown(row(1) + row(2)[:-1], still=True)) == issued(2)
    assert log.grown(row(1) + row(2)[:-1], still=True) == []
    assert briefly(log.grown(row(1) + row(2) + row(3))) == issued(3)


def test_a_rewritten_file_gives_its_new_rows(log: Machine) -> None:
    """Corrected in the middle with the same length, sorted anew, cut at the front, rotated."""
    log.grown(row(1) + row(2) + row(3))
    corrected = row(1) + row(2).replace("B002", "B007") + row(3)
    assert briefly(log.grown(corrected)) == ["ticket.issued B007 09:02:00"]
    assert briefly(log.grown(row(4) + row(3) + row(1))) == issued(4)
    assert briefly(log.grown(row(3) + row(1) + row(5))) == issued(5)
    assert briefly(log.grown(row(6))) == issued(6)
    assert log.grown("") == []
    assert briefly(log.grown(row(6) + row(7))) == issued(7)


def test_a_heading_is_kept_for_what_is_appended(site: Site, tmp_path: Path) -> None:
    machine = Machine(HEADED, site, tmp_path)
    assert machine.grown("発券時") == []
    assert machine.grown(HEAD) == []
    assert briefly(machine.grown(HEAD + row(1))) == issued(1)
    assert briefly(machine.grown(HEAD + row(1) + row(2) + HEAD + row(3))) == issued(2, 3)
    swapped = "番号,業務,発券時刻\nB004,cert_renewal,2026-09-14 09:04:00\nB001,cert_renewal,2026-09-14 09:01:00\n"
    assert briefly(machine.grown(swapped)) == issued(4)


def test_characters_that_come_later_keep_their_encoding(site: Site, tmp_path: Path) -> None:
    machine = Machine(PLAIN, site, tmp_path)
    first, second = row(1), row(2).replace("\n", ",受付\n")
    assert briefly(machine.grown(first)) == issued(1)
    assert briefly(machine.grown(first.encode() + second.encode("cp932"))) == issued(2)
    third = row(3).replace("B003", "Ｂ００３")
    assert briefly(machine.grown((first + second + third).encode("cp932"))) == issued(3)


def test_a_row_over_two_lines_waits_for_its_quote(site: Site, tmp_path: Path) -> None:
    machine = Machine(PLAIN, site, tmp_path)
    half = '2026-09-14 09:02:00,B002,cert_renewal,"備考\n'
    assert briefly(machine.grown(row(1) + half)) == issued(1)
    assert briefly(machine.grown(row(1) + half + 'の続き"\n' + row(3))) == issued(2, 3)
    assert machine.grown(row(1) + half + 'の続き"\n' + row(3)) == []


def test_a_stray_quote_does_not_hold_up_what_follows(site: Site, tmp_path: Path) -> None:
    machine = Machine(PLAIN, site, tmp_path)
    text = row(1) + row(2).replace("B002", '"B002')
    machine.grown(text)
    found = machine.grown(text + "".join(map(row, range(3, 8))))
    assert briefly(found) == ['行 2 引用符（"）が閉じていません', *issued(3, 4, 5, 6, 7)]
    assert machine.grown(text + "".join(map(row, range(3, 8)))) == []


def test_a_bad_row_is_said_once(log: Machine) -> None:
    text = row(1) + "9:99,B2,x\n"
    assert len(log.grown(text)) == 2
    assert log.grown(text + row(3)) != []
    assert briefly(log.grown(text.replace("B001", "B011") + row(3))) == ["ticket.issued B011 09:01:00"]


def test_a_row_counts_as_given_once_all_its_facts_were_taken(log: Machine) -> None:
    """Give the rest at the next look to a reader that stopped half way."""
    raw = (row(1) + row(2) + row(3)).encode()
    log.path.write_bytes(raw)
    rows = log.reader.read(log.path, TODAY, growing=True)
    assert briefly([next(rows)]) == issued(1)
    rows.close()
    assert briefly([*log.reader.read(log.path, TODAY, growing=True)]) == issued(1, 2, 3)
    assert [*log.reader.read(log.path, TODAY, growing=True)] == []


WORK = """
heading = false
columns = { time = 1, item = 2, count = 3 }
facts = [{ kind = "work.counted" }]
"""


def test_equal_rows_of_counts_are_counted_each(site: Site, tmp_path: Path) -> None:
    machine = Machine(WORK, site, tmp_path)
    line = "2026-09-14 09:00,photo,1\n"
    found = machine.grown(line * 2) + machine.grown(line * 3) + machine.grown("\n" + line * 4)
    assert [x.found.id[-2:] for x in found] == [".1", ".2", ".3", ".4"]  # type: ignore[union-attr]
    assert [x.found for x in machine.found(line * 4)] == [x.found for x in found]


SITE = load_site()


@given(
    st.lists(st.integers(0, 30), max_size=12),
    st.lists(st.integers(0, 400), max_size=5),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_however_it_grows_each_row_is_given_once(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[int], cuts: list[int], end: str
) -> None:
    """Looked at anywhere, in the midst of a row or of a character."""
    folder = tmp_path_factory.getbasetemp()
    for text, head in ((PLAIN, ""), (HEADED, HEAD)):
        machine = Machine(text, SITE, folder)
        raw = (head + "".join(map(row, numbers))).replace("\n", end).encode()
        found = [x for cut in sorted(cuts) for x in machine.grown(raw[:cut])]
        found += machine.grown(raw) + machine.grown(raw, still=True)
        assert sorted(briefly(found)) == issued(*sorted(set(numbers)))
