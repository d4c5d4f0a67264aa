"""The journal's public pages, and its files as anybody's programs read them."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from rulebook.tiles import CHECKPOINT, TileError, tile_named
from viche.journal.models import Entry, Log
from viche.journal.publishing import public_file
from viche.journal.queries import entry_at, line, log_at, proof_of, stamp_in
from viche.portal.guards import public
from viche.portal.journal_page import (
    check_words,
    entry_name,
    files_address,
    journal_context,
    owner_of,
    proof_keys,
)

YEAR = 31_536_000


@public
def journal(request: HttpRequest) -> HttpResponse:
    """What happened, newest first, in sentences; how the log stands and who watches it; finding a receipt.

    On the platform's own pages: the log of the platform, of acts that concern no single body.
    """
    context = journal_context(request)
    answer = context.get("answer")
    response = render(
        request,
        "portal/journal.html",
        context,
        status=200 if answer is None or answer.kind != "no_code" else 422,
    )
    if context["code"]:
        response["Cache-Control"] = "no-store"
    return response


def _found(request: HttpRequest, name: str) -> tuple[Log, Entry]:
    """The log and the entry of a name as "2026/17" (404 otherwise)."""
    address, _slash, number = name.partition("/")
    log = log_at(owner_of(request), address)
    entry = (
        entry_at(log, int(number)) if log is not None and number.isascii() and number.isdecimal() else None
    )
    if log is None or entry is None:
        raise Http404(name)
    return log, entry


@public
def entry(request: HttpRequest, name: str) -> HttpResponse:
    """One entry: its sentence, its very bytes, and the proof that it is in the log, which the browser checks."""
    log, found = _found(request, name)
    place, keys = found.index or 0, proof_keys(log)
    proof, file = proof_of(log, place), f"entry-{log.address}-{place}"
    return render(
        request,
        "portal/journal_entry.html",
        {
            "log": log, "line": line(found), "leaf": found.leaf, "proof": proof, "files": files_address(log),
            "proof_text": proof.text() if proof else "", "keys": keys, "keys_text": "\n".join(keys),
            "words": check_words(),
            "name": entry_name(log, place), "file": file,
            "before": entry_name(log, place - 1) if place else "",
            "after": entry_name(log, place + 1) if place + 1 < log.size else "",
        },
    )  # fmt: skip


@public
def entry_file(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """The entry's very bytes ("json"), or its proof ("proof", C2SP tlog-proof)."""
    log, found = _found(request, name)
    proof = proof_of(log, found.index or 0) if kind == "proof" else None
    if kind == "proof" and proof is None:
        raise Http404(name)
    response = HttpResponse(
        proof.text() if proof is not None else found.leaf.encode(),
        content_type="text/plain; charset=utf-8" if proof is not None else "application/json",
    )
    file = f"entry-{log.address}-{found.index}.{'tlog-proof' if proof is not None else 'json'}"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


@public
def proof(request: HttpRequest) -> HttpResponse:
    """A page on which the browser checks any proof by itself; nothing of it is sent anywhere."""
    return render(request, "portal/journal_proof.html", {"words": check_words()})


@public
def log_file(request: HttpRequest, name: str) -> HttpResponse:
    """A file of a log (C2SP tlog-tiles), for everybody’s programs: code/address/checkpoint, code/address/tile/…"""
    code, _slash, rest = name.partition("/")
    address, _slash, path = rest.partition("/")
    try:
        content = public_file(f"{code}/{address}", path)
    except TileError:
        raise Http404(name) from None
    is_checkpoint = path == CHECKPOINT
    response = HttpResponse(
        content, content_type="text/plain; charset=utf-8" if is_checkpoint else "application/octet-stream"
    )
    is_lasting = not is_checkpoint and tile_named(path).is_full
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if is_lasting else "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@public
def stamp(request: HttpRequest, reference: UUID, kind: str) -> HttpResponse:
    """A time stamp as the authority gave it ("tsr"), or the very bytes it is of ("json")."""
    found = stamp_in(owner_of(request), reference)
    if found is None:
        raise Http404(reference)
    is_token = kind == "tsr"
    response = HttpResponse(
        bytes(found.token) if is_token else found.document,
        content_type="application/timestamp-reply" if is_token else "application/json",
    )
    response["Content-Disposition"] = f'attachment; filename="journal-{found.day:%Y-%m-%d}.{kind}"'
    return response
