"""A console with the user's own settings: keys, theme, sizes, bell, and a file with faults."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from floorctl.common.cloud_folder import console_note
from floorctl.console.own_settings import own_settings, read_settings
from floorctl.console.own_sizes import Sizes
from floorctl.models.board.alert import Alert
from floorctl.screens.app import FloorApp, _each
from floorctl.screens.board.picture import draw_board
from floorctl.screens.drawing.canvas import Canvas
from tests.screens.halls import work
from tests.screens.harness import console, joined, open_day
from tests.story import Story

KEYS = b'[keys]\nundo = "%"\nissue = ["F11", "y"]\naccommodation = "t"\n'


async def test_a_remapped_key_acts_the_old_one_does_not_and_all_words_follow(tmp_path: Path) -> None:
    own = read_settings(KEYS, tmp_path / "settings.toml")
    async with console(tmp_path, work(), at="09:05", own=own) as c:
        c.sees("F11・y  発券")
        await c.press("f11", "1")
        c.sees("%  取消 A001 発券", "   % 取消")
        await c.press("u")
        c.sees("u には操作がありません")
        await c.press("％")  # committed by an IME
        assert [kind for kind, _ in c.wrote(9)][-2:] == ["ticket.issued", "retracted"]
        await c.press("t")
        c.sees("合理的配慮")
        await c.press("escape", "f1")
        await c.type("F11")
        c.sees("F11・y    発券")
        await c.press("escape")
        # A reader's word is no key, whatever its letters are; and y by itself is one.
        await c.scan("YYT1")
        c.sees("YYT1")
        assert [kind for kind, _ in c.wrote(9)][-2:] == ["ticket.issued", "retracted"]
        await c.press("y", "2")
        assert [kind for kind, _ in c.wrote(9)] == ["ticket.issued", "retracted", "ticket.issued"]


async def test_each_key_of_an_action_answers_its_alert_and_yields_by_itself(tmp_path: Path) -> None:
    own = read_settings(b'[keys]\nfail = ["%", "F11"]\nplaces = ["!", "s"]\npause = "&"\n', tmp_path / "s.toml")
    assert own.faults == ()
    failed = joined(open_day(), Story(prefix="f").tells("terminal.failed", "09:01", terminal="T3", fault="応答なし"))
    async with console(tmp_path, failed, at="09:05", own=own) as c:
        c.sees("故障", "%")
        await c.press("f11")
        assert c.state.chosen.terminal == "T3"
        await c.press("escape", "b", "s")
        assert c.message.startswith("呼び間違い")  # that screen's own
        await c.press("!")
        assert c.message.startswith("前の開場日の配置")


async def test_f10_is_kept_for_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own" / "settings.toml"
    monkeypatch.setenv("FLOORCTL_CONFIG", str(path))
    monkeypatch.delenv("NO_COLOR", raising=False)
    async with console(tmp_path, theme=None, own=own_settings()) as c:
        assert c.app.palette_name == "dark"
        await c.press("f10")
        c.sees("配色: 明るい（次からもこの配色で始めます）")
    assert FloorApp(lambda: None, own=own_settings()).palette_name == "light"  # type: ignore[arg-type, return-value]
    monkeypatch.setenv("NO_COLOR", "1")
    app = FloorApp(lambda: None, own=own_settings())  # type: ignore[arg-type, return-value]
    assert (app.palette_name, app.keep_palette()) == ("mono", "")
    assert path.read_text(encoding="utf-8").endswith('theme = "light"\n')


async def test_a_file_with_faults_is_told_and_the_theme_changes_though_it_cannot_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('theme = light\n[keys]\nmemo = "F11"\n', encoding="utf-8")
    async with console(tmp_path, own=own_settings(path), size=(160, 45)) as c:
        c.sees("自分の設定: 1行目 theme：", "floorctl settings check")
        await c.press("f10")
        c.sees("配色: 明るい（次の開始までは残りません: 自分の設定のファイルに誤りがあります）")
        assert c.app.palette_name == "light"
        await c.press("f11")
        c.sees("メモ")


async def test_the_sizes_of_the_board_are_the_users(tmp_path: Path) -> None:
    async with console(tmp_path, work(), at="09:05", size=(160, 45)) as c:

        def panels(sizes: Sizes) -> dict[str, tuple[int, int, int]]:
            c.state.settings.sizes = sizes
            canvas = Canvas(160, 45)
            draw_board(canvas, c.state)
            tops = {m: r for r, m in canvas.targets if m.startswith("panel:")}
            return {m.partition(":")[2]: (r.x, r.y, r.width) for m, r in tops.items()}

        usual, own = panels(Sizes()), panels(Sizes(40, 7, 0))
        assert usual["alerts"][0] == 111 * 47 // 100 + 1
        assert own["alerts"][0] == 160 * 40 // 100 + 1
        assert own["staff"][1] - own["cases"][1] == 7 + 1
        assert panels(Sizes(upper_rows=30))["staff"][1] == 43 - 5
        assert (
            panels(Sizes(upper_rows=5))["staff"][1] - own["cases"][1] == 5 + 4 + 1
        )  # the incidents stand under the cases
        for c.state.settings.sizes in (Sizes(35, 5, 120), Sizes(60, 30, 0)):
            for width, height in ((80, 24), (110, 34), (160, 45), (240, 60)):
                draw_board(Canvas(width, height), c.state)


def test_the_bell_rings_for_what_the_user_wants() -> None:
    found = [Alert("a", "critical", "", ""), Alert("b", "warning", "", "", many=2), Alert("c", "info", "", "")]
    assert _each(found, ("critical",)) == {("a", 0)}
    assert _each(found, ("critical", "warning")) == {("a", 0), ("b", 0), ("b", 1)}


def test_an_alert_tells_the_key_in_force() -> None:
    app = FloorApp(lambda: None, own=read_settings(b'[keys]\nstaff = "F11"\n', Path("x")))  # type: ignore[arg-type, return-value]
    assert app.own.faults == ()
    assert Alert("unskilled", "warning", "", "", "p", "T1", "staff").key_now == "F11"
    assert Alert("not_back", "warning", "", "", "Enter", None, "staff").key_now == "Enter"
    assert Alert("seats_over", "critical", "", "", "v", None, "seats").key_now == "v"


async def test_a_data_file_in_a_cloud_is_told_at_the_start_in_one_line(tmp_path: Path) -> None:
    note = console_note("Google ドライブ")
    assert cell_len(note) <= 80
    async with console(tmp_path, work(), place_note=note, size=(80, 24)) as c:
        c.sees(note)
