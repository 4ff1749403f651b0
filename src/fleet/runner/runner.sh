#!/bin/sh
# Runs one job so that its end is always known: own process group, output on disk, limits, stop, sweep.
# Plain POSIX sh, the same text for this machine and for any host. It decides process facts only; who may
# run what, and what an end means, is decided by whoever calls it.
#
#   start GEN                          supervise the job of GEN; prints `started` once it runs
#   probe RUN FENCE|-                  print the state; with a fence, what has not started never will
#   stop  RUN FENCE SIGNAL GRACE_MS REASON
#   sweep ID                           kill every process that carries the marker of ID
#
# RUN is <runs>/<id>. It holds one empty file `fence.N` for each fence seen and the generations g1, g2, ...
# A generation that was sealed never starts; a later start makes the next one. GEN (RUN/gN) holds
#   job in limits lease     written by the starter: script, stdin, one line of limits, path of the node's lease
#   claim                   hard link, so it appears whole: `run PID START BOOT` of the supervisor, or `sealed`
#   po pe -> out err        the job writes into pipes, a copier per stream appends to the file. Not straight to
#                           the file, because `echo x > /dev/stderr` in a job would truncate it, and because the
#                           copier (and not the job) can then carry the kernel's own file size limit
#   group                   PID START OUT_COPIER ERR_COPIER: leader of the job's process group
#   stopping                it is being ended, or has ended by itself. The first to create it wins
#   why                     what the winner says: the reason, or `-`. It has its block before, for a full disk
#   rc                      EXIT REASON OUT_BYTES ERR_BYTES end: the only source of the exit status
#   lost                    the supervisor went without rc, and what was left has been ended
#
# Exit status: 64 usage, 66 no such folder, 74 cannot write, 75 refused for a higher fence, 76 claimed by
# another, 77 something survived. Everything is a function, so the text is parsed whole before it runs and may
# be replaced under a running supervisor.

set -u
# As `sh` bash does this itself; under its own name units and traps would differ.
[ -z "${BASH_VERSION-}" ] || set -o posix

say() { printf '%s\n' "$*"; }

# --- facts about processes ------------------------------------------------------------------------------

