"""A file that nobody has described: what is proposed for it, in every dress that we could think of."""

from __future__ import annotations

import json
import random
import re
import sqlite3
import tomllib
from datetime import date
from pathlib import Path

import pytest

from floorctl.common.errors import FloorctlError
from floorctl.intake.sources.proposal.guess import MISSING, Proposal, propose, sample_of
from floorctl.intake.sources.proposal.proposal_toml import FILL_IN, MOST_LINES, proposal_toml
from floorctl.intake.sources.source_file import load_sources
from floorctl.intake.sources.trial import Trial, try_source
from floorctl.models.site.site import Site
from tests.intake.sources.dresses import Dressed, dressed, visits

# Of a column that had to be filled in, any code of the site.
_ANY = {"service": "other", "terminal": "T1", "outcome": "incomplete", "lane": "issuance"}


def proposed(path: Path, data: bytes | str, site: Site) -> Proposal:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return propose(sample_of(path), path.name, site)


def filled_in(toml: str) -> str:
    """The proposal as a manager completes it: each ``?`` replaced by a code."""
    word, lines = "", []
    for line in toml.splitlines():
        if head := re.fullmatch(r"\[sources\.codes\.(\w+)\]", line):
            word = head[1]
        table = re.match(r"(\w+) = \{", line)
        lines.append(line.replace(f'"{MISSING}"', f'"{_ANY.get(table[1] if table else word, "")}"'))
    return "\n".join(lines)


def tried(path: Path, found: Proposal, site: Site) -> Trial:
    described = path.with_suffix(".toml")
    described.write_text(filled_in(proposal_toml(found)), encoding="utf-8")
    (source,) = load_sources(described, site)
    return try_source(source, path, site, date(2026, 9, 14), 3)


def roles_of(found: Proposal) -> list[str]:
    """The role of each column of the file, in its order."""
    by = {x.column.place: word for word, x in found.roles.words.items()}
    by |= {x.place: "personal" for x in found.roles.personal}
    return [by.get(x.place, "") for x in found.sample.columns]


def same_role(told: str, found: str, heading: bool) -> bool:
    """Without a heading a row number, an outcome or a nearly empty remark cannot be told, and is left alone."""
    return told == found or (not heading and found == "" and told in ("id", "outcome", "personal")) or (
        told == "" and found == "personal"
    )  # fmt: skip


def told_by(dress: Dressed) -> tuple[int, int, int]:
    return dress.issued, dress.called, dress.finished


@pytest.mark.parametrize("seed", range(24))
def test_a_proposal_is_right_at_once_or_needs_codes_alone(seed: int, tmp_path: Path, site: Site) -> None:
    dress = dressed(seed, 400)
    path = tmp_path / dress.name
    found = proposed(path, dress.data, site)
    wrong = [
        (told, role)
        for told, role in zip(dress.roles, roles_of(found), strict=True)
        if not same_role(told, role, dress.heading)
    ]
    assert not wrong, dress.about
    assert found.roles.style == dress.style
    toml = proposal_toml(found)
    assert toml.count("\n") <= MOST_LINES
    assert all(FILL_IN in line for line in toml.splitlines() if f'"{MISSING}"' in line)
    trial = tried(path, found, site)
    kinds = trial.kinds
    ended = kinds["ticket.finished"] + kinds["ticket.no_show"]
    assert (trial.refused, trial.untold) == (0, 0), dress.about
    assert (kinds["ticket.issued"], kinds["ticket.called"], ended) == told_by(dress), dress.about


EVENTS = "20260914,08:31,0,03,198\n20260914,08:33,0,03,199\n20260914,08:33,0,03,101\n20260914,08:40,1,03,198\n20260914,08:44,2,03,199\n20260911,17:12,1,03,131\n"


def test_a_log_without_heading_needs_its_code_alone(tmp_path: Path, site: Site) -> None:
    found = proposed(tmp_path / "log.csv", EVENTS, site)
    assert {word: x.place for word, x in found.roles.words.items()} == {
        "day": 1, "time": 2, "event": 3, "service": 4, "ticket": 5,
    }  # fmt: skip
    assert found.ends == "call"  # no desk and no end
    assert tomllib.loads(proposal_toml(found))["sources"][0]["codes"] == {"service": {"03": MISSING}}
    assert tried(tmp_path / "log.csv", found, site).facts == 6


