"""Writing a copy: every page is fetched as an anonymous visitor sees it, rewritten, and laid down where it changed.

Two walks. The first fetches pages from the contests' own outwards and keeps them beside on the disk: only their
addresses are held in memory. The second rewrites each, once it is known what the copy holds. A file is replaced
whole or not at all, and one that did not change is not touched; what the copy no longer holds is deleted last.
"""

import fcntl
import hashlib
import json
import secrets
import shutil
import tempfile
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from rulebook.canonical import canonical
from rulebook.tiles import CHECKPOINT, tiles_of
from viche.connectors.record.queries import record_folder
from viche.connectors.website.copies import extra
from viche.connectors.website.copies.places import Key, Scope
from viche.connectors.website.copies.rewriting import Rewriting, addresses, css_addresses, parsed, symbols
from viche.connectors.website.copies.visiting import Seen, fetch, known_base, visiting
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.journal import publishing
from viche.journal.queries import logs_about
from viche.results.actions import make_explanations
from viche.results.explaining import is_large
from viche.results.queries import publication_of

FORMAT = "viche-copy/1"
MANIFEST = "manifest.json"
LOCK = ".viche-copy.lock"
# random orders of the live site stand still in a copy
SEED = "seed=copy"
BLOCK = 1 << 20


@dataclass
class Report:
    """What a run did. live: addresses of ours that the copy leaves to the live site because they gave no page."""

    files: int = 0
    written: int = 0
    deleted: int = 0
    size: int = 0
    live: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Kept:
    """What was fetched for an address: its place on the disk."""

    path: Path
    seen: Seen


def write_copy(
    *, folder: Path, contests: Sequence[Contest], base: str = "", keeps_others: bool = False
) -> Report:
    """Write or bring up to date the copy of these contests in the folder; what happened.

    base: the address of the live site, one of the platform's hosts. keeps_others: bodies that none of the contests
    belongs to stay in the copy as they are. A lock on a file in the folder: two runs never write at once. No
    transaction, no journal entry: what is written is all public. Refused: nothing_to_copy, not_public, unknown_base,
    folder_in_use (by other files), copy_running, broken_page.
    """
    if not contests:
        raise Refused("nothing_to_copy", _("There is no contest to copy."))
    if any(not contest.is_frozen for contest in contests):
        raise Refused("not_public", _("A contest is copied once everybody sees it."))
    base = known_base(base)
    _is_ours(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder), visiting(), tempfile.TemporaryDirectory(prefix="viche-copy-") as beside:
        run = _Run(folder, contests, base, Path(beside))
        run.walk()
        return run.lay(keeps_others=keeps_others)


