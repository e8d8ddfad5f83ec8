"""Reads the tables that come from a spreadsheet as CSV: the roster, appointments, and the registers (contract §1).

UTF-8 (with or without BOM) or cp932, as Excel writes them; headings in English or Japanese, in any order. A file is
taken whole or not at all: the first bad line is named with what, why and what to do, and how many more there are.
No refusal holds anything of a cell: a table of people is where a telephone number or a birthday slips in (仕様書 12(4)).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from floorctl.documents.plain import is_risky
from floorctl.errors import Refused
from floorctl.models.calendar import Calendar
from floorctl.models.site import TrainingItem
from floorctl.privacy import FOUND, clean, find
from floorctl.words import hm

MAX_BYTES = 1_000_000
MAX_SURNAME = 10
_AGAIN = "直してから、もう一度取り込んでください"


@dataclass(frozen=True, slots=True)
class RosterLine:
    """``fields`` of ``staff.registered``: ``staff`` and what the file has a column for. ``surname``: None where the
    file has no such column, "" where the cell is empty."""

    line: int
    fields: dict[str, Any]
    surname: str | None


@dataclass(frozen=True, slots=True)
class AppointmentLine:
    """``count`` people at ``time`` ("HH:MM") with ``cards`` cards each."""

    line: int
    date: date
    time: str
    cards: int
    count: int


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A line of a register: the fields of its fact, by name."""

    line: int
    fields: dict[str, Any]


