"""Metadata of a document as JSON and XML, and the package that carries documents where no system is connected."""

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from lxml import etree

from viche.connectors.documents.models import Dispatch, Registry
from viche.foundation import clock

SCHEMA = 1
NAMESPACE = "urn:viche:documents:1"


def metadata_of(document: Dispatch, registry: Registry) -> dict[str, Any]:
    """What stands beside the file; days ISO, in Kyiv. The addressee's name is in it, as on an envelope."""
    project = document.project
    return {
        "schema": SCHEMA,
        "key": str(document.pk),
        "organisation": {
            "edrpou": registry.organisation, "katottg": document.community.code,
            "title": str(document.community),
        },
        "type": document.kind,
        "title": document.title,
        "number": document.our_number,
        "date": document.made_at.astimezone(clock.KYIV).date().isoformat(),
        "executor": registry.executor,
        "addressee": document.addressee,
        "contest": document.contest.slug,
        "project": {"number": project.number, "title": project.title} if project is not None else None,
        "file": {
            "name": document.file_name, "mediaType": "application/pdf", "size": document.size,
            "pages": document.pages, "sha256": document.digest,
        },
    }  # fmt: skip


def json_of(metadata: dict[str, Any] | list[dict[str, Any]]) -> bytes:
    return json.dumps(metadata, ensure_ascii=False, indent=1).encode()


def xml_of(documents: Iterable[dict[str, Any]]) -> bytes:
    """The same facts under the same names: an object is an element, what is not there is left out."""
    root = etree.Element(f"{{{NAMESPACE}}}documents", nsmap={None: NAMESPACE}, schema=str(SCHEMA))
    for each in documents:
        _element(root, "document", {name: value for name, value in each.items() if name != "schema"})
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _element(parent: Any, name: str, value: Any) -> None:
    if value is None:
        return
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if isinstance(value, dict):
        for inner, said in value.items():
            _element(element, inner, said)
    else:
        element.text = "".join(sign for sign in str(value) if sign.isprintable())


def package_of(documents: Sequence[tuple[Dispatch, bytes]], registry: Registry) -> bytes:
    """A ZIP: metadata.json, metadata.xml and the files. The same documents make the same bytes."""
    metadata = [metadata_of(document, registry) for document, _content in documents]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            ("metadata.json", json_of(metadata)), ("metadata.xml", xml_of(metadata)),
            *((document.file_name, content) for document, content in documents),
        ):  # fmt: skip
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return packed.getvalue()
