@echo off
rem floorctl: install, check, update, go back. Needs Python 3.11 or newer (py launcher). See install.md.
py -3 "%~dp0install.py" %*
