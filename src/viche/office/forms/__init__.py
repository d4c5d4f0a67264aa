"""Forms of the officials' pages, one module a subject."""
