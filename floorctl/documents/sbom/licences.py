"""Licence of a package by its metadata: an SPDX expression where that can be known, else the package's own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Licence(NamedTuple):
    """``spdx``: an SPDX id or expression, or ''; ``words``: what the package itself says, '' if it says nothing."""

    spdx: str = ""
    words: str = ""

    @property
    def said(self) -> str:
        return self.spdx or self.words or "記載なし"


IDS = frozenset(
    [
        "0BSD",
        "AGPL-3.0-only",
        "AGPL-3.0-or-later",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BSL-1.0",
        "CC0-1.0",
        "GPL-2.0-only",
        "GPL-2.0-or-later",
        "GPL-3.0-only",
        "GPL-3.0-or-later",
        "HPND",
        "ISC",
        "LGPL-2.1-only",
        "LGPL-2.1-or-later",
        "LGPL-3.0-only",
        "LGPL-3.0-or-later",
        "MIT",
        "MIT-0",
        "MPL-2.0",
        "PSF-2.0",
        "Python-2.0",
        "Unlicense",
        "Zlib",
        "blessing",
    ]
)
# Spellings that mean exactly one of them; «BSD License» alone does not tell which and stays a name.
_ALSO = {
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache-2.0 license": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd-2": "BSD-2-Clause",
    "bsd-3": "BSD-3-Clause",
    "mit license": "MIT",
    "the mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "isc license (iscl)": "ISC",
    "the unlicense (unlicense)": "Unlicense",
    "cc0 1.0 universal (cc0 1.0) public domain dedication": "CC0-1.0",
} | {spdx.lower(): spdx for spdx in IDS}
_MOST = 100  # characters: some packages give the whole text of their licence


def licence_of(get_all: Callable[[str], Sequence[str] | None]) -> Licence:
    """Return the licence of a package by its metadata; ``get_all`` gives the values of a field."""
    classes = [c for c in get_all("Classifier") or () if c.startswith("License ::")]
    expression, text = (str((get_all(key) or [""])[0]) for key in ("License-Expression", "License"))
    return licence(expression, text, [c.rpartition("::")[2].strip() for c in classes])


def licence(expression: str, text: str, classifiers: Sequence[str]) -> Licence:
    """Return the licence by ``License-Expression``, ``License`` and the classifiers of a package's metadata.

    The first that says it without doubt counts. Names of classifiers are those after the last ``::``.
    """
    text = "" if text.strip() == "UNKNOWN" else text.strip()
    if expression.strip():
        return Licence(expression.strip(), text)
    if spdx := _spdx(text):
        return Licence(spdx, text)
    known = [c for c in classifiers if not c.startswith("OSI Approved")]
    words = text if text and "\n" not in text and len(text) <= _MOST else ", ".join(known)
    if len(known) == 1 and (spdx := _spdx(known[0])):
        return Licence(spdx, words)
    return Licence("", words or text.partition("\n")[0][:_MOST])


def is_id(spdx: str) -> bool:
    """Return whether this is one id and no compound expression."""
    return spdx in IDS


def _spdx(text: str) -> str:
    """Return the id that a text means, or the text itself if it is an expression of known ids; '' otherwise."""
    if found := _ALSO.get(text.lower()):
        return found
    parts = re.split(r" (?:AND|OR) ", text)
    return text if len(parts) > 1 and all(part in IDS for part in parts) else ""
