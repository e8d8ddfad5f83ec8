"""The layout of the documents as a file: its faults are told with their line, and an adapted one does what it says."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from floorctl.common.errors import UsageError
from floorctl.documents.day.export import export_day
from floorctl.documents.day.record import day_record
from floorctl.documents.day.revisions import REVISIONS
from floorctl.documents.day.sentences import DAY_FACTS, day_facts
from floorctl.documents.day.workbook import DAY_DATA, DAY_TABLES, day_xlsx
from floorctl.documents.layout.material import TOTAL
from floorctl.documents.layout.pages import Line, pages
from floorctl.documents.layout.template_file import layout_of
from floorctl.intake.site_file import data_dir, load_site
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from floorctl.usecases.closing import close
from tests.documents.test_day_documents import SITE, full_day
from tests.documents.test_day_workbook import rich_day
from tests.documents_page import PAGE, renewed
from tests.story import MONDAY, Desk
from tests.xlsx import Xlsx

SHIPPED = (data_dir() / "documents.toml").read_text(encoding="utf-8")
SITE_FILE = (data_dir() / "kumagaya.toml").read_text(encoding="utf-8")

HOURS = """\
[[day.sheets.sections]]
heading = "時間"
table = "hours"
columns = [
    { key = "hour", heading = "時" },
    { key = "issued.*", heading = "{name}の数", style = "number", drop_empty = true },
]
"""
SMALL = f"""\
[signing]
signers = ["現場責任者"]
seal = "印"
columns = 1

[day]
title = "日報 {{day}}"
running = "{{title}} {{day}}"
footer = "{{sheet}}"

[day.letterhead]
left = ["{{client}} 様"]
pairs = [{{ label = "件名", text = "{{contract_title}}" }}]

[[day.sheets]]
name = "日報"
title = "日報"
widths = [30, 16, 16, 10, 20]

[[day.sheets.sections]]
heading = "受付"
table = "services"
total = "合計"
columns = [
    {{ key = "done", heading = "済んだ数", style = "number" }},
    {{ key = "issued", heading = "来た数", style = "number" }},
    {{ key = "name", heading = "用件", span = 0 }},
]

