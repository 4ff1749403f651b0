// A client of Maistro's WebSocket, as its page was one: remembers what it is told.

export interface ExecutionMessage {
  readonly type: string
  readonly [field: string]: unknown
}

export interface ExecutionViewer extends Disposable {
  readonly messages: readonly ExecutionMessage[]
  send(message: unknown): void
  /** Resolves with everything up to it as soon as a message satisfies `wanted` for the `count`th time. */
  until(wanted: (message: ExecutionMessage) => boolean, count?: number): Promise<readonly ExecutionMessage[]>
  /** What the agent and its tools said, in order. */
  text(): string
}

export async function viewExecution(url: string, path: string): Promise<ExecutionViewer> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${path}`)
  const messages: ExecutionMessage[] = []
  let onChange: () => void = () => undefined
  let broken: Error | undefined
  socket.addEventListener('message', ({ data }) => {
    messages.push(JSON.parse(String(data)) as ExecutionMessage)
    onChange()
  })
  const fail = (why: string) => () => {
    broken = new Error(`${why}: ${JSON.stringify(messages.slice(-5))}`)
    onChange()
  }
  socket.addEventListener('error', fail('the socket failed'))
  socket.addEventListener('close', fail('the socket was closed'))
  const viewer: ExecutionViewer = {
    messages,
    send: (message) => socket.send(JSON.stringify(message)),
    async until(wanted, count = 1) {
      const deadline = setTimeout(fail('it was not told in 30 s'), 30_000)
      try {
        for (;;) {
          const at = messages.map((message, index) => (wanted(message) ? index : -1)).filter((index) => index !== -1)
          const last = at[count - 1]
          if (last !== undefined) return messages.slice(0, last + 1)
          if (broken !== undefined) throw broken
          await new Promise<void>((resolve) => (onChange = resolve))
        }
      } finally {
        clearTimeout(deadline)
      }
    },
    text: () => messages.map((message) => (message.type === 'output' ? String(message['content']) : '')).join(''),
    [Symbol.dispose]: () => socket.close(),
  }
  await viewer.until(({ type }) => type === 'connection')
  return viewer
}
