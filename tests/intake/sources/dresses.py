"""Files as machines may write them: one invented day after another in many dresses, each with the role of every column."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

SERVICES = ("cert_renewal", "card_issuance", "pin_reset", "application_support", "other")
_NAMES = {
    "code": dict(zip(SERVICES, ("03", "01", "05", "11", "99"), strict=True)),
    "ja": dict(
        zip(SERVICES, ("電子証明書更新", "カード交付", "暗証番号再設定", "申請サポート", "その他"), strict=True)
    ),
    "en": dict(zip(SERVICES, ("Renewal", "Card issuance", "PIN reset", "Application", "Other"), strict=True)),
}
_HEADINGS = {
    "ja1": {"id": "連番", "day": "日付", "issued": "発券時刻", "called": "呼出時刻", "finished": "終了時刻", "time": "時刻", "at": "日時", "ticket": "受付番号", "event": "区分", "service": "業務コード", "terminal": "窓口", "outcome": "処理結果", "staff": "担当者", "name": "氏名", "phone": "電話番号", "note": "備考", "wait": "待ち時間", "branch": "拠点"},
    "ja2": {"id": "管理番号", "day": "営業日", "issued": "受付時間", "called": "呼び出し", "finished": "対応終了", "time": "時間", "at": "発生日時", "ticket": "番号", "event": "イベント", "service": "用件", "terminal": "カウンター", "outcome": "結果", "staff": "職員コード", "name": "お名前", "phone": "連絡先電話", "note": "摘要", "wait": "所要時間", "branch": "庁舎"},
    "ja3": {"id": "No.", "day": "年月日", "issued": "受付日時", "called": "対応開始日時", "finished": "対応完了日時", "time": "処理時刻", "at": "記録日時", "ticket": "整理券番号", "event": "処理区分", "service": "手続", "terminal": "窓口番号", "outcome": "転帰", "staff": "係員", "name": "フリガナ", "phone": "TEL", "note": "特記事項", "wait": "待時間", "branch": "支所名"},
    "en1": {"id": "visit_id", "day": "date", "issued": "create_ts", "called": "call_ts", "finished": "end_ts", "time": "time", "at": "timestamp", "ticket": "ticket_number", "event": "event_type", "service": "service_name", "terminal": "counter", "outcome": "outcome", "staff": "staff_id", "name": "customer_name", "phone": "phone", "note": "remarks", "wait": "wait_time", "branch": "branch"},
    "en2": {"id": "TransactionID", "day": "BusinessDate", "issued": "IssuedAt", "called": "CalledAt", "finished": "FinishedAt", "time": "EventTime", "at": "OccurredAt", "ticket": "TicketNo", "event": "Action", "service": "QueueName", "terminal": "DeskNo", "outcome": "Result", "staff": "UserName", "name": "VisitorName", "phone": "MobilePhone", "note": "Comment", "wait": "WaitSeconds", "branch": "LocationName"},
    "en3": {"id": "row id", "day": "Day", "issued": "Check-in", "called": "Service start", "finished": "Service end", "time": "Time", "at": "Date time", "ticket": "Token", "event": "Status", "service": "Category", "terminal": "Window", "outcome": "Disposition", "staff": "Agent", "name": "Full name", "phone": "Tel", "note": "Note", "wait": "Waiting time", "branch": "Site"},
    "ja4": {"id": "レコード番号", "day": "処理日", "issued": "来庁時刻", "called": "案内時刻", "finished": "退庁時刻", "time": "記録時刻", "at": "登録日時", "ticket": "引換番号", "event": "動作", "service": "取扱種別", "terminal": "対応窓口", "outcome": "応対結果", "staff": "取扱者", "name": "申請者名", "phone": "連絡先", "note": "特記", "wait": "待ち分数", "branch": "施設"},
    "ja5": {"id": "SEQ", "day": "取扱日", "issued": "発番", "called": "呼出開始", "finished": "応対終了", "time": "発生時刻", "at": "発生日時", "ticket": "受付No.", "event": "操作", "service": "申請区分", "terminal": "窓口No", "outcome": "完了区分", "staff": "オペレータ", "name": "来庁者氏名", "phone": "携帯", "note": "コメント", "wait": "待ち(秒)", "branch": "店舗"},
    "en4": {"id": "REC_NO", "day": "BIZ_DT", "issued": "ISS_TM", "called": "CALL_TM", "finished": "END_TM", "time": "EVT_TM", "at": "EVT_DTTM", "ticket": "TKT_NO", "event": "EVT_CD", "service": "SVC_CD", "terminal": "WIN_NO", "outcome": "RSLT_CD", "staff": "OPE_ID", "name": "CUST_NM", "phone": "CUST_TEL", "note": "RMK", "wait": "WAIT_SEC", "branch": "BR_CD"},
    "en5": {"id": "uuid", "day": "service_day", "issued": "joinedQueueAt", "called": "servingStartedAt", "finished": "leftAt", "time": "clock", "at": "createdAt", "ticket": "queueNumber", "event": "transition", "service": "line", "terminal": "station", "outcome": "resolution", "staff": "servedBy", "name": "guestName", "phone": "contact", "note": "notes", "wait": "waitedMinutes", "branch": "venue"},
}  # fmt: skip
_EVENTS = (
    {"issued": "0", "called": "1", "finished": "2", "no_show": "3"},
    {"issued": "1", "called": "2", "finished": "3", "no_show": "9"},
    {"issued": "発券", "called": "呼出", "finished": "終了", "no_show": "不在"},
    {"issued": "受付", "called": "呼出し", "finished": "完了", "no_show": "不応答"},
    {"issued": "ISSUE", "called": "CALL", "finished": "END", "no_show": "NOSHOW"},
    {"issued": "created", "called": "called", "finished": "completed", "no_show": "no_show"},
)
_SURNAMES = ("佐藤", "鈴木", "高橋", "田中", "渡辺", "伊藤", "中村", "小林")


@dataclass
class Visit:
    """Visit of one person."""

    ticket: str
    service: str
    issued: datetime
    called: datetime | None = None
    finished: datetime | None = None
    desk: int = 0
    gone: bool = False


def visits(rng: random.Random, number: int, *, lettered: bool) -> list[Visit]:
    """Return visits of as many days as the number needs, each desk with one visitor at a time."""
    found: list[Visit] = []
    day = date(2026, 9, 14)
    while len(found) < number:
        n = min(number - len(found), rng.randint(120, 400))
        start = datetime.combine(day, datetime.min.time()) + timedelta(hours=8, minutes=30)
        arrivals = sorted(rng.uniform(0, 8 * 3600) for _ in range(n))
        desks = dict.fromkeys(range(1, 1 + max(2, n // 35)), start)
        desks = {k: v for k, v in desks.items() if k <= 8}
        numbers: dict[str, int] = {}
        for s in arrivals:
            service = rng.choices(SERVICES, (8, 5, 2, 2, 1))[0]
            letter = {"cert_renewal": "B", "card_issuance": "A", "application_support": "C"}.get(service, "B")
            key = letter if lettered else ""
            numbers[key] = numbers.get(key, 0 if lettered else 100) + 1
            visit = Visit(f"{key}{numbers[key]:03d}", service, start + timedelta(seconds=int(s)))
            desk = min(desks, key=lambda k: (max(desks[k], visit.issued), rng.random()))
            at = max(desks[desk], visit.issued) + timedelta(seconds=rng.randint(5, 40))
            if rng.random() > 0.03 and at.hour < 19:
                visit.called, visit.desk, visit.gone = at, desk, rng.random() < 0.05
                length = 120 if visit.gone else max(60, int(rng.gauss(min(720, 8 * 3600 * len(desks) / n * 0.8), 150)))
                visit.finished = at + timedelta(seconds=length)
                desks[desk] = visit.finished
            found.append(visit)
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return found


@dataclass
class Dressed:
    """File in its dress: bytes, name, role of each column by its number from 1 ("" of no use, personal)."""

    data: bytes
    name: str
    roles: list[str]
    style: str
    heading: bool
    about: str
    issued: int
    called: int
    finished: int


def _written(at: datetime | None, form: str) -> str:
    if at is None:
        return ""
    half, hour = ("午前", at.hour) if at.hour < 12 else ("午後", at.hour - 12)
    return {
        "iso": f"{at:%Y-%m-%dT%H:%M:%S}+09:00",
        "sql": f"{at:%Y-%m-%d %H:%M:%S}",
        "excel": f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M}",
        "compact": f"{at:%Y%m%d%H%M%S}",
        "epoch": str(int((at - datetime(1970, 1, 1)).total_seconds()) - 9 * 3600),
        "time": f"{at:%H:%M:%S}",
        "minute": f"{at.hour}:{at:%M}",
        "digits": f"{at:%H%M%S}",
        "ja": f"{half}{hour}時{at:%M}分",
    }[form]


def _day(at: datetime, form: str) -> str:
    return {
        "compact": f"{at:%Y%m%d}",
        "slash": f"{at.year}/{at.month}/{at.day}",
        "iso": f"{at:%Y-%m-%d}",
        "era": f"R{at.year - 2018}.{at.month}.{at.day}",
        "kanji": f"令和{at.year - 2018}年{at.month}月{at.day}日",
    }[form]


def dressed(seed: int, most: int = 10_000, headings: Sequence[str] = tuple(_HEADINGS)) -> Dressed:
    """Return the file of a seed, of 10 to ``most`` visits."""
    rng = random.Random(seed)
    number = int(10 * (most / 10) ** rng.random())
    lettered = rng.random() < 0.6
    people = visits(rng, number, lettered=lettered)
    style = rng.choice(("visits", "events"))
    words = _HEADINGS[rng.choice(headings)]
    heading = rng.random() < 0.75
    whole = rng.random() < 0.5
    time_form = rng.choice(("iso", "sql", "excel", "compact", "epoch") if whole else ("time", "minute", "digits", "ja"))
    day_form = rng.choice(("compact", "slash", "iso", "era", "kanji"))
    services = _NAMES[rng.choice(("code", "ja", "en"))]
    desk = rng.choice(("{}", "窓口{}", "Counter {}", "T{}", "{}番窓口"))
    events = rng.choice(_EVENTS)
    extra = [x for x, p in (("id", 0.5), ("staff", 0.3), ("name", 0.25), ("phone", 0.2), ("note", 0.3), ("wait", 0.3), ("branch", 0.3), ("outcome", 0.4)) if rng.random() < p]  # fmt: skip
    if style == "events":
        extra = [x for x in extra if x not in ("wait", "outcome")]
        columns = ["at"] if whole else ["day", "time"]
        columns += ["event", "ticket", "service", "terminal"]
    else:
        columns = [] if whole else ["day"]
        columns += ["issued", "called", "finished", "ticket", "service", "terminal"]
    columns += extra
    rng.shuffle(columns)
    rows: list[dict[str, str]] = []

    def row(visit: Visit, at: datetime, event: str = "") -> dict[str, str]:
        with_desk = visit.desk and event != "issued"
        return {
            "day": _day(visit.issued, day_form),
            "at": _written(at, time_form),
            "time": _written(at, time_form),
            "issued": _written(visit.issued, time_form),
            "called": _written(visit.called, time_form),
            "finished": _written(visit.finished, time_form),
            "ticket": visit.ticket,
            "event": events.get(event, ""),
            "service": services[visit.service],
            "terminal": desk.format(visit.desk) if with_desk else "",
            "staff": f"u{visit.desk + 10}" if with_desk else "",
            "name": rng.choice(_SURNAMES) + rng.choice(("太郎", "花子", "一郎")),
            "phone": f"090-{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}",
            "note": "" if rng.random() < 0.9 else "車いす",
            "wait": f"{int((visit.called - visit.issued).total_seconds()) // 60}分" if visit.called else "",
            "branch": "本庁舎",
            "outcome": ("" if not visit.called else "2" if visit.gone else "1"),
        }

    if style == "visits":
        rows = [row(x, x.issued) for x in people]
    else:
        told = []
        for x in people:
            told.append((x.issued, row(x, x.issued, "issued")))
            if x.called and x.finished:
                told.append((x.called, row(x, x.called, "called")))
                told.append((x.finished, row(x, x.finished, "no_show" if x.gone else "finished")))
        rows = [x for _, x in sorted(told, key=lambda x: x[0])]
    for n, x in enumerate(rows):
        x["id"] = str(1001 + n)
    separator = rng.choice((",", ",", ",", "\t", ";", "|"))
    encoding = rng.choice(("utf-8", "utf-8", "utf-8-sig", "cp932", "cp932", "euc-jp", "utf-16"))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=rng.choice(("\n", "\r\n")))
    if heading and rng.random() < 0.2:
        writer.writerow(["窓口実績一覧"])
        writer.writerow([])
    if heading:
        writer.writerow([words[x] for x in columns])
    writer.writerows([[x[c] for c in columns] for x in rows])
    roles = [{"name": "personal", "phone": "personal", "note": "personal", "staff": "", "wait": "", "branch": ""}.get(c, c) for c in columns]  # fmt: skip
    called = sum(x.called is not None for x in people)
    about = (
        f"{style} {len(rows)} {encoding} {separator!r} {time_form} {'heading' if heading else 'bare'} {desk} {columns}"
    )
    return Dressed(
        out.getvalue().encode(encoding), f"log{seed}.csv", roles, style, heading, about, len(people), called, called
    )
