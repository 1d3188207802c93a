"""What happens to a caller's picture: where faces are, and how they are hidden."""
