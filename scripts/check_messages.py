"""Compare the catalogues with a fresh collection: check_messages.py KEPT FRESH. Lists every fault, exits 1."""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po


def catalogue(folder: Path, language: str) -> Catalog:
    with (folder / language / "LC_MESSAGES" / "django.po").open("rb") as handle:
        return read_po(handle, locale=language)


def words(text: object) -> str:
    return str(text[0] if isinstance(text, (list, tuple)) else text)


def main(kept: Path, fresh: Path) -> int:
    faults = []
    for language in ("uk", "en"):
        have = catalogue(kept, language)
        known = {(message.context, words(message.id)) for message in have if message.id}
        for message in catalogue(fresh, language):
            if message.id and (message.context, words(message.id)) not in known:
                faults.append(f"{language}: not collected (make messages): {words(message.id)!r}")
        for message in have:
            if not message.id:
                continue
            if message.fuzzy:
                faults.append(f"{language}: fuzzy: {words(message.id)!r}")
            parts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
            # English is the language of the ids: an empty text there means the id itself
            if language == "uk" and not all(parts):
                faults.append(f"{language}: not translated: {words(message.id)!r}")
    print("\n".join(faults) or "every text is collected and translated")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
