// The owner's side door: a 0600 Unix socket by which CLI verbs reach the process that owns a data folder.
// Owns the hello exchange and the socket file. Leaves out the owner lock (whoever listens must hold it), what is
// spoken afterwards, and starting an owner (owner-start.ts).

import { lstatSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { dirname, isAbsolute, join } from 'node:path'
import { isNodeError, type Log, MaestroError } from '#src/core/index.ts'
import {
  Hello,
  helloKinds,
  helloLimits,
  type HttpHello,
  type McpHello,
  OwnerHello,
  OwnerRefusal,
  parseLine,
  readLine,
  type TcpHello,
} from './owner-hello.ts'
import {
  assertPrivateFolder,
  restrictSocket,
  type RuntimePlace,
  socketPath,
  systemRuntimePlace,
} from './runtime-dir.ts'

export type { Hello, HttpHello, McpHello, OwnerHello, TcpHello } from './owner-hello.ts'

/**
 * In the data folder, holding the socket's path. A client under cron or sudo has another XDG_RUNTIME_DIR or
 * TMPDIR than the owner and would look in the wrong place without it.
 */
export const socketPointer = 'owner.socket'

const closeGraceMs = 250

export interface ListenOptions {
  readonly dataDir: string
  readonly version: string
  /** Each takes the stream after its hello, and must attach its reader at once: `server.emit('connection', socket)`. */
  onHttp(socket: Socket, hello: HttpHello): void
  onMcp?(socket: Socket, hello: McpHello): void
  onTcp?(socket: Socket, hello: TcpHello): void
  /** Why a hello that is well formed is not welcome all the same. */
  readonly whyNot?: (hello: Hello) => Refusal | undefined
  /** For the answer to `mcp`. */
  readonly readTools?: readonly string[]
  readonly log: Log
  /** The owner's address for the answer; asked for each connection. */
  readonly url?: () => string | null
  readonly place?: RuntimePlace
  /** Only tests shorten it. */
  readonly helloMs?: number
}

/**
 * Listens on the data folder's socket. Only for who holds the owner lock: a socket file found in place is
 * then a dead owner's and is removed. Disposing removes the file, gives
 * answers that are under way a moment, then ends every connection.
 * @throws `conflict` when something that is no socket lies at its path; what `runtimeDir` throws.
 */
export async function listenOwnerSocket(options: ListenOptions): Promise<AsyncDisposable & { readonly path: string }> {
  const path = socketPath(options.dataDir, options.place ?? systemRuntimePlace())
  removeStaleSocket(path)
  const open = new Set<Socket>()
  // Half-open, as an http.Server has its own connections: a client may end its side and still read.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    // Without a listener a reset connection would end the owner.
    socket.on('error', (error) => options.log.debug({ error: error.message }, 'owner connection broke'))
    void welcome(socket, options)
  })
  await listening(server, path)
  restrictSocket(path)
  const pointer = join(options.dataDir, socketPointer)
  writeFileSync(`${pointer}.${process.pid}`, `${path}\n`, { mode: 0o600 })
  renameSync(`${pointer}.${process.pid}`, pointer)
  return {
    path,
    async [Symbol.asyncDispose]() {
      rmSync(pointer, { force: true })
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      // Time for answers that are being made (the one to "stop" above all), then what was written is flushed.
      const grace = setTimeout(() => {
        for (const socket of open) socket.destroySoon()
      }, closeGraceMs)
      await closed
      clearTimeout(grace)
    },
  }
}

async function welcome(socket: Socket, options: ListenOptions): Promise<void> {
  const first = await readLine(socket, { bytes: helloLimits.bytes, ms: options.helloMs ?? helloLimits.ms })
  if (!first.ok && first.problem === 'closed') {
    socket.destroy()
    return
  }
  const hello = first.ok ? checkHello(first.line, options) : badLine(first.problem === 'too_long')
  if ('error' in hello) {
    options.log.warn({ error: hello.error }, 'owner connection refused')
    // Not destroyed with unread bytes: that would reset the connection before the answer is read.
    socket.end(`${JSON.stringify({ ok: false, ...hello } satisfies OwnerRefusal)}\n`)
    socket.resume()
    setTimeout(() => socket.destroy(), 1_000).unref()
    return
  }
  const answer: OwnerHello = {
    ok: true,
    version: options.version,
    pid: process.pid,
    url: options.url?.() ?? null,
    ...(hello.maestro === 'mcp' && options.readTools !== undefined ? { readTools: [...options.readTools] } : {}),
  }
  socket.write(`${JSON.stringify(answer)}\n`)
  handOver(socket, hello, options)
  socket.resume()
}

const handlers = ({ onHttp, onMcp, onTcp }: ListenOptions) => ({ http: onHttp, mcp: onMcp, tcp: onTcp })

function handOver(socket: Socket, hello: Hello, options: ListenOptions): void {
  switch (hello.maestro) {
    case 'http':
      return options.onHttp(socket, hello)
    case 'mcp':
      return options.onMcp?.(socket, hello)
    case 'tcp':
      return options.onTcp?.(socket, hello)
  }
}

export type Refusal = Pick<OwnerRefusal, 'error' | 'hint'>

const helloHint = 'this socket is for the maestro command; programs use the HTTP address that `maestro status` shows'

function badLine(tooLong: boolean): Refusal {
  const what = tooLong ? `longer than ${helloLimits.bytes} bytes` : 'not complete in time'
  return { error: `the hello line was ${what}`, hint: helloHint }
}

