"""Review: what the commission decides about submitted projects, with reasons everybody can read."""
