"""Views of the citizens' pages, one module a subject."""
