"""Ballots on paper: what lies where on a sheet (layout), the sheets and the forms of a point as PDF (printing, forms).

One geometry, in whole hundredths of a millimetre, is printed and read: what scanning/ looks for is what this drew.
"""
