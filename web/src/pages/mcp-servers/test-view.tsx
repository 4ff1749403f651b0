// What one sees of a test: the program in full before it first runs, the time while it runs, and what was found.

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { McpServerTest } from '#src/agents/contract.ts'
import { sessionQuery } from '../../api/queries.ts'
import { duration, plural, tokens } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { CopyButton, ErrorCard, TroubleCard } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { launchLine } from './draft.ts'
import type { ServerTest } from './use-server-test.ts'

/** `folded`: the tools are opened by a click, where there is little room. */
export function TestView({ test, folded = false }: { test: ServerTest; folded?: boolean }) {
  const { state } = test
  switch (state.at) {
    case 'rest':
      return null
    case 'asking':
      return <AskFirst test={test} />
    case 'running':
      return (
        <Running
          since={state.since}
          limitSec={state.subject.launch.startTimeoutSec ?? 30}
          verb={state.subject.launch.transport === 'http' ? 'Asking' : 'Starting'}
          target={state.subject.launch.name}
          onCancel={test.dismiss}
        />
      )
    case 'failed':
      return <ErrorCard thrown={state.thrown} />
    case 'done':
      return <Found test={state.test} folded={folded} />
  }
}

/** Before a program runs for the first time: exactly what would run, where, and as whom. */
function AskFirst({ test }: { test: ServerTest }) {
  const session = useQuery(sessionQuery)
  if (test.state.at !== 'asking') return null
  const { launch } = test.state.subject
  const names = (launch.env ?? []).map((row) => row.name).filter((name) => name !== '')
  return (
    <Dialog
      open
      wide
      onClose={test.dismiss}
      title="Run this program?"
      description={`A test starts it on ${session.data?.nodeName ?? 'this machine'}, as the user that Maestro runs as. It can do what that user can.`}
      footer={
        <>
          <Button onClick={test.dismiss}>Do not run it</Button>
          <Button look="primary" onClick={test.agree}>
            Run and test
          </Button>
        </>
      }
    >
      <CommandLine text={launchLine(launch)} />
      {names.length > 0 && (
        <p className="mt-3 text-soft">
          It finds in its environment: <span className="font-mono text-xs wrap-anywhere">{names.join(', ')}</span>
        </p>
      )}
      <p className="mt-3 text-sm text-faint">
        Arguments reach the program exactly so: no shell reads them. You are asked again when the program, its arguments
        or its variables change.
      </p>
    </Dialog>
  )
}

/** In full, whatever its length. */
export function CommandLine({ text }: { text: string }) {
  return (
    <div className="flex items-start gap-1 rounded-lg bg-sunken py-1 pl-3 pr-1">
      <code className="min-w-0 flex-1 whitespace-pre-wrap py-1.5 font-mono text-xs leading-5 wrap-anywhere">
        {text}
      </code>
      <CopyButton label="Copy the command line" text={() => text} />
    </div>
  )
}

interface RunningProps {
  since: number
  limitSec: number
  verb: string
  target: string
  onCancel: () => void
}

function Running({ since, limitSec, verb, target, onCancel }: RunningProps) {
  const passed = Math.max(0, useNow(200) - since)
  return (
    <div role="status" className="flex flex-wrap items-center gap-3 rounded-lg bg-running-wash px-4 py-3">
      <Glyph status="running" />
      <p className="min-w-0 flex-1">
        {verb} {target === '' ? 'it' : target}
        <span aria-hidden="true" className="text-soft tabular-nums">
          {' '}
          · {duration(passed)} of at most {limitSec} s
        </span>
      </p>
      <Button small onClick={onCancel}>
        Cancel
      </Button>
      <progress className="bar w-full text-running" aria-label="Time used" max={limitSec * 1_000} value={passed} />
    </div>
  )
}

