"""Plain text that the commands print without ``--json``, for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rich.cells import cell_len

from floorctl.common.clean_text import clean
from floorctl.common.clock import JST
from floorctl.common.lengths import minutes_word
from floorctl.common.words import (
    ANOMALIES,
    BEFORE_RECORDS,
    BEFORE_RECORDS_NAME,
    DAY_KINDS,
    DUTY_STATES,
    INCIDENT_CATEGORIES,
    INCIDENT_SHORT,
    INCIDENT_STATES,
    LAST_PERSON,
    OUTAGE_CAUSES,
    REISSUE,
    ROLES,
    SERVICE_STATES,
    TERMINAL_STATES,
    WEEKDAYS,
    hm,
    hms,
    md_hm,
    most_word,
    source_word,
    wait_word,
    wareki,
)
from floorctl.documents.layout.names import short_names
from floorctl.models.board.fact_sentence import line, subject
from floorctl.models.board.incident_history import Said
from floorctl.models.board.target_kept import Kept, share_word
from floorctl.models.board.told import untold_word
from floorctl.models.day.floor import Floor
from floorctl.models.facts.calendar import CalendarOutage
from floorctl.models.register.contract_end import days_left_text
from floorctl.models.register.duty import Duty
from floorctl.models.register.incident import Incident
from floorctl.models.register.pressing_duties import before_records
from floorctl.models.site.calendar import DayInfo
from floorctl.models.site.site import Site

WIDTH = 80  # cells of a line where that can be had


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as aligned columns, measured in terminal cells (a full-width character takes two).

    Where they do not fit in ``WIDTH`` sentences at the end go on below themselves; other columns stand closer.
    """
    if not rows:
        return ""
    # What came in was cleaned at the door; a file that was changed by hand was not.
    rows = [[c if c.isprintable() else clean(c) for c in row] for row in rows]
    widths = [max(cell_len(row[i]) for row in rows if i < len(row)) for i in range(max(map(len, rows)))]
    before, gap = sum(widths[:-1]) + 2 * (len(widths) - 1), 2
    if before + widths[-1] > WIDTH and not 0 < before <= WIDTH // 2 < widths[-1]:
        gap = 1
    elif before + widths[-1] > WIDTH:  # a sentence at the end
        rows = [
            [*row[:-1], part] if not n else [*[""] * (len(widths) - 1), part]
            for row in rows
            for n, part in enumerate(folded(row[-1], WIDTH - before) if len(row) == len(widths) else row[-1:])
        ]
    lines = (
        (" " * gap).join(c + " " * (w - cell_len(c)) for c, w in zip(row, widths, strict=False)).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def folded(text: str, width: int = WIDTH) -> list[str]:
    """Return text in lines of at most ``width`` cells: parted where two blanks or a pause stand, else at a blank or a cell."""
    lines: list[str] = []
    while cell_len(text) > width:
        end = next(n for n in range(len(text), 0, -1) if cell_len(text[:n]) <= width)
        at = max(text.rfind("  ", 0, end + 1), text.rfind("、", 0, end) + 1, text.rfind("。", 0, end) + 1)
        at = at if at > 0 else text.rfind(" ", 1, end + 1)
        at = at if at > 0 else end - (text[end] in "）」、。")
        lines.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*lines, text]


def table(head: Sequence[str], rows: Sequence[Sequence[str]], empty: str = "") -> str:
    """Return rows under their head as aligned columns, or ``empty`` if there are none."""
    return columns([head, *rows]) if rows else empty


def _longest(lane: dict[str, Any]) -> str:
    """Return the longest wait of a lane; of persons without a number it is a lower bound."""
    known = lane["longest_wait_at_least_s"]
    return minutes_word(known) + (
        "以上" if known is not None and known >= 60 and known != lane["longest_wait_s"] else ""
    )


_UNRECORDED = "（呼出しの記録なし）"  # whether somebody is served there nobody has told


def _terminal_word(terminal: dict[str, Any]) -> str:
    """Return the state of a terminal; where the records leave open whether it is busy, what they tell."""
    if not terminal["untold"]:
        return TERMINAL_STATES[terminal["state"]]
    return untold_word(terminal["state"]) + (_UNRECORDED if terminal["state"] == "free" else "")


