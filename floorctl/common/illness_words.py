"""Find words for an illness in a text about one person, for a warning: why somebody is away is not what they suffer from."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# Not 病院, 急病 (a category of incidents), 感染対策 and 障害 of a machine.
_ILLNESS = (
    "(?<!急)病(?![院棟室欠休])|[炎癌]|症[状候]|症(?=$|[ 　、。のでがにはと])|がん(?=$|検診|治療|[ 　、。のでが])|うつ(?=病|状態|$)|鬱|発熱|高熱|風邪|陽性|"
    "(?:コロナ|インフル|感染)(?![^、。 ]{0,6}(?:対策|予防|防止))|妊[娠婦]|流産|つわり|通院|入院|手術|骨折|捻挫|透析|服薬|投薬|診断書|障害(?=者|手帳|年金)"
)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(_ILLNESS)


def names_illness(text: str) -> bool:
    """Return whether a text seems to name an illness; linear time."""
    return _pattern().search(unicodedata.normalize("NFKC", text)) is not None
