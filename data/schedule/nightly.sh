#!/bin/sh
# Every night: read, reconcile, build, publish, mail what is new. Copy it, set what stands on top, and let cron run it:
#   15 5 * * *  /srv/trueup/nightly.sh
# Secrets come from the environment, never from this file: cron can source them, systemd has EnvironmentFile. cron's PATH is
# short: set it in the crontab where node lies elsewhere than in /usr/bin.
set -eu

TRUEUP=${TRUEUP:-/srv/trueup/app}                              # a checkout of Trueup in which `npm ci` was run
export TRUEUP_WORKSPACE=${TRUEUP_WORKSPACE:-/srv/trueup/workspace}
SITE=${SITE:-/var/www/trueup}                                  # what the web server shows, behind a sign-in; renamed into place, so the folder above must be writable
MAIL_TO=${MAIL_TO:-}                                           # nobody is mailed without it
LIMIT=${LIMIT:-500}                                            # open per month and currency, above which the job fails

last="$TRUEUP_WORKSPACE/.last-report.json"
trueup() { node "$TRUEUP/loaders/bin.js" --quiet "$@"; }

# What cannot be read keeps its last good data and shows as stale; the report names it. `keep_syncs` in workspace.yaml says
# how many syncs stay in the lake: older ones are removed by every sync. Settings that are wrong (code 2), such as a secret that
# is not set, end the job: nothing was read.
trueup sync || { code=$?; [ "$code" -eq 1 ] || exit "$code"; }
trueup reconcile
trueup build --out "$SITE"

if [ -f "$last" ]; then set -- --since "$last"; else set --; fi
report=$(mktemp)
trap 'rm -f "$report"' EXIT
trueup report --format md "$@" --out "$report"
# cron has no locale, without which a mail program calls the report something else than UTF-8, or sends none.
if [ -n "$MAIL_TO" ]; then LC_ALL=C.UTF-8 mail -s "Billed against used, $(date +%F)" "$MAIL_TO" < "$report"; else cat "$report"; fi

# Ends with code 1 above the limit, so that whatever watches cron says so.
trueup report --format json --out "$last" --fail-over "$LIMIT"
