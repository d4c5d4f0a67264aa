"""A document as PDF/A-2b: the body, our number, the addressee, the text, who it came from."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import override

from viche.connectors.documents.writing import Written
from viche.foundation.typesetting import FAMILY, pdf_of, quoted

_PREAMBLE = f"""
#set page(paper: "a4", margin: (left: 30mm, right: 15mm, y: 20mm), numbering: "1 / 1")
#set text(font: "{FAMILY}", size: 11pt, lang: "uk", hyphenate: false)
#set par(justify: false, leading: 0.7em, spacing: 1em)
#show heading: set text(size: 13pt)
"""


def document_pdf(written: Written, *, number: str, day: str, executor: str) -> tuple[bytes, int]:
    """(PDF, pages) of a document with its number and day."""
    body = written.contest.community.title
    with override("uk"):
        head = _("No. %(number)s of %(day)s") % {"number": number, "day": day}
        foot = _("Executor: %s") % executor if executor else ""
    parts = [
        _PREAMBLE, f"#set document(title: {quoted(written.title)}, author: {quoted(body)})\n",
        f"#align(center, text(weight: 700, {quoted(body)}))\n#v(6mm)\n",
        f"#grid(columns: (1fr, 1fr), text({quoted(head)}), align(right, text({quoted(written.addressee)})))\n#v(6mm)\n",
        f"#heading(level: 1, {quoted(written.title)})\n#v(3mm)\n",
        *(f"#par(text({quoted(line)}))\n" for line in written.lines),
        f"#v(10mm)\n#text(size: 9pt, {quoted(foot)})\n" if foot else "",
    ]  # fmt: skip
    content = pdf_of("".join(parts))
    return content, max(len(re.findall(rb"/Type\s*/Page\b", content)), 1)
