"""Read and check all input: feeds, site files, CSV tables, expected demand.

Tables are UTF-8 (with or without BOM) or cp932, as Excel writes them; headings in English or Japanese, in any order. A
file is imported whole or not at all: the error names the first bad line with what, why and what to do, and how many
more there are. No error quotes a cell, because a table of people may contain a telephone number or a birthday (仕様書
12(4)).
"""
