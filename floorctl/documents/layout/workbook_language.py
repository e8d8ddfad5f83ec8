"""Workbook that says its language, which the library does not write, for programs that read it aloud.

``dc:language`` stands in the properties of the file; the charts say theirs, American English as the library has it, and
name their font for Japanese text too.
"""

from __future__ import annotations

import re
from io import BytesIO, StringIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.packager import Packager

_PROPERTIES = "docProps/core.xml"
_END = "</cp:coreProperties>"
_LATIN = re.compile(r'<a:latin (typeface="[^"]*")[^>]*/>')
_ENGLISH = ('lang="en-US"', '<c:lang val="en-US"/>')


def workbook_in(language: str, out: BytesIO, options: dict[str, Any]) -> Workbook:
    """Return an empty workbook in memory; ``language`` as in BCP 47."""
    return _Workbook(language, out, options)


class _Workbook(Workbook):  # type: ignore[misc]
    def __init__(self, language: str, out: BytesIO, options: dict[str, Any]) -> None:
        super().__init__(out, options)
        self._language = language

    def _get_packager(self) -> Packager:
        """Return what writes the parts of the file; the library has it to be replaced."""
        return _Packager(self._language)


class _Packager(Packager):  # type: ignore[misc]
    """Parts of the file as the library writes them, with their language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def _create_package(self) -> list[tuple[StringIO, str, bool]]:
        return [(self._said(part, name), name, binary) for part, name, binary in super()._create_package()]

    def _said(self, part: StringIO, name: str) -> StringIO:
        if name == _PROPERTIES:
            before, end, after = part.getvalue().rpartition(_END)
            return StringIO(f"{before}<dc:language>{self._language}</dc:language>{end}{after}")
        if name.startswith("xl/charts/chart"):
            text = part.getvalue()
            for english in _ENGLISH:
                text = text.replace(english, english.replace("en-US", self._language))
            return StringIO(_LATIN.sub(r"\g<0><a:ea \1/>", text))
        return part
