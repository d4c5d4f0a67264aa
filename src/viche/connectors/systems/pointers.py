"""Pointers into JSON (RFC 6901) and into XML, and questions made from a pattern."""

import json
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

MOST_DEPTH = 20
_ARRAY = re.compile(r"0|[1-9][0-9]*")


class NothingThere(Exception):
    """The pointer leads nowhere."""


def at_pointer(document: Any, pointer: str) -> Any:
    """What the pointer leads to; "" is the whole. Raises NothingThere."""
    if pointer and not pointer.startswith("/"):
        raise NothingThere(pointer)
    for raw in pointer.split("/")[1:]:
        token = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict) and token in document:
            document = document[token]
        elif isinstance(document, list) and _ARRAY.fullmatch(token) and int(token) < len(document):
            document = document[int(token)]
        else:
            raise NothingThere(pointer)
    return document


def filled(pattern: Any, values: Mapping[str, str]) -> Any:
    """The pattern with {field}s filled in, in texts only: what a value holds never becomes structure."""
    if isinstance(pattern, dict):
        return {key: filled(each, values) for key, each in pattern.items()}
    if isinstance(pattern, list):
        return [filled(each, values) for each in pattern]
    if isinstance(pattern, str):
        return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), pattern)
    return pattern


def read_json(content: bytes) -> Any:
    """The document. Raises ValueError for what is none, and for one that is nested absurdly."""
    try:
        return json.loads(content.decode("utf-8"))
    except RecursionError:
        raise ValueError("nested too deep") from None


def read_xml(content: bytes) -> Any:
    """The root of an XML document, no entity, no DTD and nothing fetched. Raises ValueError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise ValueError("no XML") from None
    if root.getroottree().docinfo.doctype:
        raise ValueError("a DTD")
    return root


def without_namespaces(root: Any) -> Any:
    """The element with plain names, so that a path is written as one reads it."""
    for each in root.iter():
        if isinstance(each.tag, str):
            each.tag = etree.QName(each).localname
    return root


def at_path(root: Any, path: str) -> str:
    """The text of the first thing an XPath finds. Raises NothingThere; ValueError for a path that is none."""
    try:
        found = root.xpath(path)
    except etree.XPathError:
        raise ValueError(path) from None
    if isinstance(found, list):
        if not found:
            raise NothingThere(path)
        found = found[0]
    text = found if isinstance(found, str) else getattr(found, "text", found)
    return str(text if text is not None else "").strip()


def is_path(path: str) -> bool:
    """Whether it is an XPath."""
    try:
        etree.XPath(path)
    except etree.XPathError:
        return False
    return True
