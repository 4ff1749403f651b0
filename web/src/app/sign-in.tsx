// The page for who is not signed in: one command, and why there is no password.

import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/bits.tsx'
import { Mark } from './mark.tsx'

export function SignIn({ onRetry }: { onRetry: () => void }) {
  return (
    <main className="flex min-h-full items-start justify-center px-4 pt-[14vh]">
      <div className="w-full max-w-md">
        <Mark className="size-11" />
        <h1 className="mt-5 text-[28px] leading-9">Sign in to Maestro</h1>
        <p className="mt-2 text-soft">
          Maestro has no password. On the machine it runs on, ask for a fresh sign-in link and open it in this browser:
        </p>
        <div className="panel mt-4 flex items-center gap-2 py-1.5 pl-4 pr-1.5 font-mono">
          <span className="select-none text-faint">$</span>
          <code className="flex-1">maestro open</code>
          <CopyButton label="Copy the command" text={() => 'maestro open'} />
        </div>
        <p className="mt-3 text-sm text-soft">
          <span className="font-mono">npm start</span> prints such a link too. It works once; this browser then stays
          signed in.
        </p>
        <div className="mt-5">
          <Button onClick={onRetry}>Check again</Button>
        </div>
      </div>
    </main>
  )
}
