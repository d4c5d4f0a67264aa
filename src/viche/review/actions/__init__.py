"""Writes of the review room."""

from viche.review.actions.deciding import decide_review

__all__ = ["decide_review"]
