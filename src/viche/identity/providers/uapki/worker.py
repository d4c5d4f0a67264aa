"""The process that loads UAPKI: a program of its own, started by client.py and ended with it.

UAPKI (github.com/specinfo-ua/UAPKI) is a C library with two functions: ``char* process(const char* json)`` and
``void json_free(char*)``. It reads what strangers upload and may crash, hang or print; here it can do so without
taking the site along. Standard library only: it runs without the site's packages and settings.

Talk: one JSON object a line. The first line configures (see ``Library.start``) and is answered with ``{"ready": true}``
or ``{"failure": word, "code": number}``; then each ``{"id", "do": "ping"|"verify"|"decrypt", "parameters"}`` gets
``{"id", "code", "result", "certificates"}`` or ``{"id", "failure": "garbage"}``. code: UAPKI's own error, 0 for none.
"""

import contextlib
import ctypes
import json
import math
import os
import resource
import signal
import sys
from typing import Any, BinaryIO

METHODS = {"ping": "VERSION", "verify": "VERIFY", "decrypt": "DECRYPT"}


class GarbageError(Exception):
    """What the library answered is no JSON object."""


class Library:
    """seconds: how long one call may take before the kernel ends this process."""

    def __init__(self, path: str, *, seconds: float) -> None:
        self._seconds = math.ceil(seconds)
        library = ctypes.CDLL(path)
        self._process, self._free = library.process, library.json_free
        self._process.argtypes, self._process.restype = [ctypes.c_char_p], ctypes.c_void_p
        self._free.argtypes, self._free.restype = [ctypes.c_void_p], None

    def call(self, method: str, parameters: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """UAPKI's error code and result. Raises GarbageError."""
        request = {"method": method, "parameters": parameters or {}}
        # SIGALRM is not caught: it ends a process that hangs though the site that would kill it is gone
        signal.alarm(self._seconds)
        try:
            pointer = self._process(json.dumps(request).encode("ascii"))
            if not pointer:
                raise GarbageError
            try:
                text = ctypes.string_at(pointer)
            finally:
                self._free(pointer)
        finally:
            signal.alarm(0)
        answer = None
        with contextlib.suppress(ValueError, RecursionError):
            answer = json.loads(text)
        if not isinstance(answer, dict) or not isinstance(answer.get("errorCode"), int):
            raise GarbageError
        result = answer.get("result")
        return answer["errorCode"], result if isinstance(result, dict) else {}

    def start(self, facts: dict[str, Any]) -> dict[str, Any]:
        """INIT; with keys also OPEN, ADD_CERT and SELECT_KEY, so that DECRYPT finds the site's key."""
        code, _result = self.call("INIT", facts["init"])
        if code:
            return {"failure": "init", "code": code}
        if not facts.get("open"):
            return {"ready": True}
        code, _result = self.call("OPEN", facts["open"])
        if code:
            return {"failure": "keys", "code": code}
        code, result = self.call("ADD_CERT", {"certificates": [facts["certificate"]], "permanent": False})
        added = result.get("added")
        if code or not added or added[0].get("errorCode"):
            return {"failure": "certificate", "code": code}
        code, _result = self.call("SELECT_KEY", {"certId": added[0].get("certId")})
        return {"failure": "key", "code": code} if code else {"ready": True}

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        code, result = self.call(METHODS[request["do"]], request.get("parameters"))
        return {"code": code, "result": result, "certificates": self._signers(result)}

    def _signers(self, result: dict[str, Any]) -> dict[str, str]:
        # the certificate by which the library verified, not the one that merely lies in the signature
        found = {}
        infos = result.get("signatureInfos")
        for info in infos if isinstance(infos, list) else []:
            name = info.get("signerCertId") if isinstance(info, dict) else None
            if isinstance(name, str):
                code, certificate = self.call("GET_CERT", {"certId": name})
                if not code and isinstance(certificate.get("bytes"), str):
                    found[name] = certificate["bytes"]
        return found


def started(facts: dict[str, Any]) -> tuple[Library | None, dict[str, Any]]:
    """The library, or None, and the answer to the first line."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    memory = facts["memory"] if hard == resource.RLIM_INFINITY else min(facts["memory"], hard)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # a core file would hold keys and what people signed
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        library = Library(facts["library"], seconds=facts["seconds"])
    except (OSError, AttributeError):
        return None, {"failure": "library", "code": 0}
    try:
        answer = library.start(facts)
    except GarbageError:
        answer = {"failure": "garbage", "code": 0}
    return (library if "ready" in answer else None), answer


def main() -> None:
    requests: BinaryIO = sys.stdin.buffer
    # the library's own printing must not be read as an answer, nor reach any log
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)

    def say(answer: dict[str, Any]) -> None:
        answers.write(json.dumps(answer).encode("ascii") + b"\n")
        answers.flush()

    library, answer = started(json.loads(requests.readline()))
    say(answer)
    if library is None:
        return
    for line in requests:
        request = json.loads(line)
        try:
            answer = library.answer(request)
        except GarbageError:
            answer = {"failure": "garbage"}
        say({"id": request["id"], **answer})


if __name__ == "__main__":
    main()