# Centiseconds since boot in $t: immune to clock steps, and on Linux without a fork.
now() {
  if read -r t rest 2>/dev/null </proc/uptime; then
    t=$((${t%.*} * 100 + 1${t#*.} - 100))
  else
    t=$(($(date +%s) * 100))
  fi
}

# Start time of process $1 in $st, empty when it is gone. With the boot id it tells a process from a later
# one that was given the same number.
start_time_of() {
  st='' state=''
  if [ -r /proc/self/stat ]; then
    read -r st 2>/dev/null <"/proc/$1/stat" || { st=''; return 1; }
    # shellcheck disable=SC2086 # fields after the name in brackets, which may hold blanks
    set -- ${st##*) }
    state=${1-} st=${20-}
  else
    st=$(ps -o lstart= -p "$1" 2>/dev/null)
    # shellcheck disable=SC2086
    set -- $st
    st="${1-}${2-}${3-}${4-}${5-}"
  fi
  [ -n "$st" ]
}

boot_id() {
  read -r boot_now 2>/dev/null </proc/sys/kernel/random/boot_id ||
    boot_now=$(sysctl -n kern.bootsessionuuid 2>/dev/null) || boot_now=-
}

# A zombie has ended; where nobody collects orphans it may stay one for long.
is_running() {
  start_time_of "$1" || return 1
  case $state in Z* | X*) return 1 ;; esac
}

supervisor_alive() { is_running "$sup" && [ "$st" = "$sup_start" ]; }

# Short pause; a sleep without fractions gets a whole second.
pause() { sleep "$1" 2>/dev/null || sleep 1; }

# Signals the job's group, if its leader is (as a zombie still) the process that was started: never a
# stranger who was given the number later.
group_signal() {
  read -r job job_start out_copier err_copier 2>/dev/null <group || return 1
  start_time_of "$job" && [ "$st" = "$job_start" ] || return 1
  kill -s "$1" -- "-$job" 2>/dev/null
}

# Kills what carries the marker, whatever session or group it fled to, until two passes in a row find
# nothing: a process in the middle of exec shows no environment for a moment, so one empty pass proves little
# (against a process that does nothing but exec, one pass failed in 11 of 100 stops, two in 1, three no less).
# The marker is only ever in the job's environment, so neither supervisor nor copiers are hit.
sweep() {
  swept=0 empty=0
  [ -r /proc/self/environ ] || return 0
  for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    found=$(grep -l -F "MAESTRO_RUN_ID=$id" /proc/[0-9]*/environ 2>/dev/null)
    if [ -z "$found" ]; then
      empty=$((empty + 1))
      [ "$empty" -lt 2 ] || return 0
      continue
    fi
    empty=0
    for process in $found; do
      process=${process#/proc/}
      kill -s KILL "${process%/environ}" 2>/dev/null && swept=$((swept + 1))
    done
    [ "$round" -lt 3 ] || pause 0.02
  done
  return 1
}

# Without /proc there are no markers to find: the tree below the leader is noted before the first signal.
note_tree() {
  tree=''
  [ ! -r /proc/self/environ ] || return 0
  read -r job rest 2>/dev/null <group || return 0
  tree=$(ps -A -o pid= -o ppid= 2>/dev/null | awk -v root="$job" '
    { parent[$1] = $2 }
    END { for (p in parent) { q = p; n = 0; while (q != root && (q in parent) && n++ < 64) q = parent[q]
          if (q == root && p != root) print p } }')
}

kill_tree() {
  # shellcheck disable=SC2086
  [ -z "$tree" ] || kill -s KILL $tree 2>/dev/null
}

sizes() {
  # shellcheck disable=SC2046
  set -- $(wc -c out err 2>/dev/null)
  out_size=${1:-0} err_size=${3:-0}
}

# --- fences and claims ----------------------------------------------------------------------------------

# Leaves with 75 when $run has seen a higher fence than $1.
check_fence() {
  for seen in "$run"/fence.*; do
    [ -e "$seen" ] || continue
    [ "${seen##*.}" -le "$1" ] || { say "refused: fence ${seen##*.} was seen, $1 is lower"; exit 75; }
  done
}

# One file a fence, made before looking: of two at once the lower sees the higher, or came first. No lock.
take_fence() {
  case $1 in '' | *[!0-9]*) say "fence must be a number, not $1"; exit 64 ;; esac
  mkdir -p "$run" && true >"$run/fence.$1" || exit 74
  check_fence "$1"
}

# The claim decides who may start the job: its supervisor, or nobody. A link appears whole and only once.
claim_as() {
  printf '%s\n' "$1" >"claim.$$" || { say 'cannot write the claim'; exit 74; }
  ln "claim.$$" claim 2>/dev/null
}

# First to say why the job ends. False when somebody did before. A disk too full for the file must not keep
# a stop from happening.
claim_stop() {
  (set -C; true >stopping) 2>/dev/null || [ ! -e stopping ] || return 1
  printf '%s\n' "$1" 2>/dev/null 1<>why
  return 0
}

# Why it ended, in $reason. The claim may be a moment old and its reason not yet there.
read_stop() {
  reason=''
  for round in 1 2 3 4 5 6 7 8 9 10; do
    read -r reason 2>/dev/null <why && [ -n "$reason" ] && return 0
    pause 0.01
  done
  reason=asked
}

# --- ending a job ---------------------------------------------------------------------------------------

# Signal, grace in centiseconds, reason. Returns when the supervisor has concluded, is gone, or after some
# seconds of SIGKILL (a process stuck in the kernel cannot be ended by anybody).
halt() {
  claim_stop "$3" || {
    read_stop
    # It ended by itself and its supervisor is about to say so.
    [ "$reason" != - ] || { await_conclusion; return; }
  }
  note_tree
  now
  sent='' naps=0 limit=$((t + $2))
  while [ ! -e rc ] && supervisor_alive; do
    [ -n "$sent" ] || ! group_signal "$1" || sent=1
    [ "$t" -lt "$limit" ] || break
    naps=$((naps + 1))
    if [ "$naps" -lt 20 ]; then pause 0.02; else pause 0.1; fi
    now
  done
  hard_stop
  await_conclusion
}

hard_stop() {
  [ ! -e rc ] || return 0
  group_signal KILL
  kill_tree
  sweep
}

await_conclusion() {
  naps=0
  while [ ! -e rc ] && supervisor_alive && [ "$naps" -lt 200 ]; do
    naps=$((naps + 1))
    pause 0.02
    # The group may have been written, or grown, since the last signal.
    [ $((naps % 10)) -ne 0 ] || [ ! -e stopping ] || hard_stop
  done
}

# The supervisor went without rc: ends what is left and says so. Its exit status is nobody's to know.
end_lost() {
  note_tree
  group_signal KILL
  kill_tree
  sweep
  # Members of the group that dropped the marker, when their leader has gone: both numbers must fit.
  if read -r job rest 2>/dev/null <group && [ -r /proc/self/stat ] && [ ! -d "/proc/$job" ]; then
    for process in /proc/[0-9]*; do
      read -r line 2>/dev/null <"$process/stat" || continue
      # shellcheck disable=SC2086
      set -- ${line##*) }
      [ "${3-}" != "$job" ] || [ "${4-}" != "$sup" ] || kill -s KILL "${process#/proc/}" 2>/dev/null
    done
  fi
  # The copiers end with the last writer: what was written is then on disk.
  if read -r job job_start out_copier err_copier 2>/dev/null <group; then
    naps=0
    while is_running "$out_copier" || is_running "$err_copier"; do
      naps=$((naps + 1))
      [ "$naps" -lt 50 ] || break
      pause 0.02
    done
  fi
  [ -e rc ] || (set -C; true >lost) 2>/dev/null
}

# --- the supervisor -------------------------------------------------------------------------------------

copy() {
  ulimit -c 0 2>/dev/null
  [ "$blocks" -eq 0 ] || ulimit -f "$blocks" 2>/dev/null
  exec cat >>"$2" 2>/dev/null <"$1"
}

# Unless promoted, the job lives as long as whoever holds the other end of our stdin.
lifeline() {
  while IFS= read -r word; do
    [ "$word" != keep ] || { true >promoted; return; }
  done
  halt "$signal" "$grace" lifeline
}

# True when the node's lease has passed. The clock is estimated from uptime (no fork) and asked before acting.
lease_passed() {
  # A file that cannot be read leaves the last deadline in force.
  if read -r line 2>/dev/null <"$lease" && [ -n "$line" ]; then until=$line; fi
  if [ -n "$skew" ] && [ $((ticks % 30)) -ne 0 ] && [ $((t / 100 + skew)) -lt "$until" ]; then return 1; fi
  skew=$(($(date +%s) - t / 100))
  [ $((t / 100 + skew)) -ge "$until" ]
}

# Shortens $wake to the centiseconds left until $1.
wake_by() {
  [ $(($1 - t)) -ge "$wake" ] || wake=$(($1 - t))
  [ "$wake" -ge 1 ] || wake=1
}

# Limits, server or no server; at most one sleep a second. It also outlives a supervisor that was killed,
# and then ends the job in its place.
watchdog() {
  nap=''
  trap 'kill "$nap" 2>/dev/null; exit 0' TERM
  now
  begun=$t quiet=$t last_total=0 ticks=0 skew='' until=0 lease='' stopped=0 ended=0
  read -r lease 2>/dev/null <lease || lease=''
  while :; do
    wake=100
    if [ "$stopped" -eq 0 ]; then
      [ "$wall" -eq 0 ] || wake_by $((begun + wall))
      [ "$idle" -eq 0 ] || wake_by $((quiet + idle))
    fi
    wake=$((100 + wake))
    case $wake in 200) wait_s=1 ;; *) wait_s=0.${wake#1} ;; esac
    sleep "$wait_s" & nap=$!
    # Not every sleep knows fractions.
    wait "$nap" || { sleep 1 & nap=$!; wait "$nap"; }
    ticks=$((ticks + 1))
    [ ! -e rc ] && [ ! -e lost ] || exit 0
    supervisor_alive || { [ -e rc ] || end_lost; exit 0; }
    now
    if [ -e stopping ]; then
      # Someone ends it. Finish what they began if they are gone, and do not let an escapee that kept the
      # pipe open hold back the end.
      stopped=$((stopped + 1))
      read -r job rest <group || continue
      if is_running "$job"; then
        [ $((stopped * 100)) -le $((grace + 300)) ] || hard_stop
      else
        ended=$((ended + 1))
        [ "$ended" -lt 3 ] || kill "$out_copier" "$err_copier" 2>/dev/null
      fi
      continue
    fi
    if [ out -nt tick ] || [ err -nt tick ]; then
      true >tick
      quiet=$t
      measure
    fi
    if [ "$wall" -gt 0 ] && [ $((t - begun)) -ge "$wall" ]; then halt "$signal" "$grace" wall; fi
    if [ "$idle" -gt 0 ] && [ $((t - quiet)) -ge "$idle" ]; then
      # Some shells compare whole seconds above: believe only the sizes.
      before=$last_total
      measure
      if [ "$last_total" -eq "$before" ]; then halt "$signal" "$grace" idle; else quiet=$t; fi
    fi
    if [ -n "$lease" ] && lease_passed; then halt "$signal" "$grace" lease; fi
  done
}

measure() {
  sizes
  last_total=$((out_size + err_size))
  if [ "$bytes" -gt 0 ] && [ "$last_total" -ge "$bytes" ]; then halt KILL 0 output; fi
}

# Waits for child $1 through our own traps; its status in $code.
reap() {
  again=1
  while [ -n "$again" ]; do
    again=''
    wait "$1"
    code=$?
  done
}

conclude() {
  exit_code=$code
  claim_stop - && reason=- || read_stop
  # The leader was only just collected: its number is still the group's, or nobody's.
  if read -r job rest <group && [ -n "$job" ]; then kill -s KILL -- "-$job"; fi
  sweep
  # A copier whose writer was killed before it opened the pipe still waits for one.
  true 3<>po
  true 3<>pe
  reap "$out_copier"
  full=$code
  reap "$err_copier"
  # 153 = SIGXFSZ, the size limit; 1 = the disk took no more. Either way the output could not be kept.
  case "$reason $full $code" in '- 153 '* | '- '*' 153') reason=output ;; '- 1 '* | '- '*' 1') reason=disk ;; esac
  kill "$dog" ${line_reader:+"$line_reader"}
  sizes
  # rc.new has its block already (a full disk takes it), and is told from a torn write by the last word.
  until printf '%s %s %s %s end' "$exit_code" "$reason" "$out_size" "$err_size" 1<>rc.new && mv -f rc.new rc; do
    [ -e claim ] || exit 66
    sleep 1
  done
}

do_start() {
  read_mask
  umask 077
  # A handler, not '': ignored signals would be inherited by the job.
  trap : PIPE
  trap 'again=1' HUP INT QUIT TERM USR1 USR2
  # 3 is the lifeline, 4 where the start is acknowledged; nothing that stays may hold either.
  exec 3<&0 4>&1 </dev/null >/dev/null 2>&1
  cd -- "$1" || { say "no folder $1" >&4; exit 66; }
  run=${1%/*}
  id=${run##*/}
  # Only a prober makes a generation without limits, to seal it.
  read_limits || { say claimed >&4; exit 76; }
  # After the folder was placed and before the claim: a prober with a higher fence is either seen here, or
  # looks later and finds the folder.
  check_fence "$fence" >&4
  boot_id
  start_time_of $$
  sup=$$ sup_start=$st
  # Beside the claim, to save its time. A rival's pipes are as good as ours.
  mkfifo po pe 3<&- 4>&- & pipes=$!
  claim_as "run $sup $sup_start $boot_now" >&4 || { say claimed >&4; exit 76; }
  true >tick
  wait "$pipes"
  [ -p po ] && [ -p pe ] || cannot_start 'no pipes could be made' 74
  blocks=$(((bytes + 511) / 512))
  copy po out 3<&- 4>&- & out_copier=$!
  copy pe err 3<&- 4>&- & err_copier=$!
  line_reader=''
  if [ "$promoted" != 1 ]; then lifeline <&3 3<&- 4>&- & line_reader=$!; fi
  exec 3<&-
  watchdog 4>&- & dog=$!
  # A group of its own. Monitor mode makes one where the shell has it without a terminal (bash); dash and
  # busybox have not, and there setsid does. Then the job must be a foreground command: what a shell without
  # monitor mode starts with `&` ignores SIGINT for good, and SIGINT is how some agents are asked to stop.
  set -m 2>/dev/null
  case $- in
    *m*)
      (umask "$mask"; . ./job) <in >po 2>pe 4>&- & job=$!
      set +m
      announce
      exec 4>&-
      reap "$job"
      ;;
    *)
      command -v setsid >/dev/null || cannot_start 'neither monitor mode nor setsid gives a process group' 74
      (own_pid; announce; exec 4>&-; umask "$mask"; exec setsid sh ./job) <in >po 2>pe
      code=$?
      ;;
  esac
  conclude
}

