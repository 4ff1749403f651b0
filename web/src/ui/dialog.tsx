// Dialogs over Radix. No Dialog.Overlay: it locks scrolling by a style element, which the page's
// content policy forbids; a plain backdrop does, since only <main> scrolls here.

import { clsx } from 'clsx'
import { Dialog as Radix } from 'radix-ui'
import { X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Button, buttonClass } from './button.tsx'

interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  /** One sentence for screen readers and people; may be hidden by giving `quiet`. */
  description?: ReactNode
  wide?: boolean
  /** It has nothing to act on: what it says can be scrolled by keys. */
  isText?: boolean
  children?: ReactNode
  footer?: ReactNode
}

export function Dialog({
  open,
  onClose,
  title,
  description,
  wide = false,
  isText = false,
  children,
  footer,
}: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <div className="shade fixed inset-0 z-40" aria-hidden="true" />
        <Radix.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          onOpenAutoFocus={(event) => {
            // To what one came for: a field, or the first (the harmless) button below; else the dialog itself.
            event.preventDefault()
            const content = event.currentTarget as HTMLElement
            ;(content.querySelector<HTMLElement>('[data-autofocus], input, [data-footer] button') ?? content).focus()
          }}
          onEscapeKeyDown={(event) => {
            // An open list of suggestions closes first.
            if (document.activeElement?.getAttribute('aria-expanded') === 'true') event.preventDefault()
          }}
          className={clsx(
            'enter panel fixed left-1/2 top-[12vh] outline-none z-50 flex max-h-[80vh] w-[calc(100vw-24px)] -translate-x-1/2 flex-col shadow-float',
            wide ? 'max-w-4xl' : 'max-w-md',
          )}
        >
          <div className="flex items-start gap-3 px-5 pt-4">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-[15px] font-semibold leading-6">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-1 text-soft">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close aria-label="Close" className={clsx(buttonClass('quiet'), '-mr-2 !size-8 shrink-0 !px-0')}>
              <X className="size-4" />
            </Radix.Close>
          </div>
          <div
            className="min-h-0 flex-1 overflow-y-auto px-5 py-3"
            {...(isText ? { tabIndex: 0, role: 'group', 'aria-label': title } : {})}
          >
            {children}
          </div>
          {footer !== undefined && (
            <div data-footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
              {footer}
            </div>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

interface ConfirmProps {
  open: boolean
  onClose: () => void
  title: string
  consequence: ReactNode
  verb: string
  /** Must be typed before the button works. */
  name?: string
  onConfirm: () => void
  busy?: boolean
}

/** For what cannot be undone: the name, the consequence, the verb. */
export function Confirm({ open, onClose, title, consequence, verb, name, onConfirm, busy = false }: ConfirmProps) {
  const [typed, setTyped] = useState('')
  const blocked = name !== undefined && typed.trim() !== name.trim()
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      description={consequence}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button look="danger" disabled={busy || blocked} onClick={onConfirm}>
            {verb}
          </Button>
        </>
      }
    >
      {name !== undefined && (
        <label className="block text-soft">
          Type <strong className="text-ink">{name}</strong> to go on
          <input
            className="field mt-1.5"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
          />
        </label>
      )}
    </Dialog>
  )
}
