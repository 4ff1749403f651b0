// Runs processes on this machine through the runner. The supervisor and its job outlive this process; whatever
// is true of them is in the run folder, so any later driver on the same folder goes on where this one stopped.

import { rename, rm } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { isNodeError, MaestroError, toMaestroError } from '#src/core/index.ts'
import type { Clock, Log } from '#src/core/index.ts'
import type { Driver, LaunchSpec } from '#src/tasks/index.ts'
import { findProgram } from './find-program.ts'
import { follow } from './follow.ts'
import { jobScript } from './job-script.ts'
import { readLease } from './lease.ts'
import { checkSpec } from './check-spec.ts'
import { isSupervisorGone } from './process-facts.ts'
import * as folders from './run-folder.ts'
import { createRunner } from './runner-call.ts'
import { shortExec } from './short-exec.ts'

export interface LocalDriverOptions {
  /** Absolute; made when missing (0700). One folder a run below it. */
  readonly runsDir: string
  readonly nodeId: string
  /** Kept current with `renewLease`; jobs end when its deadline passes. Without it they know no lease. */
  readonly leaseFile?: string
  readonly log: Log
  readonly clock: Clock
  /** What runs the runner; default `/bin/sh`. */
  readonly shell?: readonly [string, ...string[]]
}

export interface LocalDriver extends Driver {
  /** Lets an unpromoted process outlive this server. False when this driver does not hold its lifeline. */
  promote(id: string): boolean
  /** Lets go of every lifeline, as the end of this process would: what was not promoted ends. Returns how many. */
  release(): number
  /** Kills every process that carries the id's marker, wherever it fled to; returns how many were found. */
  sweep(id: string): Promise<number>
}

/** Where the runner's own few programs are; jobs have the PATH of their spec. */
const systemPath = '/usr/bin:/bin:/usr/local/bin:/usr/sbin:/sbin:/run/current-system/sw/bin'
/** Longer than any supervisor needs between its claim and its group file. */
const joinTimeoutMs = 15_000
/** Room for the longest end there is, so that writing it needs no block of a full disk. */
const emptyEnd = `${' '.repeat(126)}\n`
/** The same for why it ended. */
const emptyReason = `${' '.repeat(14)}\n`

