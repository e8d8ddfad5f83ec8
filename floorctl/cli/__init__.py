"""The command line: ``main`` is the group of commands, ``base`` what they share, the other files hold the commands."""
