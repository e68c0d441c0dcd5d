"""Work in the background that leaves the window alive."""
