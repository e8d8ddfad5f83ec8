"""F7 実績: what has been done today: cases by service, waits by lane, work items."""

from __future__ import annotations

from floorctl.screens.table import Column, Row, TableView
from floorctl.state import ConsoleState
from floorctl.words import minutes_word


class ResultView(TableView):
    heading = "今日の実績"
    unit = ""
    hint = "上下の矢印 送る"
    columns = (Column("項目", 34), Column("件数", 8, right=True), Column("", 0))

    def rows(self, state: ConsoleState) -> list[Row]:
        return state.once("results", lambda: self._rows_of(state), by_time=False)

    def _rows_of(self, state: ConsoleState) -> list[Row]:
        from floorctl.documents.day import day_record
        from floorctl.models.events import Head

        assert state.register is not None
        floor, site = state.floor, state.floor.site
        record = day_record(floor, state.register, Head(0, ""), revision=floor.revision)
        rows: list[Row] = []
        for service in site.services:
            n = record.counts[service.code]
            role = "text" if n else "dim"
            rows.append(Row(service.code, ((service.name, "strong"), (str(n), role), ("完了", "dim"))))
        for lane in site.lanes:
            w = record.waits[lane.code]
            text = (
                f"平均 {minutes_word(w.mean_s)}  9割 {minutes_word(w.p90_s)}  最大 {minutes_word(w.max_s)}"
                if w.n
                else "呼び出しなし"
            )
            cells = ((f"待ち時間 {lane.name}", "strong"), (str(w.n), "text"), (text, "text"))
            rows.append(Row(f"lane {lane.code}", cells))
        for item in site.work_items:
            n = record.work[item.code]
            cells = ((item.name, "text"), (str(n), "strong" if n else "dim"), ("", "dim"))
            rows.append(Row(f"work {item.code}", cells))
        return rows

    def opened(self, key: str) -> None:
        self.state.say("実績は見るだけの画面です（件数は k、直すときは l の記録）")
