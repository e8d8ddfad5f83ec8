"""Columns of each table: their headings, and the parsers of their cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

from floorctl.common.frozen import frozen
from floorctl.intake import csv_cells as cells
from floorctl.models.site.hall import Skill


@frozen
class Column:
    """Column with its key, its label in errors, its normalised headings and its parser.

    ``keeps``: an empty cell says nothing, and what the register has is kept; 「なし」 erases it. ``is_text``: an apostrophe
    may belong to it. ``unseen``: nothing of the cell is stored, only compared, so that it is not searched for personal data.
    """

    key: str
    label: str
    names: frozenset[str]
    parse: Callable[[str], Any]
    keeps: bool = False
    is_text: bool = False
    unseen: bool = False


def _column(
    key: str,
    label: str,
    names: str,
    parse: Callable[[str], Any],
    keeps: bool = False,
    *,
    is_text: bool = False,
    unseen: bool = False,
) -> Column:
    """Build a column. ``names``: headings separated by spaces; ``a+`` stands for a, a_on and a_date."""
    found = set()
    for name in names.split():
        stem = name.removesuffix("+")
        found |= {cells.plain(stem + end) for end in (("", "on", "date") if name.endswith("+") else ("",))}
    return Column(key, label, frozenset(found), parse, keeps, is_text, unseen)


STAFF = _column(
    "staff",
    "職員コード",
    "code staff staff_code コード 職員コード 職員番号 職員id スタッフコード スタッフid スタッフ番号 社員コード 社員番号 "
    "社員id 社員no 社員no. 職員no 職員no. スタッフno スタッフno. 従業員コード 従業員番号 従業員id 従業員no 従業員no. "
    "従事者コード 従事者番号 従事者id 符号 担当者コード 担当者番号 担当者id",
    cells.code,
)
ROSTER = (
    STAFF,
    _column("surname", "氏", "surname name family_name 氏 姓 名字", cells.surname),
    _column("role", "役割", "role 役割 役職 区分", cells.role, True),
    _column("deputy", "代行", "deputy deputy_eligible deputy_eligibility 代行 代行者 代行可", cells.flag, True),
    _column(
        "authority_on",
        "操作者権限",
        "authority+ operator_authority+ terminal_operator+ 操作者権限 権限 操作者権限付与日 権限付与日",
        cells.day,
        True,
    ),
    _column(
        "vein_on", "静脈登録", "vein+ vein_registered+ vein_registration+ 静脈 静脈登録 静脈登録日", cells.day, True
    ),
    _column("pledge_on", "誓約書", "pledge+ 誓約書 誓約書提出日", cells.day, True),
    _column("shift", "勤務時間", "shift 勤務 シフト 勤務時間", cells.shift, True),
    _column("shift_from", "始業", "shift_from start 始業 始業時刻", cells.time, True),
    _column("shift_to", "終業", "shift_to end 終業 終業時刻", cells.time, True),
    _column("left_on", "退職日", "left+ 退職日", cells.day, True),
    _column("direct_employee", "直接雇用", "direct_employee direct 直接雇用 正規社員", cells.known_flag, True),
    _column("experience", "業務経験", "experience experienced 業務経験 経験", cells.known_flag, True),
    _column(
        "skills", "できる業務", "skills skill できる業務 できること 技能 担当業務 対応業務 スキル", cells.skills, True
    ),
    _column("newcomer", "新人", "newcomer new 新人 新任 新規配属", cells.flag, True),
)
SKILL = "skill:"  # before the code, in the key of a column of marks


def roster_columns(skills: Sequence[Skill]) -> tuple[Column, ...]:
    """Return the columns of a roster: those of every one, and one of marks (○, ×) for each skill of the site."""
    taken = {name for c in ROSTER for name in c.names}
    words = skill_codes(skills)
    own = (
        Column(
            f"{SKILL}{x.code}",
            x.name,
            frozenset(w for w, code in words.items() if code == x.code) - taken,
            cells.flag,
            True,
        )
        for x in skills
    )
    return (*ROSTER, *own)


def skill_codes(skills: Sequence[Skill]) -> dict[str, str]:
    """Return the code of a skill by each plain word for it: code, name, ``short``, and a part of a name (証明書).

    Such a part has two characters at least and fits one skill alone.
    """
    known = {cells.plain(w): x.code for x in skills for w in (x.short, x.name, x.code) if w}
    parts: dict[str, set[str]] = {}
    for x in skills:
        name = cells.plain(x.name)
        for start, end in combinations(range(len(name) + 1), 2):
            if end - start > 1:
                parts.setdefault(name[start:end], set()).add(x.code)
    return {part: next(iter(codes)) for part, codes in parts.items() if len(codes) == 1} | known


APPOINTMENTS = (
    _column("date", "日付", "date 日付 予約日", cells.dated),
    _column("time", "時刻", "time 時刻 予約時刻 予約時間 時間 時間帯", cells.timed),
    _column("cards", "枚数", "cards 枚数 カード枚数", cells.number(1, 99, default=1)),
    _column("count", "件数", "count 件数 予約件数", cells.number(0, 999)),
)
_VISITS = (
    "",
    *[
        "予約",
        "予約開始",
        "来庁",
        "来庁予定",
        "来所",
        "来館",
        "来店",
        "利用",
        "希望",
        "開始",
        "受取",
        "受取予定",
        "交付",
        "交付予定",
        "予定",
    ],
)


def _of_visits(*ends: str) -> str:
    """Return the headings that end in these words, with each word for a booking before them."""
    return " ".join(word + end for end in ends for word in _VISITS)


# A list of single bookings: what stands in no column of these is never read.
BOOKINGS = (
    _column(
        "when",
        "予約日時",
        f"{_of_visits('日時')} datetime start_at starts_at booked_at appointment",
        cells.booked,
    ),
    _column("date", "予約日", f"{_of_visits('日', '日付', '年月日')} date booking_date", cells.dated),
    _column(
        "time",
        "予約時刻",
        f"{_of_visits('時刻', '時間', '時間帯', '枠')} 開始 time booking_time slot start",
        cells.timed,
    ),
    _column("cards", "枚数", "cards 枚数 カード枚数 受取枚数 交付枚数", cells.number(1, 99, default=1)),
    _column(
        "service",
        "手続",
        "service 手続 手続き 手続名 手続き名 手続区分 手続内容 予約内容 内容 用件 ご用件 メニュー 予約メニュー 業務 サービス 予約種別 種別",
        str,
        unseen=True,
    ),
    _column(
        "status",
        "状態",
        "status state 状態 状況 ステータス 予約状態 予約状況 予約ステータス 受付状態 受付状況 来庁状況",
        str,
        unseen=True,
    ),
    _column(
        "cancelled",
        "取消",
        "cancelled canceled cancelled+ canceled+ 取消 取消し 取り消し 取消日 取消日時 取消フラグ キャンセル キャンセル日 "
        "キャンセル日時 キャンセルフラグ 削除 削除フラグ",
        str,
        unseen=True,
    ),
)
# Headings that only a list of single bookings has.
BOOKING_NUMBERS = frozenset(
    map(
        cells.plain,
        (
            "予約番号",
            "予約no",
            "予約id",
            "予約コード",
            "受付番号",
            "申込番号",
            "整理番号",
            "booking",
            "booking_id",
            "booking_no",
        ),
    )
)
# Shifts by day as a list: a line a person and day.
SHIFTS = (
    STAFF,
    _column("date", "日付", "date day 日付 年月日 勤務日 月日 日", cells.dated),
    _column(
        "code",
        "勤務区分",
        "shift_code code シフト シフトコード シフト名 勤務区分 勤務記号 勤務種別 勤務 区分 記号 種別",
        cells.shift_code,
    ),
    _column("shift", "勤務時間", "shift 勤務時間 勤務時間帯 時間帯", cells.shift),
    _column(
        "starts",
        "開始",
        "start starts shift_from 開始 開始時刻 開始時間 開始日時 勤務開始 勤務開始時刻 勤務開始時間 始業 始業時刻 出勤 出勤時刻",
        cells.time,
    ),
    _column(
        "ends",
        "終了",
        "end ends shift_to 終了 終了時刻 終了時間 終了日時 勤務終了 勤務終了時刻 勤務終了時間 終業 終業時刻 退勤 退勤時刻",
        cells.time,
    ),
    _column("break_minutes", "休憩", "break break_minutes 休憩 休憩分 休憩時間 休憩(分) 休憩（分）", cells.minutes),
    _column("deleted", "削除", "deleted 削除 削除フラグ 無効 取消", str, unseen=True),
)
# Planned numbers of the city's staff: a line a day and time.
CITY_HOURS = (
    _column("date", "日付", "date day 日付 年月日 日", cells.dated),
    _column("starts", "時刻", "from start starts time 時刻 開始 開始時刻 から 何時から 時間", cells.time),
    _column("present", "人数", "present count 人数 市職員 市職員数 配置人数 予定人数", cells.number(0, 99)),
)
# The registers of training, pledges and device permits: dates and codes, no documents (仕様書 5(3)⑧, 8, 10, 12(4)).
TRAINING = (
    STAFF,
    _column("item", "研修", "item training 研修 研修項目 項目", cells.cell),
    _column("done_on", "実施日", "done+ date 実施日 受講日 研修日 日付", cells.need_day),
)
PLEDGES = (
    STAFF,
    _column("pledge_on", "誓約書", "pledge+ 誓約書 誓約書提出日 提出日", cells.day, True),
)
DEVICES = (
    _column("device", "機器", "device 機器 機器名 端末", cells.device),
    _column("purpose", "用途", "purpose 用途 目的", cells.purpose, is_text=True),
    _column("permitted_on", "許可日", "permitted+ 許可日 承認日", cells.need_day),
    _column("ends_on", "期限", "ends+ until 期限 終了日 有効期限", cells.day, True),
)
# A forecast by month (仕様書 15(2), 15(3)); the shipped table's open days are accepted and ignored.
DEMAND = (
    _column("month", "年月", "month 年月 月", cells.month),
    _column("open_days", "開場日数", "open_days days 開場日数 開庁日数 日数", lambda text: text),
    _column(
        "cert_renewals",
        "電子証明書更新",
        "cert_renewals certificates 電子証明書更新 電子証明書更新件数 電子証明書の更新",
        cells.count,
    ),
    _column(
        "card_renewals",
        "カード更新",
        "card_renewals カード更新 カード更新件数 マイナンバーカード更新 更新",
        cells.count,
    ),
    _column(
        "new_and_reissued",
        "新規・再交付",
        "new_and_reissued new 新規・再交付 新規再交付 新規交付・再交付 新規",
        cells.count,
    ),
)
# Headings of a column that numbers the lines, which says nothing and is not read.
LINE_NUMBERS = frozenset(map(cells.plain, ("no", "no.", "#", "項番", "連番", "行番号")))
# Headings of full names, which floorctl must not store (SPEC 3.4).
WHOLE_NAMES = frozenset(map(cells.plain, ("氏名", "名前", "お名前", "フルネーム", "full_name", "姓名")))
