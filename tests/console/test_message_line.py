"""The message at the foot stays as long as a reader needs, however fast the hall's clock runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from floorctl.console.state_parts import MESSAGE_S, MessageLine, Settings
from tests.story import HandClock, instant


@pytest.mark.parametrize("speed", [0.5, 1.0, 60.0])
def test_a_message_is_shown_for_seconds_of_the_readers_own_time(speed: float) -> None:
    clock = HandClock(instant("10:00"))
    line = MessageLine(Settings(clock=clock, speed=speed))
    line.say("T4 を 電子証明書 へ移しました   u 取消")
    clock.at += timedelta(seconds=(MESSAGE_S - 1) * speed)
    line.fade()
    assert line.text
    clock.at += timedelta(seconds=speed)
    line.fade()
    assert not line.text
