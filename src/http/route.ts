// A route as data: one list is both mounted and documented, so neither can have what the other lacks.

import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { z } from 'zod'
import type { Actor } from '#src/core/index.ts'

export interface Env {
  Bindings: HttpBindings
  Variables: { requestId: string; actor: Actor }
}

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

export interface Route {
  readonly method: Method
  /** Whole path, placeholders as `{name}`. */
  readonly path: string
  /** Answers without sign-in. */
  readonly isOpen?: boolean
  readonly id: string
  readonly summary: string
  readonly description: string
  readonly group: string
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: { readonly schema: z.ZodObject; readonly isRequired: boolean }
  readonly success: {
    readonly status: number
    readonly description: string
    readonly type: string
    readonly schema?: z.ZodType
  }
  /** Another form of failure than a Problem. */
  readonly failure?: { readonly description: string; readonly type: string; readonly schema: z.ZodType }
  readonly examples?: readonly {
    readonly title: string
    readonly input: Record<string, unknown>
    readonly output?: unknown
  }[]
  handle(context: Context<Env>): Promise<Response> | Response
}

/** Literal segments before placeholders, so that `/runs/stats` is not taken for a run. */
export function bySpecificity(a: Route, b: Route): number {
  const left = a.path.split('/')
  const right = b.path.split('/')
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = Number(left[i]?.startsWith('{')) - Number(right[i]?.startsWith('{'))
    if (difference !== 0) return difference
  }
  return 0
}

/** `{name}` as the router writes it. */
export function routerPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}
