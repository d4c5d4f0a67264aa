"""Results: the count, its certification by the commission and its publication.

A count is stored once with the dossier it counted, both with their hashes; anyone repeats it with
``python -m rulebook verify``.
"""
