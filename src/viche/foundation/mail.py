"""Letters: how they leave this installation (VICHE_EMAIL_URL), and one letter as plain text.

smtp://name:password@host:587   STARTTLS; ?tls=no for a relay on the same machine
smtps://name:password@host:465  TLS from the first byte
file:///var/lib/viche/mail      each letter into a file of the folder
console:                        written out by the process

Nothing is sent inside the transaction of an act: a job of the act's room sends when it has been committed, and
keeps that it did. The Message-ID is made from the letter's key, so that a letter repeated after a crash between
sending and keeping is the same letter for the receiving server.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

TIMEOUT_SECONDS = 20
_BACKENDS = "django.core.mail.backends"


def mail_settings(url: str, *, sender: str) -> dict[str, Any]:
    """Django's settings for the address; none for an empty one. Raises ValueError, naming what is wrong."""
    if not url:
        return {"EMAIL_BACKEND": f"{_BACKENDS}.dummy.EmailBackend", "DEFAULT_FROM_EMAIL": sender}
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"not an address: {error}") from None
    common = {"DEFAULT_FROM_EMAIL": sender, "EMAIL_TIMEOUT": TIMEOUT_SECONDS}
    if parts.scheme == "console":
        return {**common, "EMAIL_BACKEND": f"{_BACKENDS}.console.EmailBackend"}
    if parts.scheme == "file":
        if not parts.path.startswith("/") or parts.netloc:
            raise ValueError("file: needs a whole path, file:///var/lib/viche/mail")
        folder = Path(unquote(parts.path))
        return {**common, "EMAIL_BACKEND": f"{_BACKENDS}.filebased.EmailBackend", "EMAIL_FILE_PATH": folder}
    if parts.scheme not in {"smtp", "smtps"}:
        raise ValueError(f"{parts.scheme or 'nothing'}: is none of smtp, smtps, file, console")
    if not parts.hostname:
        raise ValueError("the name of the mail server is missing")
    tls = parse_qs(parts.query).get("tls", ["yes"])[-1]
    if tls not in {"yes", "no"}:
        raise ValueError("tls is yes or no")
    is_wrapped = parts.scheme == "smtps"
    return {
        **common, "EMAIL_BACKEND": f"{_BACKENDS}.smtp.EmailBackend", "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (465 if is_wrapped else 587), "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""), "EMAIL_USE_SSL": is_wrapped,
        "EMAIL_USE_TLS": not is_wrapped and tls == "yes",
    }  # fmt: skip


def is_set_up() -> bool:
    """Whether letters are sent at all."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def reaches_people() -> bool:
    """Whether letters leave this machine: a file or a console is read by whoever runs it."""
    return settings.EMAIL_BACKEND.endswith(("smtp.EmailBackend", "locmem.EmailBackend"))


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a letter. kind: its media type."""

    name: str
    content: bytes
    kind: str


def send_letter(
    *, key: str, to: str, subject: str, text: str, headers: Mapping[str, str] | None = None,
    enclosures: Sequence[Enclosure] = (),
) -> None:  # fmt: skip
    """Send one letter now. key: what it is, for its Message-ID. headers: more of them (List-Unsubscribe).

    Raises what the server's protocol raises.
    """
    said = letter(key=key, to=to, subject=subject, text=text, headers=headers)
    for each in enclosures:
        said.attach(each.name, each.content, each.kind)
    said.send()


def letter(
    *, key: str, to: str, subject: str, text: str, headers: Mapping[str, str] | None = None, sender: str = ""
) -> EmailMessage:
    """The letter as it is sent. sender: "" for the installation's own address."""
    sender = sender or settings.DEFAULT_FROM_EMAIL
    domain = sender.rpartition("@")[2].strip(">") or "viche.invalid"
    mark = hashlib.sha256(key.encode()).hexdigest()[:40]
    every = {"Message-ID": f"<{mark}@{domain}>", "Auto-Submitted": "auto-generated", **(headers or {})}
    subject = " ".join(subject.split())
    return EmailMessage(subject=subject, body=text, from_email=sender, to=[to], headers=every)
