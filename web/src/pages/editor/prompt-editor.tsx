// A prompt's text, in CodeMirror with markdown. It lives in a shadow root: there CodeMirror's styles
// are adopted sheets, while in the document they would be style elements, which the page's content
// policy forbids.

import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { markdown } from '@codemirror/lang-markdown'
import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap, placeholder } from '@codemirror/view'
import { useEffect, useRef } from 'react'

const look = EditorView.theme({
  '&': { fontSize: '13.5px', color: 'var(--ink)', background: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
    lineHeight: '21px',
    maxHeight: '60vh',
    overflow: 'auto',
  },
  '.cm-content': { padding: '10px 12px', minHeight: '84px', caretColor: 'var(--brass-line)' },
  '.cm-line': { padding: '0' },
  '.cm-placeholder': { color: 'var(--faint)' },
  '.cm-content ::selection, .cm-content::selection': {
    background: 'color-mix(in oklch, var(--brass) 45%, transparent)',
  },
})

/** CodeMirror's own style with its fixed colours replaced by ours, which follow the theme. */
const colours = syntaxHighlighting(
  HighlightStyle.define(
    defaultHighlightStyle.specs.map((spec) => ({
      ...spec,
      textDecoration: 'none',
      ...(spec.color === undefined ? {} : { color: 'var(--brass-text)' }),
    })),
  ),
)

interface PromptEditorProps {
  value: string
  label: string
  invalid: boolean
  autoFocus: boolean
  onChange: (text: string) => void
}

export function PromptEditor({ value, label, invalid, autoFocus, onChange }: PromptEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef(onChange)
  latest.current = onChange

  useEffect(() => {
    const element = host.current
    if (element === null) return
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: value,
        extensions: [
          history(),
          // Tab moves on, as everywhere on the page; Alt+arrows belong to the step.
          keymap.of([
            ...defaultKeymap.filter((each) => each.key?.startsWith('Alt-Arrow') !== true && each.key !== 'Mod-Enter'),
            ...historyKeymap,
          ]),
          markdown(),
          look,
          colours,
          placeholder('What should the agent do? Markdown is fine.'),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'true' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    if (autoFocus) editor.focus()
    return () => {
      view.current = null
      editor.destroy()
    }
    // Changes from outside come through the effect below.
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the editor owns its text while it is open
  }, [])

  useEffect(() => {
    const editor = view.current
    // CodeMirror has one kind of line break; a prompt from a file may have another, and opening it changes nothing.
    if (editor === null || editor.state.doc.toString() === value.replaceAll(/\r\n?/g, '\n')) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])

  return (
    <div
      ref={host}
      data-editor
      data-invalid={invalid}
      className="rounded-lg border border-edge bg-surface focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-brass-line data-[invalid=true]:border-failed"
    />
  )
}
