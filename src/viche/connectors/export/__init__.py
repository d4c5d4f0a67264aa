"""Leaving: a body takes all its data with it in one archive that checks itself, and is archived here."""