def _is_ours(folder: Path) -> None:
    """A copy is written into an empty folder or over a copy: nothing of anybody else's is deleted."""
    if folder.exists() and not folder.is_dir():
        raise Refused("folder_in_use", _("There is a file of this name."))
    if (
        folder.is_dir()
        and not folder.joinpath(MANIFEST).exists()
        # a first run that was cut off has left its lock, and pages without a manifest
        and not folder.joinpath(LOCK).exists()
        and any(each.name != "lost+found" for each in folder.iterdir())
    ):
        raise Refused("folder_in_use", _("The folder holds other files: a copy has a folder of its own."))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with folder.joinpath(LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused("copy_running", _("This copy is being written just now.")) from None
        yield


class _Run:
    """One writing of a copy."""

    def __init__(self, folder: Path, contests: Sequence[Contest], base: str, beside: Path) -> None:
        self.folder, self.contests, self.beside = folder, contests, beside
        bodies = {contest.community.slug: contest.community for contest in contests}
        self.bodies = dict(sorted(bodies.items()))
        self.scope = Scope(base, {slug: self._slugs(slug) for slug in self.bodies})
        self.kept: dict[Key, Kept] = {}
        self.report = Report()

    def _slugs(self, body: str) -> list[str]:
        return sorted(contest.slug for contest in self.contests if contest.community.slug == body)

    # --- the first walk -------------------------------------------------------------------------------------

    def walk(self) -> None:
        """Fetch everything the copy holds."""
        for contest in self.contests:
            published = publication_of(contest)
            if published is not None and not is_large(published.count):
                make_explanations(count=published.count)
        queue = deque(self._starts())
        known = set(queue)
        while queue:
            key = queue.popleft()
            for found in self._fetched(key):
                if found not in known:
                    known.add(found)
                    queue.append(found)

    def _starts(self) -> list[Key]:
        starts = []
        for slug in self.bodies:
            for way in (f"/{slug}/", f"/{slug}/en/"):
                starts += [Key(way), Key(f"{way}search/")]
                for contest in self._slugs(slug):
                    starts += [Key(f"{way}{contest}/"), Key(f"{way}journal/", f"contest={contest}")]
        for contest in self.contests:
            record = record_folder(contest)
            if record is not None:
                names = sorted(
                    each.relative_to(record).as_posix() for each in record.rglob("*") if each.is_file()
                )
                starts += [Key(f"/{contest.community.slug}/{contest.slug}/record/{name}") for name in names]
        return [*dict.fromkeys([*starts, *self._log_files()])]

    def _log_files(self) -> Iterator[Key]:
        """The files of the logs that speak of the contests, as far as they are signed."""
        for contest in self.contests:
            code = contest.community.code
            for log in logs_about(code, f"contest:{contest.pk}", f"ballots:{contest.pk}"):
                found = publishing.published(log)
                if found is not None:
                    place = f"/log/{code}/{log.address}"
                    yield from (Key(f"{place}/{tile.name}") for tile in tiles_of(found.checkpoint.size))
                    yield Key(f"{place}/{CHECKPOINT}")

    def _fetched(self, key: Key) -> list[Key]:
        """Fetch one address and keep it; the addresses it leads to."""
        path = self.beside.joinpath(str(len(self.kept)))
        query = "&".join(each for each in (key.query, SEED) if each) if key.path.endswith("/") else key.query
        seen = fetch(self.scope.base, key.path, query, path)
        if seen.status >= 500:
            raise Refused("broken_page", _("The page %(page)s cannot be read now.") % {"page": key.address})
        if seen.status != 200:
            self.report.live.append(key.address)
            path.unlink()
            return []
        if self._is_search(key):
            path.write_bytes(extra.search_page(path.read_bytes(), self._of(key), key))
        self.kept[key] = Kept(path, seen)
        return [found for found in self._linked(key) if self._is_followed(key, found)]

    def _is_search(self, key: Key) -> bool:
        return key.path.endswith("/search/") and key.path.count("/") <= 4

    def _of(self, key: Key) -> list[Contest]:
        slug = key.path.split("/")[1]
        return [contest for contest in self.contests if contest.community.slug == slug]

    def _linked(self, key: Key) -> Iterator[Key]:
        kept = self.kept[key]
        found: Collection[str] = ()
        if kept.seen.kind == "text/html":
            found = list(addresses(parsed(kept.path.read_bytes())))
        elif kept.seen.kind == "text/css":
            found = css_addresses(kept.path.read_text())
        for href in found:
            linked = self.scope.key(href.partition("#")[0], key)
            if linked is not None and linked.path != "/":
                yield linked

    def _is_followed(self, at: Key, found: Key) -> bool:
        """Entries of the journal only where they are about a contest of the copy: there may be a great many others."""
        place = self.scope.place(found.path)
        if place is None or not place.name.startswith("journal-entry"):
            return True
        here = self.scope.place(at.path)
        if here is not None and here.name == "journal-entry":
            return place.name != "journal-entry"
        return here is None or here.name != "journal" or "contest=" in at.query

    # --- the second walk ------------------------------------------------------------------------------------

    def lay(self, *, keeps_others: bool) -> Report:
        """Write what changed, then the manifest, then delete what is no longer part of the copy."""
        before = _manifest(self.folder)
        mine: dict[str, dict[str, Any]] = {}
        pages = self._rewriting()
        for key, kept in self.kept.items():
            if kept.seen.kind == "text/html":
                mine[key.file] = self._put(
                    key.file, pages.page(kept.path.read_bytes(), key, kept.seen.policy)
                )
            elif kept.seen.kind == "text/css":
                mine[key.file] = self._put(
                    key.file, pages.css(kept.path.read_text(), key, self._bytes).encode()
                )
            else:
                mine[key.file] = self._put(key.file, kept.path)
        others = _others(before, self.bodies) if keeps_others else {}
        bodies = {**others, **self._described(mine)}
        common = {
            name: self._put(name, content)
            for name, content in extra.common_files(self.scope, pages, bodies, self.contests).items()
        }
        manifest = {
            "format": FORMAT, "site": self.scope.base, "bodies": bodies, "common": dict(sorted(common.items())),
        }  # fmt: skip
        self._put(MANIFEST, canonical(manifest))
        holds = _names(manifest)
        for name in _names(before) - holds:
            self._delete(name)
        self.report.files = len(holds) + 1
        self.report.live.sort()
        return self.report

    def _bytes(self, key: Key) -> bytes:
        return self.kept[key].path.read_bytes()

    def _rewriting(self) -> Rewriting:
        sprite = next((each for each in self.kept if "viche/icons" in each.path), None)
        icons = symbols(self.kept[sprite].path.read_text()) if sprite is not None else {}
        held = self.kept.keys()
        return Rewriting(self.scope, lambda key: key in held or key.path == "/", icons)

    def _described(self, mine: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """What the manifest says of each body: its name, its contests, its files; what bodies share is in each."""
        found = {}
        for slug, body in self.bodies.items():
            files = {
                name: facts for name, facts in mine.items()
                if name.split("/")[0] not in self.bodies or name.split("/")[0] == slug
            }  # fmt: skip
            found[slug] = {
                "title": dict(body.name),
                "contests": {each.slug: dict(each.title) for each in self._contests(slug)},
                "files": dict(sorted(files.items())),
            }
        return found

    def _contests(self, body: str) -> list[Contest]:
        return sorted(
            (each for each in self.contests if each.community.slug == body), key=lambda each: each.slug
        )

    def _put(self, name: str, content: bytes | Path) -> dict[str, Any]:
        """Lay down one file unless it stands there already; its size and its SHA-256."""
        target = self.folder.joinpath(name)
        digest, size = _digest(content)
        if not (target.is_file() and not target.is_symlink() and _digest(target) == (digest, size)):
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
            try:
                if isinstance(content, Path):
                    shutil.copyfile(content, fresh)
                else:
                    fresh.write_bytes(content)
                fresh.replace(target)
            finally:
                fresh.unlink(missing_ok=True)
            self.report.written += 1
        self.report.size += size
        return {"sha256": digest, "size": size}

    def _delete(self, name: str) -> None:
        path = self.folder.joinpath(name)
        if not path.resolve().is_relative_to(self.folder.resolve()):
            return
        path.unlink(missing_ok=True)
        self.report.deleted += 1
        for parent in path.parents:
            if parent == self.folder or not parent.is_dir() or any(parent.iterdir()):
                break
            parent.rmdir()


def _digest(content: bytes | Path) -> tuple[str, int]:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest(), len(content)
    found, size = hashlib.sha256(), 0
    with content.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
            size += len(block)
    return found.hexdigest(), size


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest that stands in the folder; an empty one where none can be read."""
    try:
        found = json.loads(folder.joinpath(MANIFEST).read_bytes())
    except (OSError, ValueError):
        found = {}
    return (
        found if isinstance(found, dict) and found.get("format") == FORMAT else {"bodies": {}, "common": {}}
    )


def _names(manifest: Mapping[str, Any]) -> set[str]:
    return {*manifest["common"], *(name for body in manifest["bodies"].values() for name in body["files"])}


def _others(manifest: Mapping[str, Any], mine: Mapping[str, Any]) -> dict[str, Any]:
    return {slug: body for slug, body in manifest["bodies"].items() if slug not in mine}
