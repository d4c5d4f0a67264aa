"""The editor of a regulation: plain forms over the rules document, grouped as a regulation is.

``documents`` binds form fields to places of the document; each section module names its fields; ``sections`` is the list
of them all. Nothing is saved here: the page hands the changed document to contests.actions.revise_rules.
"""
