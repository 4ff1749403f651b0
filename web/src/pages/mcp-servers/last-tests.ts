// What each MCP server's last test found, kept in this browser: tests are made by a person's word, and the
// server records nothing of them. Also which launches that person has agreed to run. A changed server counts
// as not tested.

import { useSyncExternalStore } from 'react'
import type { McpServerTest } from '#src/agents/contract.ts'

export interface LastTest {
  version: string
  at: number
  ok: boolean
  tools: number
  tokens: number
  message: string | null
}

const testsKey = 'maestro.mcp-tests'
const agreedKey = 'maestro.mcp-agreed'
const kept = 200
const changed = new EventTarget()

let tests = load<Record<string, LastTest>>(testsKey, {})
let agreed = load<string[]>(agreedKey, [])

function load<T>(key: string, otherwise: T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    return typeof value === 'object' && value !== null && Array.isArray(value) === Array.isArray(otherwise)
      ? (value as T)
      : otherwise
  } catch {
    return otherwise
  }
}

function store(key: string, value: unknown) {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // A private window or a full one: it is known until the page is left.
  }
  changed.dispatchEvent(new Event('change'))
}

export function keepTest(id: string, version: string, test: McpServerTest, at: number) {
  const entry: LastTest = {
    version,
    at,
    ok: test.ok,
    tools: test.tools.length,
    tokens: test.tokens,
    message: test.error?.message ?? null,
  }
  const newest = Object.entries({ ...tests, [id]: entry }).sort(([, a], [, b]) => b.at - a.at)
  tests = Object.fromEntries(newest.slice(0, kept))
  store(testsKey, tests)
}

/** Undefined when it was never tested here, or has changed since. */
export function useLastTest(id: string, version: string): LastTest | undefined {
  const all = useSyncExternalStore(follow, () => tests)
  const found = all[id]
  return found?.version === version ? found : undefined
}

function follow(onChange: () => void) {
  changed.addEventListener('change', onChange)
  return () => changed.removeEventListener('change', onChange)
}

/** Has this exact launch been agreed to in this browser? */
export const isAgreed = (launch: string) => agreed.includes(launch)

export function agree(launch: string) {
  agreed = [launch, ...agreed.filter((each) => each !== launch)].slice(0, kept)
  store(agreedKey, agreed)
}