def test_two_times_in_one_cell_are_parted(tmp_path: Path, site: Site) -> None:
    text = (
        "2026年9月14日(月)の窓口状況\n\n窓口,番号,発券時待ち人数,発券時刻→呼出時刻,待ち時間\n"
        "3,101,4人,09:03→09:16,13分\n3,102,5人,09:05→(キャンセル),－\n"
    )
    path = tmp_path / "窓口待ち状況(2026-09-14).csv"
    found = proposed(path, text.encode("cp932"), site)
    assert found.files == "窓口待ち状況({YYYY}-{MM}-{DD}).csv"
    assert found.missing == ["service"]
    trial = tried(path, found, site)
    assert trial.kinds == {"ticket.issued": 2, "ticket.called": 1, "ticket.left": 1}
    assert trial.refused == 0


def test_a_snapshot_is_a_head_count_of_the_lane_it_names(tmp_path: Path, site: Site) -> None:
    text = '{"lastUpdated": "2026-09-14T09:05:00+09:00", "queues": [{"queueId": 3, "displayName": "電子証明書", "customersWaiting": 8, "open": true, "waitingTimeMinutes": 19}]}'
    found = proposed(tmp_path / "queues.json", text, site)
    trial = tried(tmp_path / "queues.json", found, site)
    assert (trial.kinds, trial.lanes) == ({"queue.counted": 1}, {"certificate": 1})


def test_a_table_of_visits_is_found_in_a_database(tmp_path: Path, site: Site) -> None:
    path = tmp_path / "q.db"
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE settings (k, v)")
        conn.execute("INSERT INTO settings VALUES ('a', 'b')")
        conn.execute("CREATE TABLE visits (seq, qno, menu, print_dt, call_dt, fin_dt, booth, tel)")
        rows = [(n, 100 + n, 1 + n % 2, f"2026-09-14 09:{n:02}:00", f"2026-09-14 09:{n + 2:02}:10", f"2026-09-14 09:{n + 9:02}:00", n % 3 + 1, "048-000-0000") for n in range(1, 31)]  # fmt: skip
        conn.executemany("INSERT INTO visits VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    conn.close()
    found = propose(sample_of(path), path.name, site)
    assert found.sample.table == "visits"
    assert [x.place for x in found.roles.personal] == ["tel"]
    assert tried(path, found, site).kinds["ticket.finished"] == 30


def test_fixed_width_is_parted_at_its_blanks(tmp_path: Path, site: Site) -> None:
    rows = []
    for n in range(40):
        rows += [f"2026091409{n:02}00 1 {n + 95:>4} 03 00", f"2026091409{n:02}30 2 {n + 95:>4} 03 0{n % 4 + 1}"]
    path = tmp_path / "fix.txt"
    found = proposed(path, "\n".join(rows) + "\n", site)
    places = {word: x.place for word, x in found.roles.words.items()}
    # The number may grow to its left.
    assert places == {"at": "1-14", "event": "16-16", "ticket": "18-21", "service": "23-24", "terminal": "26-27"}
    assert tried(path, found, site).kinds == {"ticket.issued": 40, "ticket.called": 40}


def seen(found: Proposal) -> dict[str, int | str]:
    return {word: x.place for word, x in found.roles.words.items()}


def test_a_log_parted_by_blanks_whose_cells_name_themselves(tmp_path: Path, site: Site) -> None:
    rows = [
        f"2026-09-14 09:{n:02}:00 ISSUE no=B{n:03} other\n2026-09-14 09:{n:02}:30 CALL no=B{n:03} other desk{n % 3 + 1}x\n"
        for n in range(30)
    ]
    found = proposed(tmp_path / "sys.log", "".join(rows).replace(" other\n", " other -\n"), site)
    assert found.sample.separator == " "
    assert seen(found) == {"day": 1, "time": 2, "event": 3, "ticket": 4, "service": 5, "terminal": 6}
    assert 'ticket = { column = 4, split = "=", part = 2 }' in proposal_toml(found)
    assert tried(tmp_path / "sys.log", found, site).kinds == {"ticket.issued": 30, "ticket.called": 30}


def test_a_log_of_pairs_is_no_table_of_fixed_width_though_its_lines_are_of_two_lengths(
    tmp_path: Path, site: Site
) -> None:
    rows = [
        f"2026-09-14 09:{n:02}:00 kiosk[12]: ISSUE no=B{n:03} svc=1\n2026-09-14 09:{n:02}:30 kiosk[12]: CALL no=B{n:03} svc=1 desk=2\n"
        for n in range(30)
    ]
    found = proposed(tmp_path / "sys.log", "".join(rows), site)
    assert (found.sample.separator, seen(found)["day"], seen(found)["time"], seen(found)["ticket"]) == (" ", 1, 2, 5)


def test_calls_alone_need_a_service_to_be_filled_in(tmp_path: Path, site: Site) -> None:
    rows = "".join(f"2026/9/14 9:{n:02},A{n:03},窓口{n % 4 + 1}\n" for n in range(40))
    found = proposed(tmp_path / "yobidashi.csv", f"呼出日時,番号,窓口\n{rows}", site)
    assert (found.arrivals, found.missing) == ("call", ["service"])


def test_a_state_is_no_service(tmp_path: Path, site: Site) -> None:
    rows = "".join(f"A{n:03},{('完了', '不在')[n % 3 == 0]},9:{n:02},9:{n + 2:02},1\n" for n in range(50))
    found = proposed(tmp_path / "log20260914.csv", f"番号,状態,発券,呼出,窓口\n{rows}", site)
    assert found.missing == ["service"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("予約番号,予約日時,状態\n1,2026/9/14 9:00,確定\n", "floorctl appointments import"),
        ("令和8年9月 勤務表\n職員コード,14(月)\nS01,早\n", "floorctl roster shifts import"),
        ("職員コード,氏,役割\nS01,田島,現場責任者\n", "floorctl roster import"),
    ],
)
def test_tables_of_the_office_are_sent_to_their_own_command(text: str, said: str, tmp_path: Path, site: Site) -> None:
    from floorctl.cli.text_proposal import not_a_record

    assert said in not_a_record(proposed(tmp_path / "x.csv", text, site))


