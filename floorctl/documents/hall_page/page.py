"""The whole page as one HTML file: style and script inside, nothing from elsewhere, the same bytes for the same input.

Two things differ from one writing to the next: the stamp, by which a browser tells a newer page, and which language has
its turn at first where no script runs.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path

from floorctl.common.output_kinds import sealed_page
from floorctl.common.words import hm
from floorctl.documents.hall_page.calls import calls_half
from floorctl.documents.hall_page.lanes import lanes_half
from floorctl.documents.hall_page.notices import notices
from floorctl.documents.hall_page.texts import (
    WHOLE,
    Pick,
    both,
    ems,
    every,
    first,
    fitted,
    html,
    lang,
    named,
    told,
    widest,
)
from floorctl.models.board.hall_page import HallPage
from floorctl.models.board.hall_words import WordedPage, without_readings

TURN_S = 8  # for which one language is shown, or one pair of notices
_RELOAD_S = 16  # where no script runs
_HEADER: tuple[Pick, ...] = (lambda w: w.title, lambda w: w.day, lambda w: w.clock)
_WIDE, _GAPS = 97.8, 7  # of the header
_LAST_MARK = "\x00"  # stands for the time of the page in what is compared


def page_html(page: HallPage, words: Sequence[WordedPage], stamp: datetime) -> bytes:
    """Return the page as UTF-8 bytes that end with their own seal. ``words``: by language, the first is always shown.

    ``stamp``: when it is written, by the PC's own clock.
    """
    notice = notices(words)
    beside = lanes_half(page, words) if _shows_lanes(page) else ""
    sort = " alone" if not beside else " told" if page.state in ("before", "unsure") else ""
    body = f"""{_header(page, words)}
<div class="halves{sort}">
{calls_half(page, words, alone=not beside)}{beside}
</div>
{notice}{_footer(words)}"""
    return _document(page, words, stamp, body)


def last_page_html(page: HallPage, words: Sequence[WordedPage], stamp: datetime) -> bytes:
    """Return what stands there once the page is not kept any more: that it has stopped, and no number and no wait.

    Of a day without further reception it says that, which stays true until the next one begins.
    """
    over = page.state in ("after", "closed_day") and page.opens is not None
    said: Pick = (lambda w: w.state) if over else (lambda w: w.stopped)
    body = f'<div class="halves alone"><section class="half">{told(words, said, WHOLE)}</section></div>'
    holds = int(page.opens.timestamp() * 1000) if over and page.opens is not None else 0
    return _document(page, words, stamp, f"{_header(page, words, clock=False)}\n{body}\n{_footer(words)}", holds)


def _shows_lanes(page: HallPage) -> bool:
    return bool(page.lanes) and (bool(page.calls) or page.state not in ("after", "closed_day"))


def _document(page: HallPage, words: Sequence[WordedPage], stamp: datetime, body: str, holds: int = 0) -> bytes:
    others, at = len(words) - 1, hm(page.at)
    style, script = _part("page.css") + _turning(others), _part("page.js")
    stopped = [w.stopped.replace(at, _LAST_MARK) for w in words]
    milliseconds = int(stamp.timestamp() * 1000)
    data = {
        "stamp": str(milliseconds),
        "at": at,
        # A browser that has an older one loads the page anew as a whole.
        "version": hashlib.sha256("\n".join([style, script, *stopped]).encode()).hexdigest()[:12],
        "holds": str(holds),  # until when its words stay true without a newer page, in milliseconds; 0: they do not
        "first": str(milliseconds // 1000 // TURN_S % max(others, 1)),
    }
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; frame-src 'self' file:; "
        "base-uri 'none'; form-action 'none'"
    )
    attributes = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items())
    return sealed_page(
        f"""<!doctype html>
<html{lang(words[0].lang)} {attributes}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<noscript><meta http-equiv="refresh" content="{_RELOAD_S}"></noscript>
<title>{escape(without_readings(words[0].title))}</title>
<style>{style}</style>
<script>{script}</script>
</head>
<body>
<main>
{body}
</main>
<section id="stopped"{named(WHOLE.sort("", words, lambda w: w.stopped))} hidden>{_timed(every(words, lambda w: w.stopped), at)}</section>
<i id="end" hidden></i>
</body>
</html>
"""
    )


def _header(page: HallPage, words: Sequence[WordedPage], *, clock: bool = True) -> str:
    venue = f"<h1{lang(words[0].venue_lang)}>{html(words[0].venue)}</h1>"
    time = f'<div class="clock">{_timed(both(words, lambda w: w.clock), hm(page.at))}</div>' if clock else ""
    wide = 2.1 * ems(words[0].venue) + (2.9 if clock else 0) * 3 + _GAPS
    for pick in _HEADER if clock else _HEADER[:2]:
        wide += 1.6 * ems(pick(words[0])) + 1.3 * widest(words, pick)
    return (
        f'<header{named(fitted("", wide, _WIDE))}>{venue}<div class="title">{both(words, lambda w: w.title)}</div>'
        f'<div class="day">{both(words, lambda w: w.day)}</div>{time}</header>'
    )


def _timed(text: str, at: str) -> str:
    """Return a text of the page with the time of the page marked: once it has stopped, that of the last page stands there."""
    return text.replace(at, f"<time>{at}</time>")


def _footer(words: Sequence[WordedPage]) -> str:
    """Return the names of the languages: the one that has its turn is marked, so that everybody sees theirs will come."""
    if len(words) < 2:
        return ""
    names = [first(words, lambda w: w.language, "span", "always")]
    for n, w in enumerate(words[1:]):
        mark = f'<span class="turns"><i class="n{n}"></i></span>'
        names.append(f"<span{lang(w.lang)}>{html(w.language)}{mark}</span>")
    return f"<footer>{''.join(names)}</footer>"


def _turning(others: int) -> str:
    """Return the style that shows one of the other languages after the other; nothing where there is one."""
    if others < 2:
        return ""
    lines = [
        f"@keyframes turn {{ 0% {{ visibility: visible; }} {100 / others:.4f}%, 100% {{ visibility: hidden; }} }}",
        f".turns > * {{ visibility: hidden; animation: turn {TURN_S * others}s step-end infinite; }}",
    ]
    for n in range(others):
        lines.append(f".turns > .n{n} {{ animation-delay: calc({TURN_S * n}s - var(--phase)); }}")
        lines.append(f'html[data-first="{n}"] {{ --phase: {TURN_S * n}s; }}')
    return "\n".join(lines) + "\n"


@cache
def _part(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
