// A sentence of the server, with what stands in backticks shown as code: hints name commands so.

import { Fragment } from 'react'

export function WithCode({ text }: { text: string }) {
  const parts = text.split('`')
  // Without a partner a backtick is only a backtick.
  if (parts.length % 2 === 0) return text
  return parts.map((part, index) =>
    index % 2 === 1 ? (
      <code key={index} className="font-mono text-[0.92em] text-ink">
        {part}
      </code>
    ) : (
      <Fragment key={index}>{part}</Fragment>
    ),
  )
}
