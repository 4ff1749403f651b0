// A project from outside (song.json, the wire): checked against the schema and against itself, every problem at once.

import { Operation, Project } from '../../contract.ts'
import { MusicError, type MusicIssue } from '../error.ts'
import { byTime } from './notes.ts'

interface Parsed {
  success: boolean
  error?: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } | undefined
}

/** So many problems are told; the rest are counted. */
const TOLD = 20

function refuse(what: string, issues: readonly MusicIssue[]): MusicError {
  const told = issues.slice(0, TOLD)
  const list = told.map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`)).join('; ')
  const more = issues.length > TOLD ? `; and ${issues.length - TOLD} more` : ''
  return new MusicError(`${what} is not valid: ${list}${more}`, { issues: told })
}

const issuesOf = (parsed: Parsed): MusicIssue[] =>
  (parsed.error?.issues ?? []).map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))

function repeated(path: string, parts: readonly { id: string }[]): MusicIssue[] {
  const seen = new Set<string>()
  return parts.flatMap((part, index) => {
    if (!seen.has(part.id)) {
      seen.add(part.id)
      return []
    }
    return [{ path: `${path}.${index}.id`, message: `"${part.id}" is the id of an earlier one too` }]
  })
}

/** What the schema cannot see: ids that are used twice or that nothing has. */
function contradictions(project: Project): MusicIssue[] {
  const buses = new Set(project.buses.map((bus) => bus.id))
  return [
    ...repeated('tracks', project.tracks),
    ...repeated('buses', project.buses),
    ...repeated(
      'regions',
      project.tracks.flatMap((track) => track.regions),
    ),
    ...project.tracks.flatMap((track, index) => [
      ...track.regions.flatMap((region, at) => repeated(`tracks.${index}.regions.${at}.notes`, region.notes)),
      ...track.sends
        .filter((send) => !buses.has(send.busId))
        .map((send) => ({ path: `tracks.${index}.sends`, message: `there is no bus "${send.busId}"` })),
    ]),
  ]
}

/** @throws MusicError with every problem and its path. */
export function loadProject(value: unknown): Project {
  const parsed = Project.safeParse(value)
  if (!parsed.success) throw refuse('the project', issuesOf(parsed))
  const issues = contradictions(parsed.data)
  if (issues.length > 0) throw refuse('the project', issues)
  for (const track of parsed.data.tracks) for (const region of track.regions) region.notes.sort(byTime)
  return parsed.data
}

/** @throws MusicError with every problem and its path. */
export function parseOperations(values: readonly unknown[]): Operation[] {
  const issues: MusicIssue[] = []
  const operations = values.flatMap((value, index) => {
    const parsed = Operation.safeParse(value)
    if (parsed.success) return [parsed.data]
    issues.push(...issuesOf(parsed).map((issue) => ({ ...issue, path: `${index}.${issue.path}` })))
    return []
  })
  if (issues.length > 0) throw refuse('the list of operations', issues)
  return operations
}
