"""Jobs of the website room."""

from procrastinate.contrib.django import app

from viche.connectors.website.keeping import sweep


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="sweep_drawn_pictures", lock="sweep_drawn_pictures")
def sweep_drawn_pictures(timestamp: int) -> None:
    """Drawn pictures that nobody has asked for in a month are thrown away."""
    sweep()
