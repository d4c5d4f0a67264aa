"""Arrivals: contests from other platforms, and whole bodies from another Viche."""
