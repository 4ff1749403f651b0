// Short words after an action, with Undo where there is one. Lives as long as the page.

import { X } from 'lucide-react'
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react'
import { errorText } from '../api/errors.ts'
import { Button, IconButton } from './button.tsx'

interface Toast {
  id: number
  text: string
  detail?: string | undefined
  failed?: boolean
  action?: { label: string; run: () => void } | undefined
}

interface Toasts {
  say(text: string, action?: Toast['action']): void
  fail(thrown: unknown): void
}

const Context = createContext<Toasts>({ say: () => undefined, fail: () => undefined })
export const useToasts = () => useContext(Context)

const shownMs = 7_000

export function ToastProvider({ children }: { children: ReactNode }) {
  const [list, setList] = useState<Toast[]>([])
  const counter = useRef(0)

  const drop = useCallback((id: number) => setList((old) => old.filter((toast) => toast.id !== id)), [])
  const push = useCallback(
    (toast: Omit<Toast, 'id'>) => {
      const id = ++counter.current
      setList((old) => [...old.slice(-2), { ...toast, id }])
      setTimeout(() => drop(id), toast.failed === true ? shownMs * 2 : shownMs)
    },
    [drop],
  )
  const toasts = useMemo<Toasts>(
    () => ({
      say: (text, action) => push({ text, action }),
      fail: (thrown) => {
        const { title, detail, hint } = errorText(thrown)
        push({ text: title, detail: hint === undefined ? detail : `${detail} ${hint}`, failed: true })
      },
    }),
    [push],
  )

  return (
    <Context value={toasts}>
      {children}
      <div
        role="status"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-3 bottom-20 z-50 flex flex-col items-center gap-2 md:bottom-6"
      >
        {list.map((toast) => (
          <div
            key={toast.id}
            className="enter panel pointer-events-auto flex max-w-lg items-center gap-3 py-2 pl-4 pr-2 shadow-float"
          >
            <div className="min-w-0">
              <p className={toast.failed === true ? 'font-medium text-failed' : ''}>{toast.text}</p>
              {toast.detail !== undefined && <p className="text-sm text-soft">{toast.detail}</p>}
            </div>
            {toast.action !== undefined && (
              <Button
                small
                onClick={() => {
                  toast.action?.run()
                  drop(toast.id)
                }}
              >
                {toast.action.label}
              </Button>
            )}
            <IconButton label="Dismiss" onClick={() => drop(toast.id)}>
              <X />
            </IconButton>
          </div>
        ))}
      </div>
    </Context>
  )
}
