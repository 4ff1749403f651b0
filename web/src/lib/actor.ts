// Who did it, in words.

import type { Actor } from '#src/core/contract.ts'

/** In a column: `claude-code`, `token nightly`, `a browser`. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'owner':
      return actor.via === 'socket' ? 'command line' : 'this machine'
    case 'browser':
      return 'a browser'
    case 'token':
      return `token ${actor.name}`
    case 'client':
      return actor.name
    case 'run':
      return 'a run'
    case 'system':
      return 'Maestro'
  }
}

export function actorWords(actor: Actor): string {
  switch (actor.kind) {
    case 'owner':
      return actor.via === 'socket' ? 'From the command line' : 'On this machine'
    case 'browser':
      return 'In a browser'
    case 'token':
      return `With the token "${actor.name}"`
    case 'client':
      return `By ${actor.name}, over MCP`
    case 'run':
      return 'By a run'
    case 'system':
      return 'By Maestro itself'
  }
}

/** As the subject of a sentence: `claude-code`, `The token "nightly build"`. */
export function actorSubject(actor: Actor): string {
  if (actor.kind === 'token') return `The token "${actor.name}"`
  const name = actorName(actor)
  return actor.kind === 'client' ? name : `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}

/** Its words within a sentence. */
export const lowerFirst = (words: string) => `${words.charAt(0).toLowerCase()}${words.slice(1)}`
