"""Reads of the review room."""

from viche.review.queries.decisions import decisions_about, waiting_projects

__all__ = ["decisions_about", "waiting_projects"]
