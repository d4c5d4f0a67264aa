"""Jobs of connected systems."""

from procrastinate.contrib.django import app

from viche.connectors.systems.kinds.analytics.seeing import send_pages


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_seen_pages", lock="send_seen_pages")
def send_seen_pages(timestamp: int) -> None:
    """Looks at public pages go to the analytics of their bodies; what was sent is gone."""
    send_pages()
