// Buttons: verbs in sentence case. A disabled one says why in its tooltip.

import { clsx } from 'clsx'
import { Tooltip } from 'radix-ui'
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'

type Look = 'primary' | 'plain' | 'quiet' | 'danger'

const looks: Record<Look, string> = {
  primary: 'bg-brass text-brass-ink font-semibold hover:bg-brass-hover border border-transparent',
  plain: 'bg-surface text-ink border border-edge hover:bg-hover',
  quiet: 'text-soft hover:text-ink hover:bg-hover border border-transparent',
  danger: 'bg-surface text-failed border border-edge hover:bg-failed-wash hover:border-failed',
}

const base =
  'inline-flex items-center justify-center gap-1.5 rounded-lg select-none whitespace-nowrap transition-colors duration-100 disabled:opacity-50 disabled:cursor-not-allowed'

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> {
  look?: Look
  small?: boolean
  icon?: ReactNode
  /** Disables the button and says why. */
  because?: string | undefined
  type?: 'button' | 'submit'
  ref?: Ref<HTMLButtonElement>
}

/** What a link needs to look like a button. */
export function buttonClass(look: Look = 'plain', small = false): string {
  return clsx(base, looks[look], small ? 'h-7 px-2.5 text-sm touch:h-10' : 'h-8.5 px-3 touch:h-11')
}

export function Button({
  look = 'plain',
  small = false,
  icon,
  because,
  type = 'button',
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  const button = (
    <button
      type={type}
      disabled={disabled === true || because !== undefined}
      className={clsx(buttonClass(look, small), className)}
      {...rest}
    >
      {icon}
      {children}
    </button>
  )
  // A disabled button gets no pointer events: the hint hangs on what surrounds it.
  return because === undefined ? (
    button
  ) : (
    <Hint text={because}>
      <span className="inline-flex">{button}</span>
    </Hint>
  )
}

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type'> {
  label: string
  keys?: string
  ref?: Ref<HTMLButtonElement>
}

export function IconButton({ label, keys, className, children, ...rest }: IconButtonProps) {
  return (
    <Hint text={label} keys={keys}>
      <button
        type="button"
        aria-label={label}
        className={clsx(base, looks.quiet, 'size-8 shrink-0 touch:size-11 [&>svg]:size-4', className)}
        {...rest}
      >
        {children}
      </button>
    </Hint>
  )
}

export function Hint({ text, keys, children }: { text: string; keys?: string | undefined; children: ReactNode }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex max-w-72 items-center gap-2 rounded-md bg-ink px-2 py-1 text-xs text-paper shadow-float"
        >
          {text}
          {keys !== undefined && <span className="font-mono opacity-70">{keys}</span>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded border border-edge bg-sunken px-1 font-mono text-2xs text-soft">
      {children}
    </kbd>
  )
}
