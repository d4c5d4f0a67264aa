"""The community's own website: widgets, feeds, static copies, and results pushed there when they are published."""
