// The shape of the code as rules over plain text: which room may import which, through which door, where
// SQL table names may stand. Pure: files come in as a map of path to text, problems go out as sentences.

/** What a room may import. A room not listed here does not exist. */
export const allowedImports: Readonly<Record<string, readonly string[]>> = {
  core: [],
  store: ['core'],
  tasks: ['core', 'store'],
  llm: ['core', 'store'],
  auth: ['core', 'store'],
  calls: ['core', 'store', 'auth', 'tasks'],
  fleet: ['core', 'store', 'tasks'],
  agents: ['core', 'store', 'tasks', 'fleet'],
  knowledge: ['core', 'store', 'llm'],
  studio: ['core', 'store', 'tasks', 'llm', 'knowledge'],
  workflows: ['core', 'store', 'tasks'],
  mcp: ['core'],
  http: ['core', 'auth'],
  cli: ['core', 'app'],
  app: [
    'core',
    'store',
    'tasks',
    'llm',
    'auth',
    'calls',
    'fleet',
    'agents',
    'knowledge',
    'studio',
    'workflows',
    'mcp',
    'http',
  ],
}

/**
 * Second doors, for the rooms named and with a reason. An answer of the command line must not wait until the
 * whole server is loaded, which `src/app/index.ts` does; its client is all it needs.
 */
const secondDoors: Readonly<Record<string, readonly string[]>> = {
  'src/app/owner-client.ts': ['cli'],
  // Pure music, without the server's part of the room: composing needs no owner, and the page plays it itself.
  'src/studio/core/index.ts': ['cli', 'web', 'scripts', 'test'],
}

/** Surfaces: they may also read every room's `contract.ts`. */
const readsContracts = ['mcp', 'http', 'cli', 'app']

/** Repository paths with `/` and their texts. */
export type Files = ReadonlyMap<string, string>

export interface Import {
  readonly from: string
  /** A repository path for our own files, else the package's specifier. */
  readonly to: string
}

/** Removes comments and leaves line breaks and strings alone. */
function withoutComments(text: string): string {
  const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g
  return text.replace(token, (found) => (found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found))
}

