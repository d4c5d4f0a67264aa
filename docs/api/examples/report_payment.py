"""Tell how much was paid for a winner so far; begins the work where it has not begun. Scope: works:write.

VICHE_KEY=viche_… python report_payment.py https://viche.example.gov.ua poltava 2026 17 4500000

The amount is in kopiykas, from the beginning until today.
"""

import os
import sys
from datetime import date, timedelta

from viche_client import Viche


def main(address: str, community: str, contest: str, number: str, paid: str) -> None:
    with Viche(address, key=os.environ["VICHE_KEY"]) as viche:
        work = viche.work(community, contest, int(number))
        if work["plan"] is None:
            today = date.today()
            plan = {
                "responsible_unit": "Управління ЖКГ", "plan": work["won"], "starts_on": str(today),
                "due_on": str(today + timedelta(days=180)),
            }  # fmt: skip
            viche.start_work(community, contest, int(number), plan)
        viche.change_work(community, contest, int(number), {"paid": int(paid)})
        work = viche.work(community, contest, int(number))
    print(f"{work['paid']} of {work['plan']}")


if __name__ == "__main__":
    main(*sys.argv[1:6])