export function createLocalDriver(options: LocalDriverOptions): LocalDriver {
  const { runsDir, leaseFile, clock } = options
  const log = options.log.child({ room: 'fleet', place: `node:${options.nodeId}` })
  const runner = createRunner(options.shell ?? ['/bin/sh'], systemPath)
  const runOf = (id: string) => folders.runFolder(runsDir, id)
  const lifelines = new Map<string, Writable>()
  const starting = new Map<string, Promise<void>>()

  /** A start under way is neither absent nor running: whoever asks waits for it. */
  const settled = async (id: string) => {
    await starting.get(id)?.catch(() => undefined)
  }

  async function start(spec: LaunchSpec): Promise<void> {
    const run = runOf(spec.id)
    checkSpec(spec)
    const state = await folders.takeFence(run, spec.fence)
    if (state.generation > 0) {
      const placed = folders.generationFolder(run, state.generation)
      // One reading decides: a claim never changes once it is there.
      const claim = await folders.readClaim(placed)
      if (typeof claim === 'object') {
        if ((await runner.probe(run, null)).state === 'running') await joinStart(run, placed)
        return
      }
      if (claim === 'none') {
        // Placed and not claimed, by a start that died or is about to claim. Of this owner: help it.
        if ((await folders.readPlacedFence(placed)) === spec.fence) return launch(spec, run, placed)
        // Of another: decide it.
        if ((await runner.probe(run, spec.fence)).state !== 'absent') return
      }
      // Sealed for good: the next generation is free.
    }
    const program = await checkLaunch(spec)
    for (const file of spec.files) await folders.writePrivate(file.path, file.content)
    const folder = folders.generationFolder(run, state.generation + 1)
    await folders.placeGeneration(run, state.generation + 1, {
      job: jobScript({ id: spec.id, program, args: spec.argv.slice(1), cwd: spec.cwd, env: spec.env }),
      in: spec.stdin,
      out: '',
      err: '',
      'rc.new': emptyEnd,
      why: emptyReason,
      limits: folders.limitsLine(spec, await folders.readBootId()),
      ...(leaseFile === undefined ? {} : { lease: `${leaseFile}\n` }),
    })
    return launch(spec, run, folder)
  }

  /** Placed by us or by another: the claim decides whose supervisor runs it. */
  async function launch(spec: LaunchSpec, run: string, folder: string): Promise<void> {
    const started = await runner.start(folder, spec.fence, spec.promoted)
    if (started === 'claimed') await joinStart(run, folder)
    else if (started.lifeline !== null) keepLifeline(spec.id, started.lifeline)
  }

  async function checkLaunch(spec: LaunchSpec): Promise<string> {
    if (!(await folders.isFolder(spec.cwd))) {
      throw new MaestroError('invalid_input', `the working folder ${spec.cwd} does not exist`, {
        hint: 'make it, or choose another',
      })
    }
    if (leaseFile !== undefined) {
      const deadline = await readLease(leaseFile)
      if (deadline === undefined || deadline <= clock.now()) {
        throw new MaestroError(
          'not_ready',
          `this node holds no current lease (${leaseFile} ${deadline === undefined ? 'is missing' : 'has passed'})`,
          {
            hint: 'renew the lease before starting work',
          },
        )
      }
    }
    return findProgram(spec.argv[0], spec.cwd, spec.env['PATH'])
  }

  /** Another supervisor has the claim: returns when its job runs (or ran). */
  async function joinStart(run: string, folder: string): Promise<void> {
    const deadline = clock.now() + joinTimeoutMs
    for (;;) {
      if ((await folders.readClaim(folder)) === 'sealed') {
        throw new MaestroError('conflict', `the start of ${run} was forbidden before it began`, {
          hint: 'probe it, then start it again',
        })
      }
      if ((await folders.readText(join(folder, 'group'))) !== undefined) return
      if ((await folders.readEnd(folder)) !== undefined) return
      if (clock.now() > deadline)
        throw new MaestroError('timed_out', `${run} was claimed but did not start in ${joinTimeoutMs} ms`)
      await clock.sleep(10)
    }
  }

  /** Its newest generation has an end: the runner need not be asked. */
  async function hasEnded(run: string): Promise<boolean> {
    const { generation } = await folders.readRunState(run)
    return generation > 0 && (await folders.readEnd(folders.generationFolder(run, generation))) !== undefined
  }

  function keepLifeline(id: string, lifeline: Writable): void {
    lifelines.set(id, lifeline)
    lifeline.once('close', () => lifelines.delete(id))
  }

  return {
    place: `node:${options.nodeId}`,

    async start(spec) {
      const underway = starting.get(spec.id)
      if (underway !== undefined) return underway
      const work = start(spec).catch((thrown: unknown) => {
        throw toMaestroError(thrown)
      })
      starting.set(spec.id, work)
      try {
        await work
      } finally {
        starting.delete(spec.id)
      }
    },

    async *observe(id, from, signal) {
      const run = runOf(id)
      await settled(id)
      const { generation } = await folders.readRunState(run)
      const folder = folders.generationFolder(run, generation)
      const claim = generation === 0 ? 'sealed' : await folders.readClaim(folder)
      if (typeof claim === 'string') throw new MaestroError('not_found', `${id} was never started here`)
      return yield* follow(folder, from, signal, async () => {
        if (await isSupervisorGone(claim)) {
          log.warn({ id }, 'the supervisor of a process is gone without an exit status')
          await runner.probe(run, null)
        }
      })
    },

    async probe(id, fence) {
      await settled(id)
      return runner.probe(runOf(id), fence)
    },

    async stop(id, fence, plan, reason) {
      await settled(id)
      await runner.stop(runOf(id), fence, plan, reason)
    },

    async remove(id) {
      const run = runOf(id)
      await settled(id)
      if (!(await hasEnded(run)) && (await runner.probe(run, null)).state === 'running') {
        throw new MaestroError('conflict', `${id} still runs; its folder cannot be removed`, { hint: 'stop it first' })
      }
      // Out of the way first: nobody meets half a folder.
      const aside = join(runsDir, `.gone-${id}-${randomBytes(6).toString('hex')}`)
      try {
        await rename(run, aside)
      } catch (thrown) {
        if (isNodeError(thrown) && thrown.code === 'ENOENT') return
        throw toMaestroError(thrown)
      }
      await rm(aside, { recursive: true, force: true })
    },

    exec: shortExec,
    promote(id) {
      const lifeline = lifelines.get(id)
      if (lifeline === undefined || !lifeline.writable) return false
      lifeline.write('keep\n')
      return true
    },
    release() {
      const count = lifelines.size
      for (const lifeline of lifelines.values()) lifeline.end()
      return count
    },
    sweep(id) {
      runOf(id)
      return runner.sweep(id)
    },
  }
}
