"""Tables of the review room."""

from viche.review.models.decisions import Decision

__all__ = ["Decision"]
