"""Official reports: what a body writes down about its contest, and keeps."""
