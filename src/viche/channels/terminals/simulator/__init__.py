"""Terminals that speak the real protocols with an installation: for demonstration, development and contract tests.

PROTOCOLS names for each protocol the module whose main(arguments) drives it.
"""

NETWORKS = "viche.channels.terminals.networks.simulator"
PROTOCOLS = {
    "api": "viche.channels.terminals.simulator.api",
    **dict.fromkeys(("debt", "osmp", "ibox", "easypay", "city24"), NETWORKS),
}
