"""The projects of a contest as a CSV table. Needs no key.

python contest_to_csv.py https://viche.example.gov.ua poltava 2026 > projects.csv
"""

import csv
import sys

from viche_client import Viche

COLUMNS = ("number", "title", "state", "category", "territory", "cost", "supporters", "page")


def main(address: str, community: str, contest: str) -> None:
    writer = csv.DictWriter(sys.stdout, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    with Viche(address) as viche:
        for project in viche.projects(community, contest):
            hryvnias, kopiykas = divmod(project["cost"], 100)
            writer.writerow({**project, "cost": f"{hryvnias}.{kopiykas:02}"})


if __name__ == "__main__":
    main(*sys.argv[1:4])
