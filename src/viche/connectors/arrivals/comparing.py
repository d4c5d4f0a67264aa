"""Whether a body here is what its archive says."""

import contextlib
import tempfile
from pathlib import Path

from viche.communities.models import Community
from viche.connectors.export.archive import write_archive
from viche.connectors.export.checking import TOLD, logs_in
from viche.connectors.export.reading import Reader


def differences(*, path: Path, community: Community) -> list[str]:
    """The files in which a body here differs from its archive, of those that the format carries; none: equal.

    The body is exported anew and compared file by file. The new place's own logs are its own.
    """
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        again = Path(folder) / "again.zip"
        write_archive(community=community, path=again)
        ours, theirs = (stack.enter_context(Reader(each)) for each in (again, path))
        there = {
            each["path"]: each["sha256"] for each in theirs.manifest["files"] if each["path"] not in TOLD
        }
        here = {each["path"]: each["sha256"] for each in ours.manifest["files"] if each["path"] not in TOLD}
        known = tuple(logs_in(theirs))
        own = {name for name in here if name.startswith("journal/") and not name.startswith(known)}
        return sorted(
            name for name in (there.keys() | here.keys()) - own if there.get(name) != here.get(name)
        )
