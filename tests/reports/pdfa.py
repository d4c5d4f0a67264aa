"""Whether a PDF is one that archives take: the facts of PDF/A-2b in the file, and a validator for PDF/A-1b.

veraPDF is not among the system's packages; PDFBox Preflight is, and knows PDF/A-1b. The same source set as PDF/A-1b
must be valid by it: that proves fonts, colour spaces, transparency and XMP. Preflight does not resolve outline
destinations, so such a proof is set without an outline.
"""

import re
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import fromstring
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

JARS = Path("/usr/share/java")
NEEDED = ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api")
FORBIDDEN = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/AA", "/XFA")


def complaints(content: bytes, folder: Path) -> list[str]:
    """What Preflight says against the file as PDF/A-1b; nothing where it is valid."""
    path = folder / "checked.pdf"
    path.write_bytes(content)
    said = subprocess.run(
        ["java", "-cp", ":".join(str(JARS / f"{name}.jar") for name in NEEDED),
         "org.apache.pdfbox.preflight.Validator_A1b", str(path)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if "is a valid PDF/A-1b file" in said.stdout:
        return []
    found = [line.strip() for line in said.stdout.splitlines() if re.match(r"\s*\d+\.\d", line)]
    return found or [said.stdout + said.stderr]


def missing(content: bytes, *, title: str, language: str) -> list[str]:
    """What an archive would miss in a PDF/A-2b; nothing where all is there."""
    reader = PdfFileReader(BytesIO(content), strict=False)
    root = reader.root
    faults = []
    if "/Metadata" not in root:
        return ["no XMP"]
    xmp = fromstring(root["/Metadata"].data)
    told = {element.tag.partition("}")[2]: (element.text or "") for element in xmp.iter()}
    told |= {
        name.partition("}")[2]: value for element in xmp.iter() for name, value in element.attrib.items()
    }
    if (told.get("part"), told.get("conformance")) != ("2", "B"):
        faults.append(f"it says PDF/A-{told.get('part')}{told.get('conformance')}")
    if title not in "".join(xmp.itertext()):
        faults.append("no title in the XMP")
    if _said(root, "/Lang")[:2] != language:
        faults.append(f"language {_said(root, '/Lang')}")
    profiles = []
    if "/OutputIntents" in root:
        profiles = [root["/OutputIntents"][place] for place in range(len(root["/OutputIntents"]))]
    if not any(each["/S"] == "/GTS_PDFA1" and each["/DestOutputProfile"].data for each in profiles):
        faults.append("no output intent with a profile")
    if "/Encrypt" in reader.trailer:
        faults.append("it is encrypted")
    fonts = 0
    for each in _dictionaries(reader):
        faults += [f"it has {name}" for name in FORBIDDEN if name in each]
        if _said(each, "/S") in {"/JavaScript", "/Launch"}:
            faults.append(f"an action {each['/S']}")
        if _said(each, "/Type") == "/FontDescriptor":
            fonts += 1
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(each):
                faults.append(f"font {_said(each, '/FontName')} is not embedded")
        if (_said(each, "/BM") or "/Normal") not in {"/Normal", "/Compatible"}:
            faults.append(f"blend mode {each['/BM']}")
    if not fonts:
        faults.append("no font at all")
    return faults


def _said(found: Any, key: str) -> str:
    """What stands under a key of a dictionary, its references followed; nothing where it is not there."""
    return str(found[key]) if key in found else ""


def _dictionaries(reader: PdfFileReader) -> Iterator[Any]:
    for reference in reader.xrefs.explicit_refs_in_revision(0):
        found = reader.get_object(reference)
        if isinstance(found, generic.DictionaryObject):
            yield found
