"""Jobs of the body's website."""

from procrastinate.contrib.django import app

from viche.connectors.website.copies.keeping import refresh_copies
from viche.connectors.website.keeping import sweep
from viche.connectors.website.pushing.delivering import queue_pushes, send_pushes


# seconds stand last
@app.periodic(cron="* * * * * */15")
@app.task(queueing_lock="push_results", lock="push_results")
def push_results(timestamp: int) -> None:
    """Published results to the sites of their bodies; what did not arrive is tried again."""
    queue_pushes()
    send_pushes()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="refresh_copies", lock="refresh_copies")
def refresh_static_copies(timestamp: int) -> None:
    """Copies of bodies whose journal moved on."""
    refresh_copies()


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="sweep_drawn_pictures", lock="sweep_drawn_pictures")
def sweep_drawn_pictures(timestamp: int) -> None:
    """Drawn pictures that nobody has asked for in a month are thrown away."""
    sweep()
