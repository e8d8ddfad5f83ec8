"""The lines at the foot of the plan of the day: what breaks cost, and of which lanes that is not known."""

from __future__ import annotations

from floorctl.screens.day_plan.break_words import foot_lines, summary
from tests.screens.test_board_words import hall
from tests.story import Story


def test_a_lane_whose_windows_needed_are_unknown_is_not_said_to_lack_none() -> None:
    """The machine of the certificates is silent: the plan said that breaks leave no window short."""
    story = Story(source="counter", prefix="c").opens("08:30")
    for n, terminal in enumerate(("T1", "T2", "T3", "T4"), 1):
        story.tells("staff.changed", "08:20", staff=f"S{n:02d}", status="present")
        story.staffs(terminal, f"S{n:02d}", "08:31")
    for n in range(28):
        story.issues(f"A{n:03d}", "card_issuance", f"09:{30 + n}").calls(f"A{n:03d}", "T1", f"09:{31 + n}")
    others = Story(source="tickets", prefix="t").issues("B001", at="09:39")

    def said(at: str) -> str:
        state = hall([*story.entries(), *others.entries()], at)
        return "".join(text for line in foot_lines(state, 20) for text, _ in line)

    assert "分かりません" not in said("09:45")
    assert "（電子証明書は分かりません）" in said("09:59")


def test_who_still_rests_after_all_that_is_owed_is_counted_once() -> None:
    """Two rest since 11:00, one of them is back: after an hour who is not back has had a break, and still has it."""
    story = Story(source="counter", prefix="c").opens("08:30")
    for code in ("S01", "S02"):
        story.tells("staff.changed", "08:20", staff=code, status="present")
        story.tells("staff.changed", "11:00", staff=code, status="on_break", until="12:00")
    story.tells("staff.changed", "12:00", staff="S02", status="present")
    assert [text for text, _ in summary(hall(story.entries(), "12:10"))] == ["済 1", "休憩中 1"]
