"""Background work of the terminals."""

from procrastinate.contrib.django import app

from viche.channels.terminals.networks.clearing import expire_baskets


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="expire_baskets", lock="expire_baskets")
def expire(timestamp: int) -> None:
    """Choices at terminals that nobody confirmed are wiped."""
    expire_baskets()
