"""Earlier days without a close: asked again and again while files are followed, folded where something has changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from floorctl.intake.feed import Intake
from floorctl.usecases.closing import close
from floorctl.usecases.session import Session
from floorctl.usecases.unclosed_days import Known, unclosed_days
from tests.story import MONDAY, HandClock, Story, feed_of, instant, kumagaya, numbered
from tests.work import lines

DAYS = [MONDAY - timedelta(days=n) for n in (5, 4, 3)]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """Console that has been in use for days, none of which was closed."""
    clock = HandClock(instant("08:00") - timedelta(days=6))
    session = Session(kumagaya(), tmp_path / "floor.db", clock=clock, actor="console", create=True)
    session.act("memo.written", {"text": "今日から手で"})
    clock.at = instant("09:00")
    for day in DAYS:
        story = Story(day, prefix=f"d{day.day}-").opens("08:30")
        for n in range(60):
            story.issues(f"B{n:03d}")
        _take(session, story)
    return session


def _take(session: Session, story: Story) -> None:
    Intake(session.store, session.site, "feed", session.clock, lambda n, why: None).take(numbered(feed_of(story.lines)))


def test_days_that_have_not_changed_are_not_folded_again(session: Session) -> None:
    known: Known = {}
    first = lines(lambda: unclosed_days(session, known=known))
    _take(session, Story(MONDAY, prefix="n").opens("08:30").issues("B001"))
    again = lines(lambda: unclosed_days(session, known=known))
    assert unclosed_days(session, known=known) == DAYS
    assert again < first / 20, "a few look-ups"


def test_a_day_that_has_changed_is_looked_at_again(session: Session) -> None:
    known: Known = {}
    assert unclosed_days(session, known=known) == DAYS
    before = DAYS[0] - timedelta(days=1)
    _take(session, Story(before, prefix="b").opens("08:30").issues("B001"))
    assert unclosed_days(session, known=known) == [before, *DAYS]
    close(session, DAYS[1])
    assert unclosed_days(session, known=known) == [before, DAYS[0], DAYS[2]]
    _take(session, Story(DAYS[1], prefix="l").leaves("B001", at="17:00"))
    assert unclosed_days(session, known=known) == [before, DAYS[0], DAYS[2]], "late, and closed all the same"
