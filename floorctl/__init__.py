"""floorctl: the floor-operations console of a My Number Card counter.

Other programs rely on the command line (its options, exit statuses and JSON), on the documents and on the tables for a head
office. Of the package itself only ``__version__`` is meant for import; everything below may change with any version. Its
types are there all the same (``py.typed``).
"""

__all__ = ["__version__"]
__version__ = "0.9.0"
