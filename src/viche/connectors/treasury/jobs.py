"""Jobs of budget and treasury."""

from procrastinate.contrib.django import app

from viche.connectors.treasury.actions import send_plans


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_plans", lock="send_plans")
def send_due_plans(timestamp: int) -> None:
    """Plans of winners that are due go to the budget system."""
    send_plans()
