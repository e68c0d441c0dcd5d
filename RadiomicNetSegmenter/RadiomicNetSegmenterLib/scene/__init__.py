"""Between the scene and the science: images out of it; outlines, maps, tables and layers of the views into it."""
