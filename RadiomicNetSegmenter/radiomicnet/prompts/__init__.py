"""What a person points at: lesions to keep or to look for again, and where to look at all."""
