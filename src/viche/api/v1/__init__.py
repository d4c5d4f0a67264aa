"""The REST API under /api/v1: what everybody may read, and what programs of a body may write in an official's name."""
