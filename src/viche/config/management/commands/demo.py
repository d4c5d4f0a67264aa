"""viche demo: the whole product on this machine, with living data. Ctrl-C ends it."""

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from viche.config.management import base
from viche.journal import publishing
from viche.journal.actions import publish_logs, sequence_all
from viche.journal.queries import all_logs
from viche.journal.witness_server import Witness

WITNESS = "witness.example/demo"


class Command(base.Command):
    help = "Prepare the database, make the demo data once, and serve everything on this machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--prepare", action="store_true", help="make the data and stop")

    def handle(self, *args: Any, port: int, prepare: bool, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("the demo never runs with production settings")
        if not settings.IS_DEMO:
            raise CommandError("start it by: make demo (or VICHE_DEMO=1 viche demo)")
        for each in () if prepare else range(port, port + 5):
            if not _is_free(each):
                raise CommandError(f"port {each} is taken: make demo PORT=…, it also takes the next four")
        call_command("migrate", verbosity=0)
        from viche.demo.seed import seed

        started = time.monotonic()
        with transaction.atomic():
            is_new = seed(lambda line: self._say(line))
        if is_new:
            self._say(f"demo data made in {int(time.monotonic() - started)} s")
        if not prepare:
            self._serve(port)

    def _say(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()

    def _serve(self, port: int) -> None:
        site, provider = f"http://localhost:{port}", f"http://127.0.0.1:{port + 1}"
        bank, authority = settings.VAR_DIR / "simulators" / "bankid", settings.VAR_DIR / "simulators" / "kep"
        watching = settings.VAR_DIR / "simulators" / "witness"
        environment = {
            **os.environ,
            "VICHE_DEMO": "1",
            "VICHE_PUBLIC_ADDRESS": site,
            "ISEI_URL": f"http://localhost:{port + 1}",
            "ISEI_CLIENT_ID": "viche-demo",
            "ISEI_CLIENT_SECRET": "demo-only-known-to-everybody",
            "BANKID_URL": f"http://localhost:{port + 2}",
            "BANKID_CLIENT_ID": "viche-demo",
            "BANKID_CLIENT_SECRET": "demo-only-known-to-everybody",
            "BANKID_CERTIFICATE": str(bank / "site.pem"),
            "BANKID_KEY": str(bank / "site.key"),
            "BANKID_TRUSTED": str(bank / "bank.pem"),
            "KEP_TRUSTED": str(authority / "root.pem"),
            "VICHE_WITNESSES": "DEMO",
            "VICHE_WITNESS_DEMO_URL": f"http://127.0.0.1:{port + 4}",
            "VICHE_WITNESS_DEMO_KEY": _prepared_witness(watching),
        }
        python = sys.executable
        simulators = [
            [
                python, "-m", "viche.identity.providers.isei.simulator", "--port", str(port + 1),
                "--allow", f"{site}/", "--allow", f"http://127.0.0.1:{port}/",
            ],
            [
                python, "-m", "viche.identity.providers.bankid.simulator", "--port", str(port + 2),
                "--folder", str(bank), "--allow", f"{site}/",
                "--allow", f"http://127.0.0.1:{port}/",
            ],
            [
                python, "-m", "viche.identity.providers.kep.simulator", "--port", str(port + 3),
                "--folder", str(authority),
            ],
        ]  # fmt: skip
        commands = [
            [
                python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
                "--workers", "2", "--blocking-threads", "4", "--log-level", "warning", "viche.config.wsgi:application",
            ],
            [python, "-m", "viche.config.cli", "worker"],
        ]  # fmt: skip
        witness = [
            python, "-m", "viche.config.cli", "witness", str(watching), "--name", WITNESS, "--port", str(port + 4),
        ]  # fmt: skip
        # one group a child: Ctrl-C comes here, and the children are ended in order
        children = [
            subprocess.Popen(command, env=environment, start_new_session=True) for command in simulators
        ]
        # it tells every request: not on this terminal
        with (watching / "witness.log").open("w") as told:
            children.append(
                subprocess.Popen(witness, env=environment, start_new_session=True, stdout=told, stderr=told)
            )
        # the site reads at its start what the simulators leave for it
        _wait_for_files(bank / "site.key", bank / "bank.pem", authority / "root.pem")
        children += [
            subprocess.Popen(command, env=environment, start_new_session=True) for command in commands
        ]
        # also where a shell in the background has told its children to ignore Ctrl-C
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.default_int_handler)
        try:
            if _answers(port, children):
                self.stdout.write(
                    self.style.SUCCESS(f"\n  Віче: {site}/    guide: {site}/demo/    (Ctrl-C ends it)\n")
                )
                self.stdout.flush()
            while all(child.poll() is None for child in children):
                time.sleep(0.5)
            raise CommandError(f"a part of the demo has ended; see the messages above ({provider})")
        except KeyboardInterrupt:
            self.stdout.write("\n  stopping")
        finally:
            for child in children:
                if child.poll() is None:
                    os.killpg(child.pid, signal.SIGTERM)
            for child in children:
                try:
                    child.wait(timeout=15)
                except subprocess.TimeoutExpired:
                    os.killpg(child.pid, signal.SIGKILL)


def _prepared_witness(folder: Path) -> str:
    """Make a witness that watches every journal of the demo; its public key."""
    sequence_all()
    publish_logs()
    keys = [publishing.key_of_log(log) for log in all_logs()]
    witness = Witness(folder, WITNESS)
    folder.joinpath("logs.txt").write_text("".join(f"{key.text}\n" for key in keys if key is not None))
    return witness.key.text


def _wait_for_files(*files: Path, seconds: int = 30) -> None:
    deadline = time.monotonic() + seconds
    while not all(each.exists() for each in files):
        if time.monotonic() > deadline:
            raise CommandError("the simulators did not start; see the messages above")
        time.sleep(0.1)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _answers(port: int, children: list[subprocess.Popen[bytes]], seconds: int = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and all(child.poll() is None for child in children):
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.2)
    return False
