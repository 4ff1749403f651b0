// A lease for tests: what the task's log, offsets and end would be, kept in memory.

import { MaestroError } from '#src/core/index.ts'
import type { Executed, FinalStatus, TaskError, TaskEventBody, TaskLease } from '#src/tasks/index.ts'

export interface FakeLease extends TaskLease {
  readonly events: TaskEventBody[]
  readonly executed: Executed[]
  readonly ends: { status: FinalStatus; executed: Executed; error: TaskError | null }[]
  committed: { out: number; err: number }
  lose(): void
  askToStop(reason: string): void
  /** The same task, as another server holds it after this one was lost. */
  takenOver(): FakeLease
}

export function createFakeLease(
  taskId: string,
  request: unknown,
  fence = 1,
  shared?: Pick<FakeLease, 'events' | 'committed' | 'place'>,
): FakeLease {
  const lost = new AbortController()
  const stop = new AbortController()
  const lease: FakeLease = {
    taskId,
    rootId: 'run_00000000000000000000000000',
    fence,
    place: shared?.place ?? 'node:test',
    lost: lost.signal,
    stopRequested: stop.signal,
    events: shared?.events ?? [],
    executed: [],
    ends: [],
    committed: shared?.committed ?? { out: 0, err: 0 },
    async append(events, offsets) {
      if (lost.signal.aborted) throw new MaestroError('conflict', 'the lease is gone')
      lease.events.push(...events)
      if (offsets !== undefined) lease.committed = offsets
    },
    assertHeld: async () => {
      if (lost.signal.aborted) throw new MaestroError('conflict', 'the lease is gone')
    },
    offsets: async () => lease.committed,
    finish: async ({ status, executed, error }) => void lease.ends.push({ status, executed, error }),
    park: async () => undefined,
    spec: async () => request,
    setExecuted: async (executed) => void lease.executed.push(executed),
    lose: () => lost.abort(new MaestroError('conflict', 'the lease is gone')),
    askToStop: (reason) => stop.abort(reason),
    takenOver: () =>
      createFakeLease(taskId, request, fence + 1, {
        events: [...lease.events],
        committed: lease.committed,
        place: lease.place,
      }),
  }
  return lease
}
