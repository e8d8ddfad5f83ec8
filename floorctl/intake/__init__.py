"""Read and check all input: feeds, described files (``sources``), site files, CSV tables, expected demand.

Tables are UTF-8 (with or without BOM), UTF-16 with BOM, or cp932, as Excel writes them; headings in English or Japanese,
in any order. A table is imported whole or not at all: the error names the first bad line with what, why and what to do,
and the other ones. Of a feed and of a described file each line or row is taken or refused by itself.
No error quotes a cell, because a table of people may contain a telephone number or a birthday (仕様書 12(4)).
"""
