#!/bin/bash
# What ipmi_sim calls for the power of a host: chassis.sh ADDRESS PORT HOST CONTROLLER get|set|check ...
exec 3<>"/dev/tcp/$1/$2" || exit 1
printf 'bmc %s %s\n' "$3" "${*:5}" >&3
while IFS= read -r line <&3; do
  case $line in
    end) exit 0 ;;
    error*) exit 1 ;;
    *) echo "$line" ;;
  esac
done
exit 1
