"""The hall's page in a real headless Chromium: nothing outgrows its place, and the page keeps itself fresh from the disk."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from floorctl.common.clock import system_clock
from floorctl.documents.hall_page import page as page_module
from floorctl.documents.hall_page.page import page_html
from tests import chromium
from tests.chromium import Chromium
from tests.hall_pages import FIVE, PAGES, SIX, words_of

pytestmark = pytest.mark.skipif(chromium.found() is None, reason="no Chromium on this PC, or Windows")
SIZES = ((1920, 1080), (1080, 1920), (1280, 720))
# Times of page.js and what stands for them here: a test need not wait for a hall.
_QUICK = (
    ("LOOK_MS = 2000", "LOOK_MS = 60"),
    ("STOPPED_MS = 45000", "STOPPED_MS = 1200"),
    ("WAIT_MS = 6000", "WAIT_MS = 300"),
)

# Texts that lie outside the box in which they stand, or outside the page; those of all languages, whoever has the turn.
_OUTSIDE = """(() => {
  const found = [], walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, element = node.parentElement;
    if (!node.textContent.trim()) continue;
    const box = element.closest(".waits, .name, li, .newest, .tell, .aside, .head, header, footer").getBoundingClientRect();
    const card = (element.closest("li, .newest, .tell, .aside, header, footer") || document.body).getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(node);
    const size = parseFloat(getComputedStyle(element).fontSize);
    for (const r of range.getClientRects()) {
      const middle = (r.top + r.bottom) / 2;  // the box of a glyph is higher than its ink
      const inside = r.left >= box.left - 1 && r.right <= box.right + 1
        && middle - size * 0.38 >= card.top - 1 && middle + size * 0.38 <= card.bottom + 1
        && r.left >= 0 && r.right <= innerWidth && middle + size * 0.38 <= innerHeight;
      if (!inside) found.push(`${element.className || element.tagName}: ${node.textContent.trim()}`);
    }
  }
  return found;
})()"""

# The least contrast of a text with the ground on which it stands.
_CONTRAST = """(() => {
  const light = (c) => {
    const parts = c.map((x) => x / 255).map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const colour = (text) => text.match(/[\\d.]+/g).map(Number);
  let least = 99;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    if (!walk.currentNode.textContent.trim()) continue;
    let at = walk.currentNode.parentElement;
    const text = colour(getComputedStyle(at).color);
    let ground = colour(getComputedStyle(at).backgroundColor);
    while (ground[3] === 0) ground = colour(getComputedStyle(at = at.parentElement).backgroundColor);
    const [low, high] = [light(text), light(ground)].sort((a, b) => a - b);
    least = Math.min(least, (high + 0.05) / (low + 0.05));
  }
  return least;
})()"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "hall page.html"  # a blank in the name, as on many a desktop


def put(target: Path, kind: str, at: datetime | None = None, languages: tuple[str, ...] = FIVE) -> bytes:
    data = page_html(PAGES[kind], words_of(PAGES[kind], languages), at or system_clock())
    new = target.with_suffix(".new")
    new.write_bytes(data)
    new.replace(target)
    return data


@pytest.mark.parametrize(
    "kind",
    [
        *("open", "surge", "stops", "outage", "silent", "before", "still called"),
        *("one lane", "two lanes", "two lanes with two waits"),
    ],
)
def test_nothing_outgrows_its_place_at_any_size(browser: Chromium, target: Path, kind: str) -> None:
    put(target, kind, languages=SIX if kind == "stops" else FIVE)
    browser.open(target)
    for width, height in SIZES:
        browser.size(width, height)
        assert browser.value(_OUTSIDE) == [], (width, height)
    assert browser.value(_CONTRAST) >= 7
    assert browser.complaints() == []
    assert {x.partition("?")[0] for x in browser.asked_for()} == {target.as_uri()}


def test_waits_are_large_enough_at_each_size(browser: Chromium, target: Path) -> None:
    """4.2 % of the width of a page of 16:9, 7.5 % of an upright one: 40 mm on 43 inches, with digits of 0.7 em."""
    for kind in ("open", "surge", "two lanes"):
        put(target, kind)
        browser.open(target)
        for (width, height), share in zip(SIZES, (4.2, 7.5, 4.2), strict=True):
            browser.size(width, height)
            for name in ("digits", "number", "place"):
                selector = f".newest .{name}" if name != "digits" else ".digits"
                sizes = browser.value(
                    f"[...document.querySelectorAll('{selector}')].map((x) => parseFloat(getComputedStyle(x).fontSize))"
                )
                assert min(sizes) * 0.7 / width * 100 >= share - 0.01, (kind, width, name, sizes)


SHOWN = "document.querySelectorAll('iframe.shown').length"
STOPPED = "!document.getElementById('stopped').hidden"


def test_a_newer_page_takes_the_place_of_the_old_one_and_no_other(
    browser: Chromium, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = page_module._part

    def quick(name: str) -> str:
        text = plain(name)
        for slow, fast in _QUICK if name == "page.js" else ():
            assert slow in text
            text = text.replace(slow, fast)
        return text

    monkeypatch.setattr(page_module, "_part", quick)
    browser.size(1280, 720)
    put(target, "open")
    browser.open(target)
    first = browser.picture()
    assert (browser.value(SHOWN), browser.value(STOPPED)) == (0, False)
    # A newer one is shown; the screen is never empty meanwhile.
    put(target, "surge")
    while browser.value(SHOWN) == 0:
        assert len(browser.picture()) > len(first) / 2
    browser.until(lambda: browser.value("document.querySelector('main').hidden"))
    assert browser.complaints() == []
    assert {x.partition("?")[0] for x in browser.asked_for()} == {target.as_uri()}
    frame = "document.querySelector('iframe.shown').src"
    shown, whole = browser.value(frame), put(target, "stops", system_clock() - timedelta(days=1))
    browser.until(lambda: browser.value(frame) != shown)  # a clock that was set back keeps no page away
    shown = browser.value(frame)
    # Half a page, none, and one that cannot be read keep the old one; if that lasts, the page says so by itself.
    target.write_bytes(whole[: len(whole) // 2])
    time.sleep(0.4)
    assert browser.value(frame) == shown
    target.unlink()
    browser.until(lambda: browser.value(STOPPED), 10)
    assert browser.value(frame) == shown
    assert "This screen has not been updated since 10:23." in browser.value(
        "document.getElementById('stopped').innerText"
    )
    put(target, "open")
    browser.until(lambda: not browser.value(STOPPED), 10)
    # Opened when its time had stopped long ago it says so at once, and is believed once it goes on, wherever its clock stands.
    put(target, "open", system_clock() - timedelta(days=3))
    browser.open(target)
    assert browser.value(STOPPED)
    put(target, "surge", system_clock() - timedelta(days=2))
    browser.until(lambda: not browser.value(STOPPED), 10)
