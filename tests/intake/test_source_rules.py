"""A mistake in a description of a source is a sentence with its line, in the words of whoever writes it."""

from __future__ import annotations

import re
import time
from datetime import datetime
from pathlib import Path

import pytest

from floorctl.common.clock import JST
from floorctl.common.errors import UsageError
from floorctl.intake import checked_site
from floorctl.intake.site_file import data_dir, load_site
from floorctl.intake.sources.reader import SourceReader
from floorctl.intake.sources.source_file import all_sources, described, load_sources
from floorctl.intake.sources.table import DoesNotFit
from floorctl.models.site.site import Site
from floorctl.models.site.source import Cell
from tests.contract.contract_cli import run

NOW = datetime(2026, 9, 14, 9, 30, tzinfo=JST)
LOG = """
[[sources]]
name = "log"
files = "out/log_{YYYY}{MM}*.csv"
which = "newest"
days = "today"
form = "csv"
encoding = "cp932"
separator = ";"
heading = false
skip_lines = 1
zone = "Asia/Tokyo"
dates = "ymd"
wraps = true
ends = "call"
personal = [6]
leave_out = [{ service = "60" }]

[sources.columns]
day = 1
time = 2
event = 3
service = 4
ticket = 5
desk = 7

[sources.codes.service]
"03" = "cert_renewal"
"*" = ""

[sources.codes.desk]
"1" = "T1"

[[sources.facts]]
kind = "ticket.issued"
when = { event = "0" }

[[sources.facts]]
kind = "ticket.called"
when = { event = ["1", 9] }
unless = { service = "99" }
terminal = "desk"
"""
VISITS = """
[[sources]]
name = "visits"
files = "visits.csv"
personal = ["氏名"]

[sources.columns]
ticket = "番号"
service = "業務"
terminal = "窓口"
issued = { column = "発券→呼出", split = "→", part = 1 }
called = { column = "発券→呼出", split = "→", part = 2 }
ended = "終了"
outcome = "結果"

[sources.codes.outcome]
"完" = "done"

[[sources.facts]]
kind = "ticket.issued"
at = "issued"
assist = { value = true }

[[sources.facts]]
kind = "ticket.called"
at = "called"

[[sources.facts]]
kind = "ticket.finished"
at = "ended"
"""
COUNTS = """
[[sources]]
name = "counts"
form = "json"
files = "queues.json"
rows = "queues.*"
columns = { lane = "*", waiting = "customersWaiting", at = "/lastUpdated" }
facts = [{ kind = "queue.counted", when = { open = true } }]
"""
FIXED = """
[[sources]]
name = "fixed"
form = "fixed"
arrivals = "call"
columns = { time = "1-6", ticket = "7-10", service = "11-12", terminal = "13" }
facts = [{ kind = "ticket.called" }]
"""
ROWS = """
[[sources]]
name = "rows"
form = "sqlite"
table = "visits"
columns = { at = "called_at", ticket = "no", terminal = "desk" }
facts = [{ kind = "ticket.called" }]
"""
OWN = """
[[sources]]
name = "own"
form = "floorctl"
ends = "next_call"
"""
# A column that holds a desk in one row and a service in another; one that gives the number and the service.
MIXED = """
[[sources]]
name = "mixed"
heading = false
columns = { at = 1, event = 2, ticket = 3, service = 3, what = 4 }
facts = [
  { kind = "ticket.issued", when = { event = "ISSUE*" } },
  { kind = "ticket.called", terminal = "what", when = { event = "CALL" } },
  { kind = "ticket.transferred", service = "what", when = { event = "MOVE" } },
]
codes.service = { "A*" = "card_issuance", "*" = "other" }
codes.what = { "1" = "T1", "証明" = "cert_issue" }
"""
GOOD = (LOG, VISITS, COUNTS, FIXED, ROWS, OWN, MIXED)