const titles: Record<NonNullable<McpServerTest['error']>['kind'], string> = {
  not_found: 'The program was not found',
  not_executable: 'The program cannot be run',
  exited: 'The program ended by itself',
  timed_out: 'It did not answer in time',
  garbage: 'What it writes is not MCP',
  flooded: 'It writes without end',
  protocol: 'It does not speak MCP as it should',
  http: 'The server refused',
  network: 'The address cannot be reached',
  secret_missing: 'A secret has no value',
}

function Found({ test, folded }: { test: McpServerTest; folded: boolean }) {
  if (test.error !== null || !test.ok) {
    return (
      <TroubleCard
        title={test.error === null ? 'The test failed' : titles[test.error.kind]}
        detail={test.error?.message ?? 'It gave no reason.'}
        hint={test.error?.hint ?? undefined}
      >
        <Stderr text={test.stderr} />
      </TroubleCard>
    )
  }
  return (
    <div role="status" className="flex flex-col gap-3">
      <p className="flex items-start gap-2">
        <Glyph status="succeeded" className="mt-0.5" />
        <span className="min-w-0">
          <strong className="font-semibold text-succeeded">It works.</strong> {plural(test.tools.length, 'tool')}, about{' '}
          {tokens(test.tokens)} tokens in every request that offers them.
          <span className="block text-sm text-faint">
            {[
              [test.serverName, test.serverVersion].filter((part) => part !== null).join(' '),
              test.protocolVersion === null ? '' : `MCP ${test.protocolVersion}`,
              `answered in ${duration(test.durationMs)}`,
            ]
              .filter((part) => part !== '')
              .join(' · ')}
          </span>
        </span>
      </p>
      {test.tools.length > 0 &&
        (folded ? (
          <details className="text-sm">
            <summary className="cursor-pointer text-soft hover:text-ink">What it offers</summary>
            <div className="mt-1.5">
              <Tools tools={test.tools} />
            </div>
          </details>
        ) : (
          <Tools tools={test.tools} />
        ))}
      <Stderr text={test.stderr} />
    </div>
  )
}

function Tools({ tools }: { tools: McpServerTest['tools'] }) {
  const widest = Math.max(1, ...tools.map((tool) => tool.tokens))
  return (
    <ul aria-label="Tools" className="divide-y divide-line rounded-lg border border-line">
      {tools.map((tool) => (
        <Tool key={tool.name} name={tool.name} tokenCount={tool.tokens} share={tool.tokens / widest}>
          {tool.description}
        </Tool>
      ))}
    </ul>
  )
}

interface ToolProps {
  name: string
  tokenCount: number
  share: number
  children: ReactNode
}

function Tool({ name, tokenCount, share, children }: ToolProps) {
  return (
    <li className="px-3 py-2">
      <div className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 font-mono text-xs font-medium wrap-anywhere">{name}</span>
        <span
          className="shrink-0 text-xs text-faint"
          title="About how many tokens its definition takes in every request"
        >
          {tokens(tokenCount)} tokens
        </span>
      </div>
      {children !== '' && <p className="mt-0.5 line-clamp-3 text-sm text-soft wrap-anywhere">{children}</p>}
      <svg
        aria-hidden="true"
        className="mt-1.5 block h-0.5 w-full text-brass-line"
        preserveAspectRatio="none"
        viewBox="0 0 100 1"
      >
        <rect width={share * 100} height="1" fill="currentColor" opacity="0.6" />
      </svg>
    </li>
  )
}

function Stderr({ text }: { text: string }) {
  if (text.trim() === '') return null
  return (
    <details className="group mt-1 text-sm">
      <summary className="cursor-pointer text-soft hover:text-ink">What it wrote to stderr</summary>
      <pre
        tabIndex={0}
        aria-label="Standard error"
        className="mt-1.5 max-h-56 overflow-auto rounded-lg bg-sunken px-3 py-2 font-mono text-xs leading-4.5 whitespace-pre-wrap text-soft"
      >
        {text}
      </pre>
    </details>
  )
}
