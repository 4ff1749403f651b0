// Talks to Maestro for the verbs: finds it (MAESTRO_URL, else the data folder's owner), asks, checks the shape
// of what comes back, and turns problem bodies into errors.

import type { z } from 'zod'
import type { MaestroClient, OwnerHello, SseEvent, StreamOptions } from '#src/app/owner-client.ts'
import { MaestroError, parseOrThrow, Problem } from '#src/core/index.ts'
import type { Cli, GlobalOptions } from './cli.ts'

export interface Api {
  /** Who answers, when it is the owner of a data folder; undefined for a remote node. */
  readonly owner: OwnerHello | undefined
  /** Path below `/api/v1`. @throws what the answer's problem says; `internal` when the answer has another shape. */
  call<T extends z.ZodType>(method: string, path: string, schema: T, body?: unknown): Promise<z.output<T>>
  stream(path: string, options?: StreamOptions): AsyncIterable<SseEvent>
}

export interface ApiNeeds {
  /** `start` brings up an owner when none runs. */
  readonly ensure: 'must-run' | 'start'
  readonly anyVersion?: boolean
}

/** Runs `work` with a connection that is closed afterwards. */
export async function withApi(
  cli: Cli,
  options: GlobalOptions,
  work: (api: Api) => Promise<number>,
  needs: ApiNeeds = { ensure: 'start' },
): Promise<number> {
  const { client, owner } = await connect(cli, options, needs)
  try {
    return await work(createApi(client, owner))
  } finally {
    client.close()
  }
}

/** The remote node of MAESTRO_URL, if one is named. */
export function remoteUrl(cli: Cli, options: GlobalOptions): string | undefined {
  const url = cli.io.env['MAESTRO_URL']
  // Naming a data folder on the command line means this machine.
  return url === undefined || url === '' || options.dataDir !== undefined ? undefined : url
}

async function connect(
  cli: Cli,
  options: GlobalOptions,
  needs: ApiNeeds,
): Promise<{ client: MaestroClient; owner: OwnerHello | undefined }> {
  const { env, cwd } = cli.io
  const url = remoteUrl(cli, options)
  if (url !== undefined) {
    warnOfClearText(cli, url)
    return { client: await cli.deps.remoteClient({ url, token: env['MAESTRO_TOKEN'] ?? '' }), owner: undefined }
  }
  const { dataDir } = await cli.deps.readConfig(configInput(cli, options))
  const sshAuthSock = env['SSH_AUTH_SOCK']
  const client = await cli.deps.ownerClient({
    dataDir,
    version: cli.about.version,
    cwd,
    env,
    ...needs,
    ...(sshAuthSock === undefined ? {} : { sshAuthSock }),
  })
  return { client, owner: client.owner }
}

export function configInput(cli: Cli, options: GlobalOptions & { host?: string; port?: number }) {
  const { dataDir, host, port } = options
  return {
    env: cli.io.env,
    cloneRoot: cli.about.cloneRoot,
    flags: {
      ...(dataDir === undefined ? {} : { dataDir }),
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
    },
  }
}

function warnOfClearText(cli: Cli, url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'http:' || /^(localhost|127\.[\d.]+|\[::1\])$/.test(parsed.hostname)) return
  cli.io.err(
    `warning: MAESTRO_URL is http://, so your token travels readable for everyone on the way to ${parsed.hostname}\n`,
  )
}

const base = '/api/v1'

export function createApi(client: MaestroClient, owner?: OwnerHello): Api {
  return {
    owner,
    async call(method, path, schema, body) {
      // A POST without a JSON body is refused as a form that another site might have sent.
      const { status, json } = await client.request(
        method,
        `${base}${path}`,
        body ?? (method === 'POST' ? {} : undefined),
      )
      if (status >= 400) throw problemError(status, json, `${method} ${path}`)
      return checkShape(schema, json, `the answer to ${method} ${path}`)
    },
    async *stream(path, options) {
      try {
        yield* client.stream(`${base}${path}`, options)
      } catch (thrown) {
        if (thrown instanceof MaestroError && typeof thrown.details?.['status'] === 'number') {
          throw problemError(thrown.details['status'], thrown.details['json'], `GET ${path}`)
        }
        throw thrown
      }
    },
  }
}

/** @throws `internal`: the data is Maestro's, so a wrong shape is a fault, not bad input. */
export function checkShape<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  try {
    return parseOrThrow(schema, value, what)
  } catch (thrown) {
    throw new MaestroError('internal', thrown instanceof Error ? thrown.message : String(thrown), {
      hint: 'this command and the running Maestro may differ: restart it with maestro stop, then maestro serve',
      cause: thrown,
    })
  }
}

function problemError(status: number, json: unknown, what: string): MaestroError {
  const problem = Problem.safeParse(json)
  if (!problem.success)
    return new MaestroError(status >= 500 ? 'unavailable' : 'internal', `${what} was answered with status ${status}`)
  const { code, detail, hint, issues, details } = problem.data
  return new MaestroError(code, detail, {
    ...(hint === undefined
      ? code === 'unauthenticated'
        ? { hint: 'set MAESTRO_TOKEN to a token made by `maestro token create`' }
        : {}
      : { hint }),
    ...(issues === undefined ? {} : { issues }),
    ...(details === undefined ? {} : { details }),
  })
}
