"""``python -m boxkey``: make, rehearse, open and rewrap the key of a ballot box, without a network.

Exit status: 0 done, 2 something given cannot be used. Passphrases are asked for at the terminal, or read line by line
from the standard input where that is no terminal.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pyrage

from boxkey import files, pairs, shares
from boxkey.faults import KeyFault
from boxkey.words import KIND_NAMES, LANGUAGES, fault_text, said

DONE, UNUSABLE = 0, 2
PUBLIC_NAME, SHARE_NAME = "box-key-public.json", "share-{number}.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except KeyFault as fault:
        where = f"{fault.params['where']}: " if "where" in fault.params else ""
        print(where + fault_text(fault, options.language), file=sys.stderr)
        return UNUSABLE
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m boxkey", description="The key of a ballot box, held by two of three."
    )
    parser.add_argument("--language", choices=LANGUAGES, default="uk")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[Any], None], help_text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help_text)
        made.set_defaults(run=run)
        return made

    made = command("make", _make, "a new key: three shares and the public key")
    made.add_argument(
        "--contest", required=True, metavar="FILE", help="the contest's file from the page of the key"
    )
    made.add_argument("--out", required=True, metavar="FOLDER")
    shown = command("show", _show, "what a file is, and the fingerprint of its key")
    shown.add_argument("file", metavar="FILE")
    for name, run, help_text in (
        ("rehearse", _rehearse, "try the shares out; with --challenge, answer the site's task"),
        ("open", _open, "put the private key together, after the voting"),
        ("rewrap", _rewrap, "three new shares of the same key, after one was lost"),
    ):
        made = command(name, run, help_text)
        made.add_argument(
            "--share", action="append", required=True, metavar="FILE", help="once for each holder present"
        )
        made.add_argument(
            "--out", required=name != "rehearse", metavar="FOLDER" if name == "rewrap" else "FILE"
        )
        if name == "rehearse":
            made.add_argument("--challenge", metavar="FILE", help="the task from the page of the key")
    return parser


def _make(options: argparse.Namespace) -> None:
    facts = _facts(options.contest, files.CONTEST)
    contest = str(facts["contest"])
    _say(options, "contest", contest=contest)
    _say(options, "title", title=facts.get("title", ""))
    private, public = pairs.new_pair()
    _write_shares(options, contest, private)
    document = {
        "contest": contest,
        "public_key": public.hex(),
        "fingerprint": pairs.fingerprint(contest, public),
    }
    name = _write(options, Path(options.out) / PUBLIC_NAME, files.written(files.PUBLIC, document))
    _say(options, "fingerprint", fingerprint=pairs.fingerprint(contest, public))
    _say(options, "made", public=name)


def _show(options: argparse.Namespace) -> None:
    text = _bytes(options.file)
    facts: dict[str, Any] = {}
    for kind in files.KINDS:
        try:
            facts = files.read(text, kind)
            break
        except KeyFault as fault:
            if fault.code != "other_kind":
                raise _at(fault, options.file) from None
    _say(options, "kind", kind=KIND_NAMES[facts["kind"]][LANGUAGES.index(options.language)])
    _say(options, "contest", contest=facts["contest"])
    if "holder" in facts:
        _say(options, "holder", holder=facts["holder"])
    if "public_key" in facts:
        key = bytes.fromhex(facts["public_key"])
        _say(options, "fingerprint", fingerprint=pairs.fingerprint(str(facts["contest"]), key))


def _rehearse(options: argparse.Namespace) -> None:
    held = _shares(options)
    contest, public = held[0].contest, bytes.fromhex(held[0].public_key)
    task = None
    if options.challenge:
        if not options.out:
            raise KeyFault("challenge_needs_out")
        task = _facts(options.challenge, files.CHALLENGE, contest)
        if task["public_key"] != held[0].public_key:
            raise _at(KeyFault("other_key"), options.challenge)
    identities = _identities(options, held)
    answer = b""
    for one, other in combinations(held, 2):
        private = shares.join(one, other, identities)
        secret, sealed = pairs.new_challenge(contest, public)
        if pairs.open_challenge(contest, sealed, private) != secret:
            raise KeyFault("challenge_closed")
        if task is not None:
            answer = pairs.open_challenge(contest, _unhexed(task["sealed"], options.challenge), private)
        _say(options, "pair_opens", one=one.number, other=other.number)
    _say(options, "fingerprint", fingerprint=pairs.fingerprint(contest, public))
    _say(options, "rehearsed")
    if task is not None:
        name = _write(
            options,
            Path(options.out),
            files.written(files.ANSWER, {"contest": contest, "opened": answer.hex()}),
        )
        _say(options, "answered", name=name)


def _open(options: argparse.Namespace) -> None:
    held = _shares(options)[:2]
    one, other = held
    private = shares.join(one, other, _identities(options, held))
    document = {
        "contest": held[0].contest, "public_key": held[0].public_key, "private_key": private.hex(),
        "holders": sorted(share.number for share in held),
    }  # fmt: skip
    name = _write(options, Path(options.out), files.written(files.PRIVATE, document))
    _say(options, "opened", name=name)


def _rewrap(options: argparse.Namespace) -> None:
    held = _shares(options)[:2]
    one, other = held
    private = shares.join(one, other, _identities(options, held))
    _write_shares(options, held[0].contest, private)
    _say(options, "fingerprint", fingerprint=pairs.fingerprint(held[0].contest, pairs.public_of(private)))
    _say(options, "rewrapped")


def _shares(options: argparse.Namespace) -> list[shares.Share]:
    found = []
    for name in options.share:
        try:
            found.append(shares.share_from(_bytes(name)))
        except KeyFault as fault:
            raise _at(fault, name) from None
    shares.check_pair(found)
    return found


def _identities(
    options: argparse.Namespace, held: Sequence[shares.Share]
) -> dict[int, pyrage.x25519.Identity]:
    return {
        share.number: shares.identity_of(share, _asked(said("ask", options.language, holder=share.number)))
        for share in held
    }


def _write_shares(options: argparse.Namespace, contest: str, private: bytes) -> None:
    """Ask the three for their passphrases, and write their files."""
    folder = Path(options.out)
    for each in (PUBLIC_NAME, *(SHARE_NAME.format(number=number) for number in shares.HOLDERS)):
        if (folder / each).exists():
            raise KeyFault("exists", name=str(folder / each))
    made = shares.split(contest, private, [_new_phrase(options, number) for number in shares.HOLDERS])
    for share in made:
        _write(options, folder / SHARE_NAME.format(number=share.number), share.text())


def _new_phrase(options: argparse.Namespace, number: int) -> str:
    phrase = _asked(said("ask_new", options.language, holder=number), may_be_blank=True)
    if not phrase:
        phrase = shares.new_passphrase()
        _say(options, "made_phrase", holder=number, phrase=phrase)
    elif _asked(said("ask_again", options.language)) != phrase:
        raise KeyFault("differs")
    return phrase


def _asked(prompt: str, *, may_be_blank: bool = False) -> str:
    if sys.stdin.isatty():
        given = getpass.getpass(f"{prompt}: ")
    else:
        given = sys.stdin.readline().rstrip("\n")
    if not given and not may_be_blank:
        raise KeyFault("no_words")
    return given


def _facts(name: str, kind: str, contest: str = "") -> dict[str, Any]:
    try:
        return files.read(_bytes(name), kind, contest=contest)
    except KeyFault as fault:
        raise _at(fault, name) from None


def _at(fault: KeyFault, name: str) -> KeyFault:
    return KeyFault(fault.code, **{**fault.params, "where": name})


def _unhexed(text: Any, name: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except (ValueError, TypeError):
        raise _at(KeyFault("damaged"), name) from None


def _bytes(name: str) -> bytes:
    try:
        with open(name, "rb") as handle:
            return handle.read(files.MOST_BYTES + 1)
    except OSError:
        raise KeyFault("no_file", name=name) from None


def _write(options: argparse.Namespace, path: Path, text: str) -> str:
    """Write a file that only its owner reads, never over another; says and returns its name."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as handle:
            handle.write(text)
    except FileExistsError:
        raise KeyFault("exists", name=str(path)) from None
    except OSError:
        raise KeyFault("no_place", name=str(path)) from None
    _say(options, "written", name=str(path))
    return str(path)


def _say(options: argparse.Namespace, key: str, **facts: object) -> None:
    print(said(key, options.language, **facts))


if __name__ == "__main__":
    raise SystemExit(main())
