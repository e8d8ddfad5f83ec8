"""At every width a cell, a title or a label of ours is whole or left out; only what people typed is cut within a word."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.geometry import Size

from floorctl.models.facts.fact import free_texts
from floorctl.screens.app import FloorApp
from floorctl.screens.cases.view import _with_note
from floorctl.screens.drawing import canvas
from floorctl.screens.drawing.canvas import Canvas
from tests.screens.days import DAYS
from tests.screens.harness import VIEW_KEYS, Console, console

_TAB = "tab"
# The keys to each picture: every screen, the steps of the closing, an incident, the sheets, the tabs of the results.
PICTURES = (
    *((key,) for key in VIEW_KEYS), *(("f9", *[_TAB] * n) for n in range(1, 6)), ("f5", "enter"), ("j", "p"),
    *(("f7", *[_TAB] * n) for n in (1, 2, 3)), ("c", "right"),
)  # fmt: skip
_STEP = 16  # between two widths; each picture begins with another one
_PAUSES = "。、・（ 　"
_LEAST = 2  # letters of a typed text that stay, where it is cut


def typed_texts(c: Console) -> set[str]:
    """Return what people have typed, as far as it is a text and no code, and the names of people."""
    facts = [e.fact for e in (*c.floor.entries, *c.state.day.register_entries)]
    texts = {text for f in facts for name in free_texts(f.kind) if isinstance(text := getattr(f, name), str)}
    return {text for text in texts if len(text) > 1}


def whole(text: str, shown: str, typed: set[str]) -> bool:
    """Return whether a cut text ends where a word ends, or within what somebody has typed."""
    kept = shown.removesuffix("..").rstrip()
    after = text.lstrip()[len(kept.lstrip()) :]
    at_pause = not kept.strip() or after[:1] in _PAUSES or kept[-1] in _PAUSES
    return at_pause or any((at := text.find(t)) >= 0 and at + _LEAST <= len(kept) for t in typed)


@pytest.fixture
def cuts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Return every text that is cut when something is drawn, and what is left of it."""
    found: list[tuple[str, str]] = []
    fit: Callable[[str, int], str] = canvas.fit

    def noted(text: str, width: int) -> str:
        shown = fit(text, width)
        if cell_len(text.rstrip()) > width:
            found.append((text.rstrip(), shown))
        return shown

    for module in list(sys.modules.values()):
        if getattr(module, "fit", None) is fit:
            monkeypatch.setattr(module, "fit", noted)
    return found


@pytest.mark.parametrize("day", ["whole", "morning"])
async def test_words_of_ours_are_whole_at_every_width(
    tmp_path: Path, day: str, cuts: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = DAYS[day]().write(tmp_path / "floor.db")
    size = Size(120, 36)
    monkeypatch.setattr(FloorApp, "size", property(lambda app: size))
    async with console(tmp_path, at=f"{clock.at:%H:%M:%S}", day=clock.at.date()) as c:
        typed, halves = typed_texts(c), set[str]()
        for n, keys in enumerate(PICTURES):
            await c.press(*(() if keys[0].startswith("f") else ("f2",)), *keys)
            for width in {80, 120, 160, *range(60 + n % _STEP, 161, _STEP)}:
                cuts.clear()
                size = Size(width, 24 if width < 100 else 36 if width < 150 else 45)
                c.frame.draw(Canvas(*size))
                halves |= {
                    f"{' '.join(keys)} {width}: {shown}" for text, shown in cuts if not whole(text, shown, typed)
                }
            size = Size(120, 36)
            if len(keys) > 1:
                await c.press("escape", "escape")
        assert not halves, "\n".join(sorted(halves))


def test_a_text_is_cut_at_a_pause() -> None:
    assert canvas.fit("記載台の前で転倒、救急は不要", 22) == "記載台の前で転倒.."
    assert canvas.fit("市職員へ引継ぎ 依頼書入力", 20) == "市職員へ引継ぎ.."
    assert canvas.fit("記載台の鉛筆を補充", 12) == "記載台の鉛.."
    assert canvas.fit("待ち      ", 6) == "待ち"
    assert [canvas.fit("あいう", n) for n in range(7)] == ["", "", "", "", "あ..", "あ..", "あいう"]
    assert canvas.clause("許可の登録なし（floorctl register import devices）", 30) == "許可の登録なし"


def test_a_clause_that_finds_no_room_is_left_out_whole() -> None:
    text = "業務開始（計画書・マニュアル・誓約書・研修計画の期限）"
    assert canvas.clause(text, 54) == text
    assert canvas.clause(text, 53) == "業務開始", "never its last letter alone"
    assert canvas.clause("市が決めます。理由を書きます。", 28) == "市が決めます。理由を書きます"


def test_no_line_begins_with_a_dot_between_words() -> None:
    assert canvas.wrap("28枚  B114・B115・B116・B117", 17) == ["28枚  B114・", "B115・B116・B117"]


def test_a_decision_stands_without_the_dots_of_a_note_that_finds_no_room() -> None:
    said = "可 C2  委任状の写しを確認"
    assert [_with_note(said, n) for n in (40, 12, 20)] == [said, "可 C2", "可 C2  委任状の写.."]
