// Asks before unsaved changes are left behind, and says which they are.

import { useBlocker } from '@tanstack/react-router'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

interface LeaveGuardProps {
  changes: readonly string[]
  saving: boolean
  /** True when it was saved. */
  onSave: () => Promise<boolean>
  /** Default: any other address. */
  isLeaving?: (to: string) => boolean
}

const most = 12

/** The page's own leaving (after a save, after a delete) navigates with `ignoreBlocker`. */
export function LeaveGuard({ changes, saving, onSave, isLeaving }: LeaveGuardProps) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      changes.length > 0 && (isLeaving?.(next.pathname) ?? current.pathname !== next.pathname),
    enableBeforeUnload: () => changes.length > 0,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  return (
    <Dialog
      open
      onClose={blocker.reset}
      title="Leave without saving?"
      description="These changes are not saved:"
      footer={
        <>
          <Button onClick={blocker.reset}>Stay</Button>
          <Button look="danger" onClick={blocker.proceed}>
            Discard changes
          </Button>
          <Button
            look="primary"
            disabled={saving}
            onClick={() => void onSave().then((saved) => (saved ? blocker.proceed() : blocker.reset()))}
          >
            Save and leave
          </Button>
        </>
      }
    >
      <ul className="list-disc pl-5">
        {changes.slice(0, most).map((change) => (
          <li key={change}>{change}</li>
        ))}
        {changes.length > most && <li>and {changes.length - most} more</li>}
      </ul>
    </Dialog>
  )
}
