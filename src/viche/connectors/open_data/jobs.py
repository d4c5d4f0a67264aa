"""Jobs of the open data."""

from procrastinate.contrib.django import app

from viche.connectors.open_data.actions import remove_strays, write_missing_data
from viche.results.queries import published_contests


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="write_open_data", lock="write_open_data")
def write_open_data(timestamp: int) -> None:
    """Files of contests whose result is published, and anew where their data have changed since."""
    write_missing_data(contests=published_contests())


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="remove_open_data_strays", lock="remove_open_data_strays")
def remove_open_data_strays(timestamp: int) -> None:
    """Files of contests that are gone."""
    remove_strays()
