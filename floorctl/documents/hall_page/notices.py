"""The notices of the hall's page: two at a time, in pairs by turns where there are more."""

from __future__ import annotations

from collections.abc import Sequence

from floorctl.documents.hall_page.texts import both
from floorctl.models.board.hall_words import WordedPage

AT_ONCE = 2


def notices(words: Sequence[WordedPage]) -> str:
    """Return the band of notices; "" without one."""
    lines = [f"<li>{both(words, lambda w, n=n: w.notices[n], 'strong')}</li>" for n in range(len(words[0].notices))]  # type: ignore[misc]
    pairs = ["".join(lines[n : n + AT_ONCE]) for n in range(0, len(lines), AT_ONCE)]
    if len(pairs) < 2:
        return f'<div class="notices"><ul>{pairs[0]}</ul></div>\n' if pairs else ""
    groups = "".join(f'<ul class="g{n}">{pair}</ul>' for n, pair in enumerate(pairs[:MOST_PAIRS]))
    return f'<div class="notices by{min(len(pairs), MOST_PAIRS)}">{groups}</div>\n'


def shown_at_once(words: Sequence[WordedPage]) -> int:
    """Return how many notices stand on the page together."""
    return min(len(words[0].notices), AT_ONCE)


MOST_PAIRS = 4  # turns for which the style has a rule (page.css)
