"""What comes in from outside and is checked at the door: feeds, site files, tables as CSV, the expected demand.

Tables are UTF-8 (with or without BOM) or cp932, as Excel writes them; headings in English or Japanese, in any order. A
file is taken whole or not at all: the first bad line is named with what, why and what to do, and how many more there are.
No refusal holds anything of a cell: a table of people is where a telephone number or a birthday slips in (仕様書 12(4)).
"""
