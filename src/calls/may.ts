// Who may call a tool at all, before any rule: decided by the area and access of the tool's scope. Pure.

import type { Actor, AnyTool } from '#src/core/index.ts'

export type Leave = { readonly ok: true; readonly reason: string } | { readonly ok: false; readonly reason: string }

/**
 * What an agent that has no scopes (an MCP client on the owner's socket, a run) may not change: credentials, what holds
 * it back, keys, and the settings from which programs and addresses are taken.
 */
const notForAgents: Readonly<Record<string, string>> = {
  tokens: 'make or end credentials',
  session: 'make or end credentials',
  approvals: 'decide approvals',
  rules: 'change rules',
  brakes: 'change the brakes',
  secrets: 'change secrets',
  models: 'change models, providers and budgets',
  mcp: 'change or start MCP servers',
  agents: 'install agents',
  system: 'stop the server',
}

/** A limited token changes these only when its scopes name the area: `*:write` does not include them. */
const heldAreas = new Set(['approvals', 'rules', 'brakes'])
/** Whoever makes credentials could make better ones than its own: not for limited tokens, whatever they name. */
const credentialAreas = new Set(['tokens', 'session'])

/** Areas that only people (and what stands for them) change: the brakes do not hold there. */
export function isControlArea(tool: AnyTool): boolean {
  const { area } = need(tool)
  return credentialAreas.has(area) || heldAreas.has(area)
}

/** @param scopes of a token: `[]` = no limits, undefined = no longer usable. Other actors have none */
export function mayCall(actor: Actor, tool: AnyTool, scopes: readonly string[] | undefined): Leave {
  switch (actor.kind) {
    case 'owner':
      return { ok: true, reason: 'the owner' }
    case 'browser':
      return { ok: true, reason: 'a signed-in browser' }
    case 'system':
      return { ok: true, reason: 'Maestro itself' }
    case 'run':
      return agentMay('a run', 'a run, for whoever started it', tool)
    case 'client':
      return agentMay(`the MCP client "${actor.name}"`, "an MCP client on the owner's socket", tool)
    case 'token':
      return tokenMay(actor.name, tool, scopes)
  }
}

function agentMay(who: string, reason: string, tool: AnyTool): Leave {
  const { area, access } = need(tool)
  if (area === 'audit') return { ok: false, reason: `${who} may not read the audit log` }
  const what = Object.hasOwn(notForAgents, area) ? notForAgents[area] : undefined
  return access === 'write' && what !== undefined
    ? { ok: false, reason: `${who} may not ${what}` }
    : { ok: true, reason }
}

function tokenMay(name: string, tool: AnyTool, scopes: readonly string[] | undefined): Leave {
  if (scopes === undefined) return { ok: false, reason: `the token "${name}" was revoked or has expired` }
  const { area, access } = need(tool)
  const needed = `${area}:${access}`
  if (scopes.length === 0) return { ok: true, reason: 'a token without limits' }
  if (credentialAreas.has(area) && access === 'write') {
    return { ok: false, reason: `the token "${name}" is limited, so it cannot make credentials` }
  }
  if (covers(scopes, area, access)) return { ok: true, reason: `a token with ${needed}` }
  return { ok: false, reason: `the token "${name}" has ${scopes.join(', ')}; ${tool.name} needs ${needed}` }
}

/** The tool's scope, except that nothing with an effect on the world passes as a read. */
function need(tool: AnyTool): { area: string; access: 'read' | 'write' } {
  const [area = '', access] = tool.scope.split(':')
  return { area, access: tool.effect === 'read' && access === 'read' ? 'read' : 'write' }
}

function covers(scopes: readonly string[], area: string, access: string): boolean {
  // The audit log tells of everybody's calls.
  const mustBeNamed = area === 'audit' || (access === 'write' && heldAreas.has(area))
  return scopes.some((scope) => {
    const [hasArea, hasAccess] = scope.split(':')
    const hasIt = hasArea === area || (hasArea === '*' && !mustBeNamed)
    return hasIt && (hasAccess === 'write' || hasAccess === access)
  })
}