# The caller's umask, for the job, in $mask; where /proc tells it, without a fork.
read_mask() {
  while read -r key mask; do
    [ "$key" != Umask: ] || return 0
  done 2>/dev/null </proc/self/status
  mask=$(umask)
}

# Nothing ran: the end says so (126), for whoever asks later.
cannot_start() {
  say "$1" >&4
  say "maestro: $1" >>err
  kill "${out_copier:-}" "${err_copier:-}" "${dog:-}" "${line_reader:-}"
  printf '126 - 0 0 end' 1<>rc.new && mv -f rc.new rc
  exit "$2"
}

# This very process (in a subshell $$ is the parent's) in $job.
own_pid() { read -r job rest </proc/self/stat || job=$(exec sh -c 'echo "$PPID"'); }

announce() {
  start_time_of "$job"
  printf '%s %s %s %s\n' "$job" "$st" "$out_copier" "$err_copier" >group
  say started >&4
}

# FENCE WALL_MS IDLE_MS BYTES SIGNAL GRACE_MS PROMOTED BOOT; 0 = no limit. Times in centiseconds from here on.
read_limits() {
  boot=''
  read -r fence wall idle bytes signal grace promoted boot 2>/dev/null <limits || return 1
  wall=$(((wall + 9) / 10)) idle=$(((idle + 9) / 10)) grace=$((grace / 10))
}

