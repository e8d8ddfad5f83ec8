"""How a document is laid out: the template, its sheets and pages, its bytes. Knows no day and no period."""
