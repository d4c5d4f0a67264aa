"""What arrives from elsewhere: a body's whole archive from another Viche, projects and results of other platforms."""
