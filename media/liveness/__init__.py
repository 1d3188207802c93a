"""Whether a voice is synthetic: one signal among several, with its doubts."""
