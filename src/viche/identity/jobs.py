"""Jobs of the identity room."""

from django.contrib.sessions.backends.db import SessionStore
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from viche.identity.actions import delete_old_attempts, delete_old_drafts, delete_old_files, erase_asked
from viche.identity.actions.letters import send_queued_letter


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="clear_sessions", lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Expired sessions name people: they go every night, and so do attempts to identify."""
    SessionStore.clear_expired()
    delete_old_attempts()


@app.periodic(cron="27 3 * * *")
@app.task(queueing_lock="clear_proofs", lock="clear_proofs")
def clear_proofs(timestamp: int) -> None:
    """Documents that people showed go some weeks after the decision; registers nobody confirmed, after a day."""
    delete_old_files()
    delete_old_drafts()


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
