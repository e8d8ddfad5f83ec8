"""The command line: ``main`` is the group, ``base`` what its commands share; the other files hold a family of commands each."""
