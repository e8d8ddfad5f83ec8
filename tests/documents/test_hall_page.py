"""The HTML of the hall's page: whole, safe, the same for the same input, and large and dark enough to be read from afar."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from floorctl.documents.hall_page import page as page_module
from floorctl.documents.hall_page.page import last_page_html, page_html
from floorctl.models.board.hall_page import HallPage
from tests.hall_pages import FIVE, NOW, PAGES, SIX, words_of

CSS = (Path(page_module.__file__).parent / "page.css").read_text(encoding="utf-8")
VOID = {"meta"}
KINDS = list(PAGES)


def made(page: HallPage, languages: tuple[str, ...] = FIVE) -> str:
    return page_html(page, words_of(page, languages), NOW).decode()


class Parsed(HTMLParser):
    """Elements of a page with their attributes, in order; balanced or it raises."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str | None, str]] = []  # with the language in force
        self._languages: list[str | None] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        assert len(held) == len(attrs)
        self.elements.append((tag, held))
        if tag not in VOID:
            self.open.append(tag)
            self._languages.append(held.get("lang") or (self._languages[-1] if self._languages else None))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))  # of the drawn arrow

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self._languages.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open[-1] not in ("style", "script"):
            self.texts.append((self._languages[-1], data.strip()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_well_formed_and_asks_for_nothing_outside(kind: str) -> None:
    for text in (made(PAGES[kind]), last_page_html(PAGES[kind], words_of(PAGES[kind]), NOW).decode()):
        parsed = Parsed(text)
        names = {tag for tag, _ in parsed.elements}
        assert not names & {"link", "img", "iframe", "object", "embed", "form", "a", "base", "video", "audio", "source"}
        every = [(k, v or "") for _, held in parsed.elements for k, v in held.items()]
        assert not [k for k, _ in every if k.startswith("on") or k in ("src", "href", "style", "action", "srcset")]
        assert "//" not in re.sub(r"<script>.*</script>", "", text, flags=re.S).replace("<!doctype html>", "")
        assert not re.search(r"url\(|@import|@font-face", text)
        assert "fetch(" not in text and "XMLHttpRequest" not in text and "WebSocket" not in text


def test_the_policy_allows_this_style_and_this_script_alone() -> None:
    text = made(PAGES["surge"])
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    rules = dict(x.strip().split(" ", 1) for x in policy[1].split(";"))
    for name, tag in (("style-src", "style"), ("script-src", "script")):
        (part,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)
        assert rules[name] == f"'sha256-{base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()}'"
    assert rules["default-src"] == "'none'"
    assert rules["frame-src"] == "'self' file:"  # its own file, which it loads again
    assert set(rules) == {"default-src", "style-src", "script-src", "frame-src", "base-uri", "form-action"}
    assert text.index("Content-Security-Policy") < text.index("<style>")


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_says_in_which_language_it_is(kind: str) -> None:
    page = PAGES[kind]
    said = dict.fromkeys(FIVE, "")
    for language, text in Parsed(made(page)).texts:
        assert language in FIVE
        said[language] += text
    for w in words_of(page):
        for text in (w.title, w.state, w.calls_note if not page.calls else ""):
            plain = re.sub(r"\{[^{}]*\}", "", text)
            assert (
                re.sub(r"\s", "", plain) in re.sub(r"\s|" + "[ぁ-ん]", "", said[w.lang]) or w.lang == "ja" or not text
            )
    assert all(said.values())


def test_readings_stand_over_their_words() -> None:
    text = made(PAGES["open"])
    assert "<ruby>番号<rt>ばんごう</rt></ruby>" in text
    shown = "".join(t for _, t in Parsed(text).texts)
    assert "{" not in shown and "}" not in shown


@pytest.mark.parametrize(
    "hostile", ["<b>x</b>", '"><script>alert(1)</script>', "&lt;&#0;", "a\x1b[31mb\u202e\x00", "'--><!--"]
)
def test_no_number_and_no_name_is_markup(hostile: str) -> None:
    page = PAGES["open"]
    page = replace(page, calls=(replace(page.calls[0], number=hostile, place=hostile), *page.calls[1:]))
    words = [replace(w, venue=hostile, notices=(hostile,)) for w in words_of(page)]
    text = page_html(page, words, NOW).decode()
    parsed = Parsed(text)
    assert len(re.findall("<script", text)) == 1
    assert [tag for tag, _ in parsed.elements if tag == "b"] == ["b"] * 4  # figures of waits
    assert "\x1b" not in text and "\x00" not in text and "\u202e" not in text
    assert text.count("<!--") == 1  # the seal


def test_the_same_page_is_the_same_bytes_but_for_its_stamp() -> None:
    page, words = PAGES["surge"], words_of(PAGES["surge"])
    assert page_html(page, words, NOW) == page_html(page, words, NOW)
    later = page_html(page, words, NOW + timedelta(seconds=15)).decode()
    unlike = [
        (a, b)
        for a, b in zip(page_html(page, words, NOW).decode().splitlines(), later.splitlines(), strict=True)
        if a != b
    ]
    assert len(unlike) == 2  # the head with its stamp, the seal
    assert re.sub(r'data-(stamp|first)="\d+"', "", unlike[0][0]) == re.sub(
        r'data-(stamp|first)="\d+"', "", unlike[0][1]
    )
    assert unlike[1][0].startswith("<!-- floorctl hall page ")


def test_a_new_minute_is_no_new_version_of_the_page() -> None:
    """The shell loads itself anew where floorctl or its words have changed, not with each page."""

    def version(page: HallPage) -> list[str]:
        return re.findall(r'data-version="(\w+)"', made(page))

    assert version(PAGES["open"]) == version(replace(PAGES["surge"], at=NOW + timedelta(minutes=7)))
    assert version(PAGES["open"]) != re.findall(r'data-version="(\w+)"', made(PAGES["open"], SIX))


def test_figures_alone_say_that_a_wait_has_an_open_end() -> None:
    """From afar only they are read: 60 would be sixty minutes."""
    for languages in (("ja", "en"), ("en", "ja")):
        assert re.findall(r'<b class="digits[^"]*">60(.*?)</b>', made(PAGES["surge"], languages)) == ["<i>〜</i>"]


def test_the_last_page_has_no_number_and_no_wait() -> None:
    page = PAGES["open"]
    text = last_page_html(page, words_of(page), NOW).decode()
    assert "B045" not in text
    assert "digits" not in re.sub(r"<style>.*?</style>", "", text, flags=re.S)
    assert "has not been updated since <time>10:23</time>" in text
    assert 'data-holds="0"' in text


def test_the_last_page_of_a_day_says_when_the_next_begins_and_stays_true_until_then() -> None:
    page = PAGES["after"]
    text = last_page_html(page, words_of(page), NOW).decode()
    assert page.opens is not None
    assert f'data-holds="{int(page.opens.timestamp() * 1000)}"' in text
    shown = text[: text.index('<section id="stopped"')]
    assert "Reception is closed for today. Next reception: Tue, Sep 15, from 8:30." in shown
    assert "<time>" not in shown  # a time that stands still would mislead


# ---- to be read from eight metres


def colours() -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", CSS))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG 2."""

    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        r, g, b = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_texts_have_a_contrast_of_seven_to_one() -> None:
    c = colours()
    grounds = {
        "paper": ("ink", "soft", "navy"),
        "ground": ("ink", "soft", "navy"),
        "navy": ("paper", "pale"),
        "stop-paper": ("stop", "ink"),
        "note-paper": ("note", "ink"),
        **{f"lane{n}": ("paper",) for n in range(4)},
    }
    found = {(text, ground): contrast(c[text], c[ground]) for ground, texts in grounds.items() for text in texts}
    assert min(found.values()) >= 7, found
    used = {x for pair in found for x in pair}
    assert used == set(c)  # no colour of the style is left out
    assert set(re.findall(r"(?<![\w-])color: ([^;]+);", CSS)) <= {f"var(--{x})" for x in c} | {"inherit"}
    assert not re.search(r"#[0-9a-f]{3,8}\b(?!;)|rgba?\(|hsl", CSS)
    # An opacity would thin a colour: only the frame of a new number breathes, and pairs of notices take turns.
    assert {*re.findall(r"opacity: ([\d.]+)", CSS)} <= {"0", "1", "0.1"}


def test_numbers_places_and_waits_are_read_from_eight_metres() -> None:
    """A character of 1/200 of the distance is read: 40 mm at 8 m. A screen of 43 inches is 952 mm wide, upright 535 mm."""
    digit = 0.7  # height of a digit in ems, in the flattest of the named fonts
    lying, upright = CSS.split("@media (orientation: portrait)")
    for style, wide_mm in ((lying, 952), (upright, 535)):
        sizes = dict(re.findall(r"--(newest|place|wait): ([\d.]+);", style))
        for name in ("newest", "place", "wait"):
            assert float(sizes[name]) * digit / 100 * wide_mm >= 40, (name, sizes)
    assert float(dict(re.findall(r"--(wait): ([\d.]+);", lying))["wait"]) * digit >= 4.2  # % of the width


def test_nothing_moves_for_who_asked_for_that() -> None:
    moving = set(re.findall(r"animation: (\w+)", CSS)) - {"none"}
    assert moving == {"breathe", "of2", "of3", "of4"}
    for name in moving - {"breathe"}:
        assert re.search(rf"animation: {name} \d+s step-end", CSS)  # changes in one step, nothing glides
    assert ".fresh::after { animation: none;" in CSS.split("prefers-reduced-motion")[1]


def test_one_language_takes_no_turns_and_two_stand_still() -> None:
    for languages, many in ((("ja",), 0), (("ja", "en"), 0), (("ja", "en", "vi"), 2)):
        text = made(PAGES["open"], languages)
        assert text.count("@keyframes turn ") == (many > 0)
        assert len(re.findall(r"\.turns > \.n\d \{", text)) == many
    assert "<footer>" not in made(PAGES["open"], ("ja",))


def test_a_state_of_the_day_stands_in_the_place_of_numbers() -> None:
    text = made(PAGES["closed day"])
    assert "We are closed today. Next reception: Tue, Sep 15, from 8:30." in text
    assert 'class="lanes' not in text
    before = made(PAGES["before"])
    assert "Reception starts at 8:30 today." in before
    assert before.count("9:00から 16:30まで") == 3
    assert "9:00から <ruby>" not in before  # the hours alone, not that each lane begins
    still = made(PAGES["still called"])
    assert ">B045<" in still and "Reception is closed for today." in still


def test_notices_beyond_two_take_turns() -> None:
    assert re.findall(r'<div class="notices([^"]*)"', made(PAGES["surge"])) == [""]
    text = made(PAGES["stops"], SIX)
    assert re.findall(r'<div class="notices([^"]*)"', text) == [" by2"]
    assert re.findall(r'<ul class="(g\d)">', text) == ["g0", "g1"]


def test_a_longer_text_is_set_in_smaller_type() -> None:
    assert '<div class="number">B045</div>' in made(PAGES["open"])
    page = PAGES["open"]
    long = replace(page, calls=(replace(page.calls[0], number="WMB123456"),))
    assert '<div class="number fit5">WMB123456</div>' in made(long)
