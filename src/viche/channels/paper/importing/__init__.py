"""Paper that comes as a file: uploaded, its columns named, checked whole, put into the box by a job, taken back whole.

A file is one batch (of totals, one batch a point). Whoever brings it does not confirm it: another official does.
"""