# --- state ----------------------------------------------------------------------------------------------

newest() {
  gen='' number=0
  for folder in "$run"/g[0-9]*; do
    [ -d "$folder" ] && [ "${folder##*/g}" -gt "$number" ] && number=${folder##*/g} gen=$folder
  done
}

# The truth about the newest generation in $found_state. $1 = seal: what has no claim gets one that starts nothing.
settle() {
  newest
  if [ -z "$gen" ]; then
    found_state=absent
    [ "$1" = seal ] || return 0
    mkdir "$run/g1" 2>/dev/null
    gen=$run/g1
  fi
  cd -- "$gen" || exit 66
  boot_id
  for round in 1 2 3; do
    if read -r kind sup sup_start sup_boot 2>/dev/null <claim; then
      [ "$kind" != sealed ] || { found_state=absent; return; }
      settle_claimed
      return
    fi
    [ "$1" = seal ] || { found_state=absent; return; }
    if claim_as sealed; then
      found_state=absent
      # Placed before the machine restarted: whether it ran then is not known, so it is not called absent.
      [ ! -e job ] || { read_limits; [ "$boot" = "$boot_now" ] || [ "$boot" = - ]; } ||
        { found_state=lost; true >lost; }
      return
    fi
  done
  found_state=lost
}

# False for an rc that is missing, torn or not ours.
read_end() {
  read -r exit_code reason out_end err_end last 2>/dev/null <rc || [ "${last-}" = end ] || return 1
  [ "${last%% *}" = end ]
}

settle_claimed() {
  if [ ! -e rc ] && [ ! -e lost ]; then
    if [ "$sup_boot" = "$boot_now" ] && supervisor_alive; then found_state=running; return; fi
    # It may have concluded just before we looked.
    [ -e rc ] || end_lost
  fi
  found_state=lost
  # What is there and says nothing was damaged from outside: the job may be at work still.
  read_end || { [ ! -e rc ] || end_lost; return 0; }
  if [ "$sup_boot" != "$boot_now" ]; then
    # The end reached the disk before the power went, but maybe not all of the output.
    sizes
    [ "$out_size" -ge "$out_end" ] && [ "$err_size" -ge "$err_end" ] || return 0
  fi
  found_state="ended $exit_code $reason"
}

do_probe() {
  umask 077
  run=$1
  id=${run##*/}
  if [ "$2" = - ]; then settle look; else take_fence "$2"; settle seal; fi
  say "$found_state"
}

do_stop() {
  umask 077
  run=$1
  id=${run##*/}
  take_fence "$2"
  settle seal
  if [ "$found_state" = running ]; then
    halt "$3" $(($4 / 10)) "$5"
    settle seal
  fi
  # An end says what the supervisor swept; a marker that came later (or a generation before) is swept here.
  sweep || { say 'something survived'; exit 77; }
  say "$found_state"
  [ "$found_state" != running ] || exit 77
}

do_sweep() {
  id=$1
  sweep || exit 77
  say "$swept"
}

main() {
  case "${1-} $#" in
    'start 2' | 'probe 3' | 'stop 6' | 'sweep 2') ;;
    *) say 'usage: start GEN | probe RUN FENCE | stop RUN FENCE SIGNAL GRACE_MS REASON | sweep ID'; exit 64 ;;
  esac
  verb=$1
  shift
  "do_$verb" "$@"
}

main "$@"; exit