def test_a_count_of_each_lane_in_a_column_of_its_own(tmp_path: Path, site: Site) -> None:
    rows = "".join(f"9:{n:02}\t{n % 4}\t{n % 7 if n else ''}\t{n}\n" for n in range(20))
    path = tmp_path / "人数20260914.txt"
    found = proposed(path, f"時刻\t交付\t電子証明書\t計\n{rows}", site)
    assert tried(path, found, site).lanes == {"issuance": 20, "certificate": 19}


def test_a_mapping_of_counts(tmp_path: Path, site: Site) -> None:
    found = proposed(tmp_path / "n.json", '{"time": "2026/09/14 09:05", "now": {"交付": 3, "電子証明書": 8}}', site)
    assert tried(tmp_path / "n.json", found, site).lanes == {"issuance": 1, "certificate": 1}


def test_letters_apart_from_their_number(tmp_path: Path, site: Site) -> None:
    rows = ""
    for n in range(20):
        for letter in "AB":
            at = f"14.09.2026;{9 + n // 10}:{n % 10 * 5:02}"
            rows += f"{at};発券;{letter};{n + 1};その他\n{at};呼出;{letter};{n + 1};その他\n"
    found = proposed(tmp_path / "x.csv", f"Datum;Zeit;Was;Serie;Nr;Service\n{rows}", site)
    assert seen(found)["prefix"] == "Serie"
    assert found.dates == "dmy"


def test_numbers_that_each_service_counts_by_itself_get_letters(tmp_path: Path, site: Site) -> None:
    told = []
    for x in visits(random.Random(8), 120, lettered=True):
        told.append((x.issued, "01", x, 0))
        if x.called and x.finished:
            told += [(x.called, "02", x, x.desk), (x.finished, "03", x, x.desk)]
    rows = "".join(
        f"{event},{at:%H%M},{x.ticket[1:]},{'ABC'.index(x.ticket[0]) + 1},{desk:02}\n"
        for at, event, x, desk in sorted(told, key=lambda row: row[0])
    )
    path = tmp_path / "T260914.dat"
    found = proposed(path, rows, site)
    assert not found.wraps
    assert {value: code for value, (code, _) in found.codes["prefix"].items()} == {"1": "A", "2": "B", "3": "C"}
    assert tried(path, found, site).numbers.twice_issued == 0


