"""Layout of a document: its template, sheets, pages and bytes, independent of day and period."""
