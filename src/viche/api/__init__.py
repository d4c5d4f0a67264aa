"""What machines of others speak with: requests are signed, answers are typed; no page is here."""
