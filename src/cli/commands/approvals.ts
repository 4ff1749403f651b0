// `maestro approvals list | show | approve | deny`: calls of agents that wait for a person.

import type { Actor } from '#src/core/index.ts'
import { Approval } from '#src/calls/contract.ts'
import { ApprovalList } from '../answers.ts'
import { type Api, withApi } from '../api.ts'
import { type Cli, type GlobalOptions, printJson } from '../cli.ts'
import { exit } from '../exit-codes.ts'
import { ago, duration, moment, shortId, table } from '../format.ts'
import { resolveApprovalId } from '../resolve.ts'
import { clip, safe } from '../style.ts'

interface ListOptions extends GlobalOptions {
  readonly all?: boolean
}

export function list(cli: Cli, options: ListOptions): Promise<number> {
  return withApi(cli, options, async (api) => {
    const query = options.all === true ? '' : '?state=pending'
    const { items } = await api.call('GET', `/approvals${query}`, ApprovalList)
    if (options.json === true) printJson(cli, items)
    else if (items.length === 0) {
      cli.io.err(options.all === true ? 'nobody has asked for anything\n' : 'nothing waits for you\n')
    } else {
      const now = cli.io.now()
      const rows = items.map((one) => [
        { text: shortId(one.id), paint: cli.style.cyan },
        stateOf(one, now),
        callerOf(one.actor),
        one.tool,
        clip(one.subject.join(' '), 60),
        ago(one.createdAt, now),
      ])
      cli.io.out(table(cli.style, ['APPROVAL', 'STATE', 'WHO', 'TOOL', 'TOUCHES', 'ASKED'], rows))
    }
    return exit.ok
  })
}

export function show(cli: Cli, options: GlobalOptions, typed = ''): Promise<number> {
  return withApi(cli, options, async (api) => {
    const approval = await read(api, typed)
    if (options.json === true) printJson(cli, approval)
    else cli.io.out(details(cli, approval))
    return exit.ok
  })
}

export const approve = (cli: Cli, options: GlobalOptions, typed = ''): Promise<number> =>
  decide(cli, options, typed, true)

export const deny = (cli: Cli, options: GlobalOptions, typed = ''): Promise<number> =>
  decide(cli, options, typed, false)

function decide(cli: Cli, options: GlobalOptions, typed: string, isApproved: boolean): Promise<number> {
  return withApi(cli, options, async (api) => {
    const id = await resolveApprovalId(api, typed)
    const approval = await api.call('POST', `/approvals/${id}/decision`, Approval, { approve: isApproved })
    if (options.json === true) printJson(cli, approval)
    else {
      const what = `${approval.tool} by ${callerOf(approval.actor)}: ${approval.subject.join(', ')}`
      cli.io.out(`${isApproved ? 'Approved' : 'Denied'} ${id}\n  ${safe(clip(what, 300))}\n`)
      if (isApproved) {
        const left = duration(approval.expiresAt - cli.io.now())
        cli.io.err(`It passes once, when the same caller makes the same call within ${left}.\n`)
      }
    }
    return exit.ok
  })
}

async function read(api: Api, typed: string): Promise<Approval> {
  return api.call('GET', `/approvals/${await resolveApprovalId(api, typed)}`, Approval)
}

function details({ style, io }: Cli, approval: Approval): string {
  const { decidedAt, decidedBy, decidedVia } = approval
  const lines = [
    `${style.bold(approval.id)}  ${stateOf(approval, io.now())}`,
    `who       ${safe(callerOf(approval.actor))}`,
    `wants     ${safe(approval.title)} (${approval.tool})`,
    ...approval.subject.map((line, i) => `${i === 0 ? 'touches   ' : '          '}${safe(line)}`),
    `because   ${safe(approval.reason)}`,
    `asked     ${moment(approval.createdAt)}`,
    ...(decidedAt === null || decidedBy === null
      ? []
      : [`decided   ${moment(decidedAt)} by ${safe(callerOf(decidedBy))} (${decidedVia ?? 'unknown'})`]),
    `input     ${approval.isInputCut ? 'not all of it, it is long' : 'secrets are masked'}`,
    ...indented(approval.input).map((line) => `  ${safe(line)}`),
  ]
  return `${lines.join('\n')}\n`
}

/** One line for each field; what was cut off is no JSON any more and stays as it is. */
function indented(json: string): string[] {
  try {
    return JSON.stringify(JSON.parse(json), null, 2).split('\n')
  } catch {
    return [json]
  }
}

function stateOf({ state, expiresAt }: Approval, now: number): string {
  return state === 'pending' || state === 'approved' ? `${state}, ${duration(expiresAt - now)} left` : state
}

/** Who asks, in a word or two. */
export function callerOf(actor: Actor): string {
  switch (actor.kind) {
    case 'client':
      return `client ${actor.name}`
    case 'token':
      return `token ${actor.name}`
    case 'run':
      return actor.runId
    case 'owner':
    case 'browser':
    case 'system':
      return actor.kind
  }
}
