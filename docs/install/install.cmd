@echo off
rem floorctl: install, check, update, go back. Tries the Pythons of this PC, the newest first; see install.md.
setlocal DisableDelayedExpansion
rem A variable of this name would stand for the status of every command.
set "ERRORLEVEL="
rem No Python is fetched for this: neither launcher may reach the network.
set "PYTHON_MANAGER_AUTOMATIC_INSTALL=false"
set "PYLAUNCHER_ALLOW_INSTALL="
set "CHOSEN="
rem .exe: a python.bat on the PATH would take over, and this file would end with no word.
for %%v in (3.14 3.13 3.12 3.11) do call :ask %%v
if defined CHOSEN goto launcher
python.exe "%~dp0install.py" --python >nul 2>nul
if %ERRORLEVEL%==0 goto python
rem None will do: whatever Python there is says why, and which would.
py.exe -3 "%~dp0install.py" --list >nul 2>nul
if %ERRORLEVEL%==0 goto py3
python.exe "%~dp0install.py" --list >nul 2>nul
if %ERRORLEVEL%==0 goto python
type "%~dp0no-python.txt"
exit /b 1
:launcher
py.exe -%CHOSEN% "%~dp0install.py" %*
exit /b %ERRORLEVEL%
:py3
py.exe -3 "%~dp0install.py" %*
exit /b %ERRORLEVEL%
:python
python.exe "%~dp0install.py" %*
exit /b %ERRORLEVEL%
:ask
if defined CHOSEN exit /b 0
py.exe -%1 "%~dp0install.py" --python >nul 2>nul
if %ERRORLEVEL%==0 set "CHOSEN=%1"
exit /b 0
