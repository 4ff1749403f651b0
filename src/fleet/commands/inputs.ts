// The inputs that the command tools share, with the names they had in earlier generations.

import { z } from 'zod'
import { commandDefaults, type CommandRequest } from './prepare.ts'
import { maxWaitS } from './wait.ts'

const seconds = (max: number) => z.number().positive().max(max)
const week = 7 * 24 * 3_600

export const common = {
  host: z.string().min(1).max(100).optional().describe('name of a host; without it, the machine Maestro runs on'),
  cwd: z
    .string()
    .min(1)
    .max(4_096)
    .optional()
    .describe("working folder; ~ is the host's home. Default: the client's own folder on this machine, else the home"),
  env: z
    .record(z.string(), z.string())
    .optional()
    .describe('variables added to a minimal environment (PATH, HOME, USER, LANG, TERM=dumb, ...)'),
  stdin: z
    .string()
    .optional()
    .describe('text for its standard input; without it, it reads the end of the stream at once'),
  sudo: z.boolean().default(false).describe('all of it as root, by sudo -n: never asks for a password'),
  timeout_s: seconds(week)
    .default(commandDefaults.timeoutS)
    .describe('seconds from start until it is ended with everything it has started'),
  idle_timeout_s: seconds(week).optional().describe('the same after this long without output'),
  wait_s: z
    .number()
    .min(0)
    .max(maxWaitS)
    .optional()
    .describe('seconds to wait for its end; then it goes on as a task. 0: at once'),
  max_output_bytes: z
    .int()
    .min(512)
    .max(1024 * 1024)
    .default(commandDefaults.maxOutputBytes)
    .describe('of output in the answer: 40 % from the beginning, 60 % from the end'),
  output_limit_mb: z
    .int()
    .min(1)
    .max(16 * 1024)
    .default(commandDefaults.outputLimitMb)
    .describe('it is ended when it prints more; all up to there is kept'),
  idempotent: z
    .boolean()
    .default(false)
    .describe('running it twice does no harm: it may be tried again when it is not known whether it ran'),
  /** Generation 1. */
  timeout: seconds(week).optional().describe('older name of timeout_s'),
  block_timeout: z
    .number()
    .max(week)
    .optional()
    .describe('older form of wait_s; below 0: until its end, never as a task'),
}

export const compatKeys = ['timeout', 'block_timeout'] as const

type Common = z.output<z.ZodObject<typeof common>>

/** The request that both tools make of their inputs. */
export function requestOf(tool: string, input: Common, work: CommandRequest['work']): CommandRequest {
  return {
    tool,
    work,
    host: input.host,
    cwd: input.cwd,
    env: input.env,
    stdin: input.stdin,
    sudo: input.sudo,
    timeoutS: input.timeout ?? input.timeout_s,
    idleTimeoutS: input.idle_timeout_s,
    maxOutputBytes: input.max_output_bytes,
    outputLimitMb: input.output_limit_mb,
    waitS: waitOf(input.wait_s, input.block_timeout),
  }
}

export function waitOf(waitS: number | undefined, blockTimeout: number | undefined): number | undefined {
  if (waitS !== undefined || blockTimeout === undefined) return waitS
  return blockTimeout < 0 ? Number.POSITIVE_INFINITY : blockTimeout
}
