"""List of the software on this PC (SBOM): for the permit of clause 12(4), and for programs that look for known faults.

Nothing here needs a package beside Python itself: the script that makes a wheelhouse uses it, too.
"""
