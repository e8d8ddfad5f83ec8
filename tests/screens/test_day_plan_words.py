"""The lines at the foot of the plan of the day: what breaks cost, and of which lanes that is not known."""

from __future__ import annotations

from floorctl.screens.day_plan.break_words import foot_lines
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