export function importsOf(path: string, text: string): Import[] {
  const statement = /\b(?:import|export)\s+(?:[^'"`;]*?\bfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g
  return [...withoutComments(text).matchAll(statement)].map((match) => ({
    from: path,
    to: resolve(path, match[1] ?? match[2] ?? ''),
  }))
}

function resolve(from: string, specifier: string): string {
  if (/^#(src|test)\//.test(specifier)) return specifier.slice(1)
  if (!specifier.startsWith('.')) return specifier
  const parts = from.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

const roomOf = (path: string): string | undefined => /^src\/([^/]+)\//.exec(path)?.[1]
const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path) || path.includes('/testing/')
const allImports = (files: Files): Import[] => [...files].flatMap(([path, text]) => importsOf(path, text))

export type Rule = (files: Files) => string[]

const noUnknownRoom: Rule = (files) =>
  [...new Set([...files.keys()].map(roomOf))]
    .filter((room) => room !== undefined && !(room in allowedImports))
    .map((room) => `src/${room} is not in the table of rooms`)

/** A test may reach further (it plays the part of `app`), but never into another room's inside. */
const onlyAllowedRooms: Rule = (files) =>
  allImports(files).flatMap(({ from, to }) => {
    const [fromRoom, toRoom] = [roomOf(from), roomOf(to)]
    if (fromRoom === undefined || toRoom === undefined || fromRoom === toRoom || isTest(from)) return []
    if (allowedImports[fromRoom]?.includes(toRoom) === true) return []
    if (to.endsWith('/contract.ts') && readsContracts.includes(fromRoom)) return []
    if (secondDoors[to]?.includes(fromRoom) === true) return []
    return [`${from} imports ${to}: ${fromRoom} may not use ${toRoom}`]
  })

const onlyThroughDoors: Rule = (files) =>
  allImports(files).flatMap(({ from, to }) => {
    const [fromRoom, toRoom] = [roomOf(from), roomOf(to)]
    if (toRoom === undefined || fromRoom === toRoom) return []
    const inside = to.slice(`src/${toRoom}/`.length)
    if (inside === 'index.ts' || inside === 'contract.ts') return []
    if (secondDoors[to]?.includes(fromRoom ?? from.split('/')[0] ?? '') === true) return []
    const isFromTest = isTest(from) || from.startsWith('test/')
    if (isFromTest && inside.startsWith('testing/')) return []
    return [`${from} imports ${to}: enter ${toRoom} by index.ts or contract.ts`]
  })

/** A fake in production code is a stub that ships. */
const noFakesInProduction: Rule = (files) =>
  allImports(files)
    .filter(({ from, to }) => /^src\/.+\/testing\//.test(to) && !isTest(from) && from.startsWith('src/'))
    .map(({ from, to }) => `${from} imports ${to}: fakes are for tests only`)

/** Cycles between rooms by what is really imported, tests aside. */
const noRoomCycles: Rule = (files) => {
  const edges = new Map<string, Set<string>>()
  for (const { from, to } of allImports(files)) {
    const [fromRoom, toRoom] = [roomOf(from), roomOf(to)]
    if (fromRoom === undefined || toRoom === undefined || fromRoom === toRoom || isTest(from)) continue
    edges.set(fromRoom, (edges.get(fromRoom) ?? new Set()).add(toRoom))
  }
  const cycles = new Set<string>()
  const walk = (room: string, trail: readonly string[]): void => {
    const at = trail.indexOf(room)
    if (at !== -1) cycles.add([...trail.slice(at), room].join(' -> '))
    else for (const next of edges.get(room) ?? []) walk(next, [...trail, room])
  }
  for (const room of edges.keys()) walk(room, [])
  return [...cycles].map((cycle) => `rooms import each other: ${cycle}`)
}

/** The page is a client: of the server it knows the contracts and no more. */
const pageReadsOnlyContracts: Rule = (files) =>
  allImports(files)
    .filter(
      ({ from, to }) =>
        from.startsWith('web/') &&
        to.startsWith('src/') &&
        !/^src\/[^/]+\/contract\.ts$/.test(to) &&
        secondDoors[to]?.includes('web') !== true,
    )
    .map(({ from, to }) => `${from} imports ${to}: the page reads only src/*/contract.ts and src/studio/core`)

/** What runs in a browser, a worker and any Node with equal bytes: nothing of a platform beneath it. */
const studioCoreIsPure: Rule = (files) => [
  ...allImports(files)
    .filter(
      ({ from, to }) =>
        from.startsWith('src/studio/core/') && !isTest(from) && !/^src\/studio\/(core\/|contract\.ts$)/.test(to),
    )
    .map(({ from, to }) => `${from} imports ${to}: the pure core of the studio imports only itself and its contract`),
  ...[...files]
    .filter(
      ([path, text]) =>
        path.startsWith('src/studio/core/') &&
        !isTest(path) &&
        /[^*/]\*\*[^*/]/.test(withoutComments(text).replace(strings, '')),
    )
    .map(([path]) => `${path} uses **: powers differ between engines; core/maths has pow and exp2`),
]

/** Contracts run in the browser. */
const contractsArePure: Rule = (files) =>
  allImports(files)
    .filter(
      ({ from, to }) =>
        /^src\/[^/]+\/contract\.ts$/.test(from) && to !== 'zod' && !/^src\/[^/]+\/contract\.ts$/.test(to),
    )
    .map(({ from, to }) => `${from} imports ${to}: a contract imports only zod and contracts`)

const strings = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g
const kyselyCalls =
  /\b(?:selectFrom|insertInto|updateTable|deleteFrom|replaceInto|mergeInto|(?:inner|left|right|full|cross)Join)(?:<[^>]*>)?\(\s*\[?\s*['"`](\w+)/g

/** Names of tables that a room's migrations create. */
export function tablesOf(text: string): string[] {
  const statement = /\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?"?(\w+)"?/gi
  return [...withoutComments(text).matchAll(statement)].map((match) => (match[1] ?? '').toLowerCase())
}

/** Table names used by a text: in SQL inside strings, and in query builder calls. */
function tablesUsedIn(text: string): string[] {
  const code = withoutComments(text)
  const inSql = [...code.matchAll(strings)].flatMap(([literal]) =>
    [...literal.matchAll(/\b(?:from|join|into|update|table|truncate)\s+(?:only\s+)?"?(\w+)"?/gi)].map(
      (match) => match[1],
    ),
  )
  const inCalls = [...code.matchAll(kyselyCalls)].map((match) => match[1])
  return [...inSql, ...inCalls].flatMap((name) => (name === undefined ? [] : [name.toLowerCase()]))
}

const tablesStayInTheirRoom: Rule = (files) => {
  const owners = new Map<string, string>()
  const problems: string[] = []
  for (const [path, text] of files) {
    const room = /^src\/([^/]+)\/migrations\.ts$/.exec(path)?.[1]
    if (room === undefined) continue
    for (const table of tablesOf(text)) {
      const owner = owners.get(table)
      if (owner !== undefined && owner !== room) problems.push(`table ${table} is created by ${owner} and by ${room}`)
      owners.set(table, room)
    }
  }
  for (const [path, text] of files) {
    const room = roomOf(path)
    // A room's tests may look at what they test; tests that cross rooms may look at everything.
    if (room === undefined || path.endsWith('.test.ts')) continue
    for (const table of new Set(tablesUsedIn(text))) {
      const owner = owners.get(table)
      if (owner !== undefined && owner !== room)
        problems.push(`${path} names table ${table}, which belongs to ${owner}`)
    }
  }
  return problems
}

const roomsHaveDoorAndPage: Rule = (files) =>
  [...new Set([...files.keys()].map(roomOf))].flatMap((room) =>
    room === undefined
      ? []
      : ['index.ts', 'README.md']
          .filter((name) => !files.has(`src/${room}/${name}`))
          .map((name) => `src/${room} has no ${name}`),
  )

/** The names of tests are their sentences; everything else says at its head what it owns. */
const headsSayWhatIsInside: Rule = (files) =>
  [...files]
    .filter(
      ([path]) =>
        /^(src|scripts|test|web\/src)\//.test(path) &&
        /\.(ts|tsx|cjs)$/.test(path) &&
        !/(\.test\.tsx?|\.d\.ts)$/.test(path),
    )
    .filter(([, text]) => !/^(?:#![^\n]*\n)?\s*(?:\/\/|\/\*)/.test(text))
    .map(([path]) => `${path} has no comment at its head`)

export const rules = {
  noUnknownRoom,
  onlyAllowedRooms,
  onlyThroughDoors,
  noFakesInProduction,
  noRoomCycles,
  pageReadsOnlyContracts,
  studioCoreIsPure,
  contractsArePure,
  tablesStayInTheirRoom,
  roomsHaveDoorAndPage,
  headsSayWhatIsInside,
} satisfies Record<string, Rule>
