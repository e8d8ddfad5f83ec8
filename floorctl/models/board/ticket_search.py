"""Find the ticket that a number means: typed by hand, or read from a code. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from floorctl.models.facts.own_numbers import folded

_NUMBER = re.compile(r"(\D*)0*(\d+)")
# What some readers send first: the kind of the code (ISO/IEC 15424).
_KIND_OF_CODE = re.compile(r"\][A-Z][0-9A-Z]")
# Vowels typed while the IME is on.
_VOWELS = str.maketrans("あいうえお", "AIUEO")


def _parts(number: str) -> tuple[str, str]:
    """Return the letter and the digits of a number; B041, B41 and B-41 are the same."""
    found = _NUMBER.fullmatch(number)
    return (found[1].strip(" -"), found[2]) if found else ("", "")


def same_numbers(words: str, numbers: Sequence[str]) -> list[str]:
    """Return the numbers that ``words`` (folded) is, zeros aside; without a letter those of each letter."""
    letter, digits = _parts(words)
    return [n for n in numbers if n == words or (digits and _parts(n)[1] == digits and letter in ("", _parts(n)[0]))]


def found_by(words: str, numbers: Sequence[str]) -> list[str]:
    """Return the numbers equal to ``words`` (of each letter, where none is given), else ending in it, else holding it."""
    words = folded(words)
    exact = same_numbers(words, numbers)
    if not words.strip("0"):
        return exact  # zeros alone are the beginning of a number
    return exact or [n for n in numbers if n.endswith(words)] or [n for n in numbers if words in n]


def code_of(text: str) -> str:
    """Return what a reader has typed in the form in which numbers are compared, without what describes the code."""
    code = folded(text.translate(_VOWELS))
    return _KIND_OF_CODE.sub("", code, count=1) if code.startswith("]") else code


def read_as(code: str, numbers: Sequence[str]) -> list[str]:
    """Return the numbers that a code may mean: the one that it is, those that differ in zeros or the letter, or its end.

    A code that ends in a number may have anything before it but a digit of its own.
    """
    if code in numbers:
        return [code]
    same = same_numbers(code, numbers)
    if same:
        return same
    ends = [n for n in numbers if code.endswith(n) and not (n[:1].isdigit() and code.removesuffix(n)[-1:].isdigit())]
    longest = max(map(len, ends), default=0)
    return [n for n in ends if len(n) == longest]
