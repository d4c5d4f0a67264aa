"""A scan read: pictures, the page in each, its boxes."""

from viche.channels.paper.scanning.pages import ScanResult
from viche.channels.paper.sheets.book import LayoutBook


def read_scan(data: bytes, *, layouts: LayoutBook) -> ScanResult:
    """Everything that stands on the pages of one file: JPEG, PNG, TIFF of several pages, a PDF made by a scanner.

    Reads only, keeps nothing. Refused: not_a_scan, scan_too_large, scan_damaged, no_pages (a PDF without pictures).
    """
    raise NotImplementedError
