"""A worker that was killed half-way holds up nothing: what it left is taken up again, or the next goes on."""

from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app

from viche.foundation.jobs import resume_jobs


def at_work(*, seconds_silent: int, waits: bool = False) -> None:
    """A job that a worker has begun, heard of so long ago; with another of its kind waiting, or without."""
    columns = "queue_name, task_name, lock, queueing_lock, args, status"
    job = "'default', 'viche.journal.jobs.sequence_journal', 'sequence_journal', 'sequence_journal', '{}'"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))"
            " RETURNING id", [seconds_silent],
        )  # fmt: skip
        (worker,) = cursor.fetchone()
        cursor.execute(
            f"INSERT INTO procrastinate_jobs ({columns}, worker_id) VALUES ({job}, 'doing', %s)", [worker]
        )
        if waits:
            cursor.execute(f"INSERT INTO procrastinate_jobs ({columns}) VALUES ({job}, 'todo')")


def states() -> list[str]:
    async_to_sync(resume_jobs.func)(SimpleNamespace(app=app), timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs ORDER BY id")
        return [state for (state,) in cursor.fetchall()]


@pytest.mark.django_db
def test_a_worker_that_lives_is_left_alone():
    at_work(seconds_silent=5)
    assert states() == ["doing"]


@pytest.mark.django_db
def test_what_a_dead_worker_left_is_done_again():
    at_work(seconds_silent=60)
    assert states() == ["todo"]


def test_where_the_next_one_waits_the_abandoned_one_lets_it_go_on(committed_db):
    at_work(seconds_silent=60, waits=True)
    assert states() == ["failed", "todo"]
