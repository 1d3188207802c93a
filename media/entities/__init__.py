"""Spoken forms to written forms, and the entities found in them."""
