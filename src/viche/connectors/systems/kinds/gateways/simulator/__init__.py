"""Gateways on this machine: a mail server that speaks SMTP, an SMS gateway over HTTP."""

from viche.connectors.systems.kinds.gateways.simulator.sms import SmsSimulator
from viche.connectors.systems.kinds.gateways.simulator.smtp import SmtpSimulator

__all__ = ["SmsSimulator", "SmtpSimulator"]