def test_times_of_the_world_are_known_by_the_hours_of_the_hall(tmp_path: Path, site: Site) -> None:
    rows = "".join(f"2026-09-14 0{n // 6}:{n % 6}5:00,A{n:03},Other\n" for n in range(42))
    found = proposed(tmp_path / "x.csv", f"created,number,service\n{rows}", site)
    assert found.zone == "UTC"


def test_lines_of_totals_are_left_out(tmp_path: Path, site: Site) -> None:
    text = "受付番号\t業務\t発券\t呼出\n101\tその他\t午前9:00\t午前9:05\n102\tその他\t午前9:10\t午前9:15\n合計\t2\t\t\n"
    path = tmp_path / "日報20260914.txt"
    found = proposed(path, text.encode("utf-16"), site)
    assert found.leave_out == [("ticket", "合計")]
    trial = tried(path, found, site)
    assert (trial.facts, trial.refused, trial.left_out) == (4, 0, 1)


@pytest.mark.parametrize(
    "head, cell",
    [
        ("氏名", "山田太郎"),
        ("連絡先", "090-1234-5678"),
        ("x", "taro@example.jp"),
        ("x", "123456789018"),
        ("x", "熊谷市宮町2-47-1"),
    ],
)
def test_a_personal_column_is_proposed_to_be_skipped_and_never_shown(
    head: str, cell: str, tmp_path: Path, site: Site
) -> None:
    from floorctl.cli.json_sources import proposal_json
    from floorctl.cli.text_proposal import proposal_text

    rows = "".join(f"2026-09-14 09:{n:02},発券,A{n:03},その他,{cell}\n" for n in range(20))
    path = tmp_path / "x.csv"
    found = proposed(path, f"日時,区分,番号,業務,{head}\n{rows}", site)
    assert f'personal = ["{head}"]' in proposal_toml(found)
    assert cell not in proposal_text(found, path, site) + str(proposal_json(found))


def test_nothing_of_a_cell_is_obeyed_by_the_terminal(tmp_path: Path, site: Site) -> None:
    from floorctl.cli.text_proposal import proposal_text

    rows = "".join(f"2026-09-14 09:{n:02},\x1b]0;x\x07発券\x1b[31m,A{n:03},\u202eその他\n" for n in range(20))
    path = tmp_path / "\x1b[2Jx.csv"
    found = proposed(path, f"日時,\x1b[1m区分,番号,業務\u202e\n{rows}", site)
    assert all(c.isprintable() or c == "\n" for c in proposal_text(found, path, site))


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"\xef\xbb\xbf", bytes(range(128, 256)) * 40, b"\x00" * 100, b"\xff\xfe", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x81", b"<?xml version='1.0'?>\n<a/>\n", b"\xef\xbb\xbf<html><table>"],
    ids=lambda data: f"{len(data)}-{data[:3].hex()}",
)  # fmt: skip
def test_what_is_no_table_is_told_in_a_sentence(data: bytes, tmp_path: Path, site: Site) -> None:
    with pytest.raises(FloorctlError) as e:
        proposed(tmp_path / "x.bin", data, site)
    assert e.value.exit_status == 1


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "あ,い,う",
        "a,b\n1,2",
        "[]",
        "{}",
        "[1,2]",
        '{"a": {"b": {"c": {}}}}',
        "[" * 5000,
        '{"a":' * 3000,
        '"' * 1000 + "\n" + "a" * 200_000,
        "," * 3000,
        "1\n2\n3\n",
        "合計\n合計\n",
        '{"at": 1}\n{"at": 2}\n',
        "2026-99-99 99:99,A001\n" * 30,
        "日時,番号\n" * 30,
    ],
    ids=lambda text: text[:6].encode().hex(),
)
def test_any_text_gets_a_proposal_or_a_sentence(text: str, tmp_path: Path, site: Site) -> None:
    try:
        toml = proposal_toml(proposed(tmp_path / "x.csv", text, site))
    except FloorctlError as e:
        assert e.sentence.endswith("。")
    else:
        assert tomllib.loads(toml)["sources"]
        assert toml.count("\n") <= MOST_LINES


