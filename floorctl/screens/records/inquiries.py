"""q 問い合わせ: inquiries and complaints by topic, one key a count (仕様書 7(3), the daily report)."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from floorctl.common.words import hm
from floorctl.console.port import Console
from floorctl.console.state import ConsoleState
from floorctl.screens.asking import Ask, send
from floorctl.screens.chosen import about, fact_of, recorded, titled
from floorctl.screens.drawing.canvas import Span
from floorctl.screens.drawing.rows import Words
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.table import Column, Row, TableView

# Digits, then letters that mean nothing everywhere else.
KEYS = "1234567890adfnpsxz"


def topics_of(state: ConsoleState) -> list[str]:
    """Return the topics of the site, then those of today, in the order in which they came."""
    return [*dict.fromkeys([*state.day.floor.site.inquiry_topics, *state.day.floor.inquiries])]


def send_count(app: Console, topic: str, count: int) -> None:
    """Record one inquiry more of a topic, or one less."""
    what = "1件" if count > 0 else "1件減らしました"
    send(app, f"問い合わせ {topic} {what}", "inquiry.counted", {"topic": topic, "count": count})


class InquiryView(TableView):
    """Topics with today's counts, each counted by its key."""

    heading = "問い合わせ"
    unit = ""
    detailed = True
    hint = "{?inquiry}数字で1件  {?inquiry}- のあと数字で1件減らす  {?inquiry}+ 新しい種類"
    foot: ClassVar[tuple[str, ...]] = ("memo", "incident")
    columns = (
        Column("キー", 4),
        Column("種類", 24),
        Column("件数", 6, right=True),
        Column("最後", 6, right=True),
        Column("", 0),
    )
    empty = "{?inquiry}+ で種類を書いて1件数えます"

    def __init__(self, app: ScreenConsole) -> None:
        super().__init__(app)
        self.minus = False

    def rows(self, state: ConsoleState) -> list[Row]:
        floor = state.day.floor
        last = {topic: at for at, topic, count in floor.inquiry_log if count > 0}
        return [
            Row(
                topic,
                (f" {KEYS[n]} " if n < len(KEYS) else "", "key"),
                (topic, "strong" if floor.inquiries[topic] else "text"),
                (str(floor.inquiries[topic] or "-"), "strong" if floor.inquiries[topic] else "dim"),
                (hm(last[topic]) if topic in last else "", "dim"),
                ("", "dim"),
            )
            for n, topic in enumerate(topics_of(state))
        ]

    def summary(self, state: ConsoleState) -> list[Span]:
        found: list[Span] = [(f"今日 {sum(state.day.floor.inquiries.values())}件", "strong")]
        return [("1件減らす種類を選ぶ（Esc やめる）", "warn"), *found] if self.minus else found

    def takes(self, key: str) -> bool:
        if not self.state.ready or self.state.looking_back:
            return super().takes(key)
        topics = topics_of(self.state)
        if len(key) == 1 and key in KEYS[: len(topics)]:
            self._count(topics[KEYS.index(key)])
        elif key == "-":
            self.minus = not self.minus
        elif key in ("+", "="):
            self.app.start(self._count_other(Ask(self.app)))
        elif key == "escape" and self.minus:
            self.minus = False
        else:
            return super().takes(key)
        return True

    def detail(self, state: ConsoleState, width: int) -> list[Words]:
        entries = about(state, f"topic {self.key}", fact_of("topic", self.key))
        hours = Counter(at.hour for at, topic, count in state.day.floor.inquiry_log for _ in range(max(0, count)))
        by_hour = "  ".join(f"{hour}時 {n}件" for hour, n in sorted(hours.items()))
        said: Words = [(f"すべての種類の時間ごと  {by_hour}" if by_hour else "今日はまだ数えていません", "dim")]
        return [titled(self.key, f"今日の記録 {len(entries)}件"), said, [], *recorded(state, entries)]

    def opened(self, key: str) -> None:
        self._count(key)

    async def _count_other(self, ask: Ask) -> None:
        self._count(await ask.text("問い合わせの種類", "短い言葉で。個人情報は書きません"))

    def _count(self, topic: str) -> None:
        send_count(self.app, topic, -1 if self.minus else 1)
        self.choose(topic)
        self.minus = False
