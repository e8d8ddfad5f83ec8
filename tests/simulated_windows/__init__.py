r"""A Windows inside one process: what its files, consoles and clocks refuse, on any system and the same every time.

Nothing here is a copy of Windows. It is what floorctl meets there, laid over the functions of this process that reach
the system, for the files below one folder: renames refused while a scanner holds a new file, files that Excel holds,
names without case, paths that are too long, pipes that end with EINVAL, functions that are not there.

``os.name`` stays what it is: on Python 3.11 ``Path`` looks at it for every new path, and no path for Windows can be made
elsewhere (``os.name = "nt"`` around ``Path()`` raises NotImplementedError). So what asks for the system goes through
``floorctl.common.patience.on_windows``, whose answer is replaced, or through ``sys.platform`` of its own module, which is
replaced there alone (system.py). Drive letters, ``\`` and shares are asked of the functions that read paths, with
``PureWindowsPath`` and with text.

faults.py   what is refused: an act so many times, a scanner, a program that has a file open
names.py    which names there are
disk.py     ``os``, ``open`` and SQLite with these rules
waits.py    the clock of all pauses: it goes on only where somebody sleeps
locks.py    ``msvcrt`` and ``kernel32``
consoles.py commands with the streams of a console, a file or a pipe
system.py   all of it together: the fixture ``windows`` of conftest.py
"""
