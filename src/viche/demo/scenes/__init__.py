"""Scenes of the demo beyond the contests, one module a subject."""
