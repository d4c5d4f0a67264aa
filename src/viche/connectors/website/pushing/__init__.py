"""Results pushed to the body's own site when they are published: one page there, however often it is tried."""
