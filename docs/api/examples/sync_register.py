"""Put the body's register of members in force, every night. Scope: members:write.

VICHE_KEY=viche_… python sync_register.py https://viche.example.gov.ua poltava register.csv [most_gone]

The table has a tax number (or its token: see “Confirm members” in the office), a settlement and a basis in each row.
More rows than most_gone never leave at once: half a file ends nobody's membership.
"""

import os
import sys
from pathlib import Path

from viche_client import Refusal, Viche


def main(address: str, community: str, file: str, most_gone: str = "100") -> None:
    with Viche(address, key=os.environ["VICHE_KEY"]) as viche:
        try:
            made = viche.replace_register(community, Path(file).read_bytes(), most_gone=int(most_gone))
        except Refusal as refusal:
            for row, fault in refusal.errors.items():
                print(f"{row}: {fault}", file=sys.stderr)
            sys.exit(f"{refusal.code}: {refusal.title}")
    print(f"version {made['version']}: {made['rows']} rows, {made['new']} new, {made['gone']} gone")


if __name__ == "__main__":
    main(*sys.argv[1:5])
