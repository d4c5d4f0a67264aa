"""What is drawn once and served often: pictures under a name made of everything that goes into them.

They can be thrown away at any time; whoever asks next has them drawn again. What nobody has asked for in a month goes.
"""

import contextlib
import os
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

DAYS = 30
DAY = 24 * 3600


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "drawn"


def kept(*parts: object, draw: Callable[[], bytes], ending: str) -> bytes:
    """The picture made of these parts, from the folder or drawn now. Two who draw at once write the same."""
    name = sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()
    path = folder().joinpath(name[:2], f"{name[2:]}.{ending}")
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_mtime < time.time() - DAY:
            os.utime(path)
        return path.read_bytes()
    content = draw()
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as fresh:
        fresh.write(content)
    Path(fresh.name).chmod(0o644)
    Path(fresh.name).replace(path)
    return content


def sweep(*, seconds: int = DAYS * DAY) -> int:
    """Throw away what nobody has asked for in that time; how many. Run twice it finds nothing the second time."""
    oldest, gone = time.time() - seconds, 0
    for path in folder().glob("??/*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                gone += 1
    return gone
