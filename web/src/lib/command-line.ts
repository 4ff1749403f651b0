// Program and arguments as the one line people paste, and back. No shell is meant by it: nothing expands. Pure.

const plainWord = /^[\w@%+=:,./-]+$/

/** Splits at white space; quotes keep words together, a backslash takes the next character as it is. */
export function splitWords(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let at = 0; at < line.length; at++) {
    const letter = line.charAt(at)
    const next = line.charAt(at + 1)
    if (letter === '\\' && quote !== "'" && next !== '') {
      // A line that goes on: what a page shows as several lines is one command.
      if (next !== '\n') word = (word ?? '') + next
      at++
    } else if (quote !== '') {
      if (letter === quote) quote = ''
      else word += letter
    } else if (letter === "'" || letter === '"') {
      quote = letter
      word ??= ''
    } else if (letter.trim() !== '') {
      word = (word ?? '') + letter
    } else if (word !== undefined) {
      words.push(word)
      word = undefined
    }
  }
  return word === undefined ? words : [...words, word]
}

/** The line that `splitWords`, and a POSIX shell, take apart into exactly these. */
export function joinWords(words: readonly string[]): string {
  return words.map((word) => (plainWord.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
}

export interface Launch {
  command: string
  args: string[]
  env: [name: string, value: string][]
}

/** A pasted command line: a prompt's `$` falls off, `NAME=value` in front is environment. */
export function readLaunch(line: string): Launch | undefined {
  const words = splitWords(line.trim().replace(/^[$>]\s+/, ''))
  const env: [string, string][] = []
  while (words[0] !== undefined && /^[A-Za-z_]\w*=/.test(words[0])) {
    const [name = '', ...value] = (words.shift() ?? '').split('=')
    env.push([name, value.join('=')])
  }
  const command = words.shift()
  return command === undefined ? undefined : { command, args: words, env }
}
