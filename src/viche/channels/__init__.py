"""Channels: the ways in. Each ends at ballots.actions.cast_ballot; none knows another."""