def _lane_word(terminal: dict[str, Any], names: Mapping[str, str]) -> str:
    """Return the lane of a terminal, where it goes next, and of a lent one its own."""
    lane, following, home = terminal["lane"], terminal["next_lane"], terminal["home"]
    more = []
    if home is not None and lane != home:
        more.append(f"応援・本来は{names[home]}")
    if following is not None:
        more.append(f"次 {names[following]}" + ("（応援）" if home is not None and following != home else ""))
    return names[lane] + (f"（{'、'.join(more)}）" if more else "")


def status_text(document: dict[str, Any], site: Site) -> str:
    """Return the board of ``floorctl status``."""
    now = datetime.fromisoformat(document["now"]).astimezone(JST)
    names = {x.code: x.name for x in site.lanes}
    opened = "開場中" if document["open"] else "閉場"
    parts = [f"{site.name}  {wareki(date.fromisoformat(document['day']))}  {hms(now)}  {opened}"]
    services = [
        [site.service_by_code[s["service"]].name, SERVICE_STATES[s["state"]], f"{hm(s['from'])}〜{hm(s['to'])}"]
        for s in document["services"]
    ]
    lanes = [
        [
            names[x["lane"]],
            ("-" if "arrivals" in x["untold"] else f"{x['waiting']}人")
            + (f"（呼ばれない番号 {x['never_called']}）" if x["never_called"] else ""),
            _longest(x),
            x["withheld"]["text"] if x["withheld"] else _predicted(x["predicted_wait_s"]),
            "-" if "served" in x["untold"] else f"{x['served']}人",
            share_word(Kept(*(x["target"][k] for k in ("within", "of", "unknown")))),
            " ".join(x["terminals"]),
        ]
        for x in document["lanes"]
    ]
    terminals = [
        [
            t["terminal"],
            _lane_word(t, names),
            _terminal_word(t),
            t["ticket"] or "-",
            t["staff"] or "-",
        ]
        for t in document["terminals"]
    ]
    parts += [
        columns(services),
        columns([["列", "待ち", "最長", LAST_PERSON, "完了", "目標以内", "端末"], *lanes])
        + (f"\n{_LAST_PERSON_SAID}" if any(x["predicted_wait_s"] for x in document["lanes"]) else ""),
        columns([["端末", "列", "状態", "番号", "担当"], *terminals]),
    ]
    seats = document["seats"]
    days_left = document["contract"]["days_left"]
    parts.append(
        f"市職員 {document['officials']}名  会場 {seats['waiting']}人／椅子 {seats['capacity']}脚  {days_left_text(days_left)}".rstrip()
    )
    cases = [
        f"決定待ち {e['escalation']} {site.matter_by_code[e['matter']].name} {e['terminal'] or '-'} {minutes_word(e['age_s'])}"
        for e in document["escalations"]
    ]
    alerts = [clean(f"注意 {a['text']}") for a in document["alerts"]]
    return "\n\n".join([*parts, *("\n".join(lines) for lines in (cases, alerts) if lines)])


# What the figures under the last person are.
_LAST_PERSON_SAID = f"{LAST_PERSON}: 列の最後の人がこれから待つ時間の見込み（9割 は、10回に9回はそれ以内）"


def _predicted(wait: dict[str, int | None] | None) -> str:
    """Return the predicted wait of the last person in a lane, p50 and p90: 約35分（9割 60分）."""
    if wait is None or wait["p50"] is None:
        return "-"
    return f"{wait_word(wait['p50'])}（9割 {most_word(wait['p90'])}）"


def incidents_text(found: Iterable[dict[str, Any]]) -> str:
    """Return the list of ``floorctl incident list``."""
    rows = [
        [
            i["incident"],
            INCIDENT_STATES[i["state"]],
            INCIDENT_SHORT[i["category"]],
            _at(datetime.fromisoformat(i["occurred_at"]).astimezone(JST)),
            i["summary"],
        ]
        for i in found
    ]
    return columns(rows) if rows else "事案の記録はありません"


def _at(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d} {hm(when)}" if when else "-"


