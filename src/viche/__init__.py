"""Viche: participatory budgeting for local governments. Rooms and their order: docs/architecture.md."""

__version__ = "0.1.0"
