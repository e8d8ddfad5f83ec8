"""Decode the text of a described file; bytes that are no characters spoil their row alone."""

from __future__ import annotations

import codecs
import re

from floorctl.models.site.source import Encoding

BAD = "\udcff"  # in the place of bytes that are no characters
_MARKED = "floorctl-marked"
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
SQLITE = b"SQLite format 3\0"
_OTHER_FORMS = {
    b"PK\x03\x04": "Excel のブックか、圧縮されたファイル",
    b"\xd0\xcf\x11\xe0": "古い Excel のブック",
    b"%PDF": "PDF",
    b"\x1f\x8b": "圧縮されたファイル",
    SQLITE: "SQLite のファイル",
}
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[?!A-Za-z]")  # a line of a system log begins with <134>
SAVE_AS = "Excel の「名前を付けて保存」で CSV UTF-8 を選ぶなど、文字の表にしてください"
_SAMPLE = 4_000_000  # bytes by which the encoding is found


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return BAD, error.end


codecs.register_error(_MARKED, _mark)


def no_text(data: bytes) -> str:
    """Return what a file is that has no text, by its first bytes; "" where these tell nothing."""
    if _MARKUP.match(data):
        return "XML か HTML"
    return next((kind for begin, kind in _OTHER_FORMS.items() if data.startswith(begin)), "")


def found_encoding(data: bytes, encoding: Encoding) -> str:
    """Return the codec of a file; "" where ``auto`` finds nothing but ASCII, which all have alike."""
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return codec if encoding in ("auto", "utf-8", "utf-16") else encoding
    first, second = data[:2000:2].count(0), data[1:2000:2].count(0)
    if encoding == "utf-16":
        return "utf-16-be" if first > second else "utf-16-le"
    if encoding != "auto":
        return encoding
    # Every other byte of UTF-16 without its mark is 0; a run of them is space that the machine set apart.
    if max(first, second) * 6 > len(data[:2000]) and min(first, second) * 20 < max(first, second):
        return found_encoding(data, "utf-16")
    if data.isascii():
        return ""
    sample = data[:_SAMPLE]
    lines = [x for x in sample[: sample.rfind(b"\n") + 1 or None].split(b"\n") if not x.isascii()]
    lines = lines or [x for x in data.split(b"\n") if not x.isascii()][:1000]
    faults = {codec: sum(not _is(line, codec) for line in lines) for codec in ("utf-8", "cp932")}
    return "cp932" if faults["utf-8"] and faults["cp932"] < faults["utf-8"] else "utf-8"


def _is(line: bytes, codec: str) -> bool:
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def text_of(data: bytes, codec: str) -> str:
    """Return the text without its BOM, lines ended by a line feed, ``BAD`` in the place of what is no character."""
    codec = codec or "ascii"
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        text = data.decode(codec, _MARKED)
    text = text.replace("\ufeff", "")  # files put together have it in their midst
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
