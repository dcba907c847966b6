"""What all figures share: an empty figure, colours, words, matrices, points."""
