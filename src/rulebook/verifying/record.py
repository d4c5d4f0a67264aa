"""The verification of a record from its first file to its last."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from rulebook.merkle import CheckpointError
from rulebook.signing import LOG, VerifierKey, key_of, signed_by
from rulebook.verifying.contest import check_contest
from rulebook.verifying.logs import check_consistency, read_log
from rulebook.verifying.manifest import ManifestError, parse_manifest
from rulebook.verifying.report import Report
from rulebook.verifying.sources import MANIFEST, Source, SourceError

KEYS = "keys.txt"
_LOG_FOLDER = re.compile(r"(log/[^/]+/).+")


def verify_record(
    source: Source, *, trusted: Sequence[VerifierKey] = (), older: Mapping[str, bytes] | None = None
) -> Report:
    """Check everything a record says. trusted: keys of logs known from elsewhere; none: those of the record.

    older: checkpoints kept from another day, by the name to call them. Raises SourceError where there is no record,
    or its files cannot be got at; whatever is wrong inside the record is in the report.
    """
    report = Report()
    try:
        content = source.read(MANIFEST)
    except FileNotFoundError:
        raise SourceError(f"there is no {MANIFEST}: this is not the record of a contest") from None
    files: dict[str, bytes] = {}
    with report.check("manifest", MANIFEST) as check:
        try:
            manifest, body, signatures = parse_manifest(content)
        except (ManifestError, CheckpointError) as error:
            check.wrong(str(error), MANIFEST)
            return report
        for name, wanted in manifest.files.items():
            try:
                files[name] = source.read(name)
            except FileNotFoundError:
                check.wrong("the manifest names this file, and it is not there", name)
                continue
            if hashlib.sha256(files[name]).hexdigest() != wanted:
                check.wrong("its SHA-256 is not the one of the manifest", name)
        others = (source.names() or set()) - set(manifest.files) - {MANIFEST}
        for name in sorted(others)[:5]:
            check.note(f"{name} is not part of the record")
        check.right(f"{len(manifest.files)} files, each with its SHA-256")
    keys = _keys(report, files, trusted)
    with report.check("signature", MANIFEST) as check:
        signer = next((key for key in keys if key.kind == LOG and signed_by(body, signatures, key)), None)
        if signer is None or len(signatures) != 1:
            check.wrong("it is not signed by the log's key alone", MANIFEST)
        check.right(f"the manifest is signed by {signer.name if signer else 'nobody'}")
    folders = sorted({match[1] for name in files if (match := _LOG_FOLDER.fullmatch(name))})
    logs = [log for folder in folders if (log := read_log(report, folder, files, keys)) is not None]
    for name, note in (older or {}).items():
        check_consistency(report, logs, note, name)
    check_contest(report, manifest.contest, files, logs)
    return report


def _keys(
    report: Report, files: Mapping[str, bytes], trusted: Sequence[VerifierKey]
) -> Sequence[VerifierKey]:
    """The keys of the record, those of logs only where they are trusted."""
    keys: list[VerifierKey] = []
    with report.check("keys", KEYS) as check:
        for number, line in enumerate(files[KEYS].decode().splitlines(), start=1):
            try:
                key = key_of(line)
            except ValueError as error:
                check.wrong(str(error), KEYS, f"line {number}")
                continue
            if key.kind == LOG and trusted and key.public not in {each.public for each in trusted}:
                check.wrong(f"the key of {key.name} is not the one that was named", KEYS, f"line {number}")
                continue
            keys.append(key)
        if not any(key.kind == LOG for key in keys):
            check.wrong("there is no key of a log", KEYS)
        if not trusted:
            named = ", ".join(sorted({key.text for key in keys if key.kind == LOG}))
            check.note(f"the keys are the record's own; compare them with the log page of the body: {named}")
        check.right(f"{len(keys)} keys" + (", the log's as named" if trusted else ""))
    return keys
