// Menus of actions: behind one button, or where the second button of the mouse is pressed. Not modal, so that
// Radix locks no scrolling (see dialog.tsx).

import { clsx } from 'clsx'
import { ContextMenu, DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'

export interface MenuItem {
  label: string
  icon?: ReactNode
  danger?: boolean
  disabled?: boolean
  onSelect: () => void
}

const content = 'enter panel z-50 min-w-44 p-1 shadow-float'
const itemClass = (item: MenuItem) =>
  clsx(
    'flex h-8 cursor-pointer select-none items-center gap-2 rounded-md px-2 outline-none data-highlighted:bg-hover data-disabled:opacity-50 touch:h-11 [&>svg]:size-4',
    item.danger === true ? 'text-failed' : 'text-ink [&>svg]:text-faint',
  )

export function Menu({ trigger, items }: { trigger: ReactNode; items: readonly MenuItem[] }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className={content}
          onClick={(event) => event.stopPropagation()}
        >
          <Items of={DropdownMenu} items={items} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

/** The same actions on what it surrounds. */
export function ContextArea({ items, children }: { items: readonly MenuItem[]; children: ReactNode }) {
  return (
    <ContextMenu.Root modal={false}>
      <ContextMenu.Trigger asChild>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content collisionPadding={8} className={content} onClick={(event) => event.stopPropagation()}>
          <Items of={ContextMenu} items={items} />
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  )
}

/** Radix has an `Item` for each kind of menu, with the same properties. */
function Items({ of: Kind, items }: { of: typeof DropdownMenu | typeof ContextMenu; items: readonly MenuItem[] }) {
  return items.map((item) => (
    <Kind.Item key={item.label} disabled={item.disabled === true} onSelect={item.onSelect} className={itemClass(item)}>
      {item.icon}
      {item.label}
    </Kind.Item>
  ))
}
