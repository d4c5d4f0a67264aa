"""The document system: registers each key once, at once or after a clerk has looked."""

import json
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from hashlib import sha256
from typing import Any

from viche.foundation import clock
from viche.identity.providers.simulation import Answer, Simulator

KEY = "demo-document-key"


@dataclass
class Kept:
    """One document as the system keeps it. number: "" until a clerk has registered it."""

    reference: str
    metadata: dict[str, Any]
    content: bytes = field(repr=False)
    number: str = ""
    day: str = ""
    sent: int = 1

    def said(self) -> dict[str, Any]:
        found = {"id": self.reference, "status": "registered" if self.number else "accepted"}
        if self.number:
            found |= {"registrationNumber": self.number, "registrationDate": self.day}
        return found


class DocumentAnswer(Answer):
    server: "DocumentSystem"
    paths = frozenset({"/status", "/documents"})

    def route(self, path: str, parameters: dict[str, str]) -> None:
        system = self.server
        if self.misbehaves(system.fault, "any"):
            return
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            self.json(401, {"error": "unauthorised"})
        elif path == "/status":
            self.json(200, {"status": "ok"})
        elif path == "/documents" and self.command == "POST":
            self._take()
        elif path.startswith("/documents/") and path.removeprefix("/documents/") in system.by_reference:
            self.json(200, system.by_reference[path.removeprefix("/documents/")].said())
        else:
            self.json(404, {"error": "not found"})

    def _take(self) -> None:
        head = f"Content-Type: {self.headers.get('Content-Type')}\r\n\r\n".encode()
        parts = {
            str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
            for part in BytesParser(policy=HTTP).parsebytes(head + self.sent).walk()
            if not part.is_multipart()
        }
        key, metadata = self.headers.get("Idempotency-Key", ""), json.loads(parts.get("metadata") or b"{}")
        content = parts.get("file") or b""
        if not key or metadata.get("file", {}).get("sha256") != sha256(content).hexdigest():
            self.json(422, {"error": "the file is not the one that the metadata tells of"})
            return
        is_new = key not in self.server.documents
        kept = self.server.take(key, metadata, content)
        if self.misbehaves(self.server.fault, "answer"):
            return
        self.json(201 if is_new else 200, kept.said())


class DocumentSystem(Simulator):
    """fault: "any_500", "answer_cut" and so on. has_clerk: numbers are given by register() only."""

    answer = DocumentAnswer

    def __init__(self, *, has_clerk: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.documents: dict[str, Kept] = {}
        self.by_reference: dict[str, Kept] = {}
        self.fault, self.has_clerk = "", has_clerk

    def take(self, key: str, metadata: dict[str, Any], content: bytes) -> Kept:
        """Keep a document once, however often it comes."""
        if key in self.documents:
            self.documents[key].sent += 1
            return self.documents[key]
        kept = Kept(f"doc-{len(self.documents) + 1}", metadata, content)
        self.documents[key] = self.by_reference[kept.reference] = kept
        if not self.has_clerk:
            self.register(key)
        return kept

    def register(self, key: str) -> Kept:
        """A clerk gives the document its number."""
        kept = self.documents[key]
        position = list(self.documents).index(key) + 1
        kept.number = f"01-12/{position}"
        kept.day = clock.now().astimezone(clock.KYIV).date().isoformat()
        return kept
