// The MCP server being edited, and how saving goes: saved or not, wrong or not, in conflict or not.

import { useMemo, useState } from 'react'
import type { McpServer } from '#src/agents/contract.ts'
import { conflictingServer, mcpServers, useServerWrite } from '../../api/mcp-servers.ts'
import { useToasts } from '../../ui/toast.tsx'
import { blankServer, changesOf, draftOf, inputOf, problemsOf, type ServerDraft } from './draft.ts'

interface Base {
  /** Undefined until it is stored. */
  readonly id: string | undefined
  readonly version: string
  readonly draft: ServerDraft
}

const baseOf = (server: McpServer): Base => ({ id: server.id, version: server.version, draft: draftOf(server) })

/** A copy starts as its original without its secrets: those cannot be read. */
export function useServerDraft(stored: McpServer | undefined, copyOf: McpServer | undefined) {
  const [base, setBase] = useState<Base>(() =>
    stored === undefined ? { id: undefined, version: '', draft: blankServer() } : baseOf(stored),
  )
  const [draft, setDraft] = useState<ServerDraft>(() => (copyOf === undefined ? base.draft : copied(copyOf)))
  const [touched, setTouched] = useState(stored !== undefined)
  const [conflict, setConflict] = useState<McpServer>()
  const toasts = useToasts()
  const save = useServerWrite(
    ({ id, input, version }: { id: string | undefined; input: ServerDraft; version: string }) =>
      id === undefined ? mcpServers.create(inputOf(input)) : mcpServers.save(id, inputOf(input), version),
  )
  const changes = useMemo(() => changesOf(base.draft, draft), [base, draft])
  const problems = useMemo(() => problemsOf(draft), [draft])

  /** Undefined when it was not saved: something is wrong, in conflict, or failed. */
  async function store(over?: McpServer): Promise<McpServer | undefined> {
    setTouched(true)
    if (problems.length > 0) return undefined
    try {
      const saved = await save.mutateAsync({ id: base.id, input: draft, version: over?.version ?? base.version })
      const next = baseOf(saved)
      setBase(next)
      // What was typed while it was on its way stays typed.
      setDraft((now) => (now === draft ? next.draft : now))
      setConflict(undefined)
      return saved
    } catch (thrown) {
      const current = conflictingServer(thrown)
      if (current === undefined) toasts.fail(thrown)
      else setConflict(current)
      return undefined
    }
  }

  return {
    base,
    draft,
    change: (part: Partial<ServerDraft>) => setDraft((old) => ({ ...old, ...part })),
    changes,
    problems,
    /** Of one field; quiet on a new server until the first try to save or test. */
    problemAt: (path: string) => (touched ? problems.find((problem) => problem.path === path)?.message : undefined),
    touch: () => setTouched(true),
    touched,
    store,
    saving: save.isPending,
    conflict,
    dropConflict: () => setConflict(undefined),
    takeTheirs(current: McpServer) {
      const next = baseOf(current)
      setBase(next)
      setDraft(next.draft)
      setConflict(undefined)
    },
  }
}

export type ServerEdit = ReturnType<typeof useServerDraft>

function copied(server: McpServer): ServerDraft {
  const draft = draftOf(server)
  const bare = (rows: ServerDraft['env']) => rows.map((row) => ({ ...row, kept: null }))
  return { ...draft, name: `${draft.name} (copy)`, env: bare(draft.env), headers: bare(draft.headers) }
}
