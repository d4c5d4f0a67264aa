"""Connectors: ways out to, and in from, other systems."""
