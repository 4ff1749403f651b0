// Which requests may come in at all, before anyone asks who sent them: against DNS rebinding, forged
// cross-site requests and WebSockets opened by foreign pages. Pure. Ports do not separate sites, so a
// page on another port of this machine counts as foreign.

import type { IncomingHttpHeaders } from 'node:http'
import { HttpRefusal } from './problems.ts'

export interface GuardRules {
  /** `Host` values we answer to, lower case. */
  readonly hosts: ReadonlySet<string>
  readonly origins: ReadonlySet<string>
}

const wildcards = new Set(['0.0.0.0', '::', ''])

/** @throws TypeError when `publicUrl` is not a URL (config has checked it). */
export function guardRules(bind: { host: string; port: number; publicUrl?: string | undefined }): GuardRules {
  const names = ['127.0.0.1', 'localhost', '[::1]']
  if (!wildcards.has(bind.host)) names.push(bind.host.includes(':') ? `[${bind.host}]` : bind.host.toLowerCase())
  const hosts = new Set(names.map((name) => `${name}:${bind.port}`))
  if (bind.port === 80) for (const name of names) hosts.add(name)
  const origins = new Set([...hosts].map((host) => `http://${host}`))
  if (bind.publicUrl !== undefined) {
    const url = new URL(bind.publicUrl)
    hosts.add(url.host)
    if (url.port === '') hosts.add(`${url.host}:${url.protocol === 'https:' ? 443 : 80}`)
    origins.add(url.origin)
  }
  return { hosts, origins }
}

/** @throws `forbidden` naming the header and the value seen; `invalid_input` for a target that is no path. */
export function guard(
  request: { method: string; target: string; headers: IncomingHttpHeaders },
  rules: GuardRules,
): void {
  const { method, target, headers } = request
  if (!target.startsWith('/')) throw new HttpRefusal(400, 'invalid_input', 'the request target must be a path')
  const host = headers.host?.toLowerCase()
  if (host === undefined || !rules.hosts.has(host)) {
    throw refusal(
      'Host',
      headers.host,
      `this server answers to ${[...rules.hosts].join(', ')}; set publicUrl to add another name`,
    )
  }
  const origin = headers.origin
  if (origin !== undefined && !rules.origins.has(origin.toLowerCase())) {
    throw refusal('Origin', origin, `requests from pages must come from ${[...rules.origins].join(', ')}`)
  }
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isPageVisit(method, target, headers)) {
    throw refusal('Sec-Fetch-Site', site, 'open the page itself instead of using it from another one')
  }
}

/** Following a link from elsewhere to a page: the person sees our page, the other site sees nothing. */
function isPageVisit(method: string, target: string, headers: IncomingHttpHeaders): boolean {
  return (
    method === 'GET' &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document' &&
    !/^\/(api|ws|mcp)(\/|\?|$)/i.test(target)
  )
}

function refusal(header: string, seen: string | undefined, hint: string): HttpRefusal {
  const value = seen === undefined ? 'missing' : `"${seen.slice(0, 200)}"`
  return new HttpRefusal(403, 'forbidden', `the ${header} header is ${value}, which is not ours`, { hint })
}