# (description, what stands in it, what is put there, words of the line that tells it)
FAULTS: tuple[tuple[str, str, str, str], ...] = (
    # the source and its file
    (LOG, 'name = "log"', 'name = "発券"', "name：英数字と . _ : -（64字まで）"),
    (LOG, 'name = "log"', 'name = "console"', "手で入れた記録の入力元"),
    (LOG, "{MM}", "{mm}", "{mm} は日付の印ではありません。{MM} のことであれば"),
    (LOG, "{MM}", "{DAY}", "日付の印は {YYYY} {YY} {MM}"),
    (LOG, "{MM}", "{MM", "{ } がそろっていません"),
    (LOG, "out/log_", "out/**/log_", "** は使えません"),
    (LOG, "log_{YYYY}{MM}*.csv", "", "ファイルの名がありません"),
    (LOG, "out/log_", r"out\log_", r"\ は / か \\ と書きます"),
    (LOG, "out/log_", r"out\tlog_", r"使えない文字があります。パスの \ は / と書いて"),
    (LOG, '"today"', '"todai"', "all、today のどれかにします。today のことであれば"),
    (LOG, '"cp932"', '"Shift_JIS"', "euc-jp のどれかにします。cp932 のことであれば"),
    (LOG, '"csv"', '"tsv"', "separator：form = \"tsv\" では使いません"),
    (LOG, 'separator = ";"', 'separator = ", "', "separator：引用符のほかの1字"),
    (LOG, '"csv"', '"fixed"', "heading：form = \"fixed\" では使いません（csv・tsv のもの）"),
    (LOG, '"csv"', '"json"', "skip_lines：form = \"json\" では使いません"),
    (LOG, "skip_lines = 1", 'table = "x"', "table：form = \"csv\" では使いません（sqlite のもの）"),
    (LOG, "skip_lines = 1", 'rows = "x"', "rows：form = \"csv\" では使いません（json・jsonl のもの）"),
    (ROWS, 'table = "visits"', "", "SQLite の表の名がありません"),
    (ROWS, 'table = "visits"', 'table = "visits"\nencoding = "cp932"', "encoding：form = \"sqlite\" では"),
    (OWN, 'ends = "next_call"', 'zone = "UTC"', "zone：form = \"floorctl\""),
    (OWN, 'ends = "next_call"', 'facts = [{ kind = "ticket.left" }]', "facts：form = \"floorctl\""),
    (LOG, "Asia/Tokyo", "Asia/Tokio", "このような時間帯はありません。Asia/Tokyo のことであれば"),
    (LOG, "Asia/Tokyo", "+9", "このような時間帯はありません"),
    # columns
    (LOG, "ticket = 5", "ticket = 0", "columns の ticket：1以上"),
    (LOG, "ticket = 5", "ticket = 1001", "columns の ticket：1000以下"),
    (LOG, "ticket = 5", 'ticket = "番号"', "列は番号です。左から1、2、3"),
    (LOG, "ticket = 5", 'ticket = "5"', "列は番号です。5 と引用符なしで"),
    (LOG, "ticket = 5", "番号 = 5", '日本語などの項目名は "発券時刻" のように'),
    (LOG, "ticket = 5", "tickt = 5", "ticket.issued には ticket（番号）が要ります。columns の tickt のこと"),
    (LOG, "desk = 7", 'desk = 7\nrows = "x"', "rows：入力元の項目です。columns の外"),
    (LOG, "day = 1", "event.x = 1", "columns の event"),
    (LOG, "desk = 7", "desk = 7\ncard = 8", "card：どの記録も使わない列です。cards（カードの枚数）のこと"),
    (LOG, "desk = 7", 'desk = 7\nid = { value = "1" }', "id の value：どの行も同じ id になります"),
    (LOG, "time = 2", "tyme = 2", "記録の時刻の列がありません"),
    (VISITS, 'split = "→", part = 1', "part = 2", "part：split（区切りの文字）がありません"),
    (VISITS, 'column = "発券→呼出", split = "→", part = 1', 'split = "→"', "columns の issued：column も value もありません"),
    (VISITS, 'split = "→", part = 1', "value = 1", "columns の issued の value：column もあります"),
    (VISITS, 'column = "発券→呼出", split = "→", part = 1', 'value = "9:00", part = 2', "part：value には使えません"),
    (VISITS, "part = 1", "prt = 1", "columns の issued の prt：このような項目はありません。part のこと"),
    (VISITS, "part = 1", "part = 99", "columns の issued の part：20以下"),
    (VISITS, 'ticket = "番号"', "a.b = 1", '点のある名であれば "a.b"'),
    (VISITS, 'ticket = "番号"', 'ticket = "氏名"', "personal に挙げた、読まない列です"),
    (VISITS, '["氏名"]', '["名前"]\nleave_out = [{ "名前" = "*" }]', "personal に挙げた、読まない列です"),
    (VISITS, 'terminal = "窓口"', 'terminal = "窓口"\nnote = "お客様氏名"', "個人情報の列の名です。personal に移し"),
    (VISITS, 'ticket = "番号"', 'ticket = "お名前"', "個人情報の列の名です"),
    (VISITS, '["氏名"]', '["氏名"、"住所"]', "全角の空白か記号があります"),
    (FIXED, 'arrivals = "call"', 'arrivals = "call"\npersonal = ["9-20"]', "columns の ticket：personal に挙げた、読まない列です"),
    (VISITS, '["氏名"]', '["氏名", "氏　名", "氏名 "]', "personal 3番目：2度あります"),
    (FIXED, '"7-10"', '"10-7"', "何バイト目から何バイト目までか"),
    (FIXED, '"7-10"', "7", "何バイト目から何バイト目までか"),
    (ROWS, '"no"', "3", "SQLite の表の列は名で"),
    # facts
    (LOG, 'kind = "ticket.issued"', 'kind = "ticket.isued"', "このような記録の種類はありません。ticket.issued のこと"),
    (LOG, 'kind = "ticket.issued"', 'kind = "発券"', "種類はありません。ticket.issued のことであれば"),
    (LOG, 'kind = "ticket.issued"', 'kind = "issued"', "種類はありません。ticket.issued のことであれば"),
    (LOG, 'kind = "ticket.issued"', 'kind = "foo"', "書ける種類は floorctl source kinds で"),
    (LOG, '"csv"', '"CSV"', "csv のことであれば"),
    (LOG, 'when = { event = "0" }', 'when = "0"', "when：[ ] で始まる表か、{ } の組で"),
    (LOG, 'codes.service]', 'codes]', "codes の 03：[ ] で始まる表か、{ } の組で"),
    (LOG, 'personal = [6]', 'personal = 6', "personal：[ ] で囲んだ並びか"),
    (LOG, 'kind = "ticket.issued"', 'kind = "incident.opened"', "発券機の記録では書けない種類です"),
    (LOG, 'kind = "ticket.issued"', 'kind = "ticket.issued"\nat = "tyme"', "at：このような列は columns にありません。time のこと"),
    (VISITS, 'at = "called"', 'at = "caled"', "at：このような列は columns にありません。called のこと"),
    (LOG, 'when = { event = "0" }', 'when = { evnt = "0" }', "when の evnt：このような列は columns にありません。event のこと"),
    (LOG, 'when = { event = "0" }', "when = { event = [] }", "when の event：値が1つもありません"),
    (LOG, 'when = { event = "0" }', "when = { event = 1.5 }", "when の event：\"文字\"か、整数か、true・falseか、[ ] の並び"),
    (LOG, 'unless = { service = "99" }', 'unles = { service = "99" }', "unless のことであれば"),
    (LOG, 'leave_out = [{ service = "60" }]', "leave_out = [{}]", "条件がないので、すべての行を除きます"),
    (LOG, '{ service = "60" }', '{ servce = "60" }', "leave_out 1番目 の servce：このような列は"),
    (LOG, 'terminal = "desk"', 'terminal = "dsk"', "terminal：このような列は columns にありません。desk のこと"),
    (LOG, 'terminal = "desk"', 'cards = "desk"', "ticket.called にこの項目はありません。呼出しを発券の代わりに"),
    (LOG, 'terminal = "desk"', 'waiting = "desk"', "ticket.called にこの項目はありません。ticket.called の項目は ticket、terminal です"),
    (LOG, 'terminal = "desk"', 'terminal = "desk"\nzone = "UTC"', "zone：sources の項目です"),
    (VISITS, "value = true", 'value = "たぶん"', "assist の value：はい・いいえではありません"),
    (COUNTS, 'lane = "*"', 'lan = "*"', "queue.counted には lane（窓口）が要ります。columns の lan のこと"),
    (COUNTS, 'lane = "*"', 'lane = { value = "certificat" }', "lanes にないコードです。certificate のこと"),
    (COUNTS, 'lane = "*"', 'lane = { value = "交付" }', "lanes にないコードです。issuance のこと"),
    (FIXED, 'service = "11-12", ', "", "ticket.called には service（業務）が要ります"),
    (LOG, 'when = { event = ["1", 9] }', 'when = { event = "1" }\n[[sources.facts]]\nkind = "ticket.issued"\nwhen = { event = "0" }\n[[sources.facts]]\nkind = "ticket.called"', "facts 3番目：1番目と同じ種類・時刻・条件です"),
    (LOG, "[[sources.facts]]", "[[sources.fact]]", "fact：このような項目はありません。facts のこと"),
    (COUNTS, 'facts = [{ kind = "queue.counted", when = { open = true } }]', "", "どの行を何の記録とするか（facts）がありません"),
    # rules that stand in
    (VISITS, 'files = "visits.csv"', 'ends = "next_call"', "終わり（ticket.finished）も記録しています"),
    (VISITS, 'files = "visits.csv"', 'arrivals = "call"', "発券（ticket.issued）も記録しています"),
    (COUNTS, 'form = "json"', 'form = "json"\nends = "call"', "呼出し（ticket.called）の記録がありません"),
    (COUNTS, 'form = "json"', 'form = "json"\nwraps = true', "発券（ticket.issued）の記録がありません"),
    (LOG.replace('terminal = "desk"\n', ""), 'ends = "call"', 'ends = "next_call"', "次の呼出しで終わりとするには、端末（terminal）が"),
    # codes
    (LOG, "cert_renewal", "cert_renwal", "codes の service の 03：会場設定の services にないコードです。cert_renewal のこと"),
    (LOG, "cert_renewal", "電子証明書更新", "services にないコードです。cert_renewal のこと"),
    (MIXED, '"T1"', '"T99"', "codes の what の 1："),
    (LOG, '"T1"', '"T99"', "codes の desk の 1：会場設定の terminals にないコード"),
    (LOG, '"03" = "cert_renewal"', "03 = 3", "codes の service の 03：\"文字\" のように引用符で"),
    (LOG, '"03" = "cert_renewal"', 'A.1 = "cert_renewal"', '点のある名は "a.b" のように'),
    (LOG, '"03" = "cert_renewal"', '更新 = "cert_renewal"', '日本語などの項目名は "発券時刻" のように'),
    (LOG, '"*" = ""', '"０３" = ""', "codes の service の ０３：03 と同じ値です"),
    (LOG, "codes.desk", "codes.dsk", "codes の dsk：この言葉の列を、どの記録も使いません。desk のこと"),
    (VISITS, '"完" = "done"', '"完" = "完了"', "結果の言葉ではありません。done のこと"),
    (LOG, '"*" = ""', '"*" = ""\nwraps = true', "codes の service の wraps"),
)  # fmt: skip


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "sources.toml"


