"""The second factor of officials: one-time codes, passkeys, recovery codes, without tables and pages."""
