"""Japanese words for every code of the contract's closed sets, Reiwa dates, durations: all wording in one place."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time

from floorctl.common.incident_policies import INCIDENT_POLICIES
from floorctl.common.lengths import length_word

READ_ONLY_WORD = "閲覧のみ"  # in the head line of a console that records nothing
RECORD_ELSEWHERE = "記録は、記録する盤面（floorctl console）でしてください"
WEEKDAYS = ("月", "火", "水", "木", "金", "土", "日")

TERMINAL_STATES = {"free": "空き", "serving": "応対中", "paused": "休止", "failed": "故障", "unstaffed": "担当なし"}
CALLED = "呼出済"  # of a terminal whose last number was called, while the records leave open whether it is still there
UNSEEN = "不明"  # of a terminal that only looks free: the records do not tell whether somebody is served there
SERVICE_STATES = {"before": "受付前", "open": "受付中", "stopped": "打切り", "after": "受付終了", "closed": "閉場"}
AT_CITY = "決定待ち"  # of a case, and of the terminal at which it waits for city staff
TICKET_STATES = {
    "waiting": "待ち",
    "serving": "応対中",
    "finished": "終了",
    "no_show": "不在",
    "left": "帰宅",
    "counted_out": "人数合わせ",
}
# The city's own desk, unless the site names it.
OTHER_DESK = "市の窓口"
# The desk of ``desk3`` has a name of its own at every site: Site.outcome_word, Site.decision_word.
OUTCOMES = {"done": "完了", "incomplete": "未了", "desk3": OTHER_DESK}
DECISIONS = {"approved": "可", "declined": "否", "desk3": f"{OTHER_DESK}へ案内", "withdrawn": "取下げ"}
# Headings of the outcomes of a day's tickets, in tables of counts.
FATE_WORDS = {"issued": "受付", **OUTCOMES, "no_show": "不在", "left": "帰宅", "counted_out": "人数合わせ"}
ESCALATION_STATES = {"raised": "未対応", "taken": "対応中", "settled": "決定"}
STAFF_STATUSES = {
    "expected": "予定",
    "present": "在席",
    "late": "遅刻",
    "absent": "欠勤",
    "on_break": "休憩",
    "away": "離席",
    "gone": "退勤",
}
EQUIPMENT_STATES = {"ok": "正常", "failed": "故障", "stopped": "停止"}
OUTAGE_CAUSES = {
    "national": "国のシステム",
    "power": "停電",
    "disaster": "災害",
    "equipment": "機器",
    "other": "その他",
}
REPORT_HEADS = {
    "weather": "天候",
    "inquiries": "問い合わせ内容",
    "problems": "問題点",
    "remarks": "特記事項・翌日への引継ぎ",
}
# Headings of free texts in documents of longer periods (仕様書 9, 10, 11), by document.
PERIOD_HEADS = {
    "month": {
        "progress": "進捗",
        "results": "実績",
        "next_month": "翌月計画",
        "staffing": "要員計画",
        "improvements": "改善提案",
        "issues": "課題",
    },
    "year": {"results": "実績", "issues": "課題", "improvements": "改善内容"},
    "contract": {"status": "処理状況", "open_cases": "未完了案件", "remarks": "特記事項"},
}
NOTHING = "特になし"
BLANK = "未記入"  # not answered yet
MEETING_FORMS = {"operations": "業務運営会議", "daily": "日次報告会議", "emergency": "緊急会議"}
DUTIES = {
    "daily_report": "日次報告書",
    "minutes": "議事録",
    "monthly_report": "月次報告書",
    "annual_report": "年度業務実績報告書",
    "handover_document": "業務引継書",
    "plan": "業務計画書",
    "manual": "業務マニュアル",
    "pledges": "誓約書",
    "bcp": "業務継続計画 BCP",
    "shift_table": "シフト表",
    "training_plan": "研修計画書・資料",
    "training_record": "定期研修の記録",
    "staff_change": "従事者変更の届出",
}
# Stands for every duty that was due before the first day of hand-made records, in ``duty.submitted``.
BEFORE_RECORDS = "before_records"
BEFORE_RECORDS_NAME = "記録開始前の期限"
DUTY_STATES = {"open": "未提出", "submitted": "提出済", "overdue": "期限切れ"}
REISSUE = "再提出"  # it was handed in, and its figures have changed since
ROLES = {"general_manager": "統括責任者", "site_manager": "現場責任者", "worker": "業務従事者"}
# Who decides that a reception is stopped or resumed.
DECIDERS = {"supervisor": "監督員", "site_manager": "現場責任者", "city": "市"}
ASSIST = "要配慮"  # a visitor who needs reasonable accommodation, without a word on why
CHARGES = {"general_manager": "統括責任者の代理", "site_manager": "現場責任者の職務"}
INCIDENT_CATEGORIES = {code: policy.name for code, policy in INCIDENT_POLICIES.items()}
INCIDENT_SHORT = {code: policy.short for code, policy in INCIDENT_POLICIES.items()}
INCIDENT_STATES = {"open": "未報告", "reported": "報告済", "handed_over": "引継済", "closed": "終結"}
# Times of an incident that may be given together, by their fields, as one reads them.
INCIDENT_TIMES = {
    "occurred_at": "発生",
    "found_at": "発見",
    "reported_at": "市へ報告",
    "followed_up_at": "応急処置後の報告",
    "handed_over_at": "市へ引継ぎ",
    "police_at": "警察へ通報",
    "restored_at": "復旧",
}
ANOMALIES = {
    "unknown_ticket": "発券のない番号",
    "repeated_ticket": "番号の重複",
    "wrapped": "番号が一巡して再び発券",
    "unknown_escalation": "引継ぎ記録のない案件",
    "repeated_escalation": "案件の重複",
    "impossible": "その状態では起きない記録",
    "busy_terminal": "応対中の端末での呼出し（前の人の終了なし）",
    "other_lane": "別の列の端末での呼出し",
    "unstaffed": "担当者のいない端末での呼出し",
    "undecided_case": "市の決定前の完了",
    "not_retractable": "取り消す相手のない取消し",
}
ANOMALIES_SHORT = {
    "unknown_ticket": "発券なし",
    "repeated_ticket": "番号重複",
    "wrapped": "番号一巡",
    "unknown_escalation": "引継ぎなし",
    "repeated_escalation": "案件重複",
    "impossible": "順序不明",
    "busy_terminal": "終了なし",
    "other_lane": "列違い",
    "unstaffed": "担当なし",
    "undecided_case": "決定前",
    "not_retractable": "取消先なし",
}
DAY_KINDS = {
    "outside_contract": "契約期間外",
    "closed_emergency": "臨時休止",
    "extra": "追加就業日",
    "training_closure": "研修のため休止",
    "sunday": "日曜",
    "holiday": "祝日",
    "year_end": "年末年始",
    "saturday_peak": "繁忙期の土曜",
    "saturday": "土曜開場",
    "saturday_closed": "土曜休み",
    "weekday": "平日",
}


def wareki(day: date, *, weekday: bool = True) -> str:
    """Return a date in the Japanese era, as in documents: 令和8年7月1日（水）.

    Before Reiwa (2019-05-01) in the common era.
    """
    if day >= date(2019, 5, 1):
        n = day.year - 2018
        year = f"令和{'元' if n == 1 else n}年"
    else:
        year = f"{day.year}年"
    tail = f"（{WEEKDAYS[day.weekday()]}）" if weekday else ""
    return f"{year}{day_ja(day)}{tail}"


def day_ja(day: date) -> str:
    """Return a day of this year for running text: 9月24日."""
    return f"{day.month}月{day.day}日"


def month_day(day: date) -> str:
    """Return a day of this year where there is little room: 9/24."""
    return f"{day.month}/{day.day}"


def short_day(day: date) -> str:
    """Return a date as the screens write it: 9/24（木）."""
    return f"{month_day(day)}（{WEEKDAYS[day.weekday()]}）"


def clock_ja(at: time | datetime) -> str:
    """Return a time of day as in public documents: 午前8時30分, 正午."""
    if (at.hour, at.minute) == (12, 0):
        return "正午"
    half, hour = ("午前", at.hour) if at.hour < 12 else ("午後", at.hour - 12)
    return f"{half}{hour}時{at.minute}分" if at.minute else f"{half}{hour}時"


def clock_ja_short(at: time | datetime | str) -> str:
    """Return a time of day as in tables: 午前8:30, 正午; also one stored as 08:30."""
    if isinstance(at, str):
        at = time.fromisoformat(at)
    half, hour = ("午前", at.hour) if at.hour < 12 else ("午後", at.hour - 12)
    return "正午" if (at.hour, at.minute) == (12, 0) else f"{half}{hour}:{at.minute:02d}"


def hm(at: time | datetime | str) -> str:
    """Return a time of day as screens and commands write it: 9:00, 16:30; also one stored as 09:00."""
    return at.removeprefix("0") if isinstance(at, str) else f"{at.hour}:{at.minute:02d}"


def shift_word(code: str, hours: tuple[str, str] | None) -> str:
    """Return a planned shift: its abbreviation and its hours, 早 8:15〜17:15; 休み without both."""
    written = f"{hm(hours[0])}〜{hm(hours[1])}" if hours else ""
    return f"{code} {written}".strip() or "休み"


def hms(at: datetime) -> str:
    """Return a time of day to the second: 9:00:05."""
    return f"{hm(at)}:{at.second:02d}"


def md_hm(at: datetime) -> str:
    """Return an instant with its day: 9/14 9:00."""
    return f"{month_day(at)} {hm(at)}"


def more_word(n: int, unit: str = "件") -> str:
    """Return that there are ``n`` more, with a blank before it: ほか2件; "" for none."""
    return f" ほか{n}{unit}" if n > 0 else ""


# Sources of records that the user is told of; any other has the name that it was taken in with.
_SOURCES = {"console": "手入力", "feed": "発券機", "paper": "紙", "demo": "模擬"}

OF_ITSELF = "自動"  # of a record that a console made without a key


def source_word(source: str) -> str:
    """Return where a record comes from, in words."""
    return _SOURCES.get(source, source)


_FILE_CELLS = 20


def file_word(name: str) -> str:
    """Return the name of a file or source for the board: a long one without its middle, since its end may tell the day."""
    if _cells(name) <= _FILE_CELLS:
        return name
    head, tail = "", ""
    for char in name:
        if _cells(head + char) > _FILE_CELLS // 2 - 1:
            break
        head += char
    for char in reversed(name):
        if _cells(char + tail) > _FILE_CELLS // 2 - 1:
            break
        tail = char + tail
    return f"{head}…{tail}"


def _cells(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in text)


# Whose wait a predicted figure is: the rest of the wait of who is called last; the whole wait of who arrives now, of
# either kind where appointments come; and, of the advice, the longest wait in a lane within the hour.
LAST_PERSON = "最後の人"
NEWCOMER = "いま来た人"
BOOKED = "予約のある人"
WALK_IN = "予約のない人"
LONGEST_WAIT = "1時間内の最大待ち"

# A lane at which nobody is left.
NOT_SERVED = "受けられません"
# A predicted wait that would end after the hall has closed.
AFTER_CLOSING = "閉庁後"


def wait_word(seconds: int, *, near: bool = True) -> str:
    """Return a predicted wait in whole minutes, rounded up: 約35分, 約1時間05分; up to a minute まもなく.

    With ``near`` False: 35分, without 約 and まもなく.
    """
    minutes = -(-max(0, seconds) // 60)
    if near and minutes <= 1:
        return "まもなく"
    text = length_word(max(1, minutes))
    return f"約{text}" if near else text


def most_word(seconds: int | None) -> str:
    """Return the 90th percentile of a wait: 60分; None is beyond the hall's closing."""
    return AFTER_CLOSING if seconds is None else wait_word(seconds, near=False)