def incident_text(i: Incident, sentences: Sequence[Said], site: Site) -> str:
    """Return an incident for ``floorctl incident show``: every field, then its history."""
    names = "・".join(short_names(site, i.services))
    rows = [
        ["分類", INCIDENT_CATEGORIES[i.category]],
        ["状態", INCIDENT_STATES[i.stage]],
        ["概要", i.summary],
        ["発生", _at(i.occurred_at)],
        ["発見", _at(i.found_at)],
        ["市へ報告", f"{_at(i.reported_at)} {i.reported_to}".rstrip()],
        ["報告しない理由", i.untold_because or "-"],
        ["市へ引継ぎ", f"{_at(i.handed_over_at)} {i.handed_over_to}".rstrip()],
        ["応急処置後の報告", _at(i.followed_up_at)],
        ["応急処置", i.measures or "-"],
        ["再発防止", i.prevention or "-"],
        ["業務", names or "-"],
        ["端末", " ".join(i.terminals) or "-"],
        ["警察", _at(i.police_at)],
        ["被害", "あり" if i.damage else "なし"],
        ["重大", "重大" if i.serious else "-"],
        ["原因", OUTAGE_CAUSES[i.cause] if i.cause else "-"],
        ["復旧", _at(i.restored_at)],
        ["終結", _at(i.closed_at)],
    ]
    lines = [[_at(s.recorded_at), source_word(s.actor), f"{s.text}{'（取消済）' if s.gone else ''}"] for s in sentences]
    return f"{i.code}\n{columns(rows)}\n\n経過\n{columns(lines)}"


def duties_text(found: Iterable[Duty], began: date | None, today: date) -> str:
    """Return the list of ``floorctl duties``: to be handed in again and overdue first and marked, then open, then submitted.

    What was due before ``began``, the first day recorded by hand, is one item after them; then how each date is counted.
    """
    order, found = ("overdue", "open", "submitted"), list(found)
    before = before_records(found, began, today)
    known = {(d.duty, d.key) for d in before}
    found = [d for d in found if (d.duty, d.key) not in known]
    rows = [
        [
            "!" if d.state == "overdue" or d.outdated else "",
            REISSUE if d.outdated else "承認待ち" if d.awaits_approval else DUTY_STATES[d.state],
            f"{d.due.isoformat()}（{WEEKDAYS[d.due.weekday()]}）",
            d.name,
            d.key,
            "記録前"
            if d.cleared
            else (d.submitted_on.isoformat() if d.submitted_on else "-") + (f" {d.by}" if d.by else ""),
        ]
        for d in sorted(found, key=lambda d: (not d.outdated, order.index(d.state), d.due))
    ]
    listed = table(("", "状態", "期限", "提出物", "対象", "提出"), rows, "期限のあるものはありません")
    rules = columns([list(x) for x in dict.fromkeys((d.name, d.rule) for d in found)])
    key = f"duty={BEFORE_RECORDS} key={began or today}"
    said = [f"{BEFORE_RECORDS_NAME} {len(before)}件: 提出済なら", f"  floorctl do duty.submitted {key} note=理由"]
    again = [f"{REISSUE}: {d.reissue_text}" for d in found if d.outdated]
    return "\n".join(
        [
            listed,
            *(said if before else []),
            *("\n  ".join(folded(text, WIDTH - 2)) for text in again),
            *(["", "期限の数え方", rules] if rules else []),
        ]
    )


def backtest_text(document: dict[str, Any]) -> str:
    """Return the table of ``floorctl backtest``: median errors in seconds, against waiting x 13 min / desks.

    The share at or under the median is that of all, of those told as under 15 minutes, and of those told as more.
    """
    head = [
        "日",
        "件数",
        "単純な式",
        "今日の平均",
        "中央値",
        "比",
        "90％値以内",
        "中央値以内",
        "15分未満で",
        "15分以上で",
        "来庁の幅内",
    ]

    def row(name: str, x: dict[str, Any]) -> list[str]:
        if not x["n"]:
            return [name, "0", *["-"] * (len(head) - 2)]

        def figure(key: str, form: str) -> str:
            return "-" if x[key] is None else f"{x[key]:{form}}"

        plain, p50 = f"{x['plain_s']}秒", f"{x['p50_s']}秒"
        loads = ("-" if x[key] is None else f"{x[key]['under_p50']:.0%}" for key in ("told_short", "told_long"))
        shares = (figure("covered", ".1%"), figure("under_p50", ".0%"), *loads, figure("arrivals_within", ".0%"))
        return [name, str(x["n"]), plain, figure("own_mean_ratio", ".2f"), p50, figure("ratio", ".2f"), *shares]

    return columns([head, *(row(d["feed"], d) for d in document["days"]), row("全体", document["all"])])


