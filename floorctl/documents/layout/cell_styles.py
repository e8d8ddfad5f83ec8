"""Cell formats and row heights of a form: black on white, grey heads, no meaning by colour alone."""

from __future__ import annotations

from typing import Any

TYPE_PT = 10.0  # of the cells; how large they are on the screen and on paper is a matter of zoom
LINE_PT = 12.6  # a line of text of that size
ROW_PT = 15.75
CLOSE_PT = 13.5  # where rows close up to save a page; 3 points less for rows of several lines
NOTE_PT = 12.75
HIGHEST = 409.0  # points; Excel knows no higher row
MAX_LINES = 28  # as many as the highest row holds; a longer text goes on in the next row
INDENT = 3.2  # width lost by an indent, in half-width cells
SHRINKS = 1.35  # a word up to this much too wide is printed smaller, a longer one in several lines
WHOLE_PT = 150.0  # a table at most this high is kept on one page
LONG_TEXT = 4  # lines; a table with a longer text in it is not set beside itself
CHART_PT = 120.0  # a lower chart cannot be read
TOTAL = {"bold": True, "top": 6}

FORMATS: dict[str, dict[str, Any]] = {
    "plain": {},
    "note": {"size": -1, "valign": "bottom"},
    "right": {"align": "right"},
    "centre": {"align": "center_across"},
    "title": {"align": "center_across", "size": 6, "bold": True},
    "heading": {"bold": True, "size": 1},
    "part": {"bold": True},
    "head": {"bold": True, "border": 1, "bg_color": "#D9D9D9", "align": "center", "text_wrap": True},
    "text": {"border": 1, "text_wrap": True, "indent": 1},
    "word": {"border": 1, "align": "center", "shrink": True},
    "words": {"border": 1, "align": "center", "text_wrap": True},
    # The number format keeps figures off the edge: not every program honours an indent from the right.
    "number": {"border": 1, "align": "right", "num_format": "#,##0_ _ ;-#,##0_ _ ;0_ _ ;@_ _ "},
    "decimal": {"border": 1, "align": "right", "num_format": "#,##0.0_ ;-#,##0.0_ ;0.0_ ;@_ _ "},
    "percent": {"border": 1, "align": "right", "num_format": "0.0%_ ;-0.0%_ ;0.0%_ ;@_ _ "},
    "label": {"bold": True, "border": 1, "bg_color": "#D9D9D9", "indent": 1},
}
FIGURES = frozenset({"number", "decimal", "percent"})
