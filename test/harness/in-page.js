// Runs in the page of a test, before the page's own scripts: tells the test what only the page can see.

document.addEventListener('securitypolicyviolation', (event) => {
  window.reportViolation(
    `${event.violatedDirective} refused ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`,
  )
})

window.inPage = {
  /** Into shadow roots. */
  focused() {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    return element
  },

  /** As a reader of the screen would hear it, nearly: label, else text. */
  focusedName() {
    const element = this.focused()
    const name = element?.getAttribute('aria-label') ?? element?.labels?.[0]?.textContent ?? element?.textContent
    return (name ?? '').replace(/\s+/g, ' ').trim()
  },

  /** Which one it is, told apart from others of the same name; empty on the page itself. */
  focusedPath() {
    const parts = []
    let element = this.focused()
    if (element === document.body) return ''
    while (element && element !== document.body) {
      const root = element.getRootNode()
      const { parentElement } = element
      const place = parentElement ? [...parentElement.children].indexOf(element) : ''
      parts.unshift(`${element.localName}${place}`)
      element = parentElement ?? (root instanceof ShadowRoot ? root.host : null)
    }
    return `${this.focusedName().slice(0, 60)} (${parts.join(' ')})`
  },

  /** With a rim around it, inside the window. */
  focusedBox() {
    const { left, top, right, bottom } = this.focused().getBoundingClientRect()
    const rim = 6
    const x = Math.max(0, left - rim)
    const y = Math.max(0, top - rim)
    return {
      x,
      y,
      width: Math.max(1, Math.min(innerWidth, right + rim) - x),
      height: Math.max(1, Math.min(innerHeight, bottom + rim) - y),
    }
  },

  blur() {
    this.last = this.focused()
    this.last.blur()
  },

  focusAgain() {
    this.last.focus()
  },

  /** An outline on the focused element, or on a frame around it. Other marks must be looked for in a picture. */
  hasFocusOutline() {
    const outlined = (element, pseudo) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element, pseudo)
      return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0
    }
    let element = this.focused()
    for (let up = 0; up < 8 && element; up++) {
      if (outlined(element) || outlined(element, '::after')) return true
      const root = element.getRootNode()
      element = element.parentElement ?? (root instanceof ShadowRoot ? root.host : null)
    }
    return false
  },

  /** Elements and attributes that the page itself never makes: with one of them, text has become more than text. */
  live() {
    const found = []
    const never =
      'script:not([src^="/"]), style, iframe, object, embed, img, picture, video, audio, form, base, math, template, :not(body) > noscript'
    for (const element of document.querySelectorAll(`body :is(${never})`)) found.push(element)
    for (const element of document.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        const isHandler = name.startsWith('on')
        const isAddress = ['href', 'xlink:href', 'src', 'action', 'formaction', 'ping', 'srcset', 'poster'].includes(
          name,
        )
        const isPlain = /^(https?:\/\/|\/|#)/.test(value)
        if (isHandler || (isAddress && !isPlain)) found.push(element)
      }
    }
    return found.map((element) => element.outerHTML.slice(0, 200))
  },

  /** What sticks out to the right of the window; empty when nothing scrolls sideways. */
  tooWide() {
    const wide = [document.documentElement, document.body, document.querySelector('main')]
    if (wide.every((element) => element === null || element.scrollWidth <= element.clientWidth)) return []
    const past = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1,
    )
    return past.slice(0, 5).map((element) => element.outerHTML.slice(0, 160))
  },
}
