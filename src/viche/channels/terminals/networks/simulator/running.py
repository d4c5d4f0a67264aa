"""A voter's walk at a terminal, with a fault on the way where one is asked for; its command line."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx

from viche.channels.terminals.networks.simulator.terminals import (
    TERMINALS,
    Debt,
    EasyPay,
    Posting,
    Terminal,
    Told,
)

FAULTS = ("replay", "timeout", "reorder", "badsum", "duplicate", "xmlbomb")
CAST = "0"


@dataclass(frozen=True)
class Step:
    """One line of the walk: what was done and what the terminal was told."""

    what: str
    told: Told


def walk(terminal: Terminal, choices: Sequence[str], fault: str = "") -> list[Step]:
    """Check, choose each project, pay for service 0; the fault happens at the first project (reorder: at the cast)."""
    steps = [Step("check", terminal.check())]
    if fault == "xmlbomb":
        told = terminal.bomb() if isinstance(terminal, Posting) else terminal.check("", account="<!DOCTYPE>")
        steps.append(Step("xmlbomb", told))
    for place, service in enumerate(choices):
        payment = terminal.new_id()
        if place == 0 and fault in _FAULTY:
            steps += _FAULTY[fault](terminal, service, payment)
        if place > 0 or fault != "badsum":
            steps.append(Step(f"pay {service}", terminal.pay(service, payment)))
        if place == 0 and fault == "replay":
            steps.append(Step("replay", terminal.pay(service, payment)))
        if place == 0 and fault == "duplicate":
            steps.append(Step("duplicate", terminal.pay(CAST, payment)))
    if choices:
        steps.append(Step("cast", terminal.pay(CAST, terminal.new_id())))
    return steps


def _timeout(terminal: Terminal, service: str, payment: str) -> list[Step]:
    """The terminal dies after it sent the payment, and asks again when it is back."""
    if isinstance(terminal, Debt):
        terminal.references[payment] = terminal.check(service).reference
    terminal.send_and_die(terminal.pay_request(service, payment))
    return []


def _reorder(terminal: Terminal, service: str, payment: str) -> list[Step]:
    """What comes later is heard first: the cast before the choice, the cancelling before the payment."""
    steps = [Step("cast first", terminal.pay(CAST, terminal.new_id()))]
    if isinstance(terminal, Debt):
        lost = terminal.new_id()
        steps.append(Step("cancel first", terminal.cancel(lost)))
        steps.append(Step("pay after its cancelling", terminal.pay(service, lost)))
    if isinstance(terminal, EasyPay):
        steps.append(Step("confirm first", terminal.confirm("1")))
    return steps


def _badsum(terminal: Terminal, service: str, payment: str) -> list[Step]:
    name = {"osmp": "sum", "ibox": "sum", "city24": "Amount"}.get(terminal.name, "amount")
    return [Step("badsum", terminal.ask(terminal.pay_request(service, payment, **{name: "77.77"})))]


_FAULTY: dict[str, Callable[[Terminal, str, str], list[Step]]] = {
    "timeout": _timeout, "reorder": _reorder, "badsum": _badsum,
}  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Walk once: 0 where a ballot was cast, 1 where not, 2 where nobody answers."""
    parser = argparse.ArgumentParser(prog="viche simulator terminal", description=__doc__)
    parser.add_argument("--protocol", required=True, choices=sorted(TERMINALS))
    parser.add_argument("--address", required=True, help="the address of the way, as the office shows it")
    parser.add_argument("--number", required=True, help="the voter's tax number")
    parser.add_argument("--choose", default="1", help="numbers of projects: 1,2,5")
    parser.add_argument("--amount", default="0.00", help="the sum of one payment, in hryvnias")
    parser.add_argument("--fault", default="", choices=("", *FAULTS))
    options, _rest = parser.parse_known_args(arguments)
    terminal = TERMINALS[options.protocol](options.address, options.number, amount=options.amount)
    try:
        steps = walk(terminal, [each for each in options.choose.split(",") if each], options.fault)
    except httpx.HTTPError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2
    for step in steps:
        print(f"{step.what:<26} {step.told.code or 'OK':<4} {step.told.reference:<16} {step.told.message}")
    return 0 if steps and steps[-1].what == "cast" and terminal.is_good(steps[-1].told) else 1
