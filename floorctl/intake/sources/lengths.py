"""Read lengths of time as machines write them: seconds, 0:12:30, 12分30秒, PT12M30S."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Literal

Unit = Literal["s", "m"]
NO_LENGTH = "時間の長さとして読めません"
_MOST_S = 86_400  # of a visitor's day; more is no wait and no service

_NUMBER = re.compile(r"(\d{1,6})(?:\.\d{1,9})?", re.A)
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d\d)(?:\.\d{1,9})?", re.A)
_IN_WORDS = re.compile(
    r"(?=.)(?:(\d{1,3})\s?(?:時間|hours?|h))?\s?(?:(\d{1,4})\s?(?:分間?|min(?:utes?)?|m))?\s?"
    r"(?:(\d{1,6})(?:\.\d{1,9})?\s?(?:秒間?|sec(?:onds?)?|s))?",
    re.A | re.I,
)
_ISO = re.compile(r"PT(?=\d)(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,6})(?:\.\d{1,9})?S)?", re.A | re.I)


class BadLength(ValueError):
    """Text that is no length of time; the reason in Japanese, without the text."""


def parse_length(text: str, unit: Unit = "s") -> timedelta:
    """Return a length, fractions of a second cut off. Raise BadLength.

    ``text``: in NFKC, trimmed. ``unit``: of a bare number and of the last part of 12:30 ("s": seconds, "m": minutes).
    """
    if found := _NUMBER.fullmatch(text):
        seconds = int(found[1]) * (60 if unit == "m" else 1)
    elif found := _CLOCK.fullmatch(text):
        hours, first, second = found.groups()
        if hours is not None:
            seconds = int(hours) * 3600 + int(first) * 60 + int(second)
        else:
            seconds = (int(first) * 60 + int(second)) * (60 if unit == "m" else 1)
        if int(second) > 59 or (hours is not None and int(first) > 59):
            raise BadLength(NO_LENGTH)
    elif found := _ISO.fullmatch(text) or _IN_WORDS.fullmatch(text):
        h, m, s = (int(part or 0) for part in found.groups())
        seconds = h * 3600 + m * 60 + s
    else:
        raise BadLength(NO_LENGTH)
    if seconds > _MOST_S:
        raise BadLength("24時間より長い時間です")
    return timedelta(seconds=seconds)