{HOURS}chart = {{ over = "hour", bars = ["issued.*"], title = "受付" }}
"""
NARROW = HOURS.replace("{name}の数", "{name}")


def site_with(folder: Path, template: str, site: str = SITE_FILE) -> Site:
    """A site whose file names a layout that lies beside it."""
    (folder / "書類").mkdir(exist_ok=True)
    (folder / "書類" / "様式.toml").write_text(template, encoding="utf-8")
    (folder / "site.toml").write_text(f'{site}\n[documents]\ntemplate = "書類/様式.toml"\n', encoding="utf-8")
    return load_site(folder / "site.toml")


def book_of(site: Site) -> Xlsx:
    return Xlsx(day_xlsx(full_day().record(), site))


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


# ---- faults


FAULTS = {  # what stands in the file: (what is put there, words of the sentence)
    'table = "services"': ('table = "service"', "service という表はありません）。"),
    'key = "issued", heading = "来た数"': ('key = "came", heading = "来た数"', "表 services に came という項目はありません）。"),
    "{contract_title}": ("{contract}", "{contract} という項目はありません）。"),
    'running = "{title} {day}"': ('running = "{titel}"', "{titel} という項目はありません"),
    'heading = "用件", span = 0': ('heading = "用件", span = 9', "columns：span の合計 11 が widths の数 5 を超えます"),
    'style = "number", drop_empty': ('style = "figure", drop_empty', "のどれかにします"),
    'bars = ["issued.*"]': ('bars = ["called.*"]', "chart の called.* が columns にありません"),
    'bars = ["issued.*"], ': ("", "bars か lines が1つ以上要ります"),
    'name = "日報"\n': ('name = "日/報"\n', "使えない文字があります"),
    "widths = [30, 16, 16, 10, 20]": ('widths = "30"', "[ ] で囲んだ並び"),
    'total = "合計"': ('totl = "合計"', "total のことであれば"),
    'heading = "時間"': ('heading = "時間', "引用符が閉じていない"),
    "columns = 1\n": ("columns = 0\n", "1以上にします"),
    '{ key = "hour", heading = "時" }': ('{ heading = "時" }', "key がありません"),
}  # fmt: skip


@pytest.mark.parametrize("old", FAULTS)
def test_a_fault_is_one_sentence_with_its_line(tmp_path: Path, old: str) -> None:
    new, words = FAULTS[old]
    text = SMALL.replace(old, new, 1)
    assert text != SMALL
    with pytest.raises(UsageError) as caught:
        book_of(site_with(tmp_path, text))
    sentence = caught.value.sentence
    found = re.match(r"様式ファイル 様式\.toml の(\d+)行目(?:\d+文字目)?に誤りがあります（", sentence)
    assert found, sentence
    assert words in sentence
    assert sentence.endswith("もう一度実行してください。") and "\n" not in sentence
    changed = line_of(SMALL, old)
    # A rule between keys is told at the key or at the table that holds it.
    assert changed - 5 <= int(found[1]) <= changed + 3


def test_what_may_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        book_of(site_with(tmp_path, SMALL.replace('table = "services"', 'table = "x"')))
    assert all(name in caught.value.sentence for name in ("services", "waits", "moves", "problems"))
    assert int(re.findall(r"の(\d+)行目", caught.value.sentence)[0]) == line_of(SMALL, 'table = "services"')


def test_two_sheets_of_one_name_are_refused(tmp_path: Path) -> None:
    twice = SMALL + '\n[[day.sheets]]\nname = "日報"\ntitle = "日報"\nwidths = [30]\n'
    with pytest.raises(UsageError, match="シート名 日報 が2度あります"):
        book_of(site_with(tmp_path, twice))


def test_a_layout_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(f'{SITE_FILE}\n[documents]\ntemplate = "none.toml"\n', encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        book_of(load_site(tmp_path / "site.toml"))
    assert "様式ファイル" in caught.value.sentence and "ファイルがありません" in caught.value.sentence
    assert "[documents] の template" in caught.value.sentence


def test_a_wrong_layout_leaves_the_old_documents(tmp_path: Path) -> None:
    export_day(full_day().record(), SITE, tmp_path / "out")
    before = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    with pytest.raises(UsageError):
        export_day(full_day().record(), site_with(tmp_path, "[day]\n"), tmp_path / "out")
    assert {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()} == before


# ---- what is shipped


def test_everything_that_the_day_offers_is_there_to_be_used() -> None:
    """Every key that a data table promises is in its rows, and no other."""
    record = replace(rich_day().record(), editions=(dict.fromkeys(REVISIONS, ""),))
    assert day_facts(record, SITE).keys() == DAY_FACTS.keys()
    for name, spec in DAY_TABLES.items():
        table = spec.make(record, SITE)
        offered = {k for row in table.rows for k in row} - {TOTAL}
        assert table.rows, f"{name} has no row in a day that has everything"
        stems = {f"{k.partition('.')[0]}.*" if "." in k else k for k in offered}
        assert stems == set(spec.keys), name


def test_the_page_of_keys_is_that_of_the_program() -> None:
    """Where they differ, ``python -m tests.documents_page`` writes it anew."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == renewed(page)


# ---- an adapted layout


def test_an_adapted_layout_renames_reorders_and_leaves_out(tmp_path: Path) -> None:
    book = book_of(site_with(tmp_path, SMALL))
    assert list(book.xml) == ["日報"]
    rows = list(book.rows("日報"))
    assert ["済んだ数", "来た数", "用件"] in rows
    assert [3, 3, "個人番号カード交付"] in rows
    assert ["時", "交付の数", "電子証明書の数"] in rows
    assert [5, 8, "合計"] in rows
    assert [r[0] for r in rows if len(r) == 1 and re.match(r"\d　", str(r[0]))] == ["1　受付", "2　時間"]
    assert len([n for n in book.parts if n.startswith("xl/charts/chart")]) == 1
    assert ["印"] in rows  # the setting of the boxes


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ('heading = "処理件数（番号札・人）"', 'heading = "窓口別の人数"', lambda texts: "2　窓口別の人数" in texts),
        ('heading = "天候・来庁者"', 'heading = ""', lambda texts: "1　処理件数（番号札・人）" in texts),
        ('{ key = "left", heading = "帰宅", style = "number" },', "", lambda texts: "帰宅" not in texts),
    ],
)
def test_one_change_of_the_shipped_layout_is_one_change_of_the_report(
    tmp_path: Path, old: str, new: str, check: object
) -> None:
    day = SHIPPED[: SHIPPED.index("\n[month]")] if "\n[month]" in SHIPPED else SHIPPED
    text = day.replace(old, new)
    texts = {str(v) for row in book_of(site_with(tmp_path, text)).rows("日次報告書") for v in row}
    assert callable(check) and check(texts)