function checkHello(line: string, options: ListenOptions): Hello | Refusal {
  const value = parseLine(line)
  const spoken = helloKinds.filter((kind) => handlers(options)[kind] !== undefined)
  const parsed = Hello.safeParse(value)
  if (parsed.success && spoken.includes(parsed.data.maestro)) return options.whyNot?.(parsed.data) ?? parsed.data
  if (typeof value !== 'object' || value === null || !('maestro' in value)) {
    return { error: 'the connection did not begin with a hello line', hint: helloHint }
  }
  if (parsed.success || !spoken.some((kind) => kind === value.maestro)) {
    const ours = spoken.map((kind) => `"${kind}"`).join(', ')
    return {
      error: `this owner does not speak ${JSON.stringify(value.maestro).slice(0, 80)}, only ${ours}`,
      hint: 'restart it with the version of your command: maestro stop, then maestro serve',
    }
  }
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  return { error: `the hello line is not valid: ${wrong}`, hint: helloHint }
}

function removeStaleSocket(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return
  if (!stats.isSocket()) {
    throw new MaestroError('conflict', `"${path}" is in the way: it should be Maestro's socket and is none`, {
      hint: `look at it, then remove it: rm ${path}`,
    })
  }
  unlinkSync(path)
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

export interface ConnectOptions {
  readonly dataDir: string
  readonly version: string
  /** True for what must work whatever runs: status and stop. */
  readonly anyVersion?: boolean
  /** The caller's folder and agent socket, for this connection's requests only. */
  readonly cwd?: string
  readonly sshAuthSock?: string
  /** Said instead of the hello of the command line. */
  readonly hello?: Hello
  readonly place?: RuntimePlace
  readonly helloMs?: number
}

export interface OwnerConnection {
  readonly socket: Socket
  readonly hello: OwnerHello
}

/**
 * Connects to the owner of a data folder; undefined when none answers. The socket comes back paused.
 * @throws `conflict` when the owner is of another version or refuses; `unavailable` when it accepts and
 *         stays silent; `forbidden` when the socket is not ours.
 */
export async function connectOwner(options: ConnectOptions): Promise<OwnerConnection | undefined> {
  const place = options.place ?? systemRuntimePlace()
  const path = findSocket(options.dataDir, place)
  const socket = await dial(path)
  if (socket === undefined) return undefined
  const hello: Hello = options.hello ?? {
    maestro: 'http',
    version: options.version,
    cwd: options.cwd ?? process.cwd(),
    ...(options.sshAuthSock === undefined ? {} : { sshAuthSock: options.sshAuthSock }),
  }
  socket.write(`${JSON.stringify(hello)}\n`)
  const answer = await readLine(socket, { bytes: helloLimits.bytes, ms: options.helloMs ?? helloLimits.ms })
  try {
    if (!answer.ok) {
      if (answer.problem === 'closed') {
        socket.destroy()
        return undefined // it was just leaving
      }
      throw silent(path, answer.problem)
    }
    return { socket, hello: checkAnswer(answer.line, path, options) }
  } catch (thrown) {
    socket.destroy()
    throw thrown
  }
}

function checkAnswer(line: string, path: string, options: ConnectOptions): OwnerHello {
  const value = parseLine(line)
  const refused = OwnerRefusal.safeParse(value)
  if (refused.success) {
    throw new MaestroError('conflict', `the running Maestro refused the connection: ${refused.data.error}`, {
      hint: refused.data.hint,
    })
  }
  const accepted = OwnerHello.safeParse(value)
  if (!accepted.success) throw silent(path, 'unreadable')
  const owner = accepted.data
  if (owner.version !== options.version && options.anyVersion !== true) {
    throw new MaestroError(
      'conflict',
      `the running Maestro (pid ${owner.pid}) is version ${owner.version}, this command is ${options.version}; both must be the same`,
      {
        hint: 'restart it: maestro stop, then maestro serve',
        details: { ownerVersion: owner.version, version: options.version },
      },
    )
  }
  return owner
}

function silent(path: string, how: string): MaestroError {
  const what = how === 'too_slow' ? 'accepted the connection and then said nothing' : 'gave an answer that is no hello'
  return new MaestroError('unavailable', `the Maestro behind "${path}" ${what}`, {
    hint: 'it may be stuck: look at logs/owner.log in the data folder, or end it with maestro stop',
  })
}

/** The path the owner left in the data folder, else where it would be. */
function findSocket(dataDir: string, place: RuntimePlace): string {
  try {
    const noted = readFileSync(join(dataDir, socketPointer), 'utf8').trim()
    if (isAbsolute(noted) && lstatSync(noted, { throwIfNoEntry: false }) !== undefined) {
      assertPrivateFolder(dirname(noted), place.uid)
      return noted
    }
  } catch (thrown) {
    if (!isNodeError(thrown) || (thrown.code !== 'ENOENT' && thrown.code !== 'ENOTDIR')) throw thrown
  }
  return socketPath(dataDir, place)
}

/** Undefined when nobody listens there. */
function dial(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path })
    const onError = (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED' || error.code === 'ENOTSOCK') resolve(undefined)
      else if (error.code === 'EACCES' || error.code === 'EPERM') {
        reject(
          new MaestroError(
            'forbidden',
            `"${path}" belongs to another user: only who started Maestro may use its socket`,
            {
              hint: 'run this command as that user, or set MAESTRO_URL and MAESTRO_TOKEN',
              cause: error,
            },
          ),
        )
      } else reject(error)
    }
    socket.once('error', onError)
    socket.once('connect', () => {
      socket.off('error', onError)
      // Between the hello and the HTTP agent nobody else listens for errors; 'close' tells the rest.
      socket.on('error', () => undefined)
      resolve(socket)
    })
  })
}
