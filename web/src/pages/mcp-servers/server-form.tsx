// The fields of an MCP server, named as people know them.

import { useState } from 'react'
import { readLaunch, type Launch } from '../../lib/command-line.ts'
import { plural } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Check } from '../../ui/check.tsx'
import { Field } from '../../ui/field.tsx'
import { Segments } from '../../ui/segments.tsx'
import { SpanInput } from '../../ui/span-input.tsx'
import { ArgumentRows } from './argument-rows.tsx'
import { argumentRow, defaultStartTimeoutSec, launchLine, inputOf, settingRow } from './draft.ts'
import { SettingRows } from './setting-rows.tsx'
import { CommandLine } from './test-view.tsx'
import type { ServerEdit } from './use-server-draft.ts'

export function ServerForm({ edit }: { edit: ServerEdit }) {
  const { draft, change, problemAt } = edit
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <Field label="Name" problem={problemAt('name')}>
        {(ties) => (
          <input
            {...ties}
            className="field"
            placeholder="Files of the project"
            autoFocus={edit.base.id === undefined}
            autoComplete="off"
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      <div>
        <p className="mb-1 text-sm font-medium text-soft">Transport</p>
        <Segments
          label="Transport"
          value={draft.transport}
          options={[
            ['stdio', 'A program (stdio)'],
            ['http', 'An address (HTTP)'],
          ]}
          onChange={(transport) => change({ transport })}
        />
      </div>
      {draft.transport === 'stdio' ? <Program edit={edit} /> : <Address edit={edit} />}
      <Field label="Description" hint="What it is for. For people: agents read the tools' own descriptions.">
        {(ties) => (
          <textarea
            {...ties}
            rows={2}
            className="field grow-lines"
            value={draft.description}
            onChange={(event) => change({ description: event.target.value })}
          />
        )}
      </Field>
      <div className="flex flex-col gap-1.5">
        <Check
          label="Enable by default for new prompts"
          checked={draft.defaultEnabled}
          onChange={(defaultEnabled) => change({ defaultEnabled })}
        />
        <Check
          label="Required"
          hint="A prompt that has it fails before its model is asked when this server does not start. Otherwise the prompt goes on without it."
          checked={draft.required}
          onChange={(required) => change({ required })}
        />
      </div>
      <div className="max-w-48">
        <Field label="Start time limit" problem={problemAt('startTimeoutSec')} hint="To start and answer.">
          {(ties) => (
            <SpanInput
              {...ties}
              value={draft.startTimeoutSec}
              placeholder={defaultStartTimeoutSec}
              onChange={(startTimeoutSec) => change({ startTimeoutSec })}
            />
          )}
        </Field>
      </div>
    </div>
  )
}

function Program({ edit }: { edit: ServerEdit }) {
  const { draft, change, problemAt } = edit
  const [pasted, setPasted] = useState<string>()
  const launch = pasted !== undefined && pasted.trim() === draft.command.trim() ? readLaunch(pasted) : undefined

  function split({ command, args, env }: Launch) {
    change({
      command,
      args: [...args.map(argumentRow), ...draft.args],
      env: [...draft.env, ...env.map(([name, value]) => settingRow(name, value))],
    })
    setPasted(undefined)
  }

  return (
    <>
      <Field
        label="Command"
        problem={problemAt('command')}
        hint="The program, by its path or by a name on the PATH, such as node, npx or uvx."
      >
        {(ties) => (
          <input
            {...ties}
            className="field code-field"
            placeholder="npx"
            spellCheck={false}
            autoComplete="off"
            value={draft.command}
            onChange={(event) => change({ command: event.target.value })}
            onPaste={(event) => setPasted(event.clipboardData.getData('text/plain'))}
          />
        )}
      </Field>
      {launch !== undefined && launch.args.length + launch.env.length > 0 && (
        <div role="status" className="enter -mt-3 flex flex-wrap items-center gap-2 rounded-lg bg-brass-wash px-3 py-2">
          <span className="min-w-0 flex-1 wrap-anywhere">
            This looks like a whole command line: <span className="font-mono text-xs">{launch.command}</span> with{' '}
            {plural(launch.args.length, 'argument')}
            {launch.env.length > 0 && ` and ${plural(launch.env.length, 'variable')}`}.
          </span>
          <Button small onClick={() => setPasted(undefined)}>
            Keep as it is
          </Button>
          <Button small look="primary" onClick={() => split(launch)}>
            Split it
          </Button>
        </div>
      )}
      <ArgumentRows rows={draft.args} onChange={(args) => change({ args })} />
      <SettingRows
        title="Environment Variables"
        noun="variable"
        rows={draft.env}
        problemAt={(index) => problemAt(`env.${index}`)}
        onChange={(env) => change({ env })}
      />
      {draft.command.trim() !== '' && (
        <div>
          <p className="mb-1 text-sm font-medium text-soft">What is run</p>
          <CommandLine text={launchLine(inputOf(draft))} />
        </div>
      )}
    </>
  )
}

function Address({ edit }: { edit: ServerEdit }) {
  const { draft, change, problemAt } = edit
  return (
    <>
      <Field label="URL" problem={problemAt('url')} hint="Of a streamable HTTP endpoint.">
        {(ties) => (
          <input
            {...ties}
            type="url"
            className="field code-field"
            placeholder="https://example.com/mcp"
            spellCheck={false}
            autoComplete="off"
            value={draft.url}
            onChange={(event) => change({ url: event.target.value })}
          />
        )}
      </Field>
      <SettingRows
        title="Headers"
        noun="header"
        rows={draft.headers}
        problemAt={(index) => problemAt(`headers.${index}`)}
        onChange={(headers) => change({ headers })}
      />
    </>
  )
}
