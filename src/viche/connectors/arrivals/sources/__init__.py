"""Files of other platforms: which layout they have, what their columns hold, what is wrong in which row."""
