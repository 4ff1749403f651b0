// What an agent wrote, as safe markdown: no raw HTML, no images fetched from anywhere (an image's
// address could carry secrets out), links only to the web and opened without a referrer.

import { memo } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { splitMarkdown } from '../lib/split-markdown.ts'

const plugins = [remarkGfm]

const components: Components = {
  a: ({ href, children }) =>
    href !== undefined && /^https?:\/\//.test(href) ? (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
  img: ({ alt, src }) => (
    <span className="text-faint">[image: {alt === undefined || alt === '' ? (src ?? '') : alt}]</span>
  ),
  // A reader hears the page's own headings; an answer's are one level of text.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  // It may scroll sideways, also for who has only keys.
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
}

const Piece = memo(function Piece({ text }: { text: string }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={components}>
      {text}
    </ReactMarkdown>
  )
})

export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return (
    <div className="prose">
      {splitMarkdown(text).map((piece, index) => (
        <div key={index}>
          <Piece text={piece} />
        </div>
      ))}
    </div>
  )
})