def test_the_result_of_a_visit_is_no_service_and_an_absence_has_its_own_time(tmp_path: Path, site: Site) -> None:
    rows = ""
    for n in range(40):
        absent = f"2026-09-14 09:{n:02}:59" if n % 10 == 0 else ""
        result = "INCOMPLETE" if n % 7 == 0 else "DONE"
        rows += f"B {n:>2},2026-09-14 09:{n:02}:00,2026-09-14 09:{n:02}:30,{absent},Counter T{n % 3 + 1},{result}\n"
    path = tmp_path / "x.csv"
    found = proposed(path, f"label,createdAt,calledAt,noShowAt,where,state\n{rows}", site)
    assert seen(found) == {
        "issued": "createdAt", "called": "calledAt", "no_show": "noShowAt", "ticket": "label",
        "terminal": "where", "outcome": "state",
    }  # fmt: skip
    assert found.codes["outcome"] == {"DONE": ("done", 34), "INCOMPLETE": ("incomplete", 6)}
    assert [code for code, _ in found.codes["terminal"].values()] == ["T1", "T2", "T3"]
    assert tried(path, found, site).kinds["ticket.no_show"] == 4


@pytest.mark.parametrize("head", ["", "日時,番号,業務,山田太郎様,090-4321-8700\n"])
def test_a_persons_row_is_no_heading_and_a_persons_heading_is_not_shown(head: str, tmp_path: Path, site: Site) -> None:
    from floorctl.cli.text_proposal import proposal_text

    rows = "".join(f"2026-09-14 9:{n:02},A{n:03},更新,山田太郎,090-4321-87{n:02}\n" for n in range(20))
    found = proposed(tmp_path / "x.csv", head + rows, site)
    assert found.sample.heading == bool(head)
    assert [x.place for x in found.roles.personal] == [4, 5]
    text = proposal_text(found, tmp_path / "x.csv", site)
    assert "山田" not in text and "4321" not in text


def test_outcomes_of_those_who_were_not_served_are_facts_of_their_own(tmp_path: Path, site: Site) -> None:
    rows = [f"A{n:03d},更新,9:{n:02d},9:{n + 3:02d},9:{n + 9:02d},T{n % 4 + 1},完了\n" for n in range(20)]
    rows += ["A900,更新,9:50,9:51,9:55,T1,不在\n", "A901,更新,9:50,,9:58,,中止\n", "A902,更新,9:50,9:51,9:59,T2,未了\n"]
    text = "番号,業務,発券,呼出,終了,窓口,結果\n" + "".join(rows)
    path = tmp_path / "visits_20260914.csv"
    trial = tried(path, proposed(path, text, site), site)
    assert (trial.refused, trial.kinds["ticket.finished"], trial.kinds["ticket.no_show"], trial.kinds["ticket.left"]) == (0, 21, 1, 1)  # fmt: skip


def test_an_abandoned_visit_is_not_done(tmp_path: Path, site: Site) -> None:
    rows = [f"A{n:03d},Renewal,9:{n:02d},9:{n + 3:02d},9:{n + 9:02d},T1,SERVED\n" for n in range(20)]
    text = (
        "Number,Service,Issued,Called,Ended,Counter,Result\n" + "".join(rows) + "A900,Renewal,9:50,,9:58,,ABANDONED\n"
    )
    path = tmp_path / "visits_20260914.csv"
    found = proposed(path, text, site)
    assert found.codes["outcome"].keys() == {"SERVED"}
    assert tried(path, found, site).kinds["ticket.left"] == 1


def test_events_of_one_letter_and_services_of_the_numbers_letters(tmp_path: Path, site: Site) -> None:
    rows = [f"{'AB'[n % 2]}{n:03d},9:{n:02d},呼\n{'AB'[n % 2]}{n:03d},9:{n + 5:02d},終\n" for n in range(30)]
    path = tmp_path / "desk_20260914.csv"
    found = proposed(path, "番号,時刻,種別\n" + "".join(rows), site)
    assert found.roles.kinds == {"呼": "ticket.called", "終": "ticket.finished"}
    assert found.codes["service"] == {"A*": ("", 30), "B*": ("", 30)}
    trial = tried(path, found, site)
    assert (trial.refused, trial.kinds) == (0, {"ticket.issued": 30, "ticket.called": 30, "ticket.finished": 30})