# Hiragana readings of the actions' words, so that unconverted かな finds them too.
_READINGS = {
    "操作一覧": "そうさいちらん", "操作": "そうさ", "一覧": "いちらん", "盤面": "ばんめん", "市職員": "ししょくいん",
    "職員": "しょくいん", "事案": "じあん", "事故": "じこ", "障害": "しょうがい", "実績": "じっせき", "番号": "ばんごう",
    "予約": "よやく", "用件": "ようけん", "変更": "へんこう", "不在": "ふざい", "帰宅": "きたく", "呼び": "よび", "呼ぶ": "よぶ",
    "間違い": "まちがい", "記録": "きろく", "申し送り": "もうしおくり", "締め": "しめ", "閉場": "へいじょう", "開場": "かいじょう",
    "文書": "ぶんしょ", "色": "いろ", "点検": "てんけん", "過去": "かこ", "前": "まえ", "次": "つぎ", "端末": "たんまつ", "枠": "わく",
    "開く": "ひらく", "選択": "せんたく", "左": "ひだり", "右": "みぎ", "列": "れつ", "移す": "うつす", "移動": "いどう", "終了": "しゅうりょう",
    "休止": "きゅうし", "再開": "さいかい", "故障": "こしょう", "復旧": "ふっきゅう", "担当": "たんとう", "窓口": "まどぐち", "待ち": "まち",
    "人数": "にんずう", "人": "ひと", "発券": "はっけん", "受付": "うけつけ", "打切り": "うちきり", "会場": "かいじょう", "椅子": "いす",
    "数": "かず", "戻す": "もどす", "探す": "さがす", "点呼": "てんこ", "在席": "ざいせき", "遅刻": "ちこく", "欠勤": "けっきん", "休憩": "きゅうけい",
    "離席": "りせき", "退勤": "たいきん", "持ち場": "もちば", "欠員": "けついん", "責任者": "せきにんしゃ", "代行者": "だいこうしゃ",
    "引継ぎ": "ひきつぎ", "引き継ぐ": "ひきつぐ", "件数": "けんすう", "問い合わせ": "といあわせ", "合理的配慮": "ごうりてきはいりょ", "配慮": "はいりょ",
    "取り消す": "とりけす", "取消": "とりけし", "遡る": "さかのぼる", "時計": "とけい", "終える": "おえる", "案件": "あんけん", "案内": "あんない",
    "報告": "ほうこく", "提出": "ていしゅつ", "承認": "しょうにん", "期限": "きげん", "会議": "かいぎ", "協議": "きょうぎ", "名簿": "めいぼ", "業務": "ぎょうむ", "理由": "りゆう", "今": "いま", "手": "て",
}  # fmt: skip


