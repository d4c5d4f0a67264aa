"""A workbook as LibreOffice reads it: opened, counted through and saved in its own format, then compared."""

import subprocess
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

SECONDS = 180


def read_by_libreoffice(workbooks: dict[str, bytes], folder: Path) -> dict[str, dict[str, list[list[Any]]]]:
    """Cells of each sheet of each workbook, by their names, after LibreOffice has loaded and saved them as ODS.

    Fails where LibreOffice does not take a file: it exits without writing it, or says so.
    """
    for name, content in workbooks.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    done = subprocess.run(
        [
            "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
            "--convert-to", "ods", "--outdir", str(folder / "read"),
            *(str(folder / f"{name}.xlsx") for name in workbooks),
        ],
        capture_output=True, text=True, timeout=SECONDS, check=True,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert "Error" not in said, said
    found = {}
    for name in workbooks:
        book = CalamineWorkbook.from_path(str(folder / "read" / f"{name}.ods"))
        found[name] = {sheet: book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names}
    return found
