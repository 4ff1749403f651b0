// Calls over a test store, for tests and benchmarks of any room.

import { type AnyTool, type Clock, randomIds, silentLog, systemClock } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import { createApprovals } from '../approvals.ts'
import { type Calls, type CallsDeps, createCalls } from '../calls.ts'
import { type Control, createControl } from '../control.ts'
import { createPolicy } from '../policy.ts'

export interface TestCalls {
  readonly calls: Calls
  readonly control: Control
  readonly approvals: CallsDeps['approvals']
}

/** @param options.scopesOf of tokens; without it, every token is without limits */
export function testCalls(
  store: Store,
  tools: readonly AnyTool[],
  options: Partial<Omit<CallsDeps, 'store' | 'tools'>> & {
    scopesOf?: (tokenId: string) => Promise<readonly string[] | undefined>
    clock?: Clock
  } = {},
): TestCalls {
  const { scopesOf = () => Promise.resolve([]), clock = systemClock, log = silentLog, ...rest } = options
  const control = createControl({ store, clock, ids: randomIds, log })
  const approvals = createApprovals({ store, clock, ids: randomIds, onChanged: () => control.tell('approvals') })
  const calls = createCalls({
    store,
    tools,
    clock,
    log,
    policy: createPolicy({ scopesOf, control }),
    approvals,
    redact: (text) => text,
    ...rest,
  })
  return { calls, control, approvals }
}
