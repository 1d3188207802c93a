"""The softphone page, as package data: static files that the gateway serves to a browser."""
