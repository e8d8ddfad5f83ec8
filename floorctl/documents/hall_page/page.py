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
from floorctl.documents.hall_page.texts import every, first, html, plain, turns
from floorctl.models.board.hall_page import HallPage
from floorctl.models.board.hall_words import WordedPage

TURN_S = 8  # for which one language is shown
_RELOAD_S = 16  # where no script runs
_NOTICES = 4  # lines of notices in large type


def page_html(page: HallPage, words: Sequence[WordedPage], stamp: datetime) -> bytes:
    """Return the page as UTF-8 bytes that end with their own seal. ``words``: by language, the first is always shown.

    ``stamp``: when it is written, by the PC's own clock.
    """
    main, others = words[0], len(words) - 1
    style, script = _part("page.css") + _turning(others), _part("page.js")
    body = _body(page, words)
    version = hashlib.sha256("\n".join([style, script, body.split("<!--stop-->")[-1]]).encode()).hexdigest()[:12]
    milliseconds = int(stamp.timestamp() * 1000)
    cycle = TURN_S * max(others, 1)
    data = {
        "stamp": str(milliseconds),
        "at": hm(page.at),
        "version": version,
        "cycle": str(cycle),
        "first": str(milliseconds // 1000 // TURN_S % max(others, 1)),
    }
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; frame-src 'self' file:; "
        "base-uri 'none'; form-action 'none'"
    )
    told = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items())
    return sealed_page(
        f"""<!doctype html>
<html lang="{escape(main.lang)}" {told}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<noscript><meta http-equiv="refresh" content="{_RELOAD_S}"></noscript>
<title>{escape(plain(main.title))}</title>
<style>{style}</style>
<script>{script}</script>
</head>
<body>
{body}
<i id="end" hidden></i>
</body>
</html>
"""
    )


def _body(page: HallPage, words: Sequence[WordedPage]) -> str:
    halves = [calls_half(page, words), lanes_half(page, words) if page.lanes else ""]
    alone = "" if all(halves) else " alone"
    return f"""<main>
{_header(page, words)}
<div class="halves{alone}">
{"".join(halves)}
</div>
{_notices(words)}{_footer(words)}
</main>
<!--stop-->{_stopped(page, words)}"""


def _header(page: HallPage, words: Sequence[WordedPage]) -> str:
    main = words[0]
    return (
        f'<header><h1>{html(main.venue)}</h1><span class="title">{html(main.title)}</span>'
        f'<div class="clock"><span class="day">{html(main.day)}</span>{first(words, lambda w: w.clock, "span")}'
        f"<time>{hm(page.at)}</time></div></header>"
    )


def _notices(words: Sequence[WordedPage]) -> str:
    lines = [
        f"<li>{first(words, lambda w, n=n: _at(w.notices, n), 'strong')}{turns(words, lambda w, n=n: _at(w.notices, n))}</li>"  # type: ignore[misc]
        for n in range(len(words[0].notices))
    ]
    many = " many" if len(lines) > _NOTICES else ""
    return f'<ul class="notices{many}">{"".join(lines)}</ul>\n' if lines else ""


def _at(lines: Sequence[str], n: int) -> str:
    return lines[n] if n < len(lines) else ""


def _footer(words: Sequence[WordedPage]) -> str:
    """Return the names of the languages: the one that has its turn is marked, so that everybody sees theirs will come."""
    names = [f'<span class="always" lang="{escape(words[0].lang)}">{html(words[0].language)}</span>']
    for n, w in enumerate(words[1:]):
        mark = f'<span class="turns"><i class="n{n}"></i></span>'
        names.append(f'<span lang="{escape(w.lang)}">{html(w.language)}{mark}</span>')
    return f"<footer>{''.join(names)}</footer>" if len(words) > 1 else ""


def _stopped(page: HallPage, words: Sequence[WordedPage]) -> str:
    """Return what the browser shows, in all languages, once the time of the page has stopped."""
    return (
        f'<section id="stopped" hidden>{every(words, lambda w: w.stopped)}'
        f'<p class="last">{first(words, lambda w: w.clock, "span")} <time id="last">{hm(page.at)}</time></p></section>'
    )


def _turning(others: int) -> str:
    """Return the style that shows one of the other languages after the other; nothing where there is one."""
    if others < 2:
        return ""
    share = 100 / others
    lines = [
        f"@keyframes turn {{ 0% {{ visibility: visible; }} {share:.4f}%, 100% {{ visibility: hidden; }} }}",
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
