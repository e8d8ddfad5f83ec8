"""Ids of rows: the same row has the same one however its file is read, and different facts have different ones."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floorctl.intake.sources.ids import ADDING, PARTS, natural_id, nth_id, numbered_id
from floorctl.intake.sources.reader import SourceReader
from floorctl.models.facts.fact import Fact
from floorctl.models.facts.fields import SOURCE_PATTERN
from floorctl.models.facts.kinds import KINDS
from floorctl.models.site.site import Site
from floorctl.models.site.source import Source
from tests.sources import MODIFIED, TODAY, Machine, described

LOG = """
heading = false
columns = { day = 1, time = 2, event = 3, service = 4, ticket = 5, terminal = 6, lane = 7, waiting = 8, item = 9, count = 10 }
facts = [
  { kind = "ticket.issued", when = { event = "0" } },
  { kind = "ticket.called", when = { event = "1" } },
  { kind = "ticket.no_show", when = { event = "2" } },
  { kind = "ticket.finished", when = { event = "3" } },
  { kind = "queue.counted", when = { event = "4" } },
  { kind = "work.counted", when = { event = "5" } },
]
[sources.codes]
service = { "03" = "cert_renewal", "04" = "card_issuance" }
terminal = { "4" = "T4", "5" = "T5" }
lane = { "1" = "certificate", "2" = "issuance" }
"""

ROW = st.tuples(
    st.sampled_from(["20260914", "20260913"]),
    st.sampled_from(["08:30", "08:31", "00:10", "23:59"]),
    st.sampled_from("012345"),
    st.sampled_from(["03", "04"]),
    st.sampled_from(["198", "Ｂ０４１", "b041", "窓-1", "1.9"]),
    st.sampled_from(["4", "5", ""]),
    st.sampled_from(["1", "2"]),
    st.sampled_from(["0", "8"]),
    st.sampled_from(["photo", "cert_copy"]),
    st.sampled_from(["1", "2"]),
).map(",".join)


def read(source: Source, site: Site, rows: list[str], name: str = "log.csv") -> list[Fact]:
    raw = "".join(f"{row}\n" for row in rows).encode()
    found = SourceReader(source, site).read_data(raw, Path(name), MODIFIED, TODAY)
    return [x.found for x in found if isinstance(x.found, Fact)]


def said(fact: Fact) -> tuple[object, ...]:
    """Return what tells a fact from others: its kind, its time and the fields of its id."""
    return (fact.kind, fact.at, *(getattr(fact, name) for name in PARTS[fact.kind]))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> tuple[Source, Site]:
    from floorctl.intake.site_file import load_site

    site = load_site()
    return described(LOG, site, tmp_path_factory.mktemp("log")), site


@given(st.lists(ROW, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(log: tuple[Source, Site], rows: list[str], random: object) -> None:
    mixed = [*rows]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert sorted(map(repr, read(*log, rows))) == sorted(map(repr, read(*log, mixed)))


@given(st.lists(ROW, max_size=30), st.integers(0, 30))
def test_a_file_cut_at_the_front_or_read_in_parts_tells_no_other_facts(
    log: tuple[Source, Site], rows: list[str], at: int
) -> None:
    whole = {f.id: f for f in read(*log, rows)}
    for part in (rows[at:], rows[:at]):
        for fact in read(*log, part, "log.csv.1"):
            assert whole[fact.id] == fact or said(whole[fact.id]) == said(fact)


@given(st.lists(ROW, max_size=40))
def test_facts_that_differ_have_different_ids(log: tuple[Source, Site], rows: list[str]) -> None:
    """Of kinds that add up, each row is a fact of its own."""
    by_id = defaultdict(set)
    facts = read(*log, rows)
    for fact in facts:
        assert SOURCE_PATTERN.fullmatch(fact.id)
        by_id[fact.id].add(said(fact))
    assert all(len(x) == 1 for x in by_id.values())
    others = [f for f in facts if f.kind not in ADDING]
    assert len({f.id for f in others}) == len({said(f) for f in others})
    adding = [f for f in facts if f.kind in ADDING]
    assert len({f.id for f in adding}) == len(adding)


def test_a_corrected_code_table_makes_no_second_fact(site: Site, tmp_path: Path) -> None:
    row = "20260914,08:31,1,03,198,4,1,0,photo,1"
    before = read(described(LOG, site, tmp_path), site, [row])
    after = read(described(LOG.replace('"4" = "T4"', '"4" = "T6"'), site, tmp_path), site, [row])
    assert [f.fields()["terminal"] for f in before + after] == ["T4", "T6"]
    assert before[0].id == after[0].id == "20260914.198.4.called.083100"


@pytest.mark.parametrize(
    ("event", "fact_id"),
    [
        ("0", "20260914.198.issued.083100"),
        ("1", "20260914.198.4.called.083100"),
        ("2", "20260914.198.no_show.083100"),
        ("3", "20260914.198.4.finished.083100"),
        ("4", "20260914.1.counted.083100"),
        ("5", "20260914.photo.2.work:counted.083100.1"),
    ],
)
def test_ids_are_those_of_the_page(log: tuple[Source, Site], event: str, fact_id: str) -> None:
    (fact,) = read(*log, [f"20260914,08:31,{event},03,198,4,1,0,photo,2"])
    assert fact.id == fact_id


def test_the_same_number_at_two_desks_in_one_minute_is_two_calls(log: tuple[Source, Site]) -> None:
    rows = [f"20260914,08:31,1,03,198,{desk},,,," for desk in ("4", "5", "")]
    assert len({f.id for f in read(*log, rows)}) == 3


def test_a_row_with_a_number_may_be_corrected(site: Site, tmp_path: Path) -> None:
    """Time, desk and number may change afterwards: it is the same fact; on another day it is another."""
    text = LOG.replace("day = 1", "id = 11, day = 1")
    source = described(text, site, tmp_path)
    rows = [
        "20260914,08:31,1,03,198,4,,,,,90113",
        "20260914,08:32,1,03,199,5,,,,,90113",
        "20260913,08:32,1,03,199,5,,,,,90113",
    ]
    assert [f.id for row in rows for f in read(source, site, [row])] == [
        "20260914.90113.called",
        "20260914.90113.called",
        "20260913.90113.called",
    ]


def test_a_row_that_tells_a_kind_twice_gives_two_ids(site: Site, tmp_path: Path) -> None:
    machine = Machine(
        """
