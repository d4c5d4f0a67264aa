"""Commands of ``viche``."""
