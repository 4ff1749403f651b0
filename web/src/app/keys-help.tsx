// The keys, shown by `?`.

import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/button.tsx'
import { places } from './places.ts'

const groups: readonly { title: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Everywhere',
    keys: [
      ['Ctrl K', 'Find and do anything'],
      ['?', 'These keys'],
      ['/', 'Search this list'],
      ['!', 'Brakes: pause, read-only, stop all'],
      ['Esc', 'Close the panel or dialog'],
      ...places.map((place) => [place.keys, place.label] as const),
    ],
  },
  {
    title: 'Score and lists',
    keys: [
      ['← →', 'Earlier, later note'],
      ['↑ ↓', 'Other staff, other row'],
      ['Enter', 'Open'],
      ['+ −', 'Zoom the score'],
      ['n', 'Back to now'],
    ],
  },
  {
    title: 'Editor',
    keys: [
      ['Ctrl S', 'Save'],
      ['Ctrl Enter', 'Save and run'],
      ['Alt ↑ ↓', 'Move the step'],
    ],
  },
  {
    title: 'MCP server',
    keys: [
      ['Ctrl S', 'Save'],
      ['Enter', 'In an argument: another one below'],
      ['Alt ↑ ↓', 'Move the argument, or the fallback model'],
    ],
  },
  {
    title: 'Approvals',
    keys: [
      ['j k', 'Next, previous'],
      ['y', 'Approve the one in focus'],
      ['n', 'Deny it'],
    ],
  },
  {
    title: 'Output of a command',
    keys: [
      ['Ctrl F', 'Find in it'],
      ['End', 'Follow the end'],
    ],
  },
  {
    title: 'Run',
    keys: [
      ['l', 'Raw log'],
      ['j', 'Jump to latest'],
    ],
  },
]

export function KeysHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Keys" wide isText>
      <div className="grid gap-x-10 gap-y-5 pb-2 sm:grid-cols-2">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1.5 text-sm font-semibold text-soft">{group.title}</h3>
            <dl>
              {group.keys.map(([keys, what]) => (
                <div key={keys} className="flex h-8 items-center justify-between gap-4 border-b border-line">
                  <dt>{what}</dt>
                  <dd className="flex gap-1">
                    {keys.split(' ').map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