def roster_text(people: Sequence[dict[str, Any]], site: Site) -> str:
    """Return the list of ``floorctl roster list``, with surnames if the people have that key."""
    named = any("surname" in p for p in people)
    able = any(p["skills"] is not None or p["newcomer"] for p in people)
    head = (
        "コード",
        *(("氏",) if named else ()),
        "役割",
        "代行",
        "操作者権限",
        "静脈登録",
        "誓約書",
        "勤務",
        "退職日",
        *(("できる業務",) if able else ()),
    )
    rows = []
    for p in people:
        shift = f"{hm(p['shift_from'])}〜{hm(p['shift_to'])}" if p["shift_from"] and p["shift_to"] else "-"
        dates = [p[k] or "-" for k in ("authority_on", "vein_on", "pledge_on")]
        surname = [p["surname"] or "-"] if named else []
        deputy = "可" if p["deputy"] else "-"
        skills = [_skills(p, site)] if able else []
        rows.append([p["staff"], *surname, ROLES[p["role"]], deputy, *dates, shift, p["left_on"] or "-", *skills])
    return table(head, rows, "名簿には誰もいません")


def _skills(p: dict[str, Any], site: Site) -> str:
    """Return what a person can do, and whether they are new; 記録なし where the skills are not recorded."""
    skills = "記録なし" if p["skills"] is None else site.skill_words(p["skills"]) or "-"
    return f"{skills}（新人）" if p["newcomer"] else skills


def shifts_text(shifts: Sequence[dict[str, Any]]) -> str:
    """Return the list of ``floorctl roster shifts list``."""
    rows = []
    for x in shifts:
        hours = f"{hm(x['starts'])}〜{hm(x['ends'])}" if x["starts"] else "欠勤の予定" if x.get("absent") else "休み"
        length = f"{x['break_minutes']}分" if x["break_minutes"] is not None else "-"
        rows.append([x["date"], x["staff"], x["code"] or "-", hours, length])
    return table(("日付", "コード", "記号", "勤務", "休憩"), rows, "勤務予定はありません")


def slots_text(slots: Sequence[dict[str, Any]]) -> str:
    """Return the list of ``floorctl appointments list``."""
    rows = [[s["time"], f"{s['cards']}枚", f"{s['count']}件"] for s in slots]
    return table(("時刻", "枚数", "件数"), rows, "予約はありません")


def log_text(floor: Floor) -> str:
    """Return the journal of ``floorctl log``, one line a fact, in the order of the fold."""
    rows = []
    for e in floor.entries:
        mark = "取消済" if e.key in floor.retracted else ANOMALIES.get(floor.anomalies.get(e.key, ""), "")
        about = subject(e.fact, floor.site)
        rows.append([hms(e.fact.at), str(e.seq), e.told_by, about, line(e, floor), mark])
    return f"{columns(rows) or '記録はありません'}\n"


def calendar_text(days: Iterable[DayInfo]) -> str:
    """Return the list of ``floorctl calendar``."""
    rows = []
    for d in days:
        hours = sorted({(o, c) for o, c in d.services.values()})
        rows.append(
            [
                f"{d.date.isoformat()}（{d.weekday}）",
                "開場" if d.open else "休み",
                DAY_KINDS[d.kind],
                " ".join(f"{hm(o)}〜{hm(c)}" for o, c in hours),
                "" if d.hall_open or not d.open else "本庁舎は閉庁",
                "  ".join([*([d.reason] if d.reason else []), *map(_outage, d.outages)]),
            ]
        )
    return columns(rows)


def _outage(o: CalendarOutage) -> str:
    return f"停止 {md_hm(o.from_at)}〜{md_hm(o.until_at)} {' '.join(o.services)} {o.reason}"
