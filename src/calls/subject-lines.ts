// What rules see of a call: the hosts, paths and command lines in its subject, which its tool has resolved (no `..`,
// no symbolic links left). Pure.

export interface Touches {
  readonly hosts: readonly string[]
  readonly paths: readonly { readonly host: string; readonly path: string }[]
  readonly commands: readonly { readonly host: string; readonly text: string }[]
}

/** Lines of other kinds (`workflow:…`, `run:…`) are for people; rules do not look at them. */
export function readSubject(subject: readonly string[]): Touches {
  const hosts = new Set<string>()
  const paths: { host: string; path: string }[] = []
  const commands: { host: string; text: string }[] = []
  for (const line of subject) {
    const [kind, rest] = cut(line)
    if (kind === 'host') hosts.add(rest)
    if (kind !== 'path' && kind !== 'command') continue
    const [host, text] = cut(rest)
    hosts.add(host)
    if (kind === 'path') paths.push({ host, path: text })
    else commands.push({ host, text })
  }
  return { hosts: [...hosts], paths, commands }
}

/** Does the call start a command? */
export function startsCommand(subject: readonly string[]): boolean {
  return subject.some((line) => line.startsWith('command:'))
}

function cut(text: string): [string, string] {
  const at = text.indexOf(':')
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
