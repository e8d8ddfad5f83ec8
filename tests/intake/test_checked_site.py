"""The record of the site that was checked last (``floor.db.site``): it saves a check, and can do nothing else."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from floorctl.common.errors import UsageError
from floorctl.intake import checked_site, toml_model
from floorctl.intake.checked_site import among_bytecode
from floorctl.intake.site_file import data_dir, load_site
from floorctl.models.site.site import Site
from tests.contract.contract_cli import run
from tests.other_sites import OTHERS, path_of

KUMAGAYA = data_dir() / "kumagaya.toml"
CHECKS: list[str] = []


@pytest.fixture(autouse=True)
def _counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Note which files are checked."""
    whole = toml_model.read_model
    CHECKS.clear()

    def counted(text: str, path: Path, *rest: object) -> Site:
        CHECKS.append(path.name)
        return whole(text, path, *rest)  # type: ignore[arg-type, type-var]

    monkeypatch.setattr(toml_model, "read_model", counted)


def read(db: Path, site: Path = KUMAGAYA, *, keep: bool = True) -> Site:
    return load_site(site, db, keep=keep)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A data file with the record of the shipped site beside it."""
    (tmp_path / "floor.db").touch()
    read(tmp_path / "floor.db")
    CHECKS.clear()
    return tmp_path / "floor.db"


def record(db: Path) -> Path:
    return db.with_name("floor.db.site")


@pytest.mark.parametrize("path", [KUMAGAYA, *map(path_of, OTHERS)], ids=lambda p: p.stem)
def test_what_is_kept_is_what_was_checked(tmp_path: Path, path: Path) -> None:
    db = tmp_path / "floor.db"
    db.touch()
    first, second = read(db, path), read(db, path)
    assert [path.name] == CHECKS
    assert second == first == load_site(path)
    assert repr(second) == repr(first)  # the types of all values too
    assert os.name == "nt" or stat.S_IMODE(record(db).stat().st_mode) == 0o600


def test_another_site_is_checked_and_takes_its_place(db: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.toml"
    changed.write_text(
        KUMAGAYA.read_text(encoding="utf-8").replace('name = "熊谷市', 'name = "新熊谷市', 1), encoding="utf-8"
    )
    assert read(db, changed).name.startswith("新")
    assert read(db, changed).name.startswith("新")
    assert not read(db).name.startswith("新")
    assert CHECKS == ["changed.toml", "kumagaya.toml"]


def test_a_broken_site_file_is_refused_as_ever(db: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(KUMAGAYA.read_text(encoding="utf-8") + "\nx = 1\n", encoding="utf-8")
    before = record(db).read_bytes()
    for _ in range(2):
        with pytest.raises(UsageError, match="x：このような項目はありません"):
            read(db, broken)
    assert record(db).read_bytes() == before


def sealed(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def values(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Change the values of a record and seal it anew."""

    def made(held: bytes) -> bytes:
        _, key, said = held.split(b"\n", 2)
        return sealed(key + b"\n" + change(said))

    return made


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda held: b"",
    "torn": lambda held: held[:-100],
    "longer": lambda held: held + b" ",
    "a changed value": lambda held: held.replace(b'"T1"', b'"T9"', 1),
    "another program": lambda held: sealed(b"0" * 64 + b"\n" + held.split(b"\n", 2)[2]),
    "no line ends": lambda held: held.replace(b"\n", b""),
    "no JSON": values(lambda said: b"{"),
    "a list": values(lambda said: b"[]"),
    "nested without end": values(lambda said: b"[" * 100_000),
    "not a site": values(
        lambda said: b'{"":"Hall","opens":{"":"time","iso":"08:30:00"},"closes":{"":"time","iso":"1"}}'
    ),
    "no class": values(lambda said: said.replace(b'{"":"Lane"', b'{"":"os"')),
    "a class without a name": values(lambda said: said.replace(b'{"":"Lane"', b'{"":["Lane"]')),
    "a field too many": values(lambda said: said.replace(b'{"":"Lane"', b'{"":"Lane","x":1')),
    "a field less": values(lambda said: said.replace(b'"letter":"A",', b"")),
    "no text": lambda held: b"\xff\xfe" + held,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_is_not_as_written_counts_as_absent(db: Path, damage: str) -> None:
    place = record(db)
    held = place.read_bytes()
    place.write_bytes(DAMAGES[damage](held))
    assert place.read_bytes() != held
    assert read(db, keep=False) == load_site()
    assert CHECKS[:1] == ["kumagaya.toml"]


