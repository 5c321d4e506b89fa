@echo off
rem Starts Sendport with the Java in JAVA_HOME, or else the java on the PATH. JAVA_OPTS adds options for Java.
setlocal
set "HOME_DIR=%~dp0.."
set "JAVA_EXE=java"
if defined JAVA_HOME set "JAVA_EXE=%JAVA_HOME%\bin\java"
set "OPTIONS=-XX:+UseSerialGC -Xshare:auto -XX:TieredStopAtLevel=1"
if "%~1"=="run" set "OPTIONS=-Dsendport.log=INFO -XX:+ExitOnOutOfMemoryError -Dsun.net.httpserver.maxReqTime=10 -Dsun.net.httpserver.maxRspTime=10 -Dsun.net.httpserver.nodelay=true"
"%JAVA_EXE%" %OPTIONS% "-Dsendport.home=%HOME_DIR%" -Djdk.console=java.base -Dfile.encoding=UTF-8 --enable-native-access=ALL-UNNAMED %JAVA_OPTS% -cp "%HOME_DIR%\lib\*;%HOME_DIR%\feeds\lib\*" io.sendport.cli.Main %*
exit /b %ERRORLEVEL%
