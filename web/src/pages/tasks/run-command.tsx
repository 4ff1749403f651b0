// A command of a person: where, what, in which folder, for how long at most. Its page opens as soon as it is
// recorded.

import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Play } from 'lucide-react'
import { useState, type KeyboardEvent, type SubmitEvent } from 'react'
import { route } from '../../api/paths.ts'
import { hostsQuery, useRunCommand, type CommandAsk } from '../../api/tasks.ts'
import { ErrorCard } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { SpanInput } from '../../ui/span-input.tsx'

/** What records show in the place of a secret. */
const takenOut = '[redacted]'
const usualLimitSec = 300
const mostLimitSec = 86_400

interface RunCommandProps {
  onClose: () => void
  /** What it starts from: a command that ran before. */
  from?: { host: string; command: string; cwd: string | null; timeoutSec: number | null }
}

export function RunCommand({ onClose, from }: RunCommandProps) {
  const hosts = useQuery(hostsQuery)
  const navigate = useNavigate()
  const start = useRunCommand()
  const [host, setHost] = useState(from?.host)
  const [command, setCommand] = useState(from?.command ?? '')
  const [cwd, setCwd] = useState(from?.cwd ?? '')
  const [limit, setLimit] = useState<number | null>(from?.timeoutSec ?? null)
  const [tried, setTried] = useState(false)
  const list = hosts.data ?? []
  const chosen = host ?? list.find((each) => each.is_local)?.name
  const info = list.find((each) => each.name === chosen)
  const badLimit = limit !== null && !(limit >= 1 && limit <= mostLimitSec)

  function submit() {
    setTried(true)
    if (command.trim() === '' || badLimit) return
    const input: CommandAsk = {
      command,
      ...(chosen === undefined ? {} : { host: chosen }),
      ...(cwd.trim() === '' ? {} : { cwd: cwd.trim() }),
      ...(limit === null ? {} : { timeout_s: limit }),
    }
    start.mutate(input, {
      onSuccess: ({ task_id }) => void navigate({ to: route.task, params: { id: task_id } }),
    })
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    submit()
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={from === undefined ? 'Run a command' : 'Run it again'}
      description="It goes on when this page is closed, and is recorded with all it prints."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            type="submit"
            form="run-command"
            icon={<Play className="size-4" />}
            disabled={start.isPending}
          >
            Run
          </Button>
        </>
      }
    >
      <form
        id="run-command"
        className="flex flex-col gap-4"
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault()
          submit()
        }}
      >
        <Field
          label="Command"
          hint={
            command.includes(takenOut)
              ? `A secret stood where it says ${takenOut}: put it in again, or better the name of its variable.`
              : `For ${info?.shell ?? 'the shell'}, as typed. Ctrl Enter runs it.`
          }
          problem={tried && command.trim() === '' ? 'A command.' : undefined}
        >
          {(ties) => (
            <textarea
              {...ties}
              data-autofocus
              rows={2}
              className="field code-field grow-lines"
              spellCheck={false}
              autoCapitalize="off"
              placeholder="uptime"
              value={command}
              onChange={(event) => setCommand(event.target.value)}
              onKeyDown={onKeyDown}
            />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Host">
            {(ties) => (
              <select
                {...ties}
                className="select field"
                value={chosen ?? ''}
                onChange={(event) => setHost(event.target.value)}
              >
                {list.length === 0 && <option value={chosen ?? ''}>{chosen ?? 'this machine'}</option>}
                {list.map((each) => (
                  <option key={each.name} value={each.name}>
                    {each.name}
                    {each.is_local ? ' (this machine)' : ''}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field
            label="Time limit"
            problem={tried && badLimit ? 'A time from 1 s to 24 h, such as 10 min.' : undefined}
          >
            {(ties) => <SpanInput {...ties} value={limit} placeholder={usualLimitSec} onChange={setLimit} />}
          </Field>
        </div>
        <Field label="Folder" hint="Empty: the host's own.">
          {(ties) => (
            <input
              {...ties}
              className="field code-field"
              spellCheck={false}
              autoComplete="off"
              placeholder={info?.default_cwd ?? '~'}
              value={cwd}
              onChange={(event) => setCwd(event.target.value)}
            />
          )}
        </Field>
        {start.error !== null && <ErrorCard thrown={start.error} />}
      </form>
    </Dialog>
  )
}