heading = false
columns = { id = 1, time = 2, a = 3, b = 4 }
facts = [
  { kind = "queue.counted", lane = { value = "certificate" }, waiting = "a" },
  { kind = "queue.counted", lane = { value = "issuance" }, waiting = "b" },
]
""",
        site,
        tmp_path,
    )
    assert [f.id for f in machine.facts("7,2026-09-14 9:00,3,4\n")] == [
        "20260914.7.certificate.counted.090000",
        "20260914.7.issuance.counted.090000",
    ]


def test_rules_for_other_rows_change_no_id(site: Site, tmp_path: Path) -> None:
    """Two rules of a kind that no row can meet both leave the ids as they are with one."""
    machine = Machine(
        """
heading = false
columns = { id = 1, time = 2, event = 3, ticket = 4 }
facts = [
  { kind = "ticket.called", when = { event = "1" } },
  { kind = "ticket.called", when = { event = ["2", "3"] }, terminal = { value = "T4" } },
]
""",
        site,
        tmp_path,
    )
    rows = "7,2026-09-14 9:00,1,A1\n8,2026-09-14 9:00,3,A1\n"
    assert [f.id for f in machine.facts(rows)] == ["20260914.7.called", "20260914.8.called"]


PART = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=30) | st.from_regex(
    r"[A-Za-z0-9._:-]{0,30}", fullmatch=True
)


@given(
    st.sampled_from(sorted(PARTS)),
    st.datetimes(datetime(2000, 1, 1), datetime(2199, 12, 31)).map(lambda at: at.replace(microsecond=0)),
    st.lists(PART, min_size=2, max_size=2),
    st.sampled_from(sorted(PARTS)),
    st.lists(PART, min_size=2, max_size=2),
    st.integers(0, 2),
)
def test_ids_of_different_parts_differ(
    kind: str, at: datetime, parts: list[str], other: str, others: list[str], later: int
) -> None:
    """Whatever stands in the cells, dots and colons too, and whatever the kinds."""
    a, b = parts[: len(PARTS[kind])], others[: len(PARTS[other])]
    at_other = at + timedelta(seconds=later) if at.year < 2199 else at
    one = natural_id(kind, at, a)
    two = natural_id(other, at_other, b)
    assert (one == two) == ((kind, at, a) == (other, at_other, b))
    row = numbered_id(kind, at, parts[0], None)
    several = numbered_id(kind, at, parts[0], a)
    assert len({one, row, several, nth_id(one, 1), nth_id(one, 2)}) == 5
    assert all(SOURCE_PATTERN.fullmatch(x) for x in (one, two, row, several, nth_id(one, 12)))
    assert re.match(rf"{at:%Y%m%d}[.:]", one)


def test_every_kind_of_a_feed_has_parts_or_no_subject() -> None:
    """A new kind must say what tells its facts apart."""
    whole_hall = {"day.opened", "day.closed", "lending.permitted", "officials.changed", "visitors.counted"}
    assert set(PARTS) | whole_hall == {k for k, f in KINDS.items() if "feed" in f.written_by}
    assert all(set(parts) <= set(KINDS[kind].names()) for kind, parts in PARTS.items())


NUMBERED = """
columns = { id = "受付", ticket = "番号", service = "業務", time = "時刻" }
facts = [{ kind = "ticket.issued" }]
"""


@pytest.mark.parametrize(
    ("number", "taken"),
    [
        ("3534ccae-8aa6-4235-aee7-af97425375be", True),
        ("aa5ce169-a423-4b0b-8e5f-fa99393559ce", True),
        ("3534CCAE8AA64235AEE7090123456789", True),
        ("01J7ZZ09012345678QRSTVWXYZ", True),
        ("R-2026-0012345", True),
        ("A-000123", True),
        ("123456789", True),
        ("00000000-0000-4000-8000-009012345678", False),
        ("090-1234-5678", False),
        ("2026-09012345678", False),
        ("TK1234567", False),
    ],
)
def test_numbers_that_machines_draw_or_count_are_nobodys(site: Site, tmp_path: Path, number: str, taken: bool) -> None:
    """UUIDs have runs of digits and pairs of letters by chance; a telephone number in the shape of one is refused."""
    source = described(NUMBERED, site, tmp_path)
    rows = ["受付,番号,業務,時刻", f"{number},B041,cert_renewal,2026-09-14 09:03"]
    assert len(read(source, site, rows)) == taken
