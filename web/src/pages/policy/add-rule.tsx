// A rule, written as the sentence it is; below, which calls on record it would have met.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo, useState, type SubmitEvent } from 'react'
import type { AuditRow, NewRule, Rule } from '#src/calls/contract.ts'
import { auditQuery, rules, useRuleWrite } from '../../api/policy.ts'
import { hostsQuery } from '../../api/tasks.ts'
import { actorName } from '../../lib/actor.ts'
import { plural } from '../../lib/format.ts'
import { Ago, ErrorCard } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Segments } from '../../ui/segments.tsx'
import { SuggestInput } from '../../ui/suggest-input.tsx'
import { RuleSentence } from './rule-sentence.tsx'
import { agentName, callsOf, meets } from './rule-words.ts'

type Patterns = Record<'client' | 'tool' | 'host' | 'path' | 'command', string>

const shownMatches = 5

/** Tools people write rules about, before any call is on record. */
const usualTools = [
  ['maestro_exec', 'runs a command'],
  ['maestro_script', 'runs a script'],
  ['maestro_write', 'writes a file'],
  ['maestro_edit', 'changes a file'],
  ['maestro_copy', 'copies files'],
  ['maestro_read', 'reads a file'],
  ['workflow_*', 'everything about workflows'],
  ['*', 'every tool'],
] as const

