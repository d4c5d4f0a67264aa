"""UAPKI behind the ports: signatures by DSTU 4145 are verified, and envelopes to the site opened, in another process.

Nothing that was signed, decrypted or read from a certificate is logged here; a log line says only that a worker was
started or ended, and by which of our own words.
"""

import base64
import binascii
import contextlib
import json
import logging
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from viche.identity.providers.errors import ProviderError
from viche.identity.providers.ports import Signer
from viche.identity.providers.uapki import worker
from viche.identity.providers.uapki.reading import NAME, SignedMessage, read_signature, signer_of
from viche.identity.providers.uapki.settings import UapkiSettings, certificates_of
from viche.identity.providers.uapki.verdict import Answer, Verdict, judge

MAX_ANSWER_BYTES = 8 * 1024 * 1024
MEMORY_BYTES = 1024**3
# the library tests itself when it starts
START_SECONDS = 30
# each signature leaves its certificates in the library's memory: a fresh process now and then
REQUESTS_A_PROCESS = 500

log = logging.getLogger(__name__)


class _EndedError(Exception):
    """The process can no longer be talked to. code: of ProviderError. why: our own words."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code, self.why = code, why


class UapkiProcess:
    """The worker, started at the first request and again after it was ended. One request at a time, from any thread.

    A process that forks (a web server's) starts a worker of its own in each child.
    """

    def __init__(self, settings: UapkiSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._asked = 0

    @property
    def pid(self) -> int | None:
        """The worker's process number, None where none runs."""
        return self._child.pid if self._child is not None and self._owner == os.getpid() else None

    def ask(self, do: str, parameters: dict[str, Any]) -> Answer:
        """do: "ping", "verify" or "decrypt". Raises ProviderError provider_slow, provider_down, misconfigured,
        bad_answer; after each the next request finds a fresh worker."""
        if not self._lock.acquire(timeout=self._settings.timeout):
            raise ProviderError("provider_slow", "other requests take their time", provider=NAME)
        try:
            failure = None
            try:
                self._start_if_needed()
                self._asked += 1
                request = {"id": self._asked, "do": do, "parameters": parameters}
                answer = self._exchange(request, self._settings.timeout)
                return _answer_of(answer, self._asked)
            except _EndedError as ended:
                failure = ProviderError(ended.code, ended.why, provider=NAME)
            log.warning("uapki: the worker is ended: %s", failure.detail)
            self._stop()
        finally:
            self._lock.release()
        # raised out of the handler: no report finds the request in the chain of causes
        raise failure

    def close(self) -> None:
        """End the worker; a later request starts another."""
        with self._lock:
            self._stop()

    def _start_if_needed(self) -> None:
        if self._owner != os.getpid():
            # inherited by a fork: the worker is the parent's to end
            self._child = None
        if self._child is not None and (self._asked >= REQUESTS_A_PROCESS or self._child.poll() is not None):
            self._stop()
        if self._child is not None:
            return
        self._owner, self._asked = os.getpid(), 0
        self._child = self._launched()
        for pipe in (self._child.stdin, self._child.stdout):
            os.set_blocking(pipe.fileno(), False)
        seconds = START_SECONDS + self._settings.timeout
        answer = self._exchange(
            self._settings.first_line(memory=MEMORY_BYTES, seconds=seconds), START_SECONDS
        )
        if answer.get("ready") is not True:
            failure, code = answer.get("failure"), answer.get("code")
            known = (
                failure if failure in {"library", "init", "keys", "key", "certificate", "garbage"} else "?"
            )
            number = f"{code:#x}" if isinstance(code, int) else "?"
            raise _EndedError("misconfigured", f"start fails at {known}, error {number}")
        log.info("uapki: a worker is started")

    def _launched(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603 – our own file, no shell
                [sys.executable, "-I", "-S", "-B", str(Path(worker.__file__).resolve())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # nothing of the site's own environment: it holds secrets, and proxies nobody chose for this
                env={"LD_LIBRARY_PATH": str(self._settings.library.resolve().parent), "LANG": "C.UTF-8"},
                cwd="/",
                bufsize=0,
                start_new_session=True,
            )
        except OSError:
            pass
        raise _EndedError("provider_down", "no process can be started")

    def _exchange(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        """One line there, one line back. Raises _EndedError."""
        deadline = time.monotonic() + seconds
        rest = memoryview(json.dumps(message).encode("ascii") + b"\n")
        answer = bytearray()
        stdin, stdout = self._child.stdin.fileno(), self._child.stdout.fileno()
        with selectors.DefaultSelector() as waiting:
            waiting.register(stdin, selectors.EVENT_WRITE)
            waiting.register(stdout, selectors.EVENT_READ)
            while not answer.endswith(b"\n"):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise _EndedError("provider_slow", f"no answer in {seconds:g} seconds")
                for key, _events in waiting.select(left):
                    if key.fd == stdin:
                        rest = rest[_written(stdin, rest) :]
                        if not rest:
                            waiting.unregister(stdin)
                    else:
                        answer += _read(stdout)
                if len(answer) > MAX_ANSWER_BYTES:
                    raise _EndedError("bad_answer", "the answer is too long")
        document = None
        with contextlib.suppress(ValueError, RecursionError):
            document = json.loads(answer)
        if not isinstance(document, dict):
            raise _EndedError("bad_answer", "the worker answers no JSON object")
        return document

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None or self._owner != os.getpid():
            return
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


def _written(pipe: int, rest: memoryview) -> int:
    try:
        return os.write(pipe, rest[:65536])
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        pass
    raise _EndedError("provider_down", "the worker crashed")


def _read(pipe: int) -> bytes:
    try:
        piece = os.read(pipe, 65536)
    except BlockingIOError:
        return b""
    if not piece:
        raise _EndedError("provider_down", "the worker crashed")
    return piece


def _answer_of(document: dict[str, Any], asked: int) -> Answer:
    if document.get("id") != asked or "failure" in document:
        raise _EndedError("bad_answer", "the library answers garbage")
    try:
        certificates = {
            name: base64.b64decode(text, validate=True) for name, text in document["certificates"].items()
        }
        return Answer(int(document["code"]), dict(document["result"]), certificates)
    except (KeyError, TypeError, ValueError, AttributeError):
        pass
    raise _EndedError("bad_answer", "the worker answers in another shape")


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _verified(process: UapkiProcess, message: SignedMessage, data: bytes | None, now: datetime) -> Verdict:
    """Raises ProviderError.

    Twice: first without the network. Only when the certificate is known to come from a trusted authority are the
    addresses in it asked about revocation; else anybody could make this site send requests wherever they like.
    """
    signature = {"bytes": _base64(message.der)}
    if data is not None:
        signature["content"] = _base64(data)
    for kind in ("CHAIN", "FULL"):
        answer = process.ask("verify", {"signature": signature, "options": {"validationType": kind}})
        verdict = judge(answer, now=now, with_revocation=kind == "FULL")
    return verdict


class UapkiBackend:
    """Signatures by DSTU 4145 (ports.SignatureBackend)."""

    name = NAME

    def __init__(self, process: UapkiProcess) -> None:
        self._process = process

    def can_verify(self, signature: bytes) -> bool:
        """Whether signature or key of the one signer are of DSTU 4145; False for what is no signature at all."""
        try:
            return read_signature(signature).is_dstu
        except ProviderError:
            return False

    def verify(self, signature: bytes, data: bytes, *, now: datetime) -> Signer:
        """Who signed exactly ``data``; a signature that encloses its text must enclose these bytes. now: aware.

        Raises ProviderError: the codes of ports.SignatureBackend, algorithm_unsupported, and those of ``ask``.
        """
        message = read_signature(signature)
        if not message.is_dstu:
            raise ProviderError("algorithm_unsupported", "not DSTU 4145", provider=NAME)
        # the library looks at what is enclosed and forgets the text it was given
        if message.content is not None and message.content != data:
            raise ProviderError("signature_of_other_text", "it encloses another text", provider=NAME)
        verdict = _verified(self._process, message, data, now)
        return signer_of(verdict.certificate, signed_at=verdict.signed_at)


class UapkiDecryptor:
    """Envelopes to the site's own certificate (ports.Decryptor): CMS EnvelopedData by DSTU 4145 and GOST 28147.

    must_be_signed: whether the plain bytes must come in a signature of a trusted authority's certificate, as BankID NBU
    sends them. Where one is there it is verified in any case.
    """

    def __init__(
        self,
        process: UapkiProcess,
        settings: UapkiSettings,
        *,
        must_be_signed: bool = True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if settings.certificate is None:
            raise ValueError("KEP_UAPKI_KEYS and KEP_UAPKI_CERTIFICATE are not set")
        self._process = process
        self._certificate = certificates_of(settings.certificate)[0]
        self._must_be_signed = must_be_signed
        self._clock = clock

    @property
    def certificate(self) -> bytes:
        """The site's encryption certificate, DER."""
        return self._certificate

    def open(self, envelope: bytes) -> bytes:
        """The plain bytes inside. Raises ValueError for an envelope not meant for us or badly signed, and
        ProviderError where the worker itself fails."""
        answer = self._process.ask("decrypt", {"bytes": _base64(envelope)})
        if answer.code:
            raise ValueError(f"the envelope cannot be opened: error {answer.code:#x}")
        plain = _plain_of(answer)
        try:
            message = read_signature(plain)
        except ProviderError:
            message = None
        if message is None or message.content is None:
            if self._must_be_signed:
                raise ValueError("what is in the envelope is not signed")
            return plain
        failure = ""
        try:
            _verified(self._process, message, None, self._clock())
        except ProviderError as error:
            if error.code in {"provider_down", "provider_slow", "misconfigured"}:
                raise
            failure = error.code
        if failure:
            raise ValueError(f"what is in the envelope is badly signed: {failure}")
        return message.content


def _plain_of(answer: Answer) -> bytes:
    try:
        return base64.b64decode(answer.result["content"]["bytes"], validate=True)
    except (KeyError, TypeError, binascii.Error):
        pass
    raise ValueError("nothing is in the envelope")
