"""Why a plan did not go, in words."""

from viche.connectors.systems.wording import outcome_text


def fault_text(code: str) -> str:
    """The code of PlanHandover.fault in a sentence; "" for none. "down": the system was resting."""
    return outcome_text("connection" if code == "down" else code) if code else ""
