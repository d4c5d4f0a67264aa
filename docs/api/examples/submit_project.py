"""Submit a project that a resident brought on paper. Scope: projects:write.

VICHE_KEY=viche_… python submit_project.py https://viche.example.gov.ua poltava 2026 project.json

The file says title, summary, text, category, territory (КАТОТТГ), cost (kopiykas), author (tax number) and reference
(what your own system calls it). Sent twice with the same reference it is refused: nothing is doubled.
"""

import json
import os
import sys
from pathlib import Path

from viche_client import Refusal, Viche


def main(address: str, community: str, contest: str, file: str) -> None:
    project = json.loads(Path(file).read_text(encoding="utf-8"))
    with Viche(address, key=os.environ["VICHE_KEY"]) as viche:
        try:
            made = viche.submit_project(community, contest, project)
        except Refusal as refusal:
            for field, fault in refusal.errors.items():
                print(f"{field}: {fault}", file=sys.stderr)
            sys.exit(f"{refusal.code}: {refusal.title}")
    print(made["number"], made["href"])


if __name__ == "__main__":
    main(*sys.argv[1:5])
