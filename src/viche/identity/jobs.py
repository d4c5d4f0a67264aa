"""Jobs of the identity room."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from viche.identity.actions import erase_asked, run_retention
from viche.identity.actions.letters import send_queued_letter


# twice a night: a rule that failed is tried once more, one that succeeded is not due again
@app.periodic(cron="17 2,4 * * *")
@app.task(queueing_lock="run_retention", lock="run_retention")
def retain(timestamp: int) -> None:
    """What is over its term goes: the rules of all rooms (settings.RETENTION), each with its report."""
    run_retention()


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="erase_people", lock="erase_people")
def erase_people(timestamp: int) -> None:
    """People who asked to be erased when something still stood against it."""
    erase_asked()


# a mail server that is down is asked again after 3, 9, 27 … seconds, for the last time after some hours
@app.task(retry=RetryStrategy(max_attempts=9, exponential_wait=3))
def send_letter(letter_id: str) -> None:
    """Send one queued letter, once."""
    send_queued_letter(letter_id=letter_id)
