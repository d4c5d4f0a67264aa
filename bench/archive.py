"""How long a big contest takes to leave and to arrive, and how much memory: the database of the settings must be empty.

viche migrate && python bench/archive.py FILE.pb
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import django


def main() -> None:
    django.setup()
    from viche.communities.actions import connect_community
    from viche.connectors.export.archive import write_archive
    from viche.connectors.export.checking import check_archive
    from viche.connectors.pabulib.actions import import_election
    from viche.foundation.actor import SYSTEM
    from viche.journal.actions import publish_logs, sequence_all

    community = connect_community(code="UA53080370010073240", by=SYSTEM)
    import_election(content=Path(sys.argv[1]).read_bytes(), community=community)
    sequence_all()
    publish_logs()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "body.zip"
        for name, act in (
            ("export", lambda: write_archive(community=community, path=path)),
            ("verify", lambda: check_archive(path)),
        ):
            begun = time.monotonic()
            act()
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"{name}: {time.monotonic() - begun:.1f} s, peak {peak} MB, {path.stat().st_size:,} bytes")


main()
