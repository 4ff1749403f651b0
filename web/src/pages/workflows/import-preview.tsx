// What an import would do, in the order of what matters: what could run, what is missing, what comes in.

import type { ReactNode } from 'react'
import type { ImportReport } from '#src/workflows/contract.ts'
import { plural } from '../../lib/format.ts'
import { Chip, TroubleCard } from '../../ui/bits.tsx'
import { topName } from './tree.ts'

const formats: Record<ImportReport['format'], string> = {
  bundle: 'A bundle of Maestro',
  goose_recipe: 'A Goose recipe',
  maistro: 'Configurations of Maistro',
}
const actions: Record<string, string> = {
  create: 'new',
  replace: 'replaces the one there',
  copy: 'becomes a copy',
  skip: 'left out: it is there',
  same: 'there already, the same',
}

export function ImportPreview({ report }: { report: ImportReport }) {
  return (
    // With the focus in it, the dialog scrolls by keys.
    <div
      tabIndex={0}
      role="group"
      aria-label="What it holds"
      className="flex flex-col gap-5 focus-visible:outline-offset-4"
    >
      <p>
        {formats[report.format]}: {plural(report.workflows.length, 'workflow')}
        {report.mcpServers.length > 0 && `, ${plural(report.mcpServers.length, 'MCP server')}`}.
      </p>
      {report.commands.length > 0 && (
        <TroubleCard
          tone="waiting"
          title={`Running these starts ${plural(report.commands.length, 'program')} on this machine`}
          detail="Read every command before you trust it; it runs with your rights."
        >
          <ul aria-label="Commands" className="mt-2 flex flex-col gap-1.5">
            {report.commands.map((command, index) => (
              <li key={index}>
                <code className="block rounded-md bg-surface px-2.5 py-1.5 font-mono text-xs whitespace-pre-wrap wrap-anywhere">
                  {command}
                </code>
              </li>
            ))}
          </ul>
        </TroubleCard>
      )}
      {report.warnings.length > 0 && (
        <Part title="Not taken over as it was">
          {report.warnings.map((warning, index) => (
            <li key={index} className="wrap-anywhere">
              {warning}
            </li>
          ))}
        </Part>
      )}
      {report.requiredSecrets.length > 0 && (
        <Part title="Secrets to enter afterwards" note="A bundle never holds a secret's value.">
          {report.requiredSecrets.map((name) => (
            <li key={name}>
              <code className="font-mono text-xs">{name}</code>
            </li>
          ))}
        </Part>
      )}
      <Part title="Workflows">
        {report.workflows.map((workflow, index) => (
          <li key={index} className="flex flex-wrap items-center gap-x-2">
            <span className="font-medium wrap-anywhere">{workflow.name}</span>
            <span className="text-sm text-faint">
              {plural(workflow.stepCount, 'step')}, in {workflow.path === '' ? topName.toLowerCase() : workflow.path}
            </span>
            <Chip>{actions[workflow.action]}</Chip>
          </li>
        ))}
      </Part>
      {report.mcpServers.length > 0 && (
        <Part title="MCP servers">
          {report.mcpServers.map((server) => (
            <li key={server.id} className="flex flex-wrap items-center gap-x-2">
              {server.name} <Chip>{actions[server.action]}</Chip>
            </li>
          ))}
        </Part>
      )}
      {report.models.length > 0 && (
        <Part title="Models">
          {report.models.map((model) => (
            <li key={`${model.provider} ${model.id}`} className="flex flex-wrap items-center gap-x-2">
              <code className="font-mono text-xs wrap-anywhere">{model.id}</code>
              <span className="text-sm text-faint">{model.provider}</span>
              <Chip>{actions[model.action]}</Chip>
            </li>
          ))}
        </Part>
      )}
    </div>
  )
}

function Part({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1.5 text-sm font-semibold text-soft">{title}</h3>
      {note !== undefined && <p className="mb-1 text-xs text-faint">{note}</p>}
      <ul className="flex flex-col gap-1">{children}</ul>
    </section>
  )
}