def test_a_damaged_record_is_written_anew(db: Path) -> None:
    held = record(db).read_bytes()
    record(db).write_bytes(held[:-1])
    read(db)
    assert record(db).read_bytes() == held


@pytest.mark.parametrize("what", ["text", "folder", "fifo", "no folder", "read-only", "link that leads nowhere"])
def test_nothing_else_of_that_name_is_read_or_replaced(tmp_path: Path, site: Site, what: str) -> None:
    db = tmp_path / "floor.db"
    if what != "no folder":
        db.touch()
    place = record(db)
    if what == "text":
        place.write_text("メモ\n", encoding="utf-8")
    elif what == "folder":
        place.mkdir()
    elif what == "fifo":
        if not hasattr(os, "mkfifo"):
            pytest.skip("no fifos here")
        os.mkfifo(place)
    elif what == "link that leads nowhere":
        if not hasattr(os, "O_NOFOLLOW"):
            pytest.skip("no such flag here")
        place.symlink_to(tmp_path / "elsewhere")
    elif what == "read-only":
        if os.name == "nt" or os.geteuid() == 0:
            pytest.skip("everybody may write here")
        tmp_path.chmod(0o500)
    try:
        assert read(db) == read(db) == site
        assert what != "text" or place.read_text(encoding="utf-8") == "メモ\n"
        assert place.exists() == (what in ("text", "folder", "fifo"))
    finally:
        tmp_path.chmod(0o700)
    assert len(CHECKS) == 2


@pytest.mark.parametrize("writes", [True, False])
def test_the_shipped_site_is_kept_as_bytecode_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: bool) -> None:
    """Keep the shipped site beside the bytecode, else beside the data file."""
    monkeypatch.setattr("sys.pycache_prefix", str(tmp_path / "cache"))
    monkeypatch.setattr("sys.dont_write_bytecode", not writes)
    place = among_bytecode(KUMAGAYA)
    if place:
        place.parent.parent.mkdir(parents=True)
    (tmp_path / "floor.db").touch()
    assert load_site() == load_site() == load_site(None, tmp_path / "floor.db", keep=True)
    assert len(CHECKS) == (1 if writes else 3)
    assert load_site(None, tmp_path / "floor.db") == load_site()
    assert (bool(place and place.exists()), record(tmp_path / "floor.db").exists()) == (writes, not writes)


def test_a_record_is_of_the_program_that_would_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check anew after a change of any module that reads, checks or restores a site file."""
    of_another = tuple(x for x in checked_site._CHECKS if x != "common/schemas.py")
    (tmp_path / "floor.db").touch()
    with monkeypatch.context() as patch:
        patch.setattr(checked_site, "_CHECKS", of_another)
        read(tmp_path / "floor.db")
    assert checked_site.find(record(tmp_path / "floor.db"), KUMAGAYA.read_text(encoding="utf-8")) is None


def test_the_modules_that_check_are_all_counted() -> None:
    """``written_text`` alone is not: what it reads is itself part of the record's key."""
    package = Path(checked_site.__file__).parent.parent
    texts = [(package / x).read_text(encoding="utf-8") for x in checked_site._CHECKS if x.startswith("intake/")]
    used = {f"intake/{x}.py" for text in texts for x in re.findall(r"from floorctl\.intake\.(\w+) import", text)}
    assert used - {"intake/written_text.py"} <= {*checked_site._CHECKS}


def test_no_command_leaves_a_record(tmp_path: Path) -> None:
    db, site = tmp_path / "floor.db", ("--site", str(path_of("minami")))
    for args in (("do", "memo.written", "text=雨"), ("status",), ("doctor",)):
        assert run(*site, *args, db=db, now="10:00").status == 0
    assert not record(db).exists()
