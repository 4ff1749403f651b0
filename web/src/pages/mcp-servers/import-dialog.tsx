// Servers from what people have at hand: the block of another tool's settings, or one command line. Everything
// that would ever be run is shown in full; adding runs nothing.

import { useState } from 'react'
import { mcpServers, useServerWrite } from '../../api/mcp-servers.ts'
import { readLaunch } from '../../lib/command-line.ts'
import { plural } from '../../lib/format.ts'
import { Chip, ErrorCard } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { argumentRow, blankServer, inputOf, launchLine, problemsOf, settingRow } from './draft.ts'
import { readMcpJson, type Imported, type ImportResult } from './import-json.ts'

const example = `{
  "mcpServers": {
    "files": {
      "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-filesystem", "/srv/project"]
    }
  }
}`

interface ImportDialogProps {
  /** Of servers that are there already. */
  taken: readonly string[]
  onClose: () => void
  onAdded: (ids: string[]) => void
}

export function ImportDialog({ taken, onClose, onAdded }: ImportDialogProps) {
  const [text, setText] = useState('')
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set())
  const [thrown, setThrown] = useState<unknown>()
  const create = useServerWrite(mcpServers.create)
  const toasts = useToasts()
  const result = text.trim() === '' ? undefined : read(text)
  const found = result?.ok === true ? result.servers : []
  const chosen = found.filter((_, at) => !left.has(at))

  async function add() {
    setThrown(undefined)
    const ids: string[] = []
    for (const { server } of chosen) {
      try {
        ids.push((await create.mutateAsync(inputOf(server))).id)
      } catch (problem) {
        // Those before it are stored: only the rest is offered again.
        setThrown(problem)
        setLeft(new Set(found.flatMap((each, at) => (chosen.indexOf(each) < ids.length ? [at] : []))))
        return
      }
    }
    toasts.say(`Added ${plural(ids.length, 'server')}`)
    onAdded(ids)
  }

  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Paste a server"
      description="A block of mcpServers as other tools keep it, or one command line. Nothing is run by adding it."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={chosen.length === 0 || create.isPending} onClick={() => void add()}>
            {chosen.length > 1 ? `Add ${chosen.length} servers` : 'Add server'}
          </Button>
        </>
      }
    >
      <Field label="JSON or command line" problem={result?.ok === false ? result.reason : undefined}>
        {(ties) => (
          <textarea
            {...ties}
            data-autofocus
            rows={7}
            className="field code-field"
            spellCheck={false}
            placeholder={example}
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              setLeft(new Set())
            }}
          />
        )}
      </Field>
      {thrown !== undefined && (
        <div className="mt-3">
          <ErrorCard thrown={thrown} />
        </div>
      )}
      {found.length > 0 && (
        <ul aria-label="Servers found" className="mt-3 divide-y divide-line rounded-lg border border-line">
          {found.map((each, at) => (
            <Row
              key={`${at} ${each.server.name}`}
              found={each}
              isTaken={taken.includes(each.server.name)}
              isChosen={!left.has(at)}
              onChoose={(isChosen) =>
                setLeft((old) => new Set(isChosen ? [...old].filter((one) => one !== at) : [...old, at]))
              }
            />
          ))}
        </ul>
      )}
    </Dialog>
  )
}

function read(text: string): ImportResult {
  if (/^\s*[{["]/.test(text)) return readMcpJson(text)
  const launch = readLaunch(text)
  if (launch === undefined) return { ok: false, reason: 'There is no program in this line.' }
  const server = {
    ...blankServer(),
    name: nameOf([launch.command, ...launch.args]),
    command: launch.command,
    args: launch.args.map(argumentRow),
    env: launch.env.map(([name, value]) => settingRow(name, value)),
  }
  return { ok: true, servers: [{ server, warnings: [] }] }
}

/** The package or script of a line: of `npx -y @scope/server-files@1 /srv` it is `server-files`. */
function nameOf(words: readonly string[]): string {
  const runners = /^(npx|uvx|bunx|pnpm|dlx|exec|node|bun|deno|run|python3?|docker|uv)$/
  const word = words.find((each) => !each.startsWith('-') && !runners.test(each)) ?? words[0] ?? 'server'
  return (
    word
      .replace(/(?<=.)@[^/]*$/, '')
      .split('/')
      .at(-1)
      ?.replace(/\.[cm]?[jt]s$|\.py$/, '') ?? word
  )
}

interface RowProps {
  found: Imported
  isTaken: boolean
  isChosen: boolean
  onChoose: (isChosen: boolean) => void
}

function Row({ found: { server, warnings }, isTaken, isChosen, onChoose }: RowProps) {
  const rows = server.transport === 'http' ? server.headers : server.env
  const remarks = [
    ...(isTaken ? ['There is a server of this name already: this one is added beside it.'] : []),
    ...warnings,
    ...problemsOf(server).map(({ message }) => message),
  ]
  return (
    <li className="flex gap-3 px-3 py-2.5">
      <input
        type="checkbox"
        className="tick mt-0.5"
        aria-label={`Add ${server.name}`}
        checked={isChosen}
        onChange={(event) => onChoose(event.target.checked)}
      />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{server.name}</p>
        <p className="mt-0.5 font-mono text-xs leading-5 text-soft whitespace-pre-wrap wrap-anywhere">
          {launchLine(inputOf(server))}
        </p>
        {rows.length > 0 && (
          <p className="mt-1 flex flex-wrap gap-1">
            {rows.map((row) => (
              <Chip key={row.key} mono>
                {row.name}
                {row.isSecret && <span className="font-sans text-faint">secret</span>}
              </Chip>
            ))}
          </p>
        )}
        {remarks.map((remark) => (
          <p key={remark} className="mt-1 text-sm text-waiting">
            {remark}
          </p>
        ))}
      </div>
    </li>
  )
}
