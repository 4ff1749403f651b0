// What a call that waits would do, in words and as it would be done: the command, the text, the difference. Made from
// the input that Maestro kept to be shown; nothing of it is run or trusted. Pure.

import { z } from 'zod'
import type { Approval } from '#src/calls/contract.ts'

export interface Part {
  readonly label: string
  readonly text: string
  /** For a difference: what goes and what comes instead. */
  readonly lines?: readonly { readonly op: 'added' | 'removed' | 'gap'; readonly text: string }[]
}

export interface Description {
  /** After the caller's name: `wants to run a command on local`. */
  readonly wish: string
  readonly parts: readonly Part[]
  /** What else the input says, small: `in /srv/app`, `for at most 60 s`. */
  readonly asides: readonly string[]
  /** The input in full, readable; as it is when it was cut. */
  readonly input: string
}

const text = z.string().optional().catch(undefined)
const place = z.object({ host: text, path: text }).optional().catch(undefined)

const Known = z.object({
  host: text,
  command: text,
  script: text,
  interpreter: text,
  cwd: text,
  timeout_s: z.number().optional().catch(undefined),
  stdin: text,
  path: text,
  content: text,
  append: z.boolean().optional().catch(undefined),
  edits: z
    .array(z.object({ old: z.string(), new: z.string(), all: z.boolean().optional() }))
    .optional()
    .catch(undefined),
  from: place,
  to: place,
  overwrite: z.boolean().optional().catch(undefined),
})
type Known = z.infer<typeof Known>

export function describe(approval: Approval): Description {
  const value = parse(approval.input)
  const known = Known.safeParse(value).data ?? {}
  const host = known.host ?? hostIn(approval.subject)
  const on = host === undefined ? '' : ` on ${host}`
  const { wish, parts } = wishOf(approval, known, on)
  return {
    wish,
    parts,
    asides: asidesOf(known),
    input: value === undefined ? approval.input : JSON.stringify(value, null, 2),
  }
}

function wishOf({ tool, title, subject }: Approval, known: Known, on: string): Pick<Description, 'wish' | 'parts'> {
  const path = known.path ?? subjectOf(subject, 'path')
  if (known.command !== undefined)
    return { wish: `wants to run a command${on}`, parts: [{ label: 'Command', text: known.command }] }
  if (known.script !== undefined)
    return {
      wish: `wants to run a ${known.interpreter ?? 'shell'} script${on}`,
      parts: [{ label: 'Script', text: known.script }],
    }
  if (known.edits !== undefined)
    return {
      wish: `wants to change ${path ?? 'a file'}${on}`,
      parts: [{ label: 'Difference', text: path ?? '', lines: known.edits.flatMap(editLines) }],
    }
  if (known.content !== undefined)
    return {
      wish: `wants to ${known.append === true ? 'add to' : 'write'} ${path ?? 'a file'}${on}`,
      parts: [{ label: known.append === true ? 'Text added at the end' : 'Text it would have', text: known.content }],
    }
  if (known.from?.path !== undefined && known.to?.path !== undefined)
    return { wish: 'wants to copy', parts: [{ label: 'Copy', text: `${at(known.from)}\n→ ${at(known.to)}` }] }
  return {
    wish: `wants to use ${tool}: ${title.toLowerCase()}${on}`,
    parts: path === undefined ? [] : [{ label: 'Path', text: path }],
  }
}

const at = (one: { host?: string | undefined; path?: string | undefined }) =>
  one.host === undefined ? (one.path ?? '') : `${one.host}:${one.path ?? ''}`

const editLines = (edit: { old: string; new: string }, index: number) => [
  ...(index === 0 ? [] : [{ op: 'gap' as const, text: '' }]),
  ...(edit.old === '' ? [] : edit.old.split('\n').map((line) => ({ op: 'removed' as const, text: line }))),
  ...(edit.new === '' ? [] : edit.new.split('\n').map((line) => ({ op: 'added' as const, text: line }))),
]

function asidesOf(known: Known): string[] {
  return [
    ...(known.cwd === undefined ? [] : [`in ${known.cwd}`]),
    ...(known.timeout_s === undefined ? [] : [`for at most ${known.timeout_s} s`]),
    ...(known.stdin === undefined || known.stdin === '' ? [] : [`with ${known.stdin.length} characters of input`]),
    ...(known.overwrite === true ? ['over what is there'] : []),
    ...(known.edits?.some((edit) => edit.all === true) === true ? ['everywhere it occurs'] : []),
  ]
}

/** Undefined: it was cut, or is no object. */
function parse(input: string): unknown {
  try {
    const value: unknown = JSON.parse(input)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const subjectOf = (subject: readonly string[], kind: 'path' | 'command') =>
  subject.map((line) => new RegExp(`^${kind}:[^:]+:(.+)$`, 's').exec(line)?.[1]).find((found) => found !== undefined)

const hostIn = (subject: readonly string[]) =>
  subject.map((line) => /^(?:host|path|command):([^:]+)/.exec(line)?.[1]).find((found) => found !== undefined)