def read_bytes(path: Path) -> bytes:
    """The bytes of a table. Raises Refused where there is no file, or none of a table's size."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as e:
        why = "ファイルがありません" if isinstance(e, FileNotFoundError) else "ファイルを開けません"
        raise Refused("取り込めません", why, "パスと権限を確かめてください") from None
    if len(raw) > MAX_BYTES:
        raise Refused("取り込めません", "ファイルが1MBより大きいです", "取り込む表だけを CSV にしてください")
    return raw


# ---- cells -----------------------------------------------------------------------------------------------------------


class _Bad(ValueError):
    """What is wrong with a cell or a line, and what to do; never the cell."""

    def __init__(self, why: str, do: str) -> None:
        self.why, self.do = why, do
        super().__init__(why)


# Hyphens, dashes and wave dashes that keyboards and spreadsheets write between two times.
_DASH = "[-\u2010-\u2015\u2212ー~\u301c]"
_TIME = "([01]?[0-9]|2[0-3]):([0-5][0-9])(?::00)?"
_CODE = re.compile(r"[A-Za-z0-9._-]{1,16}")
_DATES = (
    (0, re.compile(r"(20[0-9]{2})([-/.])([0-9]{1,2})\2([0-9]{1,2})")),
    (0, re.compile(r"(20[0-9]{2})(年)([0-9]{1,2})月([0-9]{1,2})日")),
    (2018, re.compile(r"(?:R|r|令和) ?([0-9]{1,2}|元)([-/.])([0-9]{1,2})\2([0-9]{1,2})")),
    (2018, re.compile(r"(?:R|r|令和) ?([0-9]{1,2}|元)(年)([0-9]{1,2})月([0-9]{1,2})日")),
)
_YES = frozenset({"1", "true", "yes", "y", "○", "〇", "◯", "可", "はい"})
_NO = frozenset({"", "0", "false", "no", "n", "×", "不可", "いいえ"})
_ROLES = {
    "": "worker",
    "generalmanager": "general_manager",
    "sitemanager": "site_manager",
    "worker": "worker",
    "統括責任者": "general_manager",
    "現場責任者": "site_manager",
    "業務従事者": "worker",
    "従事者": "worker",
}


def _code(text: str) -> str:
    if not text:
        raise _Bad("空です", "職員コード（S01 など）を書いてください")
    if not _CODE.fullmatch(text):
        raise _Bad("職員コードの形が違います", "英数字と . _ - の16字までで書いてください")
    return text


def _surname(text: str) -> str:
    """A surname alone, as it is shown beside the code; letters, kanji and kana."""
    # The variant of a kanji is drawn by few terminals, and none of them agree on its width.
    text = re.sub("[\ufe00-\ufe0f\U000e0100-\U000e01ef]", "", text)
    if any(c.isspace() for c in text):
        raise _Bad("空白が入っています", "氏だけにしてください（名は要りません）")
    if len(text) > MAX_SURNAME:
        raise _Bad(f"{MAX_SURNAME}字を超えています", "氏だけにしてください（名は要りません）")
    if not all(c.isalpha() for c in text):
        raise _Bad("文字でないものが入っています", "氏だけを漢字・かな・英字で書いてください")
    return text


def _role(text: str) -> str:
    try:
        return _ROLES[_plain(text)]
    except KeyError:
        do = "統括責任者（general_manager）・現場責任者（site_manager）・業務従事者（worker）のどれかにしてください"
        raise _Bad("決められた役割のどれでもありません", do) from None


def _flag(text: str) -> bool:
    word = text.casefold()
    if word not in _YES | _NO:
        raise _Bad("はい・いいえのどちらでもありません", "○ か ×（または 1 か 0）で書いてください")
    return word in _YES


def _known_flag(text: str) -> bool | None:
    """Empty is not known, which is not the same as no."""
    return _flag(text) if text else None


def _day(text: str) -> date | None:
    if not text:
        return None
    for epoch, pattern in _DATES:
        if found := pattern.fullmatch(text):
            year = 1 if found[1] == "元" else int(found[1])
            try:
                day = date(epoch + year, int(found[3]), int(found[4]))
            except ValueError:
                raise _Bad("暦にない日付です", "2026-07-01 の形で書いてください") from None
            if day.year < 2100:
                return day
    raise _Bad("日付ではありません", "2026-07-01、2026/7/1、R8.7.1 のどれかの形で書いてください")


def _need_day(text: str) -> date:
    day = _day(text)
    if day is None:
        raise _Bad("空です", "2026-09-14 の形で日付を書いてください")
    return day


def _time(text: str) -> str | None:
    if not text:
        return None
    found = re.fullmatch(_TIME, text)
    if found is None:
        raise _Bad("時刻ではありません", "09:30 の形で書いてください")
    return f"{int(found[1]):02d}:{found[2]}"


def _need_time(text: str) -> str:
    at = _time(text)
    if at is None:
        raise _Bad("空です", "09:30 の形で時刻を書いてください")
    return at


def _shift(text: str) -> tuple[str | None, str | None]:
    if not text:
        return None, None
    found = re.fullmatch(f"{_TIME} ?{_DASH} ?{_TIME}", text)
    if found is None:
        raise _Bad("勤務時間ではありません", "08:15-17:15 の形で書いてください")
    start, end = f"{int(found[1]):02d}:{found[2]}", f"{int(found[3]):02d}:{found[4]}"
    return _in_order(start, end)


def _in_order(start: str | None, end: str | None) -> tuple[str | None, str | None]:
    if (start is None) != (end is None):
        raise _Bad("勤務の始まりと終わりの片方だけがあります", "両方を書くか、両方を空けてください")
    if start is not None and end is not None and end <= start:
        raise _Bad("勤務の終わりが始まりより前です", "時刻を確かめてください")
    return start, end


def _number(low: int, high: int, default: int | None = None) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text and default is not None:
            return default
        if not re.fullmatch("[0-9]{1,3}", text) or not low <= int(text) <= high:
            raise _Bad(f"{low} から {high} までの整数ではありません", "数字だけを書いてください")
        return int(text)

    return parse


def _count(text: str) -> int:
    """A total, with or without commas between the thousands."""
    if not text:
        raise _Bad("空です", "件数を書いてください（無ければ 0）")
    if not re.fullmatch("[0-9]{1,5}|[0-9]{1,2},[0-9]{3}", text):
        raise _Bad("0 から 99999 までの整数ではありません", "件数だけを書いてください")
    return int(text.replace(",", ""))


# A month as people and spreadsheets write it; the first day of it is what Excel makes of a month.
_MONTHS = (
    (0, re.compile(r"(20[0-9]{2})[-/.年]([0-9]{1,2})(?:月|[-/.]0?1|月1日)?")),
    (2018, re.compile(r"(?:R|r|令和) ?([0-9]{1,2}|元)[-/.年]([0-9]{1,2})(?:月|[-/.]0?1|月1日)?")),
)


def _month(text: str) -> str:
    for epoch, pattern in _MONTHS:
        if found := pattern.fullmatch(text):
            year, month = epoch + (1 if found[1] == "元" else int(found[1])), int(found[2])
            if 1 <= month <= 12 and year < 2100:
                return f"{year}-{month:02d}"
    raise _Bad("月ではありません", "2026-09、2026年9月、R8.9 のどれかの形で書いてください")


def _cell(text: str) -> str:
    """A word; the apostrophe that an export set before it, lest a spreadsheet take it for a formula, goes."""
    word = text[1:] if text[:1] == "'" and is_risky(text) else text
    if not word:
        raise _Bad("空です", "何か書いてください")
    return word


def _device(text: str) -> str:
    word = _cell(text)
    if not re.fullmatch(r"[\w.:-]{1,32}", word):
        raise _Bad(
            "機器の名の形が違います", "空白を入れず、文字・数字と . _ : - の32字までで書いてください（PC-1 など）"
        )
    return word


def _purpose(text: str) -> str:
    word = _cell(text)
    if len(word) > 400:
        raise _Bad("400字を超えています", "短くしてください")
    return word


# ---- columns ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Column:
    """A column by the key of what it gives: its word in refusals, the headings that name it, and how a cell is read."""

    key: str
    label: str
    names: frozenset[str]
    parse: Callable[[str], Any]


def _plain(text: str) -> str:
    """A heading or a word without what is written differently each time: case, width, spaces, underscores, hyphens."""
    return re.sub(r"[\s_-]", "", unicodedata.normalize("NFKC", text).casefold())


def _column(key: str, label: str, names: str, parse: Callable[[str], Any]) -> _Column:
    """``names``: headings by spaces; ``a+`` stands for a, a_on and a_date."""
    found = set()
    for name in names.split():
        stem = name.removesuffix("+")
        found |= {_plain(stem + end) for end in (("", "on", "date") if name.endswith("+") else ("",))}
    return _Column(key, label, frozenset(found), parse)


ROSTER = (
    _column("staff", "職員コード", "code staff staff_code コード 職員コード", _code),
    _column("surname", "氏", "surname name family_name 氏 姓 名字", _surname),
    _column("role", "役割", "role 役割 役職 区分", _role),
    _column("deputy", "代行", "deputy deputy_eligible deputy_eligibility 代行 代行者 代行可", _flag),
    _column(
        "authority_on",
        "操作者権限",
        "authority+ operator_authority+ terminal_operator+ 操作者権限 権限 操作者権限付与日 権限付与日",
        _day,
    ),
    _column("vein_on", "静脈登録", "vein+ vein_registered+ vein_registration+ 静脈 静脈登録 静脈登録日", _day),
    _column("pledge_on", "誓約書", "pledge+ 誓約書 誓約書提出日", _day),
    _column("shift", "勤務時間", "shift 勤務 シフト 勤務時間", _shift),
    _column("shift_from", "始業", "shift_from start 始業 始業時刻", _time),
    _column("shift_to", "終業", "shift_to end 終業 終業時刻", _time),
    _column("left_on", "退職日", "left+ 退職日", _day),
    _column("direct_employee", "直接雇用", "direct_employee direct 直接雇用 正規社員", _known_flag),
    _column("experience", "業務経験", "experience experienced 業務経験 経験", _known_flag),
)
APPOINTMENTS = (
    _column("date", "日付", "date 日付 予約日", _need_day),
    _column("time", "時刻", "time 時刻 予約時刻", _need_time),
    _column("cards", "枚数", "cards 枚数 カード枚数", _number(1, 99, default=1)),
    _column("count", "件数", "count 件数 予約件数", _number(0, 999)),
)
# The registers of training, pledges and device permits: dates and codes, no documents (仕様書 5(3)⑧, 8, 10, 12(4)).
TRAINING = (
    _column("staff", "職員コード", "code staff staff_code コード 職員コード", _code),
    _column("item", "研修", "item training 研修 研修項目 項目", _cell),
    _column("done_on", "実施日", "done+ date 実施日 受講日 研修日 日付", _need_day),
)
PLEDGES = (
    _column("staff", "職員コード", "code staff staff_code コード 職員コード", _code),
    _column("pledge_on", "誓約書", "pledge+ 誓約書 誓約書提出日 提出日", _day),
)
DEVICES = (
    _column("device", "機器", "device 機器 機器名 端末", _device),
    _column("purpose", "用途", "purpose 用途 目的", _purpose),
    _column("permitted_on", "許可日", "permitted+ 許可日 承認日", _need_day),
    _column("ends_on", "期限", "ends+ until 期限 終了日 有効期限", _day),
)
# A forecast by month (仕様書 15(2), 15(3)); a column of open days, as the shipped table has one, is not needed.
DEMAND = (
    _column("month", "年月", "month 年月 月", _month),
    _column("open_days", "開場日数", "open_days days 開場日数 開庁日数 日数", lambda text: text),
    _column(
        "cert_renewals",
        "電子証明書更新",
        "cert_renewals certificates 電子証明書更新 電子証明書更新件数 電子証明書の更新",
        _count,
    ),
    _column(
        "card_renewals", "カード更新", "card_renewals カード更新 カード更新件数 マイナンバーカード更新 更新", _count
    ),
    _column(
        "new_and_reissued", "新規・再交付", "new_and_reissued new 新規・再交付 新規再交付 新規交付・再交付 新規", _count
    ),
)
# Headings under which stands a whole name: that is more than floorctl may know of a worker (SPEC 3.4).
_WHOLE_NAMES = frozenset(map(_plain, ("氏名", "名前", "お名前", "フルネーム", "full_name", "姓名")))


# ---- tables ----------------------------------------------------------------------------------------------------------


class _Faults:
    """The bad lines of a file, by number: the first of each."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[str, _Bad]] = {}

    def add(self, line: int, label: str, bad: _Bad) -> None:
        self._found.setdefault(line, (label, bad))

    def refuse_if_any(self) -> None:
        if not self._found:
            return
        line = min(self._found)
        label, bad = self._found[line]
        more = len(self._found) - 1
        rest = f"。ほかの{more}行にも誤りがあり、何も取り込んでいません" if more else f"。{_AGAIN}"
        what = f"{line}行目の{label}" if label else f"{line}行目"
        raise Refused(f"{what}を取り込めません", bad.why, f"{bad.do}{rest}")


