"""The pages on which a project is written: one step after another, for a draft and for a submitted project alike."""