def test_a_layout_that_leaves_a_document_out_takes_the_shipped_one(tmp_path: Path) -> None:
    site = site_with(tmp_path, '[signing]\nsigners = ["所長"]\ncolumns = 3\n')
    book = book_of(site)
    assert list(book.xml)[:2] == ["日次報告書", "交付件数"]
    assert book.row("日次報告書", "熊谷市長　様（市民課）")[1:] == ["所長"]


def test_another_site_has_its_own_lanes_and_a_sheet_for_those_that_mean_the_same(tmp_path: Path) -> None:
    other = SITE_FILE.replace('code = "application"', 'code = "support"').replace(
        'lane = "application"', 'lane = "support"'
    )
    other = other.replace('lanes = ["application"]', 'lanes = ["support"]').replace('serves = ["application"]', 'serves = ["support"]')  # fmt: skip
    other = other.replace('name = "電子証明書"\n', 'name = "証明"\n')
    (tmp_path / "site.toml").write_text(other, encoding="utf-8")
    site = load_site(tmp_path / "site.toml")
    record = full_day().record(site=site)
    book = Xlsx(day_xlsx(record, site))
    assert list(book.xml) == ["日次報告書", "交付件数", "電子証明書件数", "申請サポート件数", "経過記録"]
    assert "写真撮影" in {str(v) for row in book.rows("申請サポート件数") for v in row}
    assert "証明" in {str(v) for row in book.rows("日次報告書") for v in row}


def test_a_site_that_does_not_say_what_its_lanes_mean_has_all_counts_in_the_report(tmp_path: Path) -> None:
    silent = SITE_FILE
    for name in ("issuance", "certificate", "application"):
        silent = silent.replace(f'"{name}"', f'"x_{name}"')
    for service in load_site().services:
        silent = silent.replace(f'code = "{service.code}"', f'code = "x_{service.code}"', 1)
    (tmp_path / "site.toml").write_text(silent, encoding="utf-8")
    site = load_site(tmp_path / "site.toml")
    book = Xlsx(day_xlsx(day_record(Floor(site, MONDAY), Register(), None, revision=1), site))
    assert list(book.xml) == ["日次報告書"]  # nothing happened, so no course of the day
    texts = {str(v) for row in book.rows("日次報告書") for v in row}
    assert {"写真撮影", "署名用電子証明書 更新", "交付 新規"} <= texts
    assert not [t for t in texts if "別紙" in t]


def test_more_lanes_than_the_sheet_has_columns_for_are_all_there(tmp_path: Path) -> None:
    site = site_with(tmp_path, SMALL[: SMALL.index("[[day.sheets.sections]]")].replace(", 16, 10, 20]", "]") + NARROW)
    book = book_of(site)
    assert ["時", "交付", "電子証明書"] in list(book.rows("日報"))
    assert "$C$" in str(book.defined["_xlnm.Print_Area"]), "three columns are printed"


def test_the_shipped_layout_is_read_once() -> None:
    first = layout_of(SITE, "day", DAY_DATA)
    assert layout_of(SITE, "day", DAY_DATA)[0] is first[0]


# ---- pages


def test_lines_that_belong_together_go_to_the_next_page_together() -> None:
    lines = [Line(50), Line(30, keep=True), Line(30)]
    assert [[x.height for x in page] for page in pages(lines, 100)] == [[50], [30, 30]]
    assert [x.row for x in lines] == [0, 1, 2]


def test_a_page_begins_with_the_head_of_a_cut_table_and_without_a_gap() -> None:
    head = Line(10)
    rows = [Line(30) for _ in range(4)]
    for row in rows:
        row.heads = [head]
    found = pages([head, *rows, Line(50, gap=True), Line(90)], 100)
    assert [[x.height for x in page] for page in found] == [[10, 30, 30, 30], [10, 30, 50], [90]]
    assert [page[0].row for page in found] == [0, 4, 7]


def test_what_is_higher_than_a_page_is_still_written() -> None:
    lines = [Line(60, keep=True) for _ in range(5)] + [Line(60)]
    assert sum(len(page) for page in pages(lines, 100)) == 6


def test_a_wrong_layout_is_said_before_a_day_is_closed(tmp_path: Path) -> None:
    """A close that could not write its documents leaves the day open, and writes nothing."""
    site = site_with(tmp_path, "[day]\n")
    desk = Desk(tmp_path / "floor.db", site).opens()
    try:
        before = desk.session.head()
        with pytest.raises(UsageError):
            close(desk.session, MONDAY, out=tmp_path / "out")
        assert desk.session.head() == before and desk.floor.is_open
        assert not (tmp_path / "out").exists() and not (tmp_path / "backups").exists()
    finally:
        desk.close()
