"""The days of a site as Parquet partitions, for a head office that asks across sites (docs/head_office.md).

``schema`` says which tables and columns there are, ``rows`` fills them for a day, ``files`` puts them into folders.
"""
