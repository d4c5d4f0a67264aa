"""Portal: the pages of citizens. Views parse, call one action or query, and answer; nothing is decided here."""
