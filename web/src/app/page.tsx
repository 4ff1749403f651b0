// A page inside the frame: its title, its actions, its one scroll area.

import { useEffect, type ReactNode } from 'react'
import { useWaitingCount } from '../api/policy.ts'

interface PageProps {
  title: ReactNode
  /** Above the title, e.g. a link back. */
  crumb?: ReactNode
  actions?: ReactNode
  children: ReactNode
  /** The page brings its own scroll areas. */
  fill?: boolean
}

export function Page({ title, crumb, actions, children, fill = false }: PageProps) {
  const name = typeof title === 'string' ? title : undefined
  const waiting = useWaitingCount()
  useEffect(() => {
    const count = waiting === 0 ? '' : `(${waiting}) `
    document.title = name === undefined ? `${count}Maestro` : `${count}${name} · Maestro`
  }, [name, waiting])
  return (
    <>
      <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-paper px-4 py-2 md:px-6">
        <div className="flex min-w-[min(100%,160px)] flex-1 items-center gap-2">
          {crumb}
          {typeof title === 'string' ? <h1 className="truncate text-[22px] leading-8">{title}</h1> : title}
        </div>
        {actions !== undefined && <div className="flex items-center gap-2">{actions}</div>}
      </header>
      <main
        id="content"
        tabIndex={-1}
        className={fill ? 'flex min-h-0 flex-1 flex-col outline-none' : 'min-h-0 flex-1 overflow-y-auto outline-none'}
      >
        {children}
      </main>
    </>
  )
}
