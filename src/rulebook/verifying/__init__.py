"""Verifying the public record of a finished contest, from a folder, a ZIP file or an address.

What a record is: ``manifest.txt`` names every file with its SHA-256 and is signed by the log's key; rules, dossier,
openings, outcome, counts and result; the logs of the contest as tiles. Nothing of the record is believed because it
is in it: files are compared with the manifest, the manifest and the checkpoints with their signatures, the tree with
the entries, the openings with the entries, the outcome with a new count. What is believed is the key: compare it with
what the community publishes elsewhere, or name it.
"""

from rulebook.verifying.record import verify_record
from rulebook.verifying.report import Report
from rulebook.verifying.sources import SourceError, is_record, opened

__all__ = ["Report", "SourceError", "is_record", "opened", "verify_record"]
