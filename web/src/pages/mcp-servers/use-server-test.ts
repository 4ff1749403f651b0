// One test of an MCP server: asked for, agreed to where a program would be run for the first time, under way,
// ended. A newer test takes an older one's place.

import { useEffect, useRef, useState } from 'react'
import type { McpServerInput, McpServerTest } from '#src/agents/contract.ts'
import { mcpServers, type TestAsk } from '../../api/mcp-servers.ts'
import { launchLine } from './draft.ts'
import { agree, isAgreed, keepTest } from './last-tests.ts'

type Launch = Pick<McpServerInput, 'name' | 'transport' | 'command' | 'args' | 'url' | 'startTimeoutSec'> & {
  env?: readonly { name: string }[] | undefined
}

interface Subject {
  readonly launch: Launch
  readonly what: TestAsk
  /** Of the stored server: what was found is kept for it. */
  readonly version?: string | undefined
}

export type TestState =
  | { readonly at: 'rest' }
  | { readonly at: 'asking'; readonly subject: Subject }
  | { readonly at: 'running'; readonly subject: Subject; readonly since: number }
  | { readonly at: 'done'; readonly test: McpServerTest; readonly endedAt: number }
  | { readonly at: 'failed'; readonly thrown: unknown }

/** What a person agrees to: the program, its arguments, and which variables it finds. */
const identity = ({ env = [], ...launch }: Launch) => [launchLine(launch), ...env.map((row) => row.name)].join('\n')

export function useServerTest() {
  const [state, setState] = useState<TestState>({ at: 'rest' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  async function run(subject: Subject) {
    running.current?.abort()
    const mine = new AbortController()
    running.current = mine
    setState({ at: 'running', subject, since: Date.now() })
    try {
      const test = await mcpServers.test(subject.what, mine.signal)
      if (mine.signal.aborted) return
      const endedAt = Date.now()
      if (subject.version !== undefined && subject.what.id !== undefined)
        keepTest(subject.what.id, subject.version, test, endedAt)
      setState({ at: 'done', test, endedAt })
    } catch (thrown) {
      if (!mine.signal.aborted) setState({ at: 'failed', thrown })
    }
  }

  return {
    state,
    start(subject: Subject) {
      if (subject.launch.transport === 'http' || isAgreed(identity(subject.launch))) void run(subject)
      else setState({ at: 'asking', subject })
    },
    agree() {
      if (state.at !== 'asking') return
      agree(identity(state.subject.launch))
      void run(state.subject)
    },
    /** Back to rest; what runs is given up. */
    dismiss() {
      running.current?.abort()
      setState({ at: 'rest' })
    },
  }
}

export type ServerTest = ReturnType<typeof useServerTest>
