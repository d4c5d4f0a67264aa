"""Reading and writing what the dialects share: XML without entities, sums, moments, ids."""

import re
from datetime import datetime
from urllib.parse import parse_qsl

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from lxml import etree

from viche.channels.terminals.networks.speech import Misread, Outcome
from viche.foundation import clock

# a request of a terminal is a page at most; whatever is longer is not one
LONGEST = 64 * 1024
DEEPEST = 16
ID = re.compile(r"[0-9A-Za-z_.:/-]{1,64}")
SUM = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,2})0*)?")
CHARSET = re.compile(r"charset=[\"']?([\w.-]+)", re.IGNORECASE)
CHARSETS = {
    "": "utf-8", "utf-8": "utf-8", "utf8": "utf-8", "windows-1251": "cp1251", "cp1251": "cp1251", "us-ascii": "ascii",
}  # fmt: skip


def read_xml(body: bytes) -> etree._Element:
    """The document's root. No DTD, no entity, nothing fetched, no depth. Misread: unreadable."""
    if not body or len(body) > LONGEST:
        raise Misread(Outcome.UNREADABLE)
    try:
        root = fromstring(body, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Misread(Outcome.UNREADABLE) from None
    if _is_deep(root):
        raise Misread(Outcome.UNREADABLE)
    return root


def _is_deep(root: etree._Element) -> bool:
    level = [root]
    for _depth in range(DEEPEST):
        level = [child for each in level for child in each]
        if not level:
            return False
    return True


def write_xml(root: etree._Element) -> bytes:
    """The document as UTF-8 with its declaration."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def put(parent: etree._Element, name: str, text: str = "", /, **attributes: str) -> etree._Element:
    """A child in the parent's namespace; characters that XML has no place for are left out."""
    space = etree.QName(parent).namespace
    child = etree.SubElement(parent, f"{{{space}}}{name}" if space else name)
    child.text = printable(text) or None
    for key, value in attributes.items():
        child.set(key, printable(value))
    return child


def printable(text: str) -> str:
    """The text without control characters."""
    return "".join(each for each in text if each.isprintable())


def local(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rsplit("}", 1)[-1]


def child_of(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of that name in whatever namespace."""
    return next((each for each in element if local(each) == name), None) if element is not None else None


def text_of(element: etree._Element | None, *names: str) -> str:
    """The text at the end of a path of names; "" where there is none."""
    for name in names:
        element = child_of(element, name)
    return (element.text or "").strip() if element is not None else ""


def read_query(query: bytes, content_type: str = "") -> dict[str, str]:
    """The parameters of a query in its declared charset; the first of a name counts. Misread: unreadable."""
    if len(query) > LONGEST:
        raise Misread(Outcome.UNREADABLE)
    found = CHARSET.search(content_type)
    charset = CHARSETS.get(found[1].lower() if found else "")
    if charset is None:
        raise Misread(Outcome.UNREADABLE)
    try:
        pairs = parse_qsl(
            query.decode("latin-1"),
            keep_blank_values=True,
            encoding=charset,
            errors="strict",
            max_num_fields=64,
        )
    except ValueError:
        raise Misread(Outcome.UNREADABLE) from None
    read: dict[str, str] = {}
    for name, value in pairs:
        read.setdefault(name, value.strip())
    return read


def read_sum(text: str) -> int:
    """A sum in hryvnias ("1", "1.5", "1,50") as kopiykas. Misread: bad_sum."""
    found = SUM.fullmatch(text)
    if not found:
        raise Misread(Outcome.BAD_SUM)
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def read_moment(text: str, *forms: str) -> datetime:
    """A moment by one of the forms, in Kyiv where it names no zone. Misread: bad_date."""
    for form in forms:
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=clock.KYIV)
    raise Misread(Outcome.BAD_DATE)


def is_id(text: str) -> bool:
    """Whether it is an id that can be kept and echoed."""
    return ID.fullmatch(text) is not None


def kyiv(moment: datetime, form: str) -> str:
    """The moment in Kyiv, as the dialects write it."""
    return moment.astimezone(clock.KYIV).strftime(form)