def _decode(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused("取り込めません", "文字コードが UTF-8 でも Shift_JIS でもありません", "CSV UTF-8 で保存してください")


def _lines(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    """Lines that hold anything, with the number of their first physical line."""
    reader = csv.reader(io.StringIO(_decode(raw), newline=""), strict=True)
    first = 1
    try:
        for cells in reader:
            if any(c.strip() for c in cells):
                yield first, cells
            first = reader.line_num + 1
    except csv.Error:
        why = '引用符（"）の付け方が CSV の形ではありません'
        raise Refused(f"{first}行目を読めません", why, _AGAIN) from None


def _headings(line: int, cells: Sequence[str], columns: tuple[_Column, ...]) -> list[_Column | None]:
    """The column of each place; None where there is no heading. Raises Refused, naming places alone."""
    by_name = {name: c for c in columns for name in c.names}
    found: list[_Column | None] = []
    for place, cell in enumerate(cells, 1):
        name = _plain(clean(cell))
        column = by_name.get(name)
        what = f"{line}行目の{place}列目の見出しは使えません"
        if name in _WHOLE_NAMES and "surname" in by_name:
            raise Refused(what, "氏名ではなく氏だけを取り込みます", "見出しを「氏」にし、氏だけを書いてください")
        if name and column is None:
            known = "・".join(c.label for c in columns)
            raise Refused(what, "知らない見出しです", f"その列を除くか、{known} のどれかにしてください")
        if column is not None and column in found:
            raise Refused(what, f"「{column.label}」の列がもうあります", "列を1つにしてください")
        found.append(column)
    return found


def _read(
    raw: bytes, columns: tuple[_Column, ...], required: tuple[str, ...], faults: _Faults
) -> tuple[set[str], list[tuple[int, dict[str, Any]]]]:
    """The keys of the columns that the file has, and its good lines: number, and values by key."""
    lines = _lines(raw)
    line, cells = next(lines, (0, []))
    if not line:
        raise Refused(
            "取り込めません", "ファイルに何も書かれていません", "1行目に見出し、2行目から内容を書いてください"
        )
    found = _headings(line, cells, columns)
    keys = {c.key for c in found if c is not None}
    for c in columns:
        if c.key in required and c.key not in keys:
            do = f"見出しの行に「{c.label}」を入れてください"
            raise Refused("取り込めません", f"見出しに「{c.label}」の列がありません", do)
    if "shift" in keys and keys & {"shift_from", "shift_to"}:
        why = "勤務時間の列と始業・終業の列の両方があります"
        raise Refused("取り込めません", why, "どちらか一方にしてください")
    below = list(lines)
    if not below:
        raise Refused("取り込めません", "見出しの下に行がありません", "2行目から内容を書いてください")
    rows = [(line, values) for line, cells in below if (values := _values(line, cells, found, faults)) is not None]
    return keys, rows


def _values(line: int, cells: Sequence[str], found: Sequence[_Column | None], faults: _Faults) -> dict[str, Any] | None:
    """What a line says, by the key of the column; None where it has a fault."""
    values: dict[str, Any] = {}
    good = True
    # A spreadsheet leaves away the empty cells at the end of a line.
    for place in range(max(len(cells), len(found))):
        column = found[place] if place < len(found) else None
        cell = unicodedata.normalize("NFKC", clean(cells[place])).strip() if place < len(cells) else ""
        try:
            kind = find(cell)
            if kind is not None:
                raise _Bad(f"{FOUND[kind]}が含まれています", "個人情報は記録できません（仕様書 12）。除いてください")
            if column is not None:
                values[column.key] = column.parse(cell)
            elif cell:
                raise _Bad("見出しのない列に書かれています", "見出しのある列だけにしてください")
        except _Bad as bad:
            faults.add(line, column.label if column is not None else f"{place + 1}列目", bad)
            good = False
    return values if good else None


def read_roster(raw: bytes) -> list[RosterLine]:
    """The lines of a roster. Only the code is needed; a role that is left empty is 業務従事者.

    Raises Refused for the first line that is wrong, with nothing of any cell in it.
    """
    faults = _Faults()
    keys, rows = _read(raw, ROSTER, ("staff",), faults)
    seen: dict[str, int] = {}
    lines = []
    for line, values in rows:
        surname = values.pop("surname", None)
        code = values["staff"].casefold()  # S01 and s01 in one file are a slip of the pen
        try:
            if code in seen:
                raise _Bad(f"同じコードが{seen[code]}行目にあります", "1人を1行にしてください")
            seen[code] = line
            if keys & {"shift", "shift_from", "shift_to"}:
                shift = values.pop("shift", None) or (values.get("shift_from"), values.get("shift_to"))
                values["shift_from"], values["shift_to"] = _in_order(*shift)
        except _Bad as bad:
            faults.add(line, "", bad)
        lines.append(RosterLine(line, values, surname))
    faults.refuse_if_any()
    return lines


def read_appointments(raw: bytes) -> list[AppointmentLine]:
    """The lines of an appointments table, ``date,time,cards,count``; one card where their number is left empty.

    Raises Refused for the first line that is wrong, with nothing of any cell in it.
    """
    faults = _Faults()
    _, rows = _read(raw, APPOINTMENTS, ("date", "time", "count"), faults)
    seen: dict[tuple[date, str, int], int] = {}
    lines = []
    for line, values in rows:
        x = AppointmentLine(line, values["date"], values["time"], values.get("cards", 1), values["count"])
        first = seen.setdefault((x.date, x.time, x.cards), line)
        if first != line:
            why = f"同じ日付・時刻・枚数の行が{first}行目にあります"
            faults.add(line, "", _Bad(why, "件数を合わせて1行にしてください"))
        lines.append(x)
    faults.refuse_if_any()
    return lines


def read_training(raw: bytes, items: Sequence[TrainingItem]) -> list[RegisterLine]:
    """The lines of a training register. A part of the training is its code, its number from 1, or its name."""
    known: dict[str, str] = {}
    for n, x in enumerate(items, 1):
        name = unicodedata.normalize("NFKC", x.name)
        known |= {_plain(word): x.code for word in (x.code, str(n), name, re.sub(r"^[0-9]+\s*", "", name))}

    def check(values: dict[str, Any]) -> None:
        found = known.get(_plain(values["item"]))
        if found is None:
            raise _Bad("知らない研修の項目です", f"コードか 1 から {len(items)} の番号を書いてください")
        values["item"] = found

    return _register(raw, TRAINING, ("staff", "item", "done_on"), check, ("staff", "item", "done_on"))


def read_pledges(raw: bytes) -> list[RegisterLine]:
    """The lines of a register of pledges: a person each; who has no date yet stays as they are."""
    return _register(raw, PLEDGES, ("staff", "pledge_on"), lambda values: None, ("staff",))


def read_devices(raw: bytes) -> list[RegisterLine]:
    """The lines of a register of device permits; without an end a permit holds on."""

    def check(values: dict[str, Any]) -> None:
        ends_on = values.setdefault("ends_on", None)
        if ends_on is not None and ends_on < values["permitted_on"]:
            raise _Bad("期限が許可日より前です", "日付を確かめてください")

    return _register(raw, DEVICES, ("device", "purpose", "permitted_on"), check, ("device",))


def read_demand(raw: bytes) -> list[RegisterLine]:
    """The lines of a forecast by month: the fields of a ``DemandMonth`` each.

    Raises Refused for the first line that is wrong, with nothing of any cell in it.
    """
    needed = ("month", "cert_renewals", "card_renewals", "new_and_reissued")
    lines = _register(raw, DEMAND, needed, lambda values: None, ("month",))
    return [RegisterLine(x.line, {name: x.fields[name] for name in needed}) for x in lines]


def _register(
    raw: bytes,
    columns: tuple[_Column, ...],
    required: tuple[str, ...],
    check: Callable[[dict[str, Any]], None],
    unique: tuple[str, ...],
) -> list[RegisterLine]:
    """The lines of a register; no two of them say the same of ``unique``."""
    faults = _Faults()
    _, rows = _read(raw, columns, required, faults)
    seen: dict[tuple[Any, ...], int] = {}
    lines = []
    for line, values in rows:
        try:
            check(values)
            key = tuple(x.casefold() if isinstance(x := values[name], str) else x for name in unique)
            first = seen.setdefault(key, line)
            if first != line:
                raise _Bad(f"同じ内容の行が{first}行目にあります", "1行にしてください")
        except _Bad as bad:
            faults.add(line, "", bad)
        lines.append(RegisterLine(line, values))
    faults.refuse_if_any()
    return lines


def slots_by_day(lines: Sequence[AppointmentLine]) -> dict[date, list[dict[str, Any]]]:
    """The slots of each day as ``appointments.imported`` takes them; a count of 0 says that there is none."""
    days: dict[date, list[dict[str, Any]]] = {}
    for x in lines:
        slots = days.setdefault(x.date, [])
        if x.count:
            slots.append({"time": x.time, "cards": x.cards, "count": x.count})
    return dict(sorted(days.items()))


def unusual(lines: Sequence[AppointmentLine], calendar: Calendar) -> list[str]:
    """What the manager should look at again: appointments on closed days, or outside the hours (仕様書 6, 7(4)※)."""
    booked = [x for x in lines if x.count]
    said = []
    closed = [x for x in booked if not calendar.is_open(x.date)]
    if closed:
        days = len({x.date for x in closed})
        said.append(
            f"開場日ではない日の予約が{days}日分あります（初めは{closed[0].line}行目）。取り込みましたが、日付を確かめてください。"
        )
    service = next((s for s in calendar.site.services if s.appointment), None)
    if service is not None:
        outside = [x for x in booked if not _within(x, *calendar.site.hours(service.code, x.date.weekday()))]
        if outside:
            opens, closes = calendar.site.hours(service.code, outside[0].date.weekday())
            said.append(
                f"受付時間（{hm(opens)}〜{hm(closes)}）の外の予約が{len(outside)}行あります（初めは{outside[0].line}行目）。"
                "取り込みましたが、時刻を確かめてください。"
            )
    return said


def _within(line: AppointmentLine, opens: time, closes: time) -> bool:
    return opens <= time.fromisoformat(line.time) <= closes