def to_kana(text: str) -> str:
    """Return text with katakana replaced by hiragana, for matching by sound."""
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)


def reading(text: str) -> str:
    """Return the hiragana reading of text as far as its words are known: たんまつをきゅうしする for 端末を休止する."""
    for written in sorted(_READINGS, key=len, reverse=True):
        text = text.replace(written, _READINGS[written])
    return to_kana(text)


# Advice to move nothing; where it is so because it was declined.
KEEP, DECLINED = "このままで良い", "見送り中"
# The same where a target is exceeded: no terminal can move, or none of them would gain by it.
NONE_TO_MOVE = "いま移す端末はありません"

# Reasons for declining an advice, by digit.
DECLINE_REASONS = (
    "もう少し様子を見る",
    "担当者の都合（権限・経験・体調）",
    "休憩・交替が近い",
    "予約に備える",
    "見込みと違う（実際の様子）",
)

# Policies that a study compares (contract 4).
POLICIES = {
    "as_was": "実際の配分",
    "static_2_6": "固定 2対6",
    "static_3_5": "固定 3対5",
    "advice": "提案どおり",
    "pooled": "全台共用",
}
# Courses that a rehearsal's review compares, and the outcomes of an expectation.
COURSES = {
    "played": "この演習",
    "no_action": "何もしない",
    "advice": POLICIES["advice"],
    "pooled": POLICIES["pooled"],
}
MET = {"met": "できた", "late": "遅れた", "missed": "できず", "open": "期限前", "none": "対象なし"}
