"""Webhooks: what the journal says, told to other systems at once, signed, in order, until they have heard it."""
