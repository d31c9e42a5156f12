#!/bin/sh
# Plays the next line of the fault script for this job, then ends as if the sheet had come out.
# Lines read "KIND SECONDS". The printer reads STATE: and ERROR: lines from standard error while this runs.
faults="${ONEWINDOW_FAULTS:-$(dirname "$0")/faults}"
[ -s "$faults" ] || exit 0
read -r kind seconds < "$faults"
sed -i 1d "$faults"

complain() {
    echo "STATE: +$1" >&2
    sleep "$seconds"
    echo "STATE: -$1" >&2
}

case "$kind" in
    slow) sleep "$seconds" ;;
    paper-out) complain media-empty-error,media-needed-error ;;
    jam) complain media-jam-error ;;
    cover-open) complain cover-open-error ;;
    abort) echo "ERROR: the printer gives the job up" >&2; exit 1 ;;
    gone) sleep "$seconds"; kill -9 "$PPID" ;;
esac
exit 0
