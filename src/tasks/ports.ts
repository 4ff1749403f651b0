// What tasks need from outside: a driver that starts processes somewhere and tells the truth about them.
// The runner's files decide process facts (`rc` is immutable); the database decides intent and the end.

/** One process to run. Everything a node needs to start it anywhere; holds no reference to this process. */
export interface LaunchSpec {
  /** The task's id: names the run folder and is the marker that every descendant carries. */
  readonly id: string
  /** A folder that has seen a higher fence refuses this one. */
  readonly fence: number
  /** Absolute path or a name found on the job's PATH, then its arguments. Never a shell string. */
  readonly argv: readonly [string, ...string[]]
  /** The whole environment of the process (the driver adds only its marker). No secrets: /proc shows them. */
  readonly env: Readonly<Record<string, string>>
  /** Absolute; must exist. */
  readonly cwd: string
  /** Bytes for stdin; the process sees the end of the stream after them. */
  readonly stdin: string | Uint8Array
  /** Written (0600, parents 0700) before the process starts. Absolute paths. */
  readonly files: readonly { readonly path: string; readonly content: string | Uint8Array }[]
  readonly limits: {
    /** From start to the forced stop. */
    readonly wallMs: number
    /** Without a byte on stdout or stderr. */
    readonly idleMs: number
    /** Of stdout and stderr together on disk. */
    readonly outputBytes: number
  }
  readonly stop: StopPlan
  /** true: the process outlives this server. false: it ends when this server goes (its lifeline closes). */
  readonly promoted: boolean
}

/** First signal to the whole process group, then SIGKILL after the grace, then a sweep by the marker. */
export interface StopPlan {
  readonly signal: 'INT' | 'TERM' | 'KILL'
  readonly graceMs: number
}

/** Why the runner itself ended a process. */
export const runnerStops = ['asked', 'wall', 'idle', 'output', 'disk', 'lease', 'lifeline'] as const
export type RunnerStop = (typeof runnerStops)[number]

/** How a process ended. `exitCode` is 128 + n for signal n, as a shell says it. */
export interface ProcessEnd {
  readonly exitCode: number
  /** Set when the runner ended it, with why. */
  readonly stoppedBy: RunnerStop | null
}

export type Probe =
  /** No folder, or one that was proven (and sealed) never to start. */
  | { readonly state: 'absent' }
  | { readonly state: 'running' }
  | { readonly state: 'ended'; readonly end: ProcessEnd }
  /** The supervisor is gone without an exit status. Everything left of it has been ended. */
  | { readonly state: 'lost' }

export interface OutputChunk {
  readonly stream: 'out' | 'err'
  /** Byte offset of the first byte in that stream's file. */
  readonly offset: number
  readonly bytes: Uint8Array
}

export interface Driver {
  /** `node:<id>` or `host:<name>`: recorded with the task, so that only who can reach it adopts it. */
  readonly place: string
  /**
   * Starts the process. When it returns, the run folder is complete and the supervisor runs.
   * Calling it again for the same id does not start a second process.
   * @throws `conflict` when the folder has seen a higher fence; `invalid_input` when cwd is missing;
   *         `not_found` when the program is missing; `storage_full`.
   */
  start(spec: LaunchSpec): Promise<void>
  /** Output from the offsets on, then, when the process has ended and all was read, the end. */
  observe(
    id: string,
    from: { readonly out: number; readonly err: number },
    signal: AbortSignal,
  ): AsyncGenerator<OutputChunk, ProcessEnd | 'lost', void>
  /** What is true of the process now. For `absent` it also makes sure that a late starter cannot begin. */
  probe(id: string, fence: number): Promise<Probe>
  /** Runs the stop procedure; returns when nothing of it is left. Idempotent. */
  stop(id: string, fence: number, plan: StopPlan, reason: RunnerStop): Promise<void>
  /** Removes the run folder (spool, stdin, secrets). Idempotent. */
  remove(id: string): Promise<void>
  /** Runs a short helper command to its end, outside any task: no lifeline, no folder. */
  exec(command: ShortCommand): Promise<ShortResult>
}

export interface ShortCommand {
  readonly argv: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly stdin?: string
  readonly timeoutMs: number
  /** Bytes kept of each stream; default 1 MiB. */
  readonly maxBytes?: number
}

export interface ShortResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly timedOut: boolean
}
