// What the palette shows for what was typed. Pure.

export interface Ranked {
  /** Also how it is remembered. */
  readonly id: string
  readonly group: string
  readonly label: string
  /** Searched too, never shown. */
  readonly words?: string | undefined
}

/** How well all the words fit; undefined when one of them is nowhere. Whole labels, then beginnings of words. */
function fit(command: Ranked, words: readonly string[]): number | undefined {
  const label = command.label.toLowerCase()
  const all = `${label} ${command.words?.toLowerCase() ?? ''} ${command.group.toLowerCase()}`
  let score = label === words.join(' ') ? 100 : label.startsWith(words.join(' ')) ? 30 : 0
  for (const word of words) {
    const at = label.indexOf(word)
    if (at === 0) score += 12
    else if (at > 0) score += /[\s/"(._-]/.test(label.charAt(at - 1)) ? 8 : 3
    else if (all.includes(word)) score += 1
    else return undefined
  }
  // Of two that fit alike the shorter one is closer to what was meant.
  return score - label.length / 100
}

/** Best first; what was chosen lately counts for more, and most of all what was chosen last. */
export function rank<T extends Ranked>(commands: readonly T[], typed: string, recent: readonly string[]): T[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return commands
    .flatMap((command) => {
      const score = fit(command, words)
      if (score === undefined) return []
      const at = recent.indexOf(command.id)
      return [{ command, score: score + (at === -1 ? 0 : 6 - Math.min(5, at / 2)) }]
    })
    .sort((a, b) => b.score - a.score)
    .map(({ command }) => command)
}

/** With nothing typed: what was chosen lately first, then each group from its beginning. */
export function browse<T extends Ranked>(
  commands: readonly T[],
  recent: readonly string[],
  most: { recent: number; each: number },
): [group: string, commands: T[]][] {
  const byId = new Map(commands.map((command) => [command.id, command]))
  const lately = recent.flatMap((id) => byId.get(id) ?? []).slice(0, most.recent)
  const groups = new Map<string, T[]>()
  for (const command of commands) {
    if (lately.includes(command)) continue
    const list = groups.get(command.group) ?? []
    if (list.length < most.each) list.push(command)
    groups.set(command.group, list)
  }
  return lately.length === 0 ? [...groups] : [['Recent', lately], ...groups]
}

/** The newest first, each once. */
export const remember = (recent: readonly string[], id: string, most = 30): string[] =>
  [id, ...recent.filter((each) => each !== id)].slice(0, most)
