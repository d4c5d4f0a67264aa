"""Terminals that speak the real protocols with an installation: for demonstration, development and contract tests.

PROTOCOLS names for each protocol the module whose main(arguments) drives it.
"""

PROTOCOLS = {"api": "viche.channels.terminals.simulator.api"}