def lines_of(path: Path, text: str, site: Site) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_sources(path, site)
    # One fault is the sentence, several are a line each.
    return list(caught.value.lines[1:] or (caught.value.sentence.replace("）。", "。"),))


@pytest.mark.parametrize("text", GOOD, ids=lambda x: re.findall(r'name = "(\w+)"', x)[0])
def test_a_right_description_has_no_fault(written: Path, site: Site, text: str) -> None:
    written.write_text(text, encoding="utf-8")
    (source,) = load_sources(written, site)
    assert source == described(site, source.name, written)
    assert not source.files or source.files.startswith(str(written.parent))


@pytest.mark.parametrize(("text", "old", "new", "words"), FAULTS, ids=[f"{f[2][:24]}>{f[3][:24]}" for f in FAULTS])
def test_a_mistake_is_told_with_its_line(written: Path, site: Site, text: str, old: str, new: str, words: str) -> None:
    assert old in text
    broken = text.replace(old, new, 1)
    alone = lines_of(written, broken, site)
    assert [x for x in alone if words in x], alone
    # Beside a mistake elsewhere it is told all the same.
    told = lines_of(written, broken + '\n[[sources]]\nname = "other"\nform = "floorctl"\nwich = "all"\n', site)
    assert [x for x in told if "which のことであれば" in x], told
    (own,) = [x for x in told if words in x] or [f"not among {told}"]
    number, label = re.findall(r"(\d+)行目(?: .*? の )?([^：]*)：", own)[0]
    row, key = broken.split("\n")[int(number) - 1], re.sub(r" \d+番目.*", "", label.rpartition(" の ")[2])
    assert key in row or row.startswith("[[") or "{" in row, (own, row)  # a key that is missing, at its table


