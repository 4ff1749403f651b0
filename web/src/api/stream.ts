// One server-sent event stream that survives: reconnects with back-off from the caller's cursor,
// hands messages over in one batch per frame, and lets go of its connection while the tab is hidden
// (a browser gives one site six connections, and tabs share them). Loses nothing as long as
// `url()` names the last thing the caller has taken in.

export type StreamState = 'connecting' | 'open' | 'offline' | 'ended' | 'hidden'

export interface StreamMessage {
  event: string
  data: string
}

export interface StreamOptions {
  /** Asked anew before each connection. */
  url(): string
  /** Names of events to hand over; `end` closes the stream for good. */
  events: readonly string[]
  onBatch(messages: readonly StreamMessage[]): void
  onState(state: StreamState): void
  /** After a connection that never opened: may find out why (signed out, gone). False stops the stream. */
  onRefused(): Promise<boolean>
}

/** Told by a stream that came through after failing: the others need not sit out their delays. */
const reachable = 'maestro:reachable'
const firstDelayMs = 400
const maxDelayMs = 15_000
/** A tab glanced away from for a moment keeps its connection. */
const hiddenGraceMs = 10_000

/** Starts at once. Returns how to stop it, and how to begin again from the cursor (after a gap). */
export function openStream(options: StreamOptions): { close(): void; restart(): void } {
  let source: EventSource | undefined
  let queue: StreamMessage[] = []
  let failures = 0
  let frame: number | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let hide: ReturnType<typeof setTimeout> | undefined
  let closed = false

  function flush() {
    frame = undefined
    const batch = queue
    queue = []
    if (batch.length > 0 && !closed) options.onBatch(batch)
  }

  function disconnect() {
    source?.close()
    source = undefined
    clearTimeout(retry)
    if (frame !== undefined) cancelAnimationFrame(frame)
    flush()
  }

  function connect() {
    disconnect()
    if (closed) return
    if (failures === 0) options.onState('connecting')
    const current = new EventSource(options.url())
    let opened = false
    source = current
    current.addEventListener('open', () => {
      const wasAway = failures > 0
      opened = true
      failures = 0
      options.onState('open')
      if (wasAway) document.dispatchEvent(new Event(reachable))
    })
    for (const event of options.events) {
      current.addEventListener(event, (message: MessageEvent<string>) => {
        queue.push({ event, data: message.data })
        // A hidden page gets no frames: take it in directly, or the queue grows until it is seen again.
        if (document.hidden) flush()
        else frame ??= requestAnimationFrame(flush)
      })
    }
    current.addEventListener('end', () => {
      disconnect()
      closed = true
      options.onState('ended')
      options.onBatch([{ event: 'end', data: '' }])
    })
    current.addEventListener('error', () => {
      if (source !== current) return
      disconnect()
      void again(opened)
    })
  }

  async function again(opened: boolean) {
    failures++
    if (failures > 1 || !opened) options.onState('offline')
    if (!opened && !(await options.onRefused())) {
      closed = true
      return
    }
    if (closed || document.hidden) return
    const delay = Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(failures - 1, 6))
    retry = setTimeout(connect, delay * (0.75 + Math.random() / 2))
  }

  function onVisibility() {
    clearTimeout(hide)
    if (closed) return
    if (document.hidden) {
      hide = setTimeout(() => {
        disconnect()
        options.onState('hidden')
      }, hiddenGraceMs)
    } else if (source === undefined) {
      failures = 0
      connect()
    }
  }

  function onReachable() {
    if (source === undefined && !closed) connect()
  }

  document.addEventListener('visibilitychange', onVisibility)
  document.addEventListener(reachable, onReachable)
  window.addEventListener('online', onReachable)
  connect()

  return {
    restart: connect,
    close() {
      closed = true
      disconnect()
      clearTimeout(hide)
      document.removeEventListener('visibilitychange', onVisibility)
      document.removeEventListener(reachable, onReachable)
      window.removeEventListener('online', onReachable)
    },
  }
}
