#!/bin/bash
# Container health check: exit 0 when the service on this port says that it is ready. Bash alone: it runs every few seconds in
# each container, and a node would cost half a core altogether.
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
read -r -t 3 status <&3
[[ $status == *' 200 '* ]]
