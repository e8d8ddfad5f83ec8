"""The screens that are plain lists so far: F3 市職員, F4 職員, F5 事案, F7 実績."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from floorctl.clock import seconds_between
from floorctl.screens.acts_hall import change_person, open_case
from floorctl.screens.asking import choose, send
from floorctl.screens.base import View
from floorctl.state import ConsoleState
from floorctl.widgets.canvas import Canvas, pad, window
from floorctl.words import (
    DECISIONS,
    ESCALATION_STATES,
    INCIDENT_SHORT,
    INCIDENT_STATES,
    STAFF_STATUSES,
    age,
    hm,
    minutes_word,
)

Row = tuple[tuple[str, str], ...]  # (text, role) by column

if TYPE_CHECKING:
    from floorctl.app import FloorApp


class ListView(View):
    """A table with a cursor. Subclasses give the columns and rows, and what Enter does with a row."""

    columns: Sequence[tuple[str, int]] = ()
    empty = "まだ何もありません"
    counted = True  # rows are things to be counted

    def __init__(self, app: FloorApp) -> None:
        super().__init__(app)
        self.at = 0

    def rows(self, state: ConsoleState) -> list[Row]:
        raise NotImplementedError

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        rows = self.rows(state)
        c.fill(0, 1, c.width, c.height - 3, "panel")
        end = c.put(1, 2, self.heading, "strong")
        count = f"{len(rows)}件   " if self.counted else ""
        c.put(end + 2, 2, f"{count}上下の矢印 選ぶ  Enter 開く  F2 盤面", "dim")
        if not rows:
            c.put(1, 5, self.empty, "dim", c.width - 2)
            return
        self.at = max(0, min(self.at, len(rows) - 1))
        x = 1
        for words, width in self.columns:
            c.put(x, 4, pad(words, width), "dim")
            x += width + 1
        room = c.height - 8
        first = window(len(rows), room, self.at)
        for i, row in enumerate(rows[first : first + room]):
            y = 5 + i
            if first + i == self.at:
                c.fill(0, y, c.width, 1, "card_on")
            c.target(0, y, c.width, 1, f"row:{first + i}")
            x = 1
            for n, ((_, width), (text, role)) in enumerate(zip(self.columns, row, strict=True)):
                last = n == len(self.columns) - 1
                c.put(x, y, text, role, c.width - x - 1 if last else width)
                x += width + 1

    def takes(self, key: str) -> bool:
        rows = self.rows(self.state) if self.state.ready else []
        step = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10}.get(key)
        if step is not None:
            self.at = max(0, min(self.at + step, len(rows) - 1))
        elif key == "enter" and rows:
            self.opened(self.at)
        elif key == "escape":
            self.app.perform("board")
        else:
            return False
        return True

    def opened(self, at: int) -> None:
        """Enter on a row."""

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "row":
            self.at = int(rest)
            self.opened(self.at)


class CityView(ListView):
    heading = "市職員への引継ぎ"
    columns = (
        ("番号", 9),
        ("端末", 4),
        ("事項", 12),
        ("引継ぎ", 6),
        ("対応", 6),
        ("決定", 6),
        ("経過", 8),
        ("状態", 30),
    )
    empty = "今日の引継ぎはありません。盤面で端末を選び e で引き継ぎます"

    def rows(self, state: ConsoleState) -> list[Row]:
        site = state.floor.site
        found: list[Row] = []
        ordered = sorted(
            state.floor.escalations.values(), key=lambda e: (e.state == "settled", e.raised_at or state.now)
        )
        for e in ordered:
            matter = site.matter_by_code[e.matter].short if e.matter else "-"
            waited = seconds_between(e.raised_at, e.settled_at or state.now) if e.raised_at else 0
            late = e.state != "settled" and waited >= site.thresholds.escalation_red_s
            word = DECISIONS[e.outcome] if e.outcome else ESCALATION_STATES[e.state]
            found.append(
                (
                    (e.code, "strong"),
                    (e.terminal or "-", "text"),
                    (matter, "text"),
                    (f"{e.raised_at:%H:%M}" if e.raised_at else "-", "dim"),
                    (f"{e.taken_at:%H:%M}" if e.taken_at else "-", "dim"),
                    (f"{e.settled_at:%H:%M}" if e.settled_at else "-", "dim"),
                    (age(waited), "bad" if late else "text"),
                    (f"{word} {e.official} {e.note}".rstrip(), "dim" if e.outcome else "warn"),
                )
            )
        return found

    def opened(self, at: int) -> None:
        state = self.state
        ordered = sorted(
            state.floor.escalations.values(), key=lambda e: (e.state == "settled", e.raised_at or state.now)
        )
        if ordered[at].state == "settled":
            state.say(f"{ordered[at].code} は決定済みです")
        else:
            open_case(self.app, ordered[at].code)


class PeopleView(ListView):
    heading = "職員"
    columns = (("コード", 8), ("状況", 8), ("から", 6), ("まで", 6), ("端末", 5), ("理由", 40))
    empty = "まだ誰も記録されていません。盤面で端末を選び p で担当を入れます"

    def rows(self, state: ConsoleState) -> list[Row]:
        at = {t.staff: t.code for t in state.floor.terminals.values() if t.staff}
        return [
            (
                (s.code, "strong"),
                (STAFF_STATUSES[s.status], "ok" if s.status == "present" else "warn"),
                (hm(s.since), "dim"),
                (s.until or "-", "dim"),
                (at.get(s.code, "-"), "text"),
                (s.reason, "text"),
            )
            for s in sorted(state.floor.staff.values(), key=lambda s: s.code)
        ]

    def opened(self, at: int) -> None:
        change_person(self.app, self.state.staff_codes()[at])


class IncidentView(ListView):
    heading = "事案"
    columns = (("番号", 6), ("状態", 7), ("分類", 13), ("発生", 12), ("市へ報告", 12), ("概要", 60))
    empty = "事案はありません。i で記録します（分類を数字で、1行）"

    def rows(self, state: ConsoleState) -> list[Row]:
        return [
            (
                (i.code, "strong"),
                (INCIDENT_STATES[i.state], "warn" if i.state == "open" else "dim"),
                (INCIDENT_SHORT[i.category], "text"),
                (f"{i.occurred_at:%m/%d %H:%M}", "dim"),
                (f"{i.reported_at:%m/%d %H:%M}" if i.reported_at else "-", "dim"),
                (i.summary, "text"),
            )
            for i in self._ordered(state)
        ]

    def _ordered(self, state: ConsoleState) -> list:  # type: ignore[type-arg]
        assert state.register is not None
        return sorted(
            state.register.incidents.values(), key=lambda i: (i.closed_at is not None, -i.found_at.timestamp())
        )

    def opened(self, at: int) -> None:
        app, incident = self.app, self._ordered(self.state)[at]
        code = incident.code
        options = [("noted", "追記する")]
        if incident.closed_at is None:
            options = [("reported", "市へ報告した"), *options, ("closed", "終結する")]
        notes = "  ".join(f"{at:%H:%M} {text}" for at, text in incident.notes[-3:])

        def chosen(answer: str) -> None:
            if answer == "reported":
                app.ask_text(
                    f"{code} 誰に報告しましたか",
                    "役職で（監督員、市民課 など）。氏名は書きません",
                    lambda to: send(app, f"{code} 市へ報告", "incident.reported", {"incident": code, "to": to}),
                )
            elif answer == "noted":
                app.ask_text(
                    f"{code} 追記",
                    "",
                    lambda text: send(app, f"{code} 追記", "incident.noted", {"incident": code, "text": text}),
                )
            else:
                send(app, f"{code} 終結", "incident.closed", {"incident": code})

        choose(app, f"{code} {INCIDENT_SHORT[incident.category]}", options, chosen, f"{incident.summary}  {notes}")


class ResultView(ListView):
    heading = "今日の実績"
    counted = False
    columns = (("項目", 34), ("件数", 8), ("", 40))

    def rows(self, state: ConsoleState) -> list[Row]:
        from floorctl.documents.day import day_record
        from floorctl.models.events import Head

        assert state.register is not None
        floor, site = state.floor, state.floor.site
        record = day_record(floor, state.register, Head(0, ""), revision=floor.revision)
        rows: list[Row] = []
        for service in site.services:
            n = record.counts[service.code]
            rows.append(((service.name, "strong"), (f"{n:6d}", "text" if n else "dim"), ("完了", "dim")))
        for lane in site.lanes:
            w = record.waits[lane.code]
            text = (
                f"平均 {minutes_word(w.mean_s)}  9割 {minutes_word(w.p90_s)}  最大 {minutes_word(w.max_s)}"
                if w.n
                else "呼び出しなし"
            )
            rows.append(((f"待ち時間 {lane.name}", "strong"), (f"{w.n:6d}", "text"), (text, "text")))
        for item in site.work_items:
            n = record.work[item.code]
            rows.append(((item.name, "text"), (f"{n:6d}", "strong" if n else "dim"), ("", "dim")))
        return rows


LISTS: dict[str, type[ListView]] = {
    "city": CityView,
    "people": PeopleView,
    "incidents": IncidentView,
    "results": ResultView,
}