def keys_of(text: str) -> list[tuple[int, str]]:
    """Number and key of each row with one key and its whole value."""
    found = ((n, re.match(r'([a-z_]+|"[^"]+") = ', row)) for n, row in enumerate(text.split("\n"), 1))
    return [(n, m[1]) for n, m in found if m and not m.string.endswith("[")]


@pytest.mark.parametrize("text", GOOD, ids=lambda x: re.findall(r'name = "(\w+)"', x)[0])
def test_each_key_in_turn_with_a_value_of_no_type(written: Path, site: Site, text: str) -> None:
    """The fault is that of its line, and of no other; a list in its place neither ends the reading nor the rules."""
    for number, key in keys_of(text):
        rows = text.split("\n")
        for wrong in ("1.5", "[[1]]", "2026-01-01"):
            rows[number - 1] = f"{key} = {wrong}"
            told = lines_of(written, "\n".join(rows), site)
            assert any(f"{number}行目" in x for x in told), (key, told)


@pytest.mark.parametrize("text", GOOD, ids=lambda x: re.findall(r'name = "(\w+)"', x)[0])
def test_each_row_in_turn_left_out_or_misspelt(written: Path, site: Site, text: str) -> None:
    """Leave rows out or misspell them: the rest can be read by, or has faults with their lines."""
    rows = text.split("\n")
    for n, row in enumerate(rows):
        for other in ("", row.replace("e", "", 1), row.replace(" = ", " ", 1), row.replace('"', "", 1)):
            written.write_text("\n".join([*rows[:n], other, *rows[n + 1 :]]), encoding="utf-8")
            try:
                for source in load_sources(written, site):
                    list(SourceReader(source, site).read_data(b"1,2\n", written, NOW, NOW.date()))
            except DoesNotFit:
                continue  # the description is right; these bytes are another file
            except UsageError as error:
                assert re.search(r"\d行目", error.sentence), error.sentence
                assert all(re.match(r"\d+行目", x) for x in error.lines[1:]), error.lines


