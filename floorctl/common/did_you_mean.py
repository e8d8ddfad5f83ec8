"""Find the word that a mistyped one resembles. What was typed is never repeated: it may be anything."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, words: Iterable[str], cutoff: float = 0.7) -> str:
    """Return the one of ``words`` that a mistyped one resembles, or ""; upper and lower case count the same."""
    from difflib import get_close_matches

    by_fold = {known.casefold(): known for known in words}
    return next((by_fold[x] for x in get_close_matches(word.casefold(), [*by_fold], n=1, cutoff=cutoff)), "")


def perhaps(word: str, words: Iterable[str]) -> str:
    """Return （もしかして …） for a word of the command line that resembles a known one, or ""."""
    known, begun = list(words), word[:80].casefold()
    longer = [w for w in known if w.casefold().startswith(f"{begun}-")]  # exit: exit-status
    near = longer[0] if len(longer) == 1 else nearest(begun, known, 0.6)
    return f"（もしかして {near}）" if near else ""
