"""Legal texts of a body and the consents people give to them: which text is in force, its words, who has to be asked.

A body that has published none has the default texts of this package, filled with its facts.
"""
