"""Reports: figures of contests, kept ready, drawn, printed and exported, the same number everywhere."""
