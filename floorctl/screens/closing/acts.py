"""Acts of the closing (F9): its steps, the close itself, its documents, and reopening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from floorctl.console.port import Console
from floorctl.screens.asking import ACTS, Ask, act, ask_file, may_write
from floorctl.screens.closing.done import CLOSED
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.results.day_record import end_of_day
from floorctl.usecases import closing

if TYPE_CHECKING:
    from floorctl.usecases.session import Session


def _view(app: ScreenConsole) -> Any:
    """Return the screen of the closing, opened where another is shown (the list of actions runs these anywhere)."""
    if app.frame.view.heading != "締め":
        app.perform("close")
    return app.frame.view


ACTS["close_enter"] = lambda app: _view(app).enter()
ACTS["close_next"] = lambda app: _view(app).turn(+1)
ACTS["close_back"] = lambda app: _view(app).turn(-1)
for _what in ("add", "edit", "drop", "none", "adopt", "same"):
    ACTS[f"close_{_what}"] = lambda app, what=_what: _view(app).do(what)  # type: ignore[misc]


def _close(session: Session) -> Any:
    return closing.close(session, session.today)


@act("close_day")
async def _close_day(ask: Ask) -> None:
    """Ask once, the cursor on いいえ: it cannot be taken back by a key."""
    state, view = ask.state, _view(ask.app)
    missing, left = closing.unanswered(end_of_day(state).record), view.steps[0].left(state)
    parts = [f"未記入 {len(missing)}か所"] if missing else []
    parts += [f"残り {len(left)}件（{left[0]}{'ほか' if len(left) > 1 else ''}）"] if left else []
    options = [("no", "いいえ"), ("yes", "締める（閉場・控え・文書の書き出し）")]
    answer = await ask.choice("今日を締めますか", options, "  ".join(parts) or "残りも未記入もありません")
    if answer == "yes" and may_write(ask.app):
        state.line.say("締めています")
        ask_file(ask.app, CLOSED, _close, records=True)


@act("close_export")
def _export(app: Console) -> None:
    if app.state.day.floor.report_closed_at is None:
        app.engine.export("今日の文書を書き出しました（締める前の途中の集計です）")
    else:
        app.state.line.say("書き出しています")
        ask_file(app, CLOSED, _close, records=True)


@act("close_reopen")
async def _reopen(ask: Ask) -> None:
    reason = await ask.text("再開の理由", "報告書の版が上がります。直したあと、もう一度締めます")
    await ask.record("再開しました", "day.reopened", {"reason": reason})
