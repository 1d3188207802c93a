"""English as data: how it is spoken, what its words announce, what is harmless in it."""
