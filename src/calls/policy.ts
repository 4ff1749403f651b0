// Who may call what. One small decision over plain values; approvals join here as `ask`.

import type { Actor, AnyTool } from '#src/core/index.ts'

export interface Decision {
  readonly decision: 'allow' | 'deny' | 'ask'
  /** For the audit row and the refused caller. */
  readonly reason: string
}

export interface Policy {
  decide(actor: Actor, tool: AnyTool, subject: readonly string[]): Promise<Decision>
}

/**
 * The owner, a signed-in browser, a run and Maestro itself may do everything; a token what its scopes say.
 * `scopesOf` gives `[]` for a token without limits and undefined for one that is no longer usable.
 */
export function createPolicy(deps: { scopesOf(tokenId: string): Promise<readonly string[] | undefined> }): Policy {
  return {
    async decide(actor, tool) {
      switch (actor.kind) {
        case 'owner':
          return { decision: 'allow', reason: 'the owner' }
        case 'browser':
          return { decision: 'allow', reason: 'a signed-in browser' }
        case 'client':
          return { decision: 'allow', reason: "an MCP client on the owner's socket" }
        case 'run':
          return { decision: 'allow', reason: 'a run, for whoever started it' }
        case 'system':
          return { decision: 'allow', reason: 'Maestro itself' }
        case 'token': {
          const scopes = await deps.scopesOf(actor.tokenId)
          if (scopes === undefined)
            return { decision: 'deny', reason: `the token "${actor.name}" was revoked or has expired` }
          const needed = neededScope(tool)
          if (makesCredentials(needed) && scopes.length > 0) {
            return { decision: 'deny', reason: `the token "${actor.name}" is limited, so it cannot make credentials` }
          }
          return covers(scopes, needed)
            ? { decision: 'allow', reason: scopes.length === 0 ? 'a token without limits' : `a token with ${needed}` }
            : {
                decision: 'deny',
                reason: `the token "${actor.name}" has ${scopes.join(', ')}; ${tool.name} needs ${needed}`,
              }
        }
      }
    },
  }
}

/** The tool's scope, except that nothing with an effect on the world passes as a read. */
function neededScope(tool: AnyTool): string {
  return tool.effect === 'read' ? tool.scope : tool.scope.replace(/:read$/, ':write')
}

/** Whoever makes credentials could make better ones than its own. */
function makesCredentials(scope: string): boolean {
  return scope === 'tokens:write' || scope === 'session:write'
}

function covers(scopes: readonly string[], needed: string): boolean {
  if (scopes.length === 0) return true
  const [area, access] = needed.split(':')
  return scopes.some((scope) => {
    const [hasArea, hasAccess] = scope.split(':')
    return (hasArea === '*' || hasArea === area) && (hasAccess === 'write' || hasAccess === access)
  })
}