def test_keys_without_the_head_of_their_table(written: Path, site: Site) -> None:
    told = lines_of(written, LOG.replace("[[sources]]\n", "", 1).partition("[sources")[0], site)
    assert any("files：sources の項目です。すぐ上に [[sources]] と書いてください" in x for x in told)


def test_a_table_of_a_source_without_its_name(written: Path, site: Site) -> None:
    told = lines_of(written, LOG.replace("[sources.columns]", "[columns]"), site)
    assert any("columns：sources の項目です。[sources.columns] と書いてください" in x for x in told)


@pytest.mark.parametrize("value", ["True", '"true"', "1", "はい"])
def test_a_heading_that_is_neither_true_nor_false_makes_no_other_fault(written: Path, site: Site, value: str) -> None:
    (told,) = lines_of(written, VISITS.replace('personal = ["氏名"]', f'personal = ["氏名"]\nheading = {value}'), site)
    assert "6行目" in told and "番号です" not in told


def test_the_card_of_the_resident_number_is_a_service(written: Path, site: Site) -> None:
    text = 'columns = { at = "時刻", n = "個人番号カード交付" }\nfacts = [{ kind = "queue.counted", waiting = "n", lane = { value = "issuance" } }]\n'
    written.write_text(f'[[sources]]\nname = "counts"\n{text}', encoding="utf-8")
    assert load_sources(written, site)[0].columns["n"] == "個人番号カード交付"
    written.write_text(f'[[sources]]\nname = "counts"\n{text.replace("カード交付", "")}', encoding="utf-8")
    with pytest.raises(UsageError, match="個人情報の列の名です"):
        load_sources(written, site)


