"""Codes of city staff, which alone stand as ``official`` of a case: only the city decides (仕様書 7(2))."""

import re
from collections.abc import Iterator
from string import ascii_uppercase
from typing import Annotated

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import record
from floorctl.models.facts.fields import PersonCode
from floorctl.models.site.part import MOST_PARTS, Fault, Part, twice


@record
class CityCodes(Part):
    """``codes``: all of them; where there are none, every code of the ``form`` (a regular expression, in either case)."""

    codes: Annotated[tuple[PersonCode, ...], Between(most=MOST_PARTS)] = ()
    form: Annotated[str, Chars(r"^[^\x00-\x1f\x7f]+$", most=80)] = r"[A-Z]{0,8}[-._]?[0-9]{1,6}"

    def check(self) -> Iterator[Fault]:
        for n, _ in twice(x and x.upper() for x in self.codes or ()):
            why = f"{self.codes[n]} が2度あります（大文字と小文字は同じです）"
            yield Fault(("codes", n), why, "1つにしてください")
        try:
            re.compile(self.form or "")
        except (re.error, OverflowError, RecursionError):
            yield Fault(("form",), "正規表現として読めません", "かっこなどを確かめてください（例 C[0-9]{1,2}）")

    def has(self, code: str) -> bool:
        """Return whether a code is one of the city's."""
        if self.codes:
            return code.upper() in {x.upper() for x in self.codes}
        return re.fullmatch(self.form, code, re.IGNORECASE | re.ASCII) is not None

    def first(self, n: int) -> list[str]:
        """Return the first ``n`` codes of the list, else C1, C2, … (another letter where the form does not allow C)."""
        if self.codes:
            return list(self.codes[:n])
        letter = next((x for x in ("C", *ascii_uppercase) if self.has(f"{x}1")), "C")
        return [f"{letter}{i}" for i in range(1, n + 1)]
