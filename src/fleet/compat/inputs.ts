// What the older names take: their documented parameters and defaults. Clients of that time send null for what they
// leave out.

import { z } from 'zod'
import { defineTool, MaestroError, type Tool } from '#src/core/index.ts'

export const HostName = z.string().min(1).max(100).nullish().describe('Host; without it, this machine')
export const Path = z.string().min(1).max(4_095)
export const optionalSeconds = z
  .number()
  .positive()
  .max(7 * 24 * 3_600)
  .nullish()

/** Without what was left out, as the tools of today want it. */
function given(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== undefined))
}

interface OlderName<I extends z.ZodObject, O extends z.ZodType> extends Omit<
  Tool<I, O>,
  'subject' | 'run' | 'standsFor' | 'mcp'
> {
  readonly openWorld?: true
  /** The answer as clients of that time knew it. */
  brief(output: z.output<O>, input: z.output<I>): string
  standsFor(input: z.output<I>): { tool: string; input: Readonly<Record<string, unknown>> }
}

/** A tool that calls another: policy, audit and answer are those of the tool of today. */
export function olderName<I extends z.ZodObject, O extends z.ZodType>(name: OlderName<I, O>): Tool<I, O> {
  const { openWorld, brief, standsFor, ...rest } = name
  return defineTool<I, O>({
    ...rest,
    mcp: { profiles: ['compat'], brief, ...(openWorld === undefined ? {} : { openWorld }) },
    standsFor(input) {
      const meant = standsFor(input)
      return { tool: meant.tool, input: given(meant.input) }
    },
    subject: () => [],
    run: async () => {
      throw new MaestroError('internal', `${name.name} is another name and has nothing to run`)
    },
  })
}