def test_a_call_that_was_taken_back_is_nobody_who_left(tmp_path: Path, site: Site) -> None:
    rows = [f"A{n:03d},9:{n:02d},発券\nA{n:03d},9:{n + 5:02d},呼出\n" for n in range(30)]
    rows += ["A003,9:50,呼出取消\n", "A003,9:55,呼出\n", "A004,9:56,発券取消\n"]
    found = proposed(tmp_path / "log_20260914.csv", "番号,時刻,区分\n" + "".join(rows), site)
    assert found.roles.kinds["呼出取消"] == "ticket.requeued"
    assert found.roles.kinds["発券取消"] == "ticket.left"


def test_counts_in_a_column_for_each_service_are_those_of_its_lane(tmp_path: Path, site: Site) -> None:
    rows = [f"9:{n:02d},{n % 4},{n % 3},{n % 7},{n % 2},0,1,{n % 4 + n % 3 + n % 7 + n % 2 + 1}\n" for n in range(40)]
    path = tmp_path / "counts_20260914.csv"
    found = proposed(
        path,
        "時刻,カード交付,電子証明書発行,電子証明書更新,暗証番号,申請サポート,登録支援,合計\n" + "".join(rows),
        site,
    )
    assert sorted(found.roles.lanes.values()) == [
        "application",
        "certificate",
        "certificate",
        "certificate",
        "issuance",
        "registration",
    ]
    trial = tried(path, found, site)
    assert (trial.refused, trial.kinds["queue.counted"]) == (0, 4 * 40)


def test_events_within_the_visits_of_a_document(tmp_path: Path, site: Site) -> None:
    def history(n: int) -> list[dict[str, str | int]]:
        return [
            {"state": "CREATED", "time": f"2026-09-14T09:{n:02d}:00+09:00"},
            {"state": "CALLED", "time": f"2026-09-14T09:{n + 5:02d}:00+09:00", "desk": n % 4 + 1},
            {"state": "FINISHED", "time": f"2026-09-14T09:{n + 9:02d}:00+09:00", "desk": n % 4 + 1},
        ]

    visits = [
        {"no": f"B{n:03d}", "menu": ["renewal", "pin"][n % 2], "name": "John Smith", "history": history(n)}
        for n in range(30)
    ]
    path = tmp_path / "api.json"
    found = proposed(path, json.dumps({"data": {"visits": visits}}), site)
    assert found.sample.rows == "data.visits.*.history"
    assert 'personal = ["^.name"]' in proposal_toml(found)
    assert {word: x.place for word, x in found.roles.words.items()} == {
        "at": "time", "event": "state", "ticket": "^.no", "service": "^.menu", "terminal": "desk",
    }  # fmt: skip
    assert tried(path, found, site).kinds == {"ticket.issued": 30, "ticket.called": 30, "ticket.finished": 30}


def test_days_without_a_year(tmp_path: Path, site: Site) -> None:
    rows = []
    for n in range(30):
        menu = ["更新", "交付"][n % 2]
        rows += [f"09/14 9:{n:02d}:00 ISSUE B{n:03d} {menu}\n", f"09/14 9:{n + 5:02d}:30 CALL B{n:03d} {menu}\n"]
    path = tmp_path / "machine.log"
    found = proposed(path, "".join(rows), site)
    assert "day" in found.roles.words and not found.missing
    trial = tried(path, found, site)
    assert (trial.refused, trial.kinds) == (0, {"ticket.issued": 30, "ticket.called": 30})


def test_a_time_that_was_booked_is_not_the_arrival(tmp_path: Path, site: Site) -> None:
    english = "".join(
        f"A{n:03d},PIN,9:{n:02d},2026-09-14 09:{n:02d}:10,2026-09-14 09:{n + 5:02d}:00\n" for n in range(30)
    )
    found = proposed(tmp_path / "a.csv", "Ticket,Service,Booked,Created,Called\n" + english, site)
    assert {word: x.column.heading for word, x in found.roles.words.items() if word in ("issued", "called")} == {
        "issued": "Created",
        "called": "Called",
    }
    digits = "".join(f"A{n:03d},暗証番号,9:00,9{n:02d}10,9{n + 5:02d}00\n" for n in range(30))
    found = proposed(tmp_path / "b.csv", "受付番号,手続,予約,受付時分秒,呼出時分秒\n" + digits, site)
    assert {word: x.column.heading for word, x in found.roles.words.items() if word in ("issued", "called")} == {
        "issued": "受付時分秒",
        "called": "呼出時分秒",
    }
