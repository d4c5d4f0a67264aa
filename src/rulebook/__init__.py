"""What the regulations of a participatory budget say, as pure functions over plain data.

No framework, no clock, no network: the same package that the platform runs is the one a resident
runs at home to count a published dossier again (``python -m rulebook``). Money is an integer number
of minor units (kopiykas) everywhere; instants are aware datetimes in UTC.
"""
