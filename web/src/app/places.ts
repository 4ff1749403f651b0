// Where one can go, in the order of the rail, with the keys that go there.

import {
  Bot,
  Cable,
  ListMusic,
  Music4,
  Play,
  Plug,
  ScrollText,
  Settings,
  ShieldQuestionMark,
  Sparkles,
  SquareTerminal,
} from 'lucide-react'
import { route } from '../api/paths.ts'

export type TopRoute = (typeof route)[
  | 'score'
  | 'workflows'
  | 'runs'
  | 'agents'
  | 'tasks'
  | 'approvals'
  | 'audit'
  | 'connect'
  | 'mcpServers'
  | 'models'
  | 'settings']

export interface Place {
  readonly to: TopRoute
  readonly label: string
  readonly Icon: typeof Bot
  /** Pressed one after the other. */
  readonly keys: string
}

/** What is worked on; who works; what it needs. */
export const groups: readonly (readonly Place[])[] = [
  [
    { to: route.score, label: 'Score', Icon: Music4, keys: 'g s' },
    { to: route.workflows, label: 'Workflows', Icon: ListMusic, keys: 'g w' },
    { to: route.runs, label: 'Runs', Icon: Play, keys: 'g r' },
  ],
  [
    { to: route.agents, label: 'Agents', Icon: Bot, keys: 'g a' },
    { to: route.tasks, label: 'Tasks', Icon: SquareTerminal, keys: 'g t' },
    { to: route.approvals, label: 'Approvals', Icon: ShieldQuestionMark, keys: 'g p' },
    { to: route.audit, label: 'Audit', Icon: ScrollText, keys: 'g u' },
  ],
  [
    { to: route.mcpServers, label: 'MCP Servers', Icon: Plug, keys: 'g m' },
    { to: route.models, label: 'Models', Icon: Sparkles, keys: 'g o' },
    { to: route.connect, label: 'Connect', Icon: Cable, keys: 'g c' },
    { to: route.settings, label: 'Settings', Icon: Settings, keys: 'g ,' },
  ],
]

export const places: readonly Place[] = groups.flat()

/** Of the bar on phones; the others are behind More. */
export const mainPlaces = groups[0] ?? []
export const otherPlaces = groups.slice(1).flat()
