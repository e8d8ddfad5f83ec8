"""Tell a reader's burst from keys by their times: no key is lost, none acts out of turn, a word is whole."""

from __future__ import annotations

import random

import pytest

from floorctl.screens.key_bursts import BURST_GAP_S, CAPITAL_GAP_S, ENDED_S, ENDS, GAP_S, Bursts, Word


class Ears:
    """Record what keys prove to be; keys are numbers in the order in which they came."""

    def __init__(self) -> None:
        self.acted: list[int] = []
        self.words: list[str] = []
        self.tried: int | None = None
        self.taken_back: list[int] = []
        self.bursts: Bursts[int] = Bursts(self)
        self.now, self.count = 100.0, 0

    def begins(self, key: int) -> None:
        assert self.tried is None
        self.tried = key

    def keys(self, keys: list[int]) -> None:
        assert self.tried in (None, keys[0]), "what was tried is the first of them"
        self.tried = None
        self.acted += keys

    def is_burst(self) -> None:
        assert self.tried is not None
        self.taken_back.append(self.tried)
        self.tried = None

    def word(self, word: Word[int]) -> None:
        assert self.tried is None
        self.words.append(word.text)

    def hear(self, *keys: str, gap: float = 0.0) -> Ears:
        """Keys come, each ``gap`` seconds after the one before; what is due between them is looked at."""
        for key in keys:
            self.now += gap
            self.bursts.heard(self.count, key, key if len(key) == 1 else "", self.now)
            self.count += 1
        return self

    def rest(self, seconds: float = 1.0) -> Ears:
        self.now += seconds
        self.bursts.look(self.now)
        return self


@pytest.mark.parametrize("gap", [0.0, 0.001, 0.003, 0.005, 0.010, 0.015])
@pytest.mark.parametrize("end", ["enter", "tab", "ctrl+j", None])
@pytest.mark.parametrize("code", ["A019", "a019", "019", "Ａ０１９", "]C1A019", "4912345678904", "あ０１９"])
def test_what_comes_as_fast_as_no_hand_is_one_word(gap: float, end: str | None, code: str) -> None:
    ears = Ears().hear(*code, *[end] * bool(end), gap=gap).rest()
    assert (ears.words, ears.acted, ears.taken_back) == ([code], [], [0])
    assert not ears.bursts


def test_two_characters_are_a_word_with_enter_behind_them_only() -> None:
    ears = Ears().hear("1", "9", "enter", gap=0.003).rest()
    assert (ears.words, ears.acted) == (["19"], [])
    ears = Ears().hear("1", "n", gap=0.003).rest()
    assert (ears.words, ears.acted) == ([], [0, 1]), "two fingers at once"
    ears = Ears().hear("1", "enter", gap=0.003).rest()
    assert (ears.words, ears.acted) == ([], [0, 1])


@pytest.mark.parametrize("gap", [0.021, 0.025, 0.033, 0.08])
def test_keys_of_a_hand_act_in_their_order(gap: float) -> None:
    ears = Ears().hear(*"nn1n3e2", "enter", "up", "up", gap=gap).rest()
    assert (ears.words, ears.acted, ears.taken_back) == ([], [*range(10)], [])


@pytest.mark.parametrize("key", ["n", "N", "1", "down", "enter"])
@pytest.mark.parametrize("gap", [0.0, 0.025, 0.033])
def test_a_key_held_down_is_no_word_even_if_the_terminal_sends_it_in_lumps(key: str, gap: float) -> None:
    ears = Ears()
    for n in range(1, 12):
        ears.hear(key, gap=gap)
        if gap > GAP_S:
            assert len(ears.acted) >= n - 1, "it acts while it is held"
    ears.rest()
    assert (ears.words, ears.acted) == ([], [*range(11)])


def test_digits_of_one_kind_with_enter_are_a_number() -> None:
    ears = Ears().hear(*"111", "enter").rest()
    assert (ears.words, ears.acted) == (["111"], [])
    ears = Ears().hear(*"nnn", "enter").rest()
    assert (ears.words, ears.acted) == ([], [0, 1, 2, 3])


def test_behind_a_capital_a_reader_is_given_the_time_of_its_shift_key() -> None:
    ears = Ears().hear("A", gap=1).hear("0", gap=CAPITAL_GAP_S - 0.001).hear(*"19", "enter", gap=0.008).rest()
    assert (ears.words, ears.acted) == (["A019"], [])


def test_a_halt_in_the_middle_does_not_cut_a_word_and_a_late_enter_is_still_its_own() -> None:
    ears = Ears().hear(*"A01", gap=0.003).hear("9", gap=BURST_GAP_S - 0.001).rest(BURST_GAP_S + 0.001)
    assert ears.words == ["A019"]
    ears.hear("enter", gap=ENDED_S - BURST_GAP_S - 0.01)
    assert ears.acted == []
    ears.hear("enter", gap=1)
    assert ears.acted == [5], "a hand's Enter acts"
    ears = Ears().hear(*"A019", "enter", "ctrl+j", gap=0.003).rest()
    assert (ears.words, ears.acted) == (["A019"], []), "a reader that ends with two"


def test_another_key_ends_what_is_held_and_acts_after_it() -> None:
    ears = Ears().hear("n", "down", "n", "left")
    assert ears.acted == [0, 1, 2, 3]
    ears = Ears().hear(*"A019", "escape")
    assert (ears.words, ears.acted) == (["A019"], [4])


def test_a_word_has_a_bound() -> None:
    ears = Ears().hear(*"12345" * 1000, "enter")
    assert [len(word) for word in ears.words] == [200] and ears.acted == []


@pytest.mark.parametrize("seed", range(20))
def test_no_key_is_lost_or_doubled_whatever_its_times(seed: int) -> None:
    r, ears = random.Random(seed), Ears()
    sent: list[str] = []
    for _ in range(400):
        key = r.choice([*"nnda019BＡ", "enter", "tab", "up"])
        sent.append(key)
        ears.hear(key, gap=r.choice((0, 0.001, 0.01, 0.019, 0.021, 0.04, 0.09, 0.2, 0.5)))
        if r.random() < 0.3:
            ears.rest(r.choice((0.01, 0.03, 0.2)))
    ears.rest()
    assert ears.acted == sorted(set(ears.acted)), "in their order, once"
    rest = [key for n, key in enumerate(sent) if n not in set(ears.acted) and key not in ENDS]
    assert "".join(ears.words) == "".join(rest), "what is no key is in a word"
    assert len(ears.taken_back) == len(ears.words)
