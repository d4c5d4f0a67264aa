"""Programs of a body's other systems: who may use the API, for what, in whose name, and how often."""
