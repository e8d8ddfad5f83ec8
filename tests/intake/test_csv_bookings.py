"""A list of single bookings, as a city's booking system writes it, counted into slots; nothing else of it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from floorctl.cli.main import cli
from floorctl.common.errors import Refused
from floorctl.intake.csv_appointments import AppointmentTable, read_table, slots_by_day
from floorctl.models.site.hall import BookingCode
from tests.story import kumagaya

DAY = date(2026, 9, 14)
LIST = """予約番号,予約日時,手続,枚数,状態,備考
000123,2026/09/14 09:00,カード受取,1,確定,
000124,2026/09/14 09:00,カード受取,2,確定,
000125,2026/09/14 09:10,カード受取,1,取消,
000126,2026/09/14 09:00,カード受取,,仮予約,
"""


def table(text: str, *codes: BookingCode) -> AppointmentTable:
    return read_table(text.encode(), replace(kumagaya(), booking_codes=codes) if codes else kumagaya())


def slots(text: str, *codes: BookingCode) -> dict[date, list[tuple[str, int, int]]]:
    found = table(text, *codes)
    return {
        day: [(s["time"], s["cards"], s["count"]) for s in held]
        for day, held in slots_by_day(found.lines, found.days).items()
    }


def test_bookings_are_counted_by_time_and_cards() -> None:
    found = table(LIST)
    assert slots(LIST) == {DAY: [("09:00", 1, 2), ("09:00", 2, 1)]}
    assert (found.single, found.cancelled, found.unread) == (True, 1, 2)
    assert not table("日付,時刻,枚数,件数\n2026-09-14,9:00,1,3\n").single


@pytest.mark.parametrize(
    "text",
    [
        "予約No.,来庁予定日,予約時間,用件\n1,2026/9/14(月),午前9時00分,受取\n2,R8.9.14,9:00～9:10,受取\n3,46279,0.375,受取\n",
        "状態,日時\n確定,2026-09-14T09:00:00\n確定,46279.375\n確定,2026年9月14日（月） 9時\n",
        "予約一覧,,\n出力日時,2026/9/1 10:00,\nステータス,予約日時\n済,2026/9/14 9:00\n済,20260914 0900\n済,2026/9/14 9:00:00\n合計,3件\n",
        "予約番号\t氏名\t日付\t時間帯\n1\t山田 太郎\t2026/9/14 0:00\t09:00-09:10\n2\tx\t2026/9/14\t9:00〜\n3\tx\t2026/9/14 9:00\t2026/9/14 9:00\n",
        "予約ID,来庁日,来庁時間帯,氏名カナ,来庁状況,予約ステータス\n1,2026/9/14,09:00～09:30,x,,確定\n2,2026/9/14,9時から,x,,\n3,2026/9/14,9:00,x,来庁済,\n4,2026/9/14,9:00,x,未,キャンセル\n",
        "予約日時,お名前,メニュー\n2026年9月14日(月) 9:00～9:10,x,受取\n2026/9/14 9:00-,x,受取\n予約日時,お名前,メニュー\nR8.9.14 9時,x,受取\n",
    ],
)
def test_date_and_time_in_one_cell_or_in_two(text: str) -> None:
    assert slots(text) == {DAY: [("09:00", 1, 3)]}


@pytest.mark.parametrize(
    "state", ["取消", "取り消し", "キャンセル", "ｷｬﾝｾﾙ済み", "Cancelled", "canceled", "本人キャンセル", "無効"]
)
def test_cancelled_bookings_are_left_out_and_counted(state: str) -> None:
    text = f"予約番号,予約日時,状態\n1,2026/9/14 9:00,確定\n2,2026/9/14 9:00,{state}\n3,,{state}\n"
    assert slots(text) == {DAY: [("09:00", 1, 1)]}
    assert table(text).cancelled == 2


@pytest.mark.parametrize("state", ["確定", "", "キャンセル可", "取消不可", "変更済", "仮予約"])
def test_states_of_bookings_that_stand(state: str) -> None:
    assert slots(f"予約番号,予約日時,状態\n1,2026/9/14 9:00,{state}\n") == {DAY: [("09:00", 1, 1)]}


def test_a_column_of_cancellations() -> None:
    text = "予約番号,予約日時,キャンセル日時\n1,2026/9/14 9:00,\n2,2026/9/14 9:00,2026/9/10 8:00\n3,2026/9/14 9:00,-\n"
    assert slots(text) == {DAY: [("09:00", 1, 2)]}


def test_a_day_whose_bookings_are_all_cancelled_is_emptied() -> None:
    assert slots("予約番号,予約日時,状態\n1,2026/9/15 9:00,取消\n2,2026/9/14 9:00,確定\n") == {
        DAY: [("09:00", 1, 1)],
        date(2026, 9, 15): [],
    }


def test_only_procedures_by_appointment_where_the_site_says_which() -> None:
    text = "予約番号,予約日時,手続\n1,2026/9/14 9:00,カード受取\n2,2026/9/14 9:00,証明書更新\n3,2026/9/14 9:00,相談\n"
    assert slots(text) == {DAY: [("09:00", 1, 3)]}, "without a code table all count"
    card = BookingCode(name="ｶｰﾄﾞ受取", service="card_issuance")
    renewal = BookingCode(name="証明書更新", service="cert_renewal")
    assert slots(text, card, renewal, BookingCode(name="相談")) == {DAY: [("09:00", 1, 1)]}
    assert slots(text, card, BookingCode(name="*")) == {DAY: [("09:00", 1, 1)]}
    with pytest.raises(Refused, match="4行目を取り込めません（会場設定の booking_codes にない手続です）") as e:
        table(text, card, renewal)
    assert "相談" not in e.value.sentence
    with pytest.raises(Refused, match="「手続」の列がなく"):
        table("予約番号,予約日時\n1,2026/9/14 9:00\n", card, BookingCode(name="*"))


@pytest.mark.parametrize("state", ["空き", "空", "空き枠", "未予約", "空席"])
def test_slots_that_nobody_has_booked_are_no_bookings(state: str) -> None:
    text = f"予約番号,予約日時,状態\n1,2026/9/14 9:00,予約済\n,2026/9/14 9:10,{state}\n"
    assert slots(text) == {DAY: [("09:00", 1, 1)]}
    assert table(text).left_out == {"空き枠": 1}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,,受取,1", "2行目の予約日時 空です"),
        ("1,2026/9/14,受取,1", "2行目 時刻がありません"),
        ("1,9:00,受取,1", "2行目 日付がありません"),
        ("1,2026/9/31 9:00,受取,1", "2行目の予約日時 暦にない"),
        ("1,2026/9/14 9:00,受取,100", "2行目の枚数 1 から 99"),
        ("1,#N/A,受取,1", "2行目の予約日時 Excel"),
    ],
)
def test_bookings_that_are_refused(row: str, words: str) -> None:
    with pytest.raises(Refused) as e:
        table(f"予約番号,予約日時,手続,枚数\n{row}\n")
    assert all(w in e.value.sentence for w in words.split()), e.value.sentence


def test_two_cells_that_contradict_each_other() -> None:
    for row in ("2026/9/14 9:00,9:10", "2026/9/14,2026/9/15 9:00"):
        with pytest.raises(Refused, match="が違います"):
            table(f"予約番号,予約日,予約時刻\n1,{row}\n")


def test_a_slot_has_a_bound() -> None:
    with pytest.raises(Refused, match="999件を超えます"):
        table("予約番号,予約日時\n" + "1,2026/9/14 9:00\n" * 1000)
    assert slots("予約番号,予約日時\n" + "1,2026/9/14 9:00\n" * 999) == {DAY: [("09:00", 1, 999)]}


def test_a_table_that_lacks_its_counts_is_no_list_of_bookings() -> None:
    with pytest.raises(Refused, match="「件数」の列がありません"):
        table("date,time,cards\n2026-09-15,09:00,1\n")


# ---- nothing else of it

PERSON = "山田 太郎,090-1234-5678,taro@example.jp,621498320257,昭和35年1月2日,#N/A"


@pytest.fixture
def runs(tmp_path: Path) -> Callable[..., Result]:
    def run(text: str | bytes, *more: str) -> Result:
        path = tmp_path / "in.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        options = ["--db", str(tmp_path / "f.db"), "--now", "2026-09-14T08:00"]
        return CliRunner().invoke(cli, [*options, "appointments", *(more or ("import", str(path), "--json"))])

    return run


def test_other_columns_are_neither_refused_nor_kept_nor_told(runs: Callable[..., Result], tmp_path: Path) -> None:
    """仕様書 12(4): a name, a number or a remark stands in the list of the city and nowhere after."""
    head = "予約番号,予約日時,氏名,電話番号,メール,個人番号,生年月日,備考,状態\n"
    good = f"{head}9012345678901,2026/9/14 9:00,{PERSON},確定\n9012345678902,2026/9/14 9:10,{PERSON},090-1111-2222でキャンセル\n"
    done = runs(good)
    assert done.exit_code == 0, done.output
    assert '"appointments": 1' in done.stdout
    assert '"cancelled": 1, "columns_not_read": 7' in done.stdout
    refused = runs(f"{head}9012345678901,2026/9/99 9:00,{PERSON},確定\n")
    assert refused.exit_code == 1
    kept = (tmp_path / "f.db").read_bytes()
    for word in (*PERSON.split(",")[:5], "山田", "9012345678901", "090-1111-2222"):
        assert word not in done.output + str(refused.exception)
        assert word.encode() not in kept
    assert "確定" not in str(refused.exception)


def test_the_same_list_again_changes_nothing(runs: Callable[..., Result], tmp_path: Path) -> None:
    first, again = runs(LIST.encode("cp932")), runs(LIST.encode("utf-16"))
    assert '"unchanged": 0' in first.stdout
    assert '"unchanged": 1' in again.stdout
    listed = runs("", "list", "--json").stdout
    assert listed.count("09:00") == 2
    said = runs(LIST, "import", str(tmp_path / "in.csv")).stdout
    assert said.splitlines() == [
        "予約 1日 3件（置き換え 0日 変わりなし 1日）",
        "1行を予約1件として数えました。取消 1件、読まなかった列 2列",
    ]