@pytest.mark.parametrize("key", ["{} = 1", "[{}]", "x = {{ {} = 1 }}", '"a".{} = 1'])
def test_a_key_of_ten_thousand_parts_is_refused_at_once(written: Path, site: Site, key: str) -> None:
    began = time.monotonic()
    (told,) = lines_of(written, f"{LOG}\n{key.format('.'.join(['a'] * 10_000))}\n", site)
    assert time.monotonic() - began < 2 and "入れ子が深すぎます" in told


def test_a_file_that_is_wrong_as_a_whole_is_refused_in_bounded_time(written: Path, site: Site) -> None:
    codes = "".join(f'"{n}" = "cert_renewa{n}"\n' for n in range(20_000))
    began = time.monotonic()
    told = lines_of(written, LOG.replace('"03" = "cert_renewal"\n', codes), site)
    cases = ", ".join(f'c{n} = "1"' for n in range(20_000))
    said = lines_of(written, LOG.replace('event = "0"', cases), site)
    assert time.monotonic() - began < 20
    assert told[-1].startswith("ほかに") and "列は200までです" in said[0]


def test_names_and_files_are_told_apart(written: Path, site: Site) -> None:
    told = lines_of(written, LOG + LOG, site)
    assert any("sources 2番目 log の name：log は1番目にもあります" in x for x in told)
    assert any("files：1番目と同じファイルです" in x for x in told)
    text = (data_dir() / "kumagaya.toml").read_text(encoding="utf-8")
    own = written.with_name("own.toml")
    own.write_text(text + '\n[[feeds]]\npath = "a.jsonl"\nsource = "own"\n' + OWN, encoding="utf-8")
    with pytest.raises(UsageError, match="name：feeds の1番目と同じ名です"):
        load_site(own)


def test_the_file_of_descriptions_stands_for_a_source_of_the_site(written: Path) -> None:
    own = written.with_name("own.toml")
    text = (data_dir() / "kumagaya.toml").read_text(encoding="utf-8")
    own.write_text(text + LOG + VISITS, encoding="utf-8")
    site = load_site(own)
    assert [x.name for x in site.sources] == ["log", "visits"]
    assert site.sources[1].files == str(written.parent / "visits.csv")
    written.write_text(LOG.replace('days = "today"\n', ""), encoding="utf-8")
    assert [(x.name, x.days) for x in all_sources(site, written)] == [("log", "all"), ("visits", "all")]
    assert described(site, "kiosk", written) is None
    told = run("--site", own, "site", "check", "--source-file", written)
    assert told.status == 0 and "入力元 3  1行から読む記録 7" in told.out
    assert "確かめる点: 入力元 log の files：フォルダーがありません" in told.out


def test_a_checked_site_keeps_its_sources(tmp_path: Path) -> None:
    """An empty cell as a key, parts of cells, values of several types: what is kept is what was checked."""
    own = tmp_path / "own.toml"
    codes = LOG.replace('"*" = ""', '"" = "other"')
    own.write_text(
        (data_dir() / "kumagaya.toml").read_text(encoding="utf-8") + codes + VISITS + COUNTS, encoding="utf-8"
    )
    site, text = load_site(own), own.read_text(encoding="utf-8")
    assert site.sources[0].codes["service"] == {"03": "cert_renewal", "": "other"}
    assert site.sources[1].columns["issued"] == Cell(column="発券→呼出", split="→", part=1)
    place = tmp_path / "record"
    assert checked_site.keep(place, text, site)
    assert repr(checked_site.find(place, text)) == repr(site)


def test_site_check_tells_faults_of_a_file_of_descriptions(written: Path) -> None:
    written.write_text(LOG.replace("cert_renewal", "cert_renwal"), encoding="utf-8")
    told = run("site", "check", "--source-file", written, "--json")
    assert told.status == 2
    assert not told.json["ok"] and "cert_renewal のことであれば" in told.json["faults"][0]


def test_a_heading_that_columns_names_is_no_slip_of_the_word_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(
        """
[[sources]]
name = "visits"
columns = { time = "Time", ticket = "No", service = "Menu", status2 = "Status" }
facts = [{ kind = "ticket.issued", when = { Status = "OPEN" } }]
""",
        encoding="utf-8",
    )
    (source,) = load_sources(path, load_site())
    assert source.facts[0].when == {"Status": "OPEN"}
