"""Windows needed, as plain data: what `advice.windows_needed` finds, in a shape that models may take. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

# By lane, half hours in their order: begin, end (exclusive), windows.
Needed = Mapping[str, Sequence[tuple[datetime, datetime, int]]]
