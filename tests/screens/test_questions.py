"""A question that the engine asks waits for the hand, and takes no key that was pressed before it could be seen."""

from __future__ import annotations

from collections.abc import Callable

from floorctl.screens.questions import _PAINTS_S, QUIET_S, UNSEEN_S, Questions


class Hand:
    """Time that is moved by hand, and a place where one box finds room."""

    def __init__(self) -> None:
        self.now, self.open = 100.0, ""
        self.timers = list[tuple[float, Callable[[], None]]]()
        self.questions = Questions(lambda: not self.open, self._later, lambda: self.now)

    def _later(self, seconds: float, then: Callable[[], None]) -> None:
        self.timers.append((self.now + seconds, then))

    def ask(self, name: str) -> None:
        self.questions.put(lambda: setattr(self, "open", name))

    def wait(self, seconds: float) -> None:
        self.now += seconds
        due = [x for x in self.timers if x[0] <= self.now]
        self.timers = [x for x in self.timers if x[0] > self.now]
        for _, then in due:
            then()

    def press(self) -> bool:
        """Return whether the key is dropped."""
        return self.questions.early(self.now)

    def close(self) -> None:
        self.open = ""
        self.questions.closed()


def test_where_nobody_types_it_is_asked_at_once() -> None:
    h = Hand()
    h.ask("理由")
    assert h.open == "理由"


def test_who_types_goes_on_typing_and_is_asked_when_the_hand_rests() -> None:
    h = Hand()
    for _ in range(8):
        assert not h.press()
        h.wait(QUIET_S * 0.6)
        if _ == 0:
            h.ask("理由")
        assert not h.open
    h.wait(QUIET_S)
    assert h.open == "理由"


def test_what_is_typed_elsewhere_is_finished_first_and_two_questions_come_one_after_the_other() -> None:
    h = Hand()
    h.open = "メモ"
    h.ask("一")
    h.ask("二")
    h.wait(10)
    assert h.open == "メモ"
    h.close()
    assert h.open == "一"
    h.close()
    assert h.open == "二"
    assert not h.questions


def test_keys_before_the_box_could_be_seen_are_dropped_with_the_rest_of_the_burst() -> None:
    h = Hand()
    h.ask("理由")
    assert h.press(), "not painted yet"
    h.questions.painted()
    for _ in range(5):
        h.wait(UNSEEN_S * 0.6)
        assert h.press()
    h.wait(UNSEEN_S * 1.1)
    assert not h.press()
    assert not h.press(), "from then on every key, however fast"


def test_a_key_that_was_pressed_before_and_comes_late_is_dropped() -> None:
    h = Hand()
    pressed = h.now
    h.wait(1)
    h.ask("理由")
    h.questions.painted()
    h.wait(1)
    assert h.questions.early(pressed)


def test_a_painting_that_is_never_told_drops_keys_for_a_moment_only() -> None:
    h = Hand()
    h.ask("理由")
    h.wait(_PAINTS_S + UNSEEN_S + 0.1)
    assert not h.press()