export function AddRule({ onClose, from }: { onClose: () => void; from?: NewRule }) {
  const [effect, setEffect] = useState<Rule['effect']>(from?.effect ?? 'ask')
  const [patterns, setPatterns] = useState<Patterns>(() => ({
    client: from?.client ?? '',
    tool: from?.tool ?? '',
    host: from?.host ?? '',
    path: from?.path ?? '',
    command: from?.command ?? '',
  }))
  const [note, setNote] = useState('')
  const add = useRuleWrite(rules.add)
  const audit = useInfiniteQuery(auditQuery({}))
  const hosts = useQuery(hostsQuery)
  const rows = useMemo(() => callsOf(audit.data?.pages.flatMap((page) => page.items) ?? []), [audit.data])
  const rule = ruleOf(effect, patterns, note)
  const set = (key: keyof Patterns) => (value: string) => setPatterns((old) => ({ ...old, [key]: value }))
  const isOpen = Object.values(patterns).every((pattern) => pattern.trim() === '')

  function onSubmit(event: SubmitEvent) {
    event.preventDefault()
    add.mutate(rule, { onSuccess: onClose })
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a rule"
      wide
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="add-rule" disabled={add.isPending}>
            Add rule
          </Button>
        </>
      }
    >
      <form id="add-rule" onSubmit={onSubmit} className="flex flex-col gap-5">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <Segments
            label="What it does"
            value={effect}
            options={[
              ['deny', 'Deny'],
              ['ask', 'Ask me'],
              ['allow', 'Allow'],
            ]}
            onChange={setEffect}
          />
          <span className="text-soft">{meaning[effect]}</span>
        </div>
        <div className="grid gap-x-4 gap-y-3 sm:grid-cols-[auto_minmax(0,1fr)] sm:items-center">
          <Slot
            words="when"
            label="Which agent"
            value={patterns.client}
            placeholder="any agent"
            onChange={set('client')}
            suggestions={namesOf(rows).map((value) => ({ value, note: 'seen on record' }))}
          />
          <Slot
            words="uses"
            label="Which tool"
            value={patterns.tool}
            placeholder="any tool"
            onChange={set('tool')}
            suggestions={toolsOf(rows)}
          />
          <Slot
            words="on"
            label="Which host"
            value={patterns.host}
            placeholder="any host"
            onChange={set('host')}
            suggestions={(hosts.data ?? []).map((host) => ({
              value: host.name,
              note: host.is_local ? 'this machine' : (host.description ?? ''),
            }))}
          />
          <Slot
            words="touching"
            label="Which path"
            value={patterns.path}
            placeholder="any path, such as /srv/app/**"
            onChange={set('path')}
            suggestions={[]}
          />
          <Slot
            words="with a command like"
            label="Which command"
            value={patterns.command}
            placeholder="any command, such as git push *"
            onChange={set('command')}
            suggestions={[]}
          />
        </div>
        <p className="text-xs text-faint">
          <code className="font-mono">*</code> stands for any text without a slash,{' '}
          <code className="font-mono">**</code> for any text; in a command both stand for any. A shell can say one thing
          in many ways, so a pattern of commands is a reminder, not a wall.
        </p>
        <Field label="Note" hint="Why: whoever is refused is told.">
          {(ties) => (
            <input
              {...ties}
              className="field"
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
        <div className="rounded-lg bg-sunken px-4 py-3">
          <p>
            <span className="font-medium">{verb[effect]}</span> <RuleSentence rule={rule} />
          </p>
          {isOpen && effect !== 'allow' && (
            <p className="mt-1 text-sm text-waiting">It holds for everything that agents do, reading included.</p>
          )}
          <Matches rows={rows} rule={rule} more={audit.hasNextPage} onMore={() => void audit.fetchNextPage()} />
        </div>
        {add.error !== null && <ErrorCard thrown={add.error} />}
      </form>
    </Dialog>
  )
}

const meaning: Record<Rule['effect'], string> = {
  deny: 'It is refused, and told so.',
  ask: 'It waits for your yes under Approvals.',
  allow: 'It passes without a question. What such rules do not name asks you first.',
}

const verb: Record<Rule['effect'], string> = { deny: 'Deny when', ask: 'Ask me when', allow: 'Allow when' }

function ruleOf(effect: Rule['effect'], patterns: Patterns, note: string): NewRule {
  const set = Object.entries({ ...patterns, note }).filter(([, value]) => value.trim() !== '')
  return { effect, ...Object.fromEntries(set.map(([key, value]) => [key, value.trim()])) }
}

interface SlotProps {
  words: string
  label: string
  value: string
  placeholder: string
  suggestions: readonly { value: string; note: string }[]
  onChange: (value: string) => void
}

function Slot({ words, label, ...input }: SlotProps) {
  return (
    <>
      <span aria-hidden="true" className="text-soft max-sm:-mb-2 sm:text-right">
        {words}
      </span>
      <SuggestInput label={label} {...input} />
    </>
  )
}

const namesOf = (rows: readonly AuditRow[]) => [...new Set(rows.flatMap((row) => agentName(row.actor) ?? []))]

function toolsOf(rows: readonly AuditRow[]) {
  const usual = new Set<string>(usualTools.map(([name]) => name))
  const seen = [...new Set(rows.filter((row) => agentName(row.actor) !== undefined).map((row) => row.tool))]
  return [
    ...usualTools.map(([value, what]) => ({ value, note: what })),
    ...seen.filter((name) => !usual.has(name)).map((value) => ({ value, note: 'seen on record' })),
  ]
}

interface MatchesProps {
  rows: readonly AuditRow[]
  rule: NewRule
  more: boolean
  onMore: () => void
}

function Matches({ rows, rule, more, onMore }: MatchesProps) {
  const found = rows.filter((row) => meets(rule, row))
  return (
    <div className="mt-2 border-t border-line pt-2 text-sm">
      <p className="text-soft">
        {rows.length === 0
          ? 'No call is on record yet.'
          : found.length === 0
            ? `None of the last ${plural(rows.length, 'recorded call')} is like this.`
            : `It would have met ${found.length} of the last ${plural(rows.length, 'recorded call')}.`}{' '}
        {more && (
          <button type="button" className="text-brass-text hover:underline" onClick={onMore}>
            Look further back
          </button>
        )}
      </p>
      {found.length > 0 && (
        <ul aria-label="Calls it would have met" className="mt-1">
          {found.slice(0, shownMatches).map((row) => (
            <li key={row.callId} className="flex items-baseline gap-2">
              <span className="min-w-0 flex-1 truncate">
                {actorName(row.actor)}: <span className="font-mono text-xs">{row.tool}</span>{' '}
                <span className="font-mono text-xs text-soft">{row.subject.at(-1)}</span>
              </span>
              <Ago at={row.at} className="text-xs text-faint" />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
