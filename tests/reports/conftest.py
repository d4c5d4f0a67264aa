"""Fixtures of the tests of reports; each does nothing where it is not asked for."""

from tests.reports.issuing import authority, sealed_by, tried_kinds

__all__ = ["authority", "sealed_by", "tried_kinds"]
