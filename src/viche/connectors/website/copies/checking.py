"""Looking for links in a copy that lead to nothing."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from viche.connectors.website.copies.rewriting import addresses, css_addresses, parsed


def dangling_links(folder: Path) -> Iterator[tuple[str, str]]:
    """(file, address) of every link inside the copy whose file is not there, one page at a time."""
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".html":
            found = list(addresses(parsed(path.read_bytes())))
        elif path.suffix == ".css":
            found = css_addresses(path.read_text())
        else:
            continue
        for href in found:
            parts = urlsplit(href)
            if parts.scheme or parts.netloc or not parts.path:
                continue
            target = path.parent.joinpath(unquote(parts.path)).resolve()
            if parts.path.startswith("/") or not target.is_relative_to(root) or not target.is_file():
                yield path.relative_to(folder).as_posix(), href
