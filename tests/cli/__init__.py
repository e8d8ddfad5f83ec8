"""The command line at its edges: closed outputs, files in the way, an order to end at any moment."""
