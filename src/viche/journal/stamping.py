"""Time stamps by a third party (RFC 3161): what is stamped, asking the authority, and believing its answer.

A stamp proves that a log had this size and root no later than the authority's moment, whoever runs this
installation. Only an answer that holds against the authority's own certificate is kept: of this very document, with
our nonce.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from rulebook.canonical import canonical

MAX_ANSWER_BYTES = 100_000
QUESTION, ANSWER = "application/timestamp-query", "application/timestamp-reply"


class StampError(Exception):
    """No stamp was got: the authority cannot be reached, refuses, or its answer does not hold."""


@dataclass(frozen=True)
class Token:
    """content: the authority's answer as it came (DER). at: its moment, UTC."""

    content: bytes
    at: datetime


def stamped_document(*, log: str, size: int, root: str) -> bytes:
    """The bytes that are stamped: the canonical JSON of the log's name, size and root (hex)."""
    return canonical({"log": log, "size": size, "root": root})


def ask_stamp(document: bytes, *, url: str, certificate: str, timeout: int) -> Token:
    """Ask the authority at the address for a stamp of the document and check the answer. timeout: seconds.

    certificate: a PEM file of the authority's certificates, its root among them. Raises StampError.
    """
    question = TimestampRequestBuilder().data(document).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        with httpx.stream(
            "POST", url, content=question.as_bytes(), timeout=timeout, follow_redirects=False,
            headers={"Content-Type": QUESTION, "Accept": ANSWER, "User-Agent": "Viche"},
        ) as answer:  # fmt: skip
            if answer.status_code != 200:
                raise StampError(f"HTTP {answer.status_code}")
            content = bytearray()
            for part in answer.iter_bytes():
                content += part
                if len(content) > MAX_ANSWER_BYTES:
                    raise StampError("the answer is too long")
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise StampError(f"unreachable: {type(error).__name__}") from error
    return checked_token(bytes(content), document, certificate=certificate, question=question)


def checked_token(content: bytes, document: bytes, *, certificate: str, question: Any = None) -> Token:
    """An answer that holds: granted, signed under the certificate, of this document and of this question.

    Raises StampError.
    """
    return _checked(
        content, certificate, question, lambda check, answer: check.verify_message(answer, document)
    )


def checked_answer(content: bytes, digest: bytes, *, certificate: str) -> Token:
    """The same where only the document's hash is known; whoever asked compares the nonce. Raises StampError."""
    return _checked(content, certificate, None, lambda check, answer: check.verify(answer, digest))


def _checked(content: bytes, certificate: str, question: Any, verify: Callable[[Any, Any], object]) -> Token:
    try:
        authorities = x509.load_pem_x509_certificates(Path(certificate).read_bytes())
    except (OSError, ValueError) as error:
        raise StampError(f"the authority's certificate cannot be read: {type(error).__name__}") from error
    try:
        answer = decode_timestamp_response(content)
        builder = VerifierBuilder.from_request(question) if question is not None else VerifierBuilder()
        for each in authorities:
            builder = builder.add_root_certificate(each)
        verify(builder.build(), answer)
        moment = answer.tst_info.gen_time
    except (VerificationError, ValueError, TypeError) as error:
        raise StampError(f"the answer does not hold: {error}") from error
    return Token(content, moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))
