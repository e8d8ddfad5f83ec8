"""``日次報告書_D.xlsx``: its figures against the records, what it says of a day, and how it prints."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from floorctl.commands.fold import fold
from floorctl.documents.day.doubts import NOT_RECORDED
from floorctl.documents.day.record import DayRecord, day_record
from floorctl.documents.day.sentences import day_facts
from floorctl.documents.day.workbook import day_xlsx
from floorctl.models.register.register import Register
from tests import other_sites
from tests.documents.test_day_documents import SITE, Facts, Head, full_day, hostile_day
from tests.printed_pages import DRAWN, anchors, prints_well, setup_of
from tests.story import Story, a_day, entries_of
from tests.xlsx import NS, Xlsx

SHEETS = ["日次報告書", "交付件数", "電子証明書件数", "申請サポート件数", "経過記録"]
COUNTS = {"issuance": "交付件数", "certificate": "電子証明書件数", "application": "申請サポート件数"}
CHART = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart", "a": "http://schemas.openxmlformats.org/drawingml/2006/main"}  # fmt: skip


def book_of(day: Facts | DayRecord, **more: Any) -> Xlsx:
    return Xlsx(day_xlsx(day.record(**more) if isinstance(day, Facts) else day, SITE))


def rich_day() -> Facts:
    """``full_day`` with what the manager answers at its end, people on the roster and appointments."""
    day = full_day()
    roster = {"authority_on": "2026-06-22", "vein_on": "2026-06-24", "pledge_on": "2026-06-15"}
    for code, role in (("S01", "site_manager"), ("S03", "worker"), ("S02", "worker")):
        skills = {"skills": ["certificate", "guidance"]} if code == "S03" else {}
        day.add(
            "2026-07-01T09:00:00+09:00",
            "staff.registered",
            staff=code,
            role=role,
            deputy=bool(skills),
            **roster,
            **skills,
        )
    day.add("08:21", "charge.taken", staff="S01", charge="site_manager")
    day.add("11:59", "charge.taken", staff="S03", charge="site_manager", reason="昼の休憩")
    day.add("12:49", "staff.changed", staff="S01", status="present")
    day.add("12:50", "charge.taken", staff="S01", charge="site_manager")
    day.add("08:26", "vacancy.opened", staff="S02", reason="急な欠勤")
    day.add("08:27", "breaks.planned", breaks=[{"staff": "S01", "start": "12:00", "minutes": 60}])
    day.add("08:27", "posts.planned", starts="11:00", places=[{"staff": "S02", "place": "reception"}])
    day.add("10:00", "vacancy.filled", staff="S02", substitute="S03", reason="誓約書は夕方に届く")
    day.add("2026-09-11T09:00:00+09:00", "appointments.imported", date="2026-09-14", slots=[{"time": "09:30", "count": 2}, {"time": "10:00", "count": 1, "cards": 2}])  # fmt: skip
    day.add("13:40", "incident.restored", incident="I-1", restored_at="2026-09-14T13:40:00+09:00")
    day.add(
        "13:42", "incident.amended", incident="I-1", services=["cert_renewal"], cause="national", measures="掲示した"
    )
    day.add("17:02", "total.read", item="issuance_new", count=31)
    day.add("17:02", "total.read", item="cert_signature_renewal", count=2, note="端末でやり直した1件")
    day.add("17:03", "report.written", head="weather", lines=["晴れ"])
    day.add("17:03", "report.written", head="inquiries", lines=["委任状の書き方", "駐車場の場所"])
    day.add("17:04", "report.written", head="problems", lines=["午後1時から40分、更新が止まった。"])
    return day.add("17:05", "report.written", head="remarks", none=True)


# ---- print


@pytest.mark.parametrize(
    "day", [Facts(), full_day(), rich_day(), hostile_day()], ids=["empty", "full", "rich", "hostile"]
)
def test_workbook_is_ready_to_print_on_a4(day: Facts) -> None:
    book = book_of(day)
    for name, sheet in book.xml.items():
        setup = sheet.find("m:pageSetup", NS)
        assert setup is not None
        assert (setup.get("paperSize"), setup.get("orientation")) == ("9", "portrait")
        assert setup.get("fitToWidth", "1") == "1"
        assert setup.get("fitToHeight", "1") == ("1" if name.endswith("件数") else "0")
        fit = sheet.find("m:sheetPr/m:pageSetUpPr", NS)
        assert fit is not None and fit.get("fitToPage") == "1"
        assert "&P／&N" in (sheet.findtext("m:headerFooter/m:oddFooter", None, NS) or "")
        assert all(height <= 409 for _, height in book.heights(name))
    assert set(book.defined) == {"_xlnm.Print_Area", "_xlnm.Print_Titles"}
    prints_well(book)


@pytest.mark.parametrize("day", [rich_day(), hostile_day()], ids=["rich", "hostile"])
def test_workbook_has_no_formulas_and_no_merged_cells(day: Facts) -> None:
    for sheet in book_of(day).xml.values():
        assert sheet.find(".//m:f", NS) is None
        assert sheet.find(".//m:mergeCells", NS) is None
        assert sheet.find(".//m:hyperlinks", NS) is None


def test_every_font_is_named_for_offices() -> None:
    book = book_of(rich_day())
    styles = ElementTree.fromstring(book.parts["xl/styles.xml"])
    assert {f.get("val") for f in styles.iterfind("m:fonts/m:font/m:name", NS)} == {"BIZ UDゴシック", "BIZ UD明朝"}


def test_nothing_english_is_seen() -> None:
    """Words, codes of lanes, kinds and states; the codes of people, terminals and cases and the hash are as they are."""
    book = book_of(rich_day(), head=Head(9, "ab" * 32))
    texts = [*book.strings, *book.xml]
    texts += [t.text or "" for c in charts(book) for t in c.iterfind(".//a:t", CHART)]
    assert [t for t in texts if re.search(r"[A-Za-z]{3,}", t) and t != "ab" * 32] == []


def test_a_table_that_a_page_cuts_says_its_head_again() -> None:
    day = full_day()
    for n in range(120):
        day.add(f"{9 + n // 20:02}:{n % 20 * 3:02}", "escalation.raised", escalation=f"E-{n + 10}", matter="fee")
    book = book_of(day)
    filled = {n: list(cells.values()) for n, cells in book.cells("経過記録")}
    heads = [r for r in filled.values() if r and r[0] == "番号"]
    assert len(heads) >= 3
    assert all(filled[after + 1][0] == "所要（分）" for after in book.breaks("経過記録")[:2])
    cases = [str(r[0]) for r in filled.values() if r and str(r[0]).startswith("E-")]
    assert len(cases) == len(set(cases)) == 122


def test_no_page_is_higher_than_the_paper_and_none_ends_with_a_heading() -> None:
    day = rich_day()
    for n in range(60):
        day.add(
            f"{9 + n // 20:02}:{n % 20 * 3:02}:30", "staff.changed", staff=f"S{n:02}", status="late", reason="遅延" * n
        )
    book = book_of(day)
    for name in ("日次報告書", "経過記録"):
        widths = [float(str(c.get("width"))) for c in book.xml[name].iterfind("m:cols/m:col", NS)]
        counts = [
            int(str(c.get("max"))) - int(str(c.get("min"))) + 1 for c in book.xml[name].iterfind("m:cols/m:col", NS)
        ]
        wide = sum(w * 7 * n for w, n in zip(widths, counts, strict=True)) * 72 / 96
        room = (297 - 13 - 14) / 25.4 * 72 * wide / ((210 - 20 - 13) / 25.4 * 72)
        heights = dict(book.heights(name))
        ends = [0, *book.breaks(name), max(heights)]
        for start, end in pairwise(ends):
            assert sum(h for n, h in heights.items() if start < n <= end) + heights[1] * (start > 0) <= room
        rows = {n: list(cells.values()) for n, cells in book.cells(name)}
        assert not [n for n in book.breaks(name) if re.match(r"\d+　|\(\d+\)　", str((rows[n] or [""])[0]))]


# ---- the head


def test_head_of_the_report() -> None:
    book = book_of(rich_day(), head=Head(1234, "ab" * 32), revision=2)
    for name in SHEETS[:4]:
        assert book.row(name, "件名") == ["件名", "熊谷市個人番号カード交付等関連業務委託"]
        assert book.row(name, "契約期間")[1] == "令和8年7月1日（水）から令和10年6月30日（金）まで"
        assert ["令和8年9月14日（月）"] in list(book.rows(name))
        assert "交付特設会場" in str(book.row(name, "履行場所")[1])
        assert "開場 午前8:30　閉場 午後5:10　第2版" in str(book.row(name, "報告対象日")[1])
        assert book.row(name, "熊谷市長　様（市民課）")[1:] == ["現場責任者", "統括責任者", "監督員"]
        assert ["受託者　未記入"] in list(book.rows(name))
        assert ["現場責任者（個人情報管理責任者）　S01、S03（代行）"] in list(book.rows(name))
        assert ["記"] in list(book.rows(name))
    assert book.row("日次報告書", "最終記録の通し番号") == ["最終記録の通し番号", "1,234"]
    assert book.row("日次報告書", "ハッシュ値") == ["ハッシュ値", "ab" * 32]
    assert next(iter(book.rows("日次報告書"))) == ["日次報告書　令和8年9月14日（月）　第2版"]


def test_who_acts_for_the_general_manager() -> None:
    """仕様書 5(1): the acting mark; nothing where nobody took that charge."""
    day = rich_day()
    assert not [r for r in book_of(day).rows("日次報告書") if r[:1] == ["統括責任者の職務"]]
    day.add("2026-07-01T09:00:00+09:00", "staff.registered", staff="S00", role="general_manager")
    day.add("09:30", "charge.taken", staff="S01", charge="general_manager")
    day.add("10:30", "charge.taken", staff="S00", charge="general_manager")
    assert book_of(day).row("日次報告書", "統括責任者の職務")[1:] == ["午前9:30から S01（代理）、午前10:30から S00"]


def test_other_desks_by_destination() -> None:
    day = rich_day()
    day.add("09:30", "referral.given", desk="税", count=2)
    day.add("09:40", "referral.given", desk="総合案内")
    day.add("09:50", "work.counted", item="other_desk_referral", count=4)
    told = day.record().work["other_desk_referral"] - 7  # of the feed
    assert book_of(day).row("日次報告書", "他窓口案内")[1:] == [f"税 2件、総合案内 1件、行き先の記録なし {told + 4}件"]


def test_an_open_day_is_said_to_be_unfinished() -> None:
    book = book_of(Facts().add("09:00", "work.counted", item="photo"))
    assert "閉場前の途中集計" in str(next(iter(book.rows("日次報告書")))[0])


# ---- figures


def test_counts_tie_with_the_records() -> None:
    record = rich_day().record()
    book = book_of(record)
    for service in SITE.services:
        row = book.row("日次報告書", service.name)
        assert row[2] == record.counts[service.code]
        assert row[1] == sum(int(n) for n in row[2:])
    total = book.row("日次報告書", "計")
    assert (total[1], total[2]) == (len(record.tickets), sum(record.counts.values()))


def test_work_ties_with_the_records_and_the_registers() -> None:
    record = rich_day().record()
    book = book_of(record)
    ties = {tie.item: tie for tie in record.ties}
    for item in SITE.work_items:
        row = book.row(COUNTS.get(item.lane, "日次報告書"), item.name)
        assert row[3] == record.work[item.code] == int(row[1]) + int(row[2])
        tie = ties.get(item.code)
        assert row[4] == (item.ledger or "-")
        assert row[5:7] == (["-", "-"] if tie is None or tie.read is None else [tie.read, tie.difference])
        assert row[7] == "□"
    assert book.row("交付件数", "計")[1:4] == [2, 29, 31]
    assert book.row("日次報告書", "台帳・端末との照合")[1] == "21項目のうち 一致 1、差異 1、未照合 19（明細は別紙）"
    assert ["署名用電子証明書 更新", 1, 2, 1, "端末でやり直した1件", "□"] in book.under("日次報告書", "件数の照合")


def test_waits_tie_with_the_records() -> None:
    book = book_of(full_day())
    rows = book.under("日次報告書", "待ち時間")
    assert ["交付", 3, "4分50秒", "10分00秒", "10分00秒", 1, "午前9:00"] in rows
    assert ["電子証明書", 4, "4分50秒", "10分00秒", "10分00秒", 1, "午前8:31"] in rows
    assert not [r for r in rows if r[0] == "登録支援"], "nobody came there"
    assert ["交付", 3, "4分50秒", "10分00秒", "10分00秒", 1, "午前9:00"] in book.under("交付件数", "待ち時間")


def test_hours_add_up_to_the_day() -> None:
    record = full_day().record()
    rows = book_of(record).under("日次報告書", "待ち時間")
    head = next(n for n, r in enumerate(rows) if r[0] == "時間帯")
    assert rows[head - 1] == ["受付（人）", "平均待ち時間（分）"]
    assert rows[head] == ["時間帯", "交付", "電子\n証明書", "計", "交付", "電子\n証明書", "全体"]
    hours = rows[head + 1 :]
    assert [r[0] for r in hours] == ["午前8時", "午前9時", "午前10時", "計"]
    assert hours[1] == ["午前9時", 3, 2, 5, 4.8, 3.5, 4.3]
    total = hours[-1]
    for column in (1, 2, 3):
        assert sum(int(r[column]) for r in hours[:-1] if r[column] != "-") == total[column]
    assert total[3] == len(record.tickets)
    waits = record.waits["issuance"]
    assert waits.mean_s is not None
    assert total[4] == waits.mean_s * 10 // 60 / 10


def test_hand_offs_by_matter_with_both_intervals() -> None:
    book = book_of(full_day())
    assert book.row("日次報告書", "代理人来庁時の対応") == ["代理人来庁時の対応", 1, 1, 0, 0, 0, 0, 1.0, 10.0]
    assert book.row("日次報告書", "計（公権力の行使・仕様書7(2)）")[1] == 1
    assert book.row("日次報告書", "処理方法不明の確認（別掲）")[1:7] == [1, 0, 0, 0, 0, 1]
    assert book.row("経過記録", "E-2")[:9] == [
        "E-2",
        "午前9:01",
        "T1　A001",
        "午前9:02",
        "午前9:11",
        "可",
        1.0,
        10.0,
        "代理人",
    ]
    assert book.under("交付件数", "市職員への引継ぎ")[-1][:3] == ["代理人来庁時の対応", 1, 1]


def test_moves_with_reason_and_effect() -> None:
    rows = book_of(full_day()).under("日次報告書", "配分変更とその効果")
    assert ["午前10:05", "T2", "交付→電子証明書", "更新の待ちが長いため", "0→0", "1→0"] in rows


def test_people_charge_and_vacancies() -> None:
    rows = book_of(rich_day()).under("日次報告書", "体制")
    assert ["現場責任者", "S01、S03（代行）　受付時間中の不在 なし"] in rows
    assert ["従事者", "2人（欠勤 1人、遅刻 0人、休憩の記録の不足 2人）"] in rows
    assert ["市職員", "最多 2人、受付時間中の不在 20分30秒"] in rows
    assert ["午前11:59", "S03", "業務従事者", "代行", "昼の休憩"] in rows
    assert ["S02", "午前8:26", "午前10:00", "S03", "1時間30分", "急な欠勤"] in rows
    assert [r[:3] for r in rows if r[0] == "S02" and "欠勤" in r] == [["S02", "業務従事者", "欠勤"]]


def test_appointments_against_who_came() -> None:
    book = book_of(rich_day())
    assert book.row("日次報告書", "予約")[1] == "枠 3人・4枚　来庁 2人　未来庁 1人"
    assert book.row("日次報告書", "天候") == ["天候", "晴れ"]
    assert not [r for r in book_of(full_day()).rows("日次報告書") if r and r[0] == "予約"], "none were imported"


def test_inquiries_incidents_outages_and_stops() -> None:
    book = book_of(rich_day())
    inquiries = book.under("日次報告書", "問い合わせ内容")
    assert ["必要書類", 3, "駐車場", 1, "計", 4] in inquiries
    assert ["・委任状の書き方"] in inquiries and ["・駐車場の場所"] in inquiries
    rows = book.under("日次報告書", "事故・障害・苦情等")
    incident = next(r for r in rows if r[0] == "I-1" and r[1] == "システム障害")
    assert incident[2:5] == ["午後1:05", "午後1:10", "報告済"]
    assert "更新ができない" in str(incident[5])
    assert ["I-1", "電子証明書更新", "午後1:05", "午後1:40", 35, "国のシステム"] in rows
    assert ["打切り", "電子証明書更新", "午後1:00", "午後1:40", 40, "システム障害"] in rows


def test_devices_of_the_application_support() -> None:
    day = full_day().ticket("C001", "application_support", "10:00", "10:05", "10:25", terminal="A1")
    assert ["A1", "マイナ・アシスト2 1号", 1, 1, "20分00秒", "20分00秒"] in book_of(day).under(
        "申請サポート件数", "装置別"
    )


# ---- what only a person can say (仕様書 10)


def test_heads_of_the_report_say_what_was_written_chosen_or_left_open() -> None:
    written = book_of(rich_day())
    assert written.under("日次報告書", "問題点")[0] == ["午後1時から40分、更新が止まった。"]
    assert written.under("日次報告書", "特記事項・翌日への引継ぎ") == [["特になし"]]
    left = book_of(full_day())
    assert left.under("日次報告書", "問題点")[0] == ["未記入"]
    assert left.under("日次報告書", "特記事項・翌日への引継ぎ") == [["未記入"]]


def test_doubts_of_the_record_stand_below_the_problems() -> None:
    rows = book_of(full_day()).under("日次報告書", "問題点")
    assert ["(1)　記録から確かめる点"] in rows
    doubt = "市職員の決定の記録がない引継ぎが1件あります。"
    assert [f"・{doubt}"] in rows
    written = full_day().add("17:20", "report.written", head="problems", lines=[doubt], none=False)
    rows = book_of(written).under("日次報告書", "問題点")
    assert sum(doubt in str(row[0]) for row in rows) == 1, "written already: not twice"


def test_a_section_without_anything_says_so_and_an_empty_list_takes_no_page() -> None:
    book = book_of(Facts())
    assert list(book.xml) == SHEETS[:4]
    opened = book_of(Facts().add("08:30", "day.opened", officials=2))
    for heading, words in (
        ("待ち時間", "該当なし"),
        ("配分変更とその効果", "該当なし（記録 0件）"),
        ("市職員への引継ぎ", "該当なし（記録 0件）"),
        ("事故・障害・苦情等", "該当なし（記録 0件）"),
    ):
        assert opened.under("日次報告書", heading) == [[words]]
        assert book.under("日次報告書", heading) == [["記録なし"]], "of a day without a record nothing is known"
    assert book.row("日次報告書", "従事者") == ["従事者", "記録なし"]
    assert book.row("日次報告書", "市職員") == ["市職員", "記録なし"]
    assert [f"・{NOT_RECORDED}"] in book.under("日次報告書", "問題点")


# ---- charts


def charts(book: Xlsx) -> list[ElementTree.Element]:
    return [
        ElementTree.fromstring(book.parts[n]) for n in sorted(book.parts) if re.fullmatch(r"xl/charts/chart\d+\.xml", n)
    ]


def test_charts_are_native_and_show_the_hours_of_their_table() -> None:
    book = book_of(full_day())
    first = charts(book)[0]
    assert len(charts(book)) == 3  # the hall, and the two lanes to which somebody came
    assert [len(first.findall(f".//c:{kind}/c:ser", CHART)) for kind in ("barChart", "lineChart")] == [1, 1]
    cells = {f"{column}{n}": value for n, found in book.cells("日次報告書") for column, value in found.items()}
    rows = {str(v): n for n, found in book.cells("日次報告書") for v in found.values()}
    for ser in first.iterfind(".//c:ser", CHART):
        ref = ser.findtext("c:val/c:numRef/c:f", "", CHART)
        found = re.fullmatch(r"'?日次報告書'?!\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)", ref)
        assert found, ref
        column, start, end = found[1], int(found[2]), int(found[3])
        assert (start, end) == (rows["午前8時"], rows["午前10時"])
        shown = [float(v.text or "") for v in ser.iterfind("c:val/c:numRef/c:numCache/c:pt/c:v", CHART)]
        assert shown == [v for n in range(start, end + 1) if (v := cells.get(f"{column}{n}")) is not None]


def test_charts_are_read_without_colour() -> None:
    """Grey, black, white and patterns; the line has markers; axes have Japanese titles in the font of the page."""
    for chart in charts(book_of(full_day())):
        colours = {str(c.get("val")) for c in chart.iterfind(".//a:srgbClr", CHART)}
        assert all(c[0:2] == c[2:4] == c[4:6] for c in colours)
        assert chart.find(".//c:lineChart/c:ser/c:marker/c:symbol", CHART) is not None
        titles = [t.text for t in chart.iterfind(".//c:valAx/c:title//a:t", CHART)]
        assert titles and all(re.search(r"[（分人]", t or "") for t in titles)
        faces = {str(f.get("typeface")) for f in chart.iterfind(".//a:latin", CHART)}
        assert faces == {"BIZ UDゴシック"}


def test_charts_say_in_words_what_they_show() -> None:
    """For a reader of the screen: title, what it is drawn over, the peak of each series and when it was."""
    book = book_of(full_day())
    (said,) = (a.find(".//x:cNvPr", DRAWN).get("descr") for a in anchors(book, "日次報告書"))  # type: ignore[union-attr]
    assert said == (
        "時間帯別の受付人数と平均待ち時間（棒と折れ線のグラフ）。横軸は午前8時から午前10時まで。"
        "受付（人）は最大5（午前9時）、最小1。平均待ち時間（分）は最大6.2（午前8時）、最小4.3。"
    )


def test_a_bad_day_prints_in_one_size_and_the_count_sheets_stay_on_one_page() -> None:
    day = rich_day()
    for n in range(30):
        at = f"{9 + n // 6:02}:{n % 6 * 10:02}"
        words = "順番を飛ばされたとの申出。呼出しの記録を確かめて説明した。" * (1 + n % 3)
        day.add(f"{at}:10", "incident.opened", incident=f"I-{n + 10}", category="complaint", summary=words)
        day.add(f"{at}:20", "escalation.raised", escalation=f"E-{n + 10}", matter="fee")
        day.add(f"{at}:30", "staff.changed", staff=f"S{n:02}", status="late", reason="電車の遅れ")
        day.add(f"{at}:40", "ticket.issued", ticket=f"B{n + 500}", service="cert_renewal")
    book = book_of(day)
    prints_well(book)
    assert {len(book.breaks(name)) for name in COUNTS.values()} == {0}
    assert setup_of(book, "日次報告書").scale > 0.8


@pytest.mark.parametrize("name", other_sites.OTHERS)
def test_other_halls_print_as_well(name: str) -> None:
    """One lane, two and three, with other tables and columns."""
    site = other_sites.site_of(name)
    floor = fold(site, other_sites.DAY, entries_of(other_sites.lines(name)))
    prints_well(Xlsx(day_xlsx(day_record(floor, Register(), None, revision=1), site)))


def test_a_day_by_head_counts_prints_as_well() -> None:
    day = a_day().opens("08:30")
    for n in range(30):
        day.counts("certificate", n % 12, f"{9 + n // 6}:{n % 6 * 10:02}").counts("issuance", n % 7)
    prints_well(Xlsx(day_xlsx(day_record(day.closes("17:10").floor(), Register(), None, revision=1), SITE)))


def test_a_day_without_tickets_has_no_chart() -> None:
    assert charts(book_of(Facts().add("09:00", "work.counted", item="photo"))) == []


# ---- hostile text


def test_hostile_text_is_whole_and_only_text() -> None:
    book = book_of(hostile_day())  # well-formed XML, or the reading fails
    joined = "".join(str(v) for name in book.xml for row in book.rows(name) for v in row)
    assert "=cmd|' /C calc'!A0 [/red] 㐂𠮷" in joined
    assert "\x1b" not in joined and "\u202e" not in joined
    assert joined.count("理") >= 1000
    quoted = ElementTree.fromstring(book.parts["xl/styles.xml"]).iterfind("m:cellXfs/m:xf[@quotePrefix='1']", NS)
    assert len(list(quoted)) >= 1


def test_a_long_text_goes_on_in_the_next_rows() -> None:
    rows = list(book_of(hostile_day()).rows("経過記録"))
    start = next(n for n, r in enumerate(rows) if r and str(r[-1]).startswith("理理") and "遅刻" in r and len(r) == 4)
    assert rows[start][:3] == ["S1", "午前9:02", "遅刻"]
    texts = [str(v) for row in rows[start:] for v in row if str(v).startswith("理") and str(v) != "理由"]
    assert "".join(texts) == "理" * 1000


@pytest.mark.parametrize("code", ["T" * 24, "-9", "番号" * 12])
def test_a_long_or_risky_number_of_a_ticket_is_not_cut(code: str) -> None:
    day = full_day().add("12:00", "escalation.raised", escalation="E-7", matter="fee", ticket=code)
    assert code in "".join(book_of(day).strings)


def test_no_page_is_left_for_a_few_lines_alone() -> None:
    """Where a slightly smaller print saves the last page, it is taken; the sheet is as wide as the paper all the same."""
    sizes = set()
    for n in range(1, 30, 4):
        day = rich_day()
        day.add("17:06", "report.written", head="problems", lines=[f"{m}番目の問題点" for m in range(n % 15 + 1)])
        for m in range(n):
            day.add(f"11:{m:02}", "vacancy.opened", staff=f"S{m + 40}", reason="急な欠勤")
        book = book_of(day)
        heights = dict(book.heights("日次報告書"))
        last = sum(h for row, h in heights.items() if row > (book.breaks("日次報告書") or [0])[-1])
        sizes.add((len(book.breaks("日次報告書")), last > 100))
    assert {pages for pages, _ in sizes} >= {2, 3}
    assert all(full for _, full in sizes)


def test_what_nobody_recorded_of_the_visitors_is_no_zero() -> None:
    """Numbers given by hand tell neither an appointment nor a wish; counts alone do not even tell the visitors."""

    def said(day: Story) -> tuple[str, str]:
        facts = day_facts(day_record(day.floor(), Register(), None, revision=1), SITE)
        return str(facts["visitors"]), str(facts["assisted"])

    by_hand = a_day().tells("ticket.issued", "09:00", "console", ticket="B001", service="cert_renewal")
    assert said(by_hand) == ("番号札 1人（うち完了 0人）　予約あり 記録なし", "記録なし")
    fed = a_day().issues("B001", at="09:00")
    assert said(fed) == ("番号札 1人（うち完了 0人）　予約あり 0人　予約なし 1人", "希望 0人")
    counted = a_day().tells("work.counted", "16:00", "console", item="issuance_new", count=3)
    assert said(counted) == ("記録なし（件数だけの記録）", "記録なし")
