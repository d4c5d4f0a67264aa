"""Documents as people upload them: what they are is told by their content, never by their name."""

import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath, PureWindowsPath

from django.utils.translation import gettext as _

from viche.foundation.pictures import safe_picture
from viche.foundation.refused import Refused

MAX_BYTES = 20_000_000
# a scanned page stays readable
LONGEST_SIDE = 2400
_OFFICE = "application/vnd.openxmlformats-officedocument."
# by the folder that the main part lies in
_OPEN_XML = {
    "word/document.xml": (f"{_OFFICE}wordprocessingml.document", "docx"),
    "xl/workbook.xml": (f"{_OFFICE}spreadsheetml.sheet", "xlsx"),
    "ppt/presentation.xml": (f"{_OFFICE}presentationml.presentation", "pptx"),
}
_OPEN_DOCUMENT = {
    f"application/vnd.oasis.opendocument.{name}": ending
    for name, ending in (("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp"))
}
ENDINGS = ("pdf", "docx", "odt", "xlsx", "ods", "pptx", "odp", "jpg")
MAX_PARTS = 20_000


@dataclass(frozen=True)
class Document:
    """A document that may be kept. ending: of its name, without the dot."""

    media_type: str
    ending: str
    content: bytes


def safe_document(content: bytes) -> Document:
    """The document, with its kind by content: PDF, DOCX, ODT, XLSX, ODS, PPTX, ODP as they came; a photograph encoded
    anew as JPEG without metadata.

    Refused: file_too_large, has_macros, not_a_document, picture_too_large.
    """
    if len(content) > MAX_BYTES:
        raise Refused("file_too_large", _("The file is larger than 20 MB."), status=422)
    if b"%PDF-" in content[:1024] and b"%%EOF" in content[-2048:]:
        return Document("application/pdf", "pdf", content)
    if content.startswith(b"\xff\xd8\xff"):
        return Document("image/jpeg", "jpg", safe_picture(content, longest=LONGEST_SIDE, form="JPEG"))
    found = _packed(content) if content.startswith(b"PK\x03\x04") else None
    if found is None:
        message = _("This is no PDF, DOCX, ODT, XLSX, ODS, PPTX, ODP or JPEG file, whatever its name says.")
        raise Refused("not_a_document", message, status=422)
    return found


def _packed(content: bytes) -> Document | None:
    """An office document is a ZIP archive: only its list of parts is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            first = archive.read("mimetype") if _is_short(infos) else b""
    # a damaged archive makes the reader raise much besides its own error
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        LookupError,
    ):
        return None
    if len(names) > MAX_PARTS:
        return None
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")) for name in names):
        message = _("The document holds macros or programs. Save it without them, or as a PDF.")
        raise Refused("has_macros", message, status=422)
    media_type = first.decode("ascii", "replace").strip()
    if media_type in _OPEN_DOCUMENT and "content.xml" in names:
        return Document(media_type, _OPEN_DOCUMENT[media_type], content)
    if "[Content_Types].xml" not in names:
        return None
    for part, (kind, ending) in _OPEN_XML.items():
        if part in names:
            return Document(kind, ending, content)
    return None


def _is_short(infos: list[zipfile.ZipInfo]) -> bool:
    return any(info.filename == "mimetype" and info.file_size <= 200 for info in infos)


def shown_name(name: str, ending: str) -> str:
    """What the browser called the file, without folders and signs that change how it reads, with its true ending."""
    last = PurePosixPath(PureWindowsPath(name).name)
    stem = last.stem if last.suffix else last.name
    clean = " ".join("".join(sign for sign in stem if sign.isprintable() and sign not in '"\\/<>').split())
    return f"{clean[:150].strip('. ') or _('file')}.{ending}"
