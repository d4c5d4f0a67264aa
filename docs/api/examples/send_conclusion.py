"""Sign every opinion that your department is asked for and that your document flow has finished. Scope: reviews:write.

VICHE_KEY=viche_… python send_conclusion.py https://viche.example.gov.ua poltava conclusions.json

The file is {"<number of the project>": {"conclusion": "positive", "reasons": "…", "checks": {"land": "yes"}}}.
"""

import json
import os
import sys
from pathlib import Path

from viche_client import Viche


def main(address: str, community: str, file: str) -> None:
    ready = json.loads(Path(file).read_text(encoding="utf-8"))
    with Viche(address, key=os.environ["VICHE_KEY"]) as viche:
        for asked in viche.asked_opinions(community):
            said = ready.get(str(asked["number"]))
            if said is None:
                print(f"No. {asked['number']}: no conclusion yet, due on {asked['due_on']}")
                continue
            checks = {name: {"answer": said.get("checks", {}).get(name, "n/a")} for name in asked["checks"]}
            given = viche.sign_opinion(
                community, asked["contest"], asked["number"],
                {
                    "conclusion": said["conclusion"], "reasons": said.get("reasons", ""), "checks": checks,
                    "unit": asked["unit"],
                },
            )  # fmt: skip
            print(f"No. {asked['number']}: {given['conclusion']}, signed at {given['given_at']}")


if __name__ == "__main__":
    main(*sys.argv[1:4])
