"""Scenes of the demo: each stages one subject through the actions, after the seeder has made the bodies."""
