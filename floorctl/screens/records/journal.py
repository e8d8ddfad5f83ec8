"""l 記録: every fact of the day, the latest first; Enter takes an older one back with a reason."""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from floorctl.common.action_keys import keyed
from floorctl.common.clock import seconds_between
from floorctl.common.words import ANOMALIES, ANOMALIES_SHORT, hms
from floorctl.console.state import ConsoleState
from floorctl.models.board.fact_sentence import line, subject
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fields import act_of
from floorctl.screens.asking import Ask
from floorctl.screens.chosen import about, fact_of, recorded, titled
from floorctl.screens.drawing.canvas import Span, tail, whole, wrap
from floorctl.screens.drawing.rows import Words
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.records.acts import correct
from floorctl.screens.table import Column, Row, TableView, holds

# Recorded this much later than it happened: 後入力 (SPEC 97).
_LATE_S = 60
# The fields by which records belong together, the narrowest first.
_SUBJECTS = ("ticket", "escalation", "incident", "staff", "terminal")
# What people write: at the console, or on paper and taken in afterwards (docs/fallback.md).
_BY_HAND = ("console", "paper")


_NOTHING_YET = "今日の記録はまだありません。盤面（{board}）で Enter（開場）を押すか、発券機の記録が届くと、1件ずつここに並びます。メモは {memo}"


class JournalView(TableView):
    """Facts of the day, the latest first, searched by words."""

    heading = "記録"
    detailed = True
    hint = "{enter} 理由を付けて取り消す  {find} 探す"
    foot: ClassVar[tuple[str, ...]] = ("find", "past", "memo")
    columns = (
        Column("時刻", 8), Column("対象", 12, cut=tail), Column("内容", 0, cut=whole), Column("入力元", 9, least=100), Column("印", 15),
    )  # fmt: skip

    def __init__(self, app: ScreenConsole) -> None:
        super().__init__(app)
        self.words = ""
        self._made: dict[tuple[object, ...], Row] = {}

    @property
    def empty(self) -> str:  # type: ignore[override]
        return f"「{self.words}」を含む記録はありません" if self.words else keyed(_NOTHING_YET)

    def rows(self, state: ConsoleState) -> list[Row]:
        return [r for r in self._kept(state) if self._matches(r)]

    def _kept(self, state: ConsoleState) -> list[Row]:
        return state.day.once("journal rows", lambda: self._all(state), by_time=False)

    def gone(self, state: ConsoleState, key: str) -> Row | None:
        return next((r for r in self._kept(state) if r.key == key), None) if self.words else None

    def _matches(self, row: Row) -> bool:
        return holds(" ".join(text for text, _ in row.cells), self.words)

    def _all(self, state: ConsoleState) -> list[Row]:
        """Return all lines. Each is written once; it changes only when its fact is taken back, or found not to fit."""
        floor = state.day.floor
        made: dict[tuple[object, ...], Row] = {}
        for e in reversed(floor.entries):
            key = (e.key, e.key in floor.retracted, e.key in floor.taken_back, floor.anomalies.get(e.key, ""))
            made[key] = self._made.get(key) or self._row(state, e)
        self._made = made
        return list(made.values())

    def _row(self, state: ConsoleState, e: Entry) -> Row:
        floor = state.day.floor
        marks = []
        if e.key in floor.retracted:
            marks.append("取消済")
        elif e.key in floor.anomalies:
            marks.append(ANOMALIES_SHORT[floor.anomalies[e.key]])
        if (e.source, act_of(e.fact.id)) in floor.paper_acts:
            marks.append("手書き")
        elif e.source in _BY_HAND and seconds_between(e.fact.at, e.recorded_at) > _LATE_S:
            marks.append("後入力")
        gone = e.key in floor.retracted
        return Row(
            f"{e.source} {e.fact.id}",
            (f"{hms(e.fact.at):>8}", "dim"),
            (subject(e.fact, floor.site), "dim" if gone else "strong"),
            (line(e, floor), "dim" if gone else "text"),
            (e.told_by, "dim"),
            (" ".join(marks), "warn"),
        )

    def summary(self, state: ConsoleState) -> list[Span]:
        return [(f"「{self.words}」を含むもの（Esc で全部）", "warn")] if self.words else []

    def find(self) -> bool:
        """Ask for the words that a record must hold."""
        self.app.start(self._look_for(Ask(self.app)))
        return True

    async def _look_for(self, ask: Ask) -> None:
        self.words = unicodedata.normalize("NFKC", await ask.text("記録を探す", "対象・内容・入力元の言葉", finds=True))
        self.begin(self.key)

    def takes(self, key: str) -> bool:
        if key == "escape" and self.words and not self.state.looking_back:
            self.words = ""
            self.narrow()
            return True
        return super().takes(key)

    def _chosen(self, state: ConsoleState, key: str) -> Entry | None:
        return next((e for e in reversed(state.day.floor.entries) if f"{e.source} {e.fact.id}" == key), None)

    def detail(self, state: ConsoleState, width: int) -> list[Words]:
        floor, e = state.day.floor, self._chosen(state, self.key)
        if e is None:
            return []
        times = f"起きた時刻 {hms(e.fact.at)}   記録した時刻 {hms(e.recorded_at)}"
        when = f"{times}   入力元 {e.told_by}   通し番号 {e.seq}"
        lines = [
            titled(e.fact.word, subject(e.fact, floor.site)),
            *([(part, "text")] for part in wrap(line(e, floor), width)),
            [(when, "dim")],
        ]
        if e.key in floor.anomalies and e.key not in floor.retracted:
            lines.append([(f"合わない記録: {ANOMALIES[floor.anomalies[e.key]]}", "warn")])
        name = next((n for n in _SUBJECTS if getattr(e.fact, n, None)), "")
        if name:
            value = str(getattr(e.fact, name))
            own = about(state, f"{name} {value}", fact_of(name, value))
            lines += [[], titled(f"{value} の今日の記録", f"{len(own)}件"), *recorded(state, own)]
        return lines

    def opened(self, key: str) -> None:
        found = self._chosen(self.state, key)
        if found is not None:
            self.app.start(correct(Ask(self.app), found))
