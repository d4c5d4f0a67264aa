"""Many people at the same moment: real threads, each with its own connection to the database."""

import contextvars
import fcntl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import connection


def at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    """Results of ``act(0)`` … ``act(number - 1)``, begun together; what was raised is a result too.

    One crowd at a time, also among the processes of a parallel run: the server takes 120 connections.
    """
    start = threading.Barrier(number)

    def alone(place: int, context: contextvars.Context) -> Any:
        try:
            context.run(connection.ensure_connection)
            start.wait(timeout=60)
            return context.run(act, place)
        except Exception as raised:
            return raised
        finally:
            context.run(connection.close)

    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR_DIR / "crowd.lock").open("a") as turn, ThreadPoolExecutor(number) as threads:
        fcntl.flock(turn, fcntl.LOCK_EX)
        waiting = [threads.submit(alone, place, contextvars.copy_context()) for place in range(number)]
        return [each.result() for each in waiting]


def refusals(results: list[Any]) -> list[str]:
    """Codes of the refusals among the results; anything else that was raised is raised here."""
    codes = []
    for each in results:
        if isinstance(each, Exception):
            if not hasattr(each, "code"):
                raise each
            codes.append(each.code)
    return codes
