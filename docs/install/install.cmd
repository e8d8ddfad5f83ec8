@echo off
rem floorctl: install, check, update, go back. Tries the Pythons of this PC, the newest first; see install.md.
setlocal DisableDelayedExpansion
rem No Python is fetched for this: neither launcher may reach the network.
set "PYTHON_MANAGER_AUTOMATIC_INSTALL=false"
set "PYLAUNCHER_ALLOW_INSTALL="
for %%v in (3.14 3.13 3.12 3.11) do (
  py -%%v "%~dp0install.py" --python >nul 2>nul && set "CHOSEN=%%v" && goto launcher
)
python "%~dp0install.py" --python >nul 2>nul && goto python
rem None will do: whatever Python there is says why, and which would.
py -3 "%~dp0install.py" --list >nul 2>nul && goto py3
python "%~dp0install.py" --list >nul 2>nul && goto python
type "%~dp0no-python.txt"
exit /b 1
:launcher
py -%CHOSEN% "%~dp0install.py" %*
exit /b %ERRORLEVEL%
:py3
py -3 "%~dp0install.py" %*
exit /b %ERRORLEVEL%
:python
python "%~dp0install.py" %*
exit /b %ERRORLEVEL%
